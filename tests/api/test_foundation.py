"""What every noun of the API stands on: keys, problems, idempotency, ETags, throttles, cursor pages."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from api.authentication import client_address
from api.idempotency import forget_old_answers
from api.models import IdempotentAnswer
from api.scoping import ScopedGenericViewSet
from api.throttles import ActorThrottle
from core.errors import DomainError, StaleObject
from partners.models import Membership, Role, ServiceAccount, ServiceKey
from tests.factories import OrganisationFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_for(db):
    """A live bearer key of a new service account: `key_for(organisation, "deals.view", networks=[…])`."""

    def build(organisation, *capabilities, networks=(), expires=timedelta(days=1), active=True):
        role = RoleFactory(organisation=organisation, capabilities=list(capabilities))
        account = ServiceAccount.objects.create(
            organisation=organisation, name=f"ERP {role.pk}", role=role, networks=list(networks), active=active
        )
        key = f"flr_test{account.pk}"
        ServiceKey.objects.create(
            account=account,
            prefix=key[:10],
            key_sha256=hashlib.sha256(key.encode()).hexdigest(),
            expires_at=now() + expires,
        )
        return key

    return build


class Counter(ScopedGenericViewSet):
    """A view of the tests: counts the writes it really did, and fails as it is told."""

    model = Role
    done = 0

    def create(self, request):
        failure = request.data.get("fail")
        if failure:
            raise {
                "rule": DomainError("Not on a Sunday.", field="day"),
                "stale": StaleObject(),
                "no": PermissionDenied("Ask Giulia."),
            }[failure]
        Counter.done += 1
        return Response({"done": Counter.done}, status=201)


@pytest.fixture
def post(key_for):
    Counter.done = 0
    key = key_for(OrganisationFactory())

    def send(data=None, idempotency_key=None, bearer=key, path="/x/"):
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        request = APIRequestFactory().post(path, data or {}, format="json", headers=headers)
        response = Counter.as_view({"post": "create"})(request)
        if hasattr(response, "render"):
            response.render()
        return response

    return send


def test_the_same_key_does_the_work_once(post):
    first, second = post({"a": 1}, "k1"), post({"a": 1}, "k1")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content == b'{"done":1}'
    assert second["Idempotency-Replayed"] == "true" and Counter.done == 1


def test_other_keys_and_no_key_do_it_again(post):
    for key in ("k1", "k2", None, None):
        post({"a": 1}, key)
    assert Counter.done == 4


def test_a_key_used_for_another_request_is_refused(post):
    post({"a": 1}, "k1")
    for response in (post({"a": 2}, "k1"), post({"a": 1}, "k1", path="/y/")):
        assert response.status_code == 422 and json.loads(response.content)["code"] == "key_reused"
    assert Counter.done == 1


def test_keys_belong_to_the_actor_who_sent_them(post, key_for):
    post({"a": 1}, "k1")
    assert json.loads(post({"a": 1}, "k1", bearer=key_for(OrganisationFactory())).content) == {"done": 2}


def test_while_the_first_request_is_being_worked_on_the_second_waits(post):
    post({"a": 1}, "k1")
    IdempotentAnswer.objects.update(status=None)
    assert post({"a": 1}, "k1").status_code == 409


def test_a_broken_rule_is_remembered_too_but_a_refusal_of_access_is_not(post):
    assert post({"fail": "rule"}, "k1").status_code == post({"fail": "rule"}, "k1").status_code == 409
    assert IdempotentAnswer.objects.count() == 1
    assert post({"fail": "no"}, "k2").status_code == 403
    assert IdempotentAnswer.objects.count() == 1


def test_old_answers_are_forgotten(post):
    post({"a": 1}, "k1")
    IdempotentAnswer.objects.update(created=now() - timedelta(days=8))
    forget_old_answers.call()
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize(
    ("failure", "status", "code"), [("rule", 409, "invalid"), ("stale", 412, "stale"), ("no", 403, "not_allowed")]
)
def test_refusals_are_problem_documents(post, failure, status, code):
    response = post({"fail": failure})
    problem = json.loads(response.content)
    assert response.status_code == problem["status"] == status and problem["code"] == code
    assert response["Content-Type"] == "application/problem+json"


def test_no_key_is_401_with_a_challenge(post):
    response = post(bearer=None)
    assert response.status_code == 401 and response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "options", [{"expires": timedelta(seconds=-1)}, {"active": False}, {"networks": ["10.0.0.0/8"]}]
)
def test_keys_that_are_not_live_are_refused(post, key_for, options):
    assert post(bearer=key_for(OrganisationFactory(), **options)).status_code == 401


@pytest.mark.parametrize("bearer", ["flr_unknown", "x", "", "flr_" + "9" * 9000])
def test_unknown_keys_are_refused(post, bearer):
    assert post(bearer=bearer or "-").status_code == 401


def test_a_revoked_key_stops_at_once(post, key_for):
    key = key_for(OrganisationFactory())
    assert post(bearer=key).status_code == 201
    ServiceKey.objects.update(revoked_at=now())
    assert post(bearer=key).status_code == 401


def test_a_key_of_an_allowed_network_works(post, key_for):
    assert post(bearer=key_for(OrganisationFactory(), networks=["127.0.0.0/8", "10.0.0.0/8"])).status_code == 201


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "evil, 203.0.113.9", "203.0.113.9"),
        (2, "one", "127.0.0.1"),
    ],
)
def test_the_address_behind_proxies_cannot_be_forged(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = APIRequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected


def test_too_many_requests_say_when_to_come_back(post, monkeypatch):
    monkeypatch.setattr(ActorThrottle, "THROTTLE_RATES", {"actor": "2/min"})
    assert [post().status_code for _ in range(3)] == [201, 201, 429]
    response = post()
    assert int(response["Retry-After"]) > 0 and json.loads(response.content)["title"] == "Too many requests"


def test_the_openapi_document_is_there_and_its_page_needs_no_other_host():
    schema = Client().get(reverse("api:schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200 and json.loads(schema.content)["openapi"].startswith("3.")
    page = Client().get(reverse("api:docs"))
    assert page.status_code == 200 and "https://" not in page.text.replace("https://www.w3.org", "")


def test_a_session_needs_csrf_and_a_live_membership(sign_in):
    client = Client(enforce_csrf_checks=True)
    member = sign_in(OrganisationFactory())
    client.cookies = member.cookies
    Membership.objects.all().delete()
    assert client.get("/api/v1/deals/").status_code in {401, 403}
