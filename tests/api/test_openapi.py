"""The API's own description is whole, and nothing that a page of a deal offers is missing from it."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator

from tests.test_isolation import routes

ROOT = Path(__file__).parent.parent.parent
# Each act of the deals' pages → its twin in the API.
TWINS = {
    "deals:take": "api:deal-take",
    "deals:release": "api:deal-release",
    "deals:return": "api:deal-return",
    "deals:approve": "api:deal-approve",
    "deals:reject": "api:deal-reject",
    "deals:withdraw": "api:deal-withdraw",
    "deals:answer": "api:approval-approve",
    "deals:recall": "api:deal-recall",
    "deals:lose": "api:deal-lose",
    "deals:win": "api:deal-win",
    "deals:move": "api:deal-stage",
    "deals:ask": "api:request-list",
    "deals:petition_grant": "api:request-grant",
    "deals:petition_refuse": "api:request-refuse",
    "deals:petition_drop": "api:request-drop",
    "deals:new": "api:deal-list",
    "deals:edit": "api:deal-detail",
    "deals:autosave": "api:deal-detail",
    "deals:autosave_new": "api:deal-list",
    "deals:delete": "api:deal-detail",
    "deals:hand_over": "api:deal-hand-over",
    "deals:evidence": "api:deal-evidence-file",
    "deals:evidence_remove": "api:deal-evidence-file",
    "deals:bulk_take": "api:deal-take",
    "deals:list": "api:deal-list",
    "deals:board": "api:deal-list",
    "deals:queue": "api:deal-list",
    "deals:detail": "api:deal-detail",
    "deals:cases": "api:case-list",
    "deals:case": "api:case-detail",
    "deals:case_decide": "api:case-decide",
    "deals:case_dismiss": "api:case-dismiss",
    "deals:case_reopen": "api:case-reopen",
    "deals:case_assign": "api:case-assign",
    "deals:case_note": "api:case-note",
    "deals:customers": "api:customer-list",
    "deals:customer": "api:customer-detail",
    "deals:customer_new": "api:customer-list",
    "deals:customer_delete": "api:customer-detail",
}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema):
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does_and_how_it_refuses(schema):
    silent = [name for name, each in operations(schema) if not each.get("description", "").strip()]
    assert silent == []
    assert [name for name, each in operations(schema) if not each.get("tags")] == []
    bare = [
        name for name, each in operations(schema) if not {"400", "401", "403", "404", "429"} <= set(each["responses"])
    ]
    assert bare == []
    writing = [each for name, each in operations(schema) if not name.startswith("GET")]
    assert writing and all({"409", "412"} <= set(each["responses"]) for each in writing)


def test_nothing_is_deprecated_and_every_reference_leads_somewhere(schema):
    text = json.dumps(schema, default=str)
    assert '"deprecated"' not in text
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(schema["components"]["schemas"])


def test_deals_and_webhooks_have_examples(schema):
    for path, method in (
        ("/api/v1/deals/by-external-id/{system}/{value}/", "put"),
        ("/api/v1/deals/batch/", "post"),
        ("/api/v1/webhooks/", "post"),
    ):
        content = schema["paths"][path][method]["requestBody"]["content"]["application/json"]
        assert content["examples"], path


def test_the_twins_exist():
    names = {name for name, _path in routes(get_resolver().url_patterns)}
    assert set(TWINS) <= names and set(TWINS.values()) <= names


def test_every_act_on_a_deals_page_has_a_twin():
    """Whoever adds a button adds its route to the API, and a line to the table above and in docs/api.md."""
    offering = [ROOT / "deals" / "presenting.py", ROOT / "deals" / "views" / "dialogs.py"]
    named = {name for path in offering for name in re.findall(r'"(deals:[a-z_]+)"', path.read_text())}
    assert len(named) > 8
    assert named - set(TWINS) == set()


def test_the_document_is_served_to_anybody():
    answer = Client().get(reverse("api:schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert json.loads(answer.content)["components"]["schemas"]["Problem"]["required"]
