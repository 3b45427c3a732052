"""The house rules that a machine can hold: how doors query, how models are classified, what verbs say."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from core.audit import DESCRIPTIONS
from core.scoping import ScopedModel
from partners.capabilities import PRESETS, REGISTRY

ROOT = Path(__file__).parent.parent
APPS = [
    "core",
    "partners",
    "inbox",
    "chat",
    "deals",
    "orders",
    "forums",
    "promotions",
    "funds",
    "leads",
    "rebates",
    "programmes",
    "audiences",
    "automation",
    "campaigns",
    "edi",
    "insights",
    "api",
    "portal",
]
DOORS = ["views.py", "views/*.py", "consumers.py", "forms.py", "forms/*.py", "search.py", "waiting.py"]
OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]
SAFE = {"visible_to", "none"}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
# Not doors for people: what a key already answered, found by organisation, actor and key.
EXEMPT_FILES = {"api/idempotency.py", "api/models.py"}


def sources(*patterns: str) -> list[Path]:
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern)) if "migrations" not in path.parts]


def door_files() -> list[Path]:
    inside = [f"{app}/**/{door}" for app in APPS for door in DOORS]
    found = {*sources(*inside), *sources("api/*.py")}
    return sorted(path for path in found if str(path.relative_to(ROOT)) not in EXEMPT_FILES)


def unscoped_queries(path: Path) -> list[str]:
    """Places where a door asks a manager for anything but what the actor may see."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        asked = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
        if asked and node.value.attr in MANAGERS and node.attr not in SAFE:
            found.append(f"{path.name}:{node.lineno} .{node.value.attr}.{node.attr}")
    return found


def test_the_guard_sees_an_unscoped_query(tmp_path):
    bad = tmp_path / "views.py"
    bad.write_text("def view(request):\n    return Deal.objects.filter(pk=1)\n")
    assert unscoped_queries(bad) == ["views.py:2 .objects.filter"]


def test_doors_query_only_through_visible_to():
    assert door_files(), "the guard found no door"
    assert {path.relative_to(ROOT): hits for path in door_files() if (hits := unscoped_queries(path))} == {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_says_how_it_is_scoped(model):
    scope = getattr(model, "scope", None)
    assert scope in {"owned", "shared", "reached", "global"}
    if scope in {"owned", "shared"}:
        assert issubclass(model, ScopedModel)
        assert model.visible_through or "visibility" in vars(model), "neither columns nor a condition"
    if scope == "reached":
        assert model._meta.get_field(model.reached_through)
    if scope == "global":
        related = {field.related_model for field in model._meta.fields if field.is_relation}
        assert apps.get_model("partners.Organisation") not in related


def recorded_verbs() -> set[str]:
    """Literal verbs given to record() in the source."""
    verbs = set()
    for path in sources(*[f"{app}/**/*.py" for app in APPS]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record":
                for keyword in node.keywords:
                    if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant):
                        verbs.add(keyword.value.value)
    return verbs


def test_every_recorded_verb_is_described():
    verbs = recorded_verbs()
    assert len(verbs) > 20
    assert verbs - set(DESCRIPTIONS) == set()


def test_descriptions_name_known_capabilities_and_tones():
    for verb, description in DESCRIPTIONS.items():
        assert description.tone in {"info", "good", "warn", "bad", "still"}, verb
        assert description.capability in {"", *REGISTRY}, verb


def test_capabilities_name_known_presets():
    for capability in REGISTRY.values():
        assert capability.presets <= set(PRESETS), capability.code


def checked_capabilities() -> set[str]:
    """Literal capability codes that the source asks for."""
    call = re.compile(r"""(?:member_required|holds|holders|\.can)\((?:[\w.]+,\s*)?["']([a-z_]+(?:\.[a-z_]+)?)["']""")
    return {code for path in sources(*[f"{app}/**/*.py" for app in APPS]) for code in call.findall(path.read_text())}


def test_every_capability_that_is_asked_for_exists():
    asked = checked_capabilities()
    assert len(asked) > 10
    assert asked - set(REGISTRY) == set()


def test_every_action_has_a_docstring_and_an_actor():
    missing = []
    for path in sources(*[f"{app}/actions.py" for app in APPS], *[f"{app}/actions/*.py" for app in APPS]):
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        public = [node for node in functions if not node.name.startswith("_") and not ast.get_docstring(node)]
        missing += [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for node in public]
    assert missing == []


def test_nothing_names_this_machine():
    for path in sources("**/*.py", "**/*.md", "**/*.html", "**/*.ts", "Makefile", ".ci/run"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {".venv", ".tools", "var"} or "node_modules" in parts or path == Path(__file__):
            continue
        assert "/work/" not in path.read_text(), path


def test_there_is_no_shell_and_no_swallowed_exception():
    patterns = ("shell=True", "suppress(Exception)", "os.system(")
    for path in sources(*[f"{app}/**/*.py" for app in APPS]):
        text = path.read_text()
        assert not [pattern for pattern in patterns if pattern in text], path
