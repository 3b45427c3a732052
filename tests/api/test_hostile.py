"""The API under bad manners: generated requests, wrong types, deep and huge bodies, numbers beyond every column."""

import json

import pytest
import schemathesis
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings

from api.throttles import ActorThrottle
from deals.models import Deal
from tests.deals.factories import DraftFactory
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db
SELLS = ("deals.view", "deals.register", "customers.manage", "integration.manage")
JSON = {"content_type": "application/json"}
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.fixture
def client(sign_in):
    partnership = PartnershipFactory()
    made = sign_in(partnership.partner, *SELLS)
    made.raise_request_exception = False
    made.partnership = partnership
    return made


def document():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


SCHEMA = schemathesis.openapi.from_dict(document())
NOUNS = (
    "/api/v1/deals/",
    "/api/v1/webhooks/",
    "/api/v1/webhook-deliveries/",
    "/api/v1/requests/",
    "/api/v1/customers/",
)


@pytest.mark.parametrize(
    "operation",
    [each.ok() for each in SCHEMA.get_all_operations() if each.ok().path.startswith(NOUNS)],
    ids=lambda each: f"{each.method} {each.path}",
)
def test_no_generated_request_breaks_it(client, operation):
    """What a schema allows, in any combination, is answered below 500, and refused in problem documents."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=5, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case):
        body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else {}
        query = {str(name): str(value) for name, value in (case.query or {}).items()}
        path = "/".join(str(part) for part in case.formatted_path.split("/")).replace("\n", "")
        answer = client.generic(
            operation.method.upper(), path, json.dumps(body), "application/json", query_params=query
        )
        assert answer.status_code < 500, answer.content[:300]
        if answer.status_code >= 400 and answer.status_code != 404 and "\x00" not in "".join(query.values()):
            assert answer["Content-Type"] == "application/problem+json"

    ask()


BODIES = [
    DEEP,
    '{"a":' * 50_000 + "1" + "}" * 50_000,
    *("", "null", "true", "[]", '"x"', "{", "\x00", "1e999", "NaN"),
    *('{"title": "\\u0000"}', '{"title": {"a": 1}}', '{"title": "\\ud800"}', '{"stage": []}'),
    *('{"amount": "1e999"}', '{"amount": "NaN"}', '{"amount": -1}', '{"decision_date": "9999-99-99"}'),
    *('{"lines": "x"}', '{"lines": [1]}', '{"lines": [{"quantity": "1e99", "product_text": "x"}]}'),
    *('{"partnership": 99999999999999999999999}', '{"customer": {"a": 1}}'),
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:24])
@pytest.mark.parametrize("route", ["list", "batch", "by-external-id", "detail"])
def test_bodies_that_are_none(client, route, body):
    draft = DraftFactory(partnership=client.partnership)
    where = {"by-external-id": ["crm", "1"], "detail": [draft.pk]}.get(route, [])
    ways = {"by-external-id": client.put, "detail": client.patch}
    answer = ways.get(route, client.post)(reverse(f"api:deal-{route}", args=where), body, **JSON)
    assert answer.status_code < 500 and answer.status_code != 201, answer.content[:300]


@pytest.mark.parametrize("pk", ["0", "-1", "99999999999999999999999999", "1e3", "x", "%00", "１"])
def test_ids_that_are_none(client, pk):
    for path in (f"deals/{pk}/", f"webhooks/{pk}/", f"requests/{pk}/", f"deals/{pk}/evidence/1/"):
        assert client.get(f"/api/v1/{path}").status_code in {400, 404}


def test_too_much_is_told_with_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(ActorThrottle, "rate", "2/min", raising=False)
    monkeypatch.setattr(ActorThrottle, "get_rate", lambda self: "2/min")
    answers = [client.get(reverse("api:deal-list")) for _each in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 61
    assert answers[2]["Content-Type"] == "application/problem+json"


def test_methods_that_are_not_offered(client):
    for method in ("put", "patch", "delete"):
        answer = getattr(client, method)(reverse("api:deal-list"), "{}", **JSON)
        assert answer.status_code == 405 and answer["Content-Type"] == "application/problem+json"


def test_another_type_of_body_is_refused(client):
    answer = client.post(reverse("api:deal-list"), "<deal/>", content_type="application/xml")
    assert answer.status_code == 415 and not Deal.objects.exists()


def test_a_stranger_gets_a_challenge():
    answer = Client().get(reverse("api:deal-list"))
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
