"""Every finding has a sentence in the reader's language; the English of the core is kept for machines."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from edi.exchange import receive
from edi.presenting import text_of
from edi.wording import SENTENCES, sentence_of
from tests.edi.traffic import edifact, pair

ROOT = Path(__file__).parents[2] / "edi"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+|condition|ebcdic")
OF_FINDINGS = {"error": 0, "warning": 0, "note": 0, "fault": 0, "add": 1, "Finding": 1}


def codes() -> dict[str, str]:
    """The codes in the source, each with a file that gives it."""
    found = {}
    for folder in ("syntax", "guides", "mapping", "."):
        for path in sorted((ROOT / folder).glob("*.py" if folder == "." else "**/*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call):
                    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                    found |= dict.fromkeys(_literals(call, OF_FINDINGS.get(name)), path.name)
    return found


def _literals(call: ast.Call, position: int | None) -> list[str]:
    if position is None or len(call.args) <= position:
        return []
    inside = [node.value for node in ast.walk(call.args[position]) if isinstance(node, ast.Constant)]
    return [value for value in inside if isinstance(value, str) and SLUG.fullmatch(value)]


def test_every_code_has_a_sentence():
    found = codes()
    assert len(found) > 100
    assert {code: where for code, where in found.items() if code not in SENTENCES} == {}


def test_every_sentence_is_in_italian():
    with translation.override("it"):
        same = [code for code, text in SENTENCES.items() if str(text) == _english(code)]
    assert same == []


def _english(code: str) -> str:
    with translation.override("en"):
        return str(SENTENCES[code])


def test_an_unknown_code_keeps_its_english():
    with translation.override("it"):
        assert sentence_of("nobody-knows", "It is so.") == "It is so."


@pytest.mark.django_db
def test_a_reader_sees_findings_in_the_language_chosen():
    [row] = receive(actor=pair().actor, data=edifact(sender="999").encode()).interchanges
    finding = row.findings.get(code="sender-not-yours")
    with translation.override("it"):
        assert text_of(finding) == "Il mittente non è un tuo identificativo."
    with translation.override("en"):
        assert text_of(finding) == finding.text and "999" in finding.text
