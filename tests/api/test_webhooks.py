"""Webhooks through the API."""

import pytest
from django.urls import reverse

from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories import OrganisationFactory
from tests.inbox.webhook_peers import account_of, secret_of

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
ALL = ("integration.manage", "deals.view")


@pytest.fixture
def company():
    return OrganisationFactory()


@pytest.fixture
def client(sign_in, company):
    return sign_in(company, *ALL)


def said(company, **changes):
    account = changes.pop("account", None) or account_of(company, "deals.view").pk
    return {
        "url": "https://crm.example.com/x", "description": "CRM", "events": ["deal.*"], "account": account, **changes
    }  # fmt: skip


def test_the_whole_path(client, company):
    made = client.post(reverse("api:webhook-list"), said(company), **JSON)
    endpoint = WebhookEndpoint.objects.get()
    assert made.status_code == 201 and made["Cache-Control"] == "no-store"
    assert made.json()["secret"] == secret_of(endpoint)
    shown = client.get(reverse("api:webhook-detail", args=[endpoint.pk])).json()
    assert "secret" not in shown and shown["events"] == ["deal.*"]
    changed = client.patch(reverse("api:webhook-detail", args=[endpoint.pk]), {"events": ["deal.won"]}, **JSON)
    assert changed.json()["events"] == ["deal.won"]
    new = client.post(reverse("api:webhook-secret", args=[endpoint.pk])).json()["secret"]
    assert new != made.json()["secret"]
    off = client.post(reverse("api:webhook-switch", args=[endpoint.pk]), {"active": False}, **JSON).json()
    assert off["active"] is False
    refused = client.post(reverse("api:webhook-test", args=[endpoint.pk]))
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    assert client.delete(reverse("api:webhook-detail", args=[endpoint.pk])).status_code == 204


def test_deliveries_show_their_tries_and_go_again(client, company):
    client.post(reverse("api:webhook-list"), said(company), **JSON)
    endpoint = WebhookEndpoint.objects.get()
    row = WebhookDelivery.objects.create(
        organisation=company, endpoint=endpoint, verb="deal.won", payload='{"type": "deal.won"}', state="given_up"
    )
    row.attempts.create(status=500, answer="no", milliseconds=12)
    found = client.get(reverse("api:webhook-delivery-list"), {"state": "given_up", "endpoint": endpoint.pk}).json()
    (shown,) = found["results"]
    assert shown["payload"] == {"type": "deal.won"} and shown["attempts"][0]["status"] == 500
    again = client.post(reverse("api:webhook-delivery-again", args=[row.pk]))
    assert again.status_code == 202 and again.json()["webhook_id"] == row.message_id


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"events": ["deal.nothing"]}, 409),
        ({"events": ["deal.*"] * 301}, 400),
        ({"events": "deal"}, 400),
        ({"url": "http://10.0.0.1/"}, 409),
        ({"account": 99999999}, 400),
        ({"account": "x" * 5000}, 400),
    ],
)
def test_what_is_refused(client, company, changes, status):
    response = client.post(reverse("api:webhook-list"), said(company, **changes), **JSON)
    assert response.status_code == status and response["Content-Type"] == "application/problem+json"
    assert not WebhookEndpoint.objects.exists()


def test_a_foreign_account_is_like_a_missing_one(client, company):
    foreign = account_of(OrganisationFactory(), "deals.view").pk
    answers = [
        client.post(reverse("api:webhook-list"), said(company, account=pk), **JSON).text.replace(str(pk), "?")
        for pk in (foreign, 99_999_999)
    ]
    assert answers[0] == answers[1]


def test_the_events_on_offer_are_those_one_may_know(client):
    events = {each["event"] for each in client.get(reverse("api:webhook-events")).json()}
    assert {"deal.*", "deal.approved"} <= events and "deal.queued" not in events


def test_without_the_capability_there_is_a_403(sign_in, company):
    assert sign_in(company, "deals.view").get(reverse("api:webhook-list")).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_three(client, company, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.post(reverse("api:webhook-list"), said(company), **JSON)
    endpoint = WebhookEndpoint.objects.get()
    row = {"organisation": company, "endpoint": endpoint, "verb": "deal.won", "payload": "{}"}
    WebhookDelivery.objects.create(**row).attempts.create(status=200)
    url = reverse("api:webhook-delivery-list")
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    for _each in range(2):
        WebhookDelivery.objects.create(**row).attempts.create(status=200)
    with django_assert_num_queries(len(seen)):
        client.get(url)
