"""Setting up webhooks: what is refused, what is shown once, who may."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import outbound
from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from inbox.webhooks import signing
from inbox.webhooks.actions import (
    change_endpoint,
    checked_url,
    make_endpoint,
    remove_endpoint,
    rotate_secret,
    send_again,
    send_test,
    set_endpoint_active,
)
from inbox.webhooks.catalogue import groups_for
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from partners.models import ServiceAccount
from tests.factories import OrganisationFactory
from tests.inbox.webhook_peers import account_of, secret_of

pytestmark = pytest.mark.django_db
URL = "https://crm.example.com/hook"
ALL = ("integration.manage", "deals.view", "deals.decide")


@pytest.fixture
def company():
    return OrganisationFactory()


@pytest.fixture
def actor(act_for, company):
    return act_for(company, *ALL)


def made(actor, company, **changes):
    given = {"url": URL, "description": "Our CRM", "events": ["deal.approved"], **changes}
    given.setdefault("account", account_of(company, "deals.view"))
    return make_endpoint(actor=actor, **given)


def test_the_vector_of_standard_webhooks():
    """The example of the specification (section "Signature scheme", libraries' common test vector)."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}') == wanted


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/hook", "ftp://crm.example.com", "crm.example.com", "https://", "https:///x", "",
        "https://user:secret@crm.example.com/", "https://10.1.2.3/", "https://[fd00::1]/", "https://169.254.169.254/",
        "https://metadata.google.internal/", "https://intranet/", "https://printer.local/", "https://crm.example.com:x/",
        "https://crm.example.com/a b", "https://crm.example.com/" + "a" * 500, "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/", "javascript:alert(1)", "https://[", "https://0.0.0.0/", "https://localhost./",
    ],
)  # fmt: skip
def test_addresses_that_are_not_called(url, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(DomainError) as refusal:
        checked_url(url)
    assert refusal.value.field == "url"


def test_this_machine_is_called_in_the_demo_alone(settings):
    settings.DEMO = settings.DEBUG = False
    for url in ("http://localhost:9000/x", "https://127.0.0.1/"):
        with pytest.raises(DomainError):
            checked_url(url)
    settings.DEMO = True
    assert checked_url(" http://localhost:9000/x ") == "http://localhost:9000/x"
    with pytest.raises(DomainError):
        checked_url("http://192.168.1.4/")


def test_a_name_that_leads_inside_is_found_out_when_it_is_called(settings, monkeypatch):
    found = [(0, 0, 0, "", ("127.0.0.1", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_given, **_more: found)
    for loopback in (False, True):
        with pytest.raises(outbound.OutboundFault, match="private"):
            outbound.public_address("rebinding.example", 443, loopback=loopback)


def test_the_secret_is_stored_sealed_and_shown_once(actor, company):
    endpoint, secret = made(actor, company)
    assert secret.startswith("whsec_") and secret_of(endpoint) == secret
    assert secret not in str(WebhookEndpoint.objects.values().get())
    assert secret not in str(list(TrailEntry.objects.values()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"events": []}, "events"),
        ({"events": ["deal.nothing"]}, "events"),
        ({"events": ["deal.queued"]}, "events"),
        ({"events": ["webhook.*"]}, "events"),
        ({"description": "  "}, "description"),
        ({"url": "http://crm.example.com"}, "url"),
    ],
)
def test_what_is_refused(actor, company, changes, field):
    with pytest.raises(DomainError) as refusal:
        made(actor, company, **changes)
    assert refusal.value.field == field


def test_the_account_is_ones_own_and_live_and_holds_no_more_than_its_maker(actor, company, act_for):
    with pytest.raises(DomainError):
        made(actor, company, account=account_of(OrganisationFactory(), "deals.view"))
    ServiceAccount.objects.filter(pk=(off := account_of(company, "deals.view")).pk).update(active=False)
    off.refresh_from_db()
    with pytest.raises(DomainError):
        made(actor, company, account=off)
    with pytest.raises(PermissionDenied):
        made(act_for(company, "integration.manage"), company)
    with pytest.raises(PermissionDenied):
        made(act_for(company, "deals.view"), company)


def test_the_catalogue_offers_what_one_may_know(actor, act_for, company):
    offered = {verb for group in groups_for(actor) for verb, _label in group.verbs}
    assert {"deal.approved", "deal.queued"} <= offered and not any(verb.startswith("webhook.") for verb in offered)
    less = {verb for group in groups_for(act_for(company, "deals.view")) for verb, _label in group.verbs}
    assert "deal.approved" in less and "deal.queued" not in less


def test_changing_switching_and_removing(actor, company):
    endpoint, _secret = made(actor, company)
    changed = change_endpoint(actor=actor, endpoint=endpoint, events=["deal.*"])
    assert (changed.events, changed.url) == (["deal.*"], URL)
    with pytest.raises(DomainError):
        change_endpoint(actor=actor, endpoint=endpoint, url="https://10.0.0.1/")
    off = set_endpoint_active(actor=actor, endpoint=endpoint, active=False)
    set_endpoint_active(actor=actor, endpoint=endpoint, active=False)
    with pytest.raises(InvalidTransition):
        send_test(actor=actor, endpoint=off)
    assert TrailEntry.objects.filter(verb="webhook.paused").count() == 1
    remove_endpoint(actor=actor, endpoint=endpoint)
    assert not WebhookEndpoint.objects.exists()


def test_twenty_are_the_most(actor, company):
    account = account_of(company, "deals.view")
    for _each in range(20):
        made(actor, company, account=account)
    with pytest.raises(DomainError):
        made(actor, company, account=account)


@pytest.mark.parametrize("act", ["change", "switch", "rotate", "remove", "test", "again"])
def test_who_may_not_manage_is_refused_and_a_stranger_finds_nothing(act_for, actor, company, act):
    endpoint, _secret = made(actor, company)
    delivery = WebhookDelivery.objects.create(
        organisation=company, endpoint=endpoint, verb="deal.won", payload="{}", state="sent"
    )
    acts = {
        "change": lambda who: change_endpoint(actor=who, endpoint=endpoint, events=["deal.won"]),
        "switch": lambda who: set_endpoint_active(actor=who, endpoint=endpoint, active=False),
        "rotate": lambda who: rotate_secret(actor=who, endpoint=endpoint),
        "remove": lambda who: remove_endpoint(actor=who, endpoint=endpoint),
        "test": lambda who: send_test(actor=who, endpoint=endpoint),
        "again": lambda who: send_again(actor=who, delivery=delivery),
    }
    with pytest.raises(PermissionDenied):
        acts[act](act_for(company, "deals.view"))
    with pytest.raises((WebhookEndpoint.DoesNotExist, WebhookDelivery.DoesNotExist)):
        acts[act](act_for(OrganisationFactory(), *ALL))


def test_what_is_on_its_way_is_not_sent_again(actor, company):
    endpoint, _secret = made(actor, company)
    delivery = WebhookDelivery.objects.create(organisation=company, endpoint=endpoint, verb="deal.won", payload="{}")
    with pytest.raises(InvalidTransition):
        send_again(actor=actor, delivery=delivery)


# The pages ------------------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_making_to_sending_again(sign_in, company):
    client = sign_in(company, *ALL)
    assert client.get(reverse("webhooks:list")).status_code == 200
    account = account_of(company, "deals.view")
    given = {"description": "<b>CRM</b>", "url": URL, "account": account.pk, "events": ["deal.*", "deal.won"]}
    page = client.post(reverse("webhooks:new"), given)
    endpoint = WebhookEndpoint.objects.get()
    assert page.status_code == 201 and secret_of(endpoint) in page.text and "<b>CRM" not in page.text
    assert secret_of(endpoint) not in client.get(endpoint.get_absolute_url()).text
    assert client.get(reverse("webhooks:edit", args=[endpoint.pk])).status_code == 200
    rotated = client.post(reverse("webhooks:rotate", args=[endpoint.pk]))
    endpoint.refresh_from_db()
    assert secret_of(endpoint) in rotated.text
    delivery = WebhookDelivery.objects.create(
        organisation=company, endpoint=endpoint, verb="deal.won", payload='{"a": "<script>"}', state="sent"
    )
    shown = client.get(delivery.get_absolute_url()).text
    assert "&lt;script&gt;" in shown and delivery.message_id in shown
    assert client.get(reverse("webhooks:deliveries", args=[endpoint.pk])).status_code == 200
    assert client.post(reverse("webhooks:switch", args=[endpoint.pk]), {"active": "off"}).status_code == 302
    assert client.post(reverse("webhooks:again", args=[delivery.pk])).status_code == 302
    assert "is off" in client.get(delivery.get_absolute_url()).text
    assert client.post(reverse("webhooks:remove", args=[endpoint.pk])).status_code == 302
    assert not WebhookEndpoint.objects.exists()


def test_the_form_says_what_is_wrong_and_keeps_what_was_written(sign_in, company):
    client = sign_in(company, *ALL)
    foreign = account_of(OrganisationFactory(), "deals.view")
    given = {"description": "CRM", "url": "http://10.0.0.1", "account": foreign.pk, "events": ["deal.won"]}
    page = client.post(reverse("webhooks:new"), given)
    assert page.status_code == 422 and str(foreign) not in page.text and "http://10.0.0.1" in page.text
    page = client.post(reverse("webhooks:new"), {**given, "account": account_of(company, "deals.view").pk})
    assert page.status_code == 422 and "begins with https://" in page.text


def test_a_colleague_without_the_capability_is_told_so(sign_in, company):
    assert sign_in(company, "deals.view").get(reverse("webhooks:list")).status_code == 403


def test_the_lists_cost_the_same_for_one_and_for_three(sign_in, actor, company, django_assert_num_queries):
    client = sign_in(company, *ALL)
    endpoint, _secret = made(actor, company)
    row = {"organisation": company, "endpoint": endpoint, "verb": "deal.won", "payload": "{}"}
    WebhookDelivery.objects.create(**row)
    urls = (reverse("webhooks:list"), reverse("webhooks:deliveries", args=[endpoint.pk]))
    costs = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        costs.append(len(seen))
    for _each in range(2):
        made(actor, company)
        WebhookDelivery.objects.create(**row)
    for url, cost in zip(urls, costs, strict=True):
        with django_assert_num_queries(cost):
            client.get(url)
