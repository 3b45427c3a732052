"""Webhooks as they travel: to a real server that fails, drips, redirects and comes back."""

import json
import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils.timezone import now

from core import outbound
from core.audit import fan_out, record
from deals.actions import reject_deal, submit_deal, take_deal
from inbox.models import Notification
from inbox.webhooks import sending
from inbox.webhooks.actions import rotate_secret, send_again, send_test
from inbox.webhooks.catalogue import eyes_of
from inbox.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from inbox.webhooks.tasks import forget_old, send_all_due
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory
from tests.inbox.webhook_peers import account_of, endpoint_of, is_genuine, receiver, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crm():
    with receiver() as there:
        yield there


@pytest.fixture
def deal():
    return DealFactory()


@pytest.fixture
def happens(act_for):
    """Something happens to a deal, done by the partner, and is told to both sides."""

    def build(deal, verb="deal.stage_changed"):
        return record(actor=act_for(deal.partner, "deals.view"), verb=verb, target=deal)

    return build


def states():
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def later(time_machine, **by):
    time_machine.move_to(now() + timedelta(**by), tick=True)


def test_what_happens_is_posted_signed_and_thin(crm, deal, act_for, happens):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    happens(deal)
    (headers, body), sent = crm.seen[0], WebhookDelivery.objects.get()
    assert is_genuine(secret_of(endpoint), headers, body)
    assert not is_genuine("whsec_" + "A" * 32, headers, body)
    assert headers["webhook-id"] == sent.message_id and "cookie" not in headers
    said = json.loads(body)
    assert said["type"] == "deal.stage_changed" and said["timestamp"].endswith("Z")
    assert said["data"]["record"] == {"type": "deals.deal", "id": deal.pk, "title": str(deal)}
    assert said["data"]["organisation"] == {"id": deal.partner_id, "name": deal.partner.name}
    assert said["data"]["link"].endswith(f"/deals/{deal.pk}/")
    assert (sent.state, sent.tries, sent.attempts.get().status) == ("sent", 1, 200)


def test_only_what_was_chosen_is_sent_and_never_twice(crm, deal, act_for, happens):
    endpoint_of(act_for, deal.vendor, crm.url, events=["deal.won"])
    entry = happens(deal)
    assert not crm.seen
    entry = happens(deal, "deal.won")
    entry.fanned_out_at = None
    entry.save()
    fan_out.call(entry.pk)
    assert crm.types == ["deal.won"]


def test_another_organisation_hears_nothing(crm, deal, act_for, happens):
    stranger = OrganisationFactory()
    endpoint_of(act_for, stranger, crm.url, events=["deal.*"])
    happens(deal)
    assert not crm.seen and not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("blocked", [False, True])
def test_a_partner_learns_nothing_of_conflicts(crm, act_for, blocked):
    """The same events in the same order, whether or not another partner is protected."""
    draft = DraftFactory(lines=[{"product_text": "Pump"}])
    if blocked:
        ApprovedFactory(
            partnership__vendor=draft.vendor, customer_name=draft.customer_name,
            customer_name_key=draft.customer_name_key, type=draft.type,
        )  # fmt: skip
    both = ("deals.view", "deals.decide", "deals.register")
    endpoint_of(act_for, draft.partner, crm.url, events=["deal.*"], capabilities=both)
    seller = act_for(draft.partner, "deals.view", "deals.register")
    deal = submit_deal(actor=seller, deal=draft, terms=True)
    assert deal.conflict_check.queued is blocked
    assert crm.types == ["deal.submitted"]
    reviewer = act_for(deal.vendor, "deals.view", "deals.decide")
    take_deal(actor=reviewer, deal=deal)
    reject_deal(actor=reviewer, deal=deal, reason="no_fit", note="Sorry.")
    assert crm.types == ["deal.submitted", "deal.taken", "deal.rejected"]
    assert {frozenset(json.loads(body)["data"]) for _headers, body in crm.seen} == {
        frozenset({"organisation", "record", "link"})
    }


def test_the_vendor_hears_of_a_conflict_where_its_account_may(crm, act_for):
    draft = DraftFactory()
    ApprovedFactory(
        partnership__vendor=draft.vendor, customer_name=draft.customer_name,
        customer_name_key=draft.customer_name_key, type=draft.type,
    )  # fmt: skip
    endpoint_of(act_for, draft.vendor, crm.url, capabilities=("deals.view", "deals.decide"))
    submit_deal(actor=act_for(draft.partner, "deals.view", "deals.register"), deal=draft, terms=True)
    assert set(crm.types) == {"deal.submitted", "deal.queued"}


def test_what_the_account_may_not_know_is_not_sent(crm, deal, act_for):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url, events=["deal.*"])
    vendor = act_for(deal.vendor, "deals.decide")
    record(actor=vendor, verb="deal.queued", target=deal, parties=())
    assert not WebhookDelivery.objects.exists()
    endpoint.account.active = False
    endpoint.account.save()
    record(actor=vendor, verb="deal.taken", target=deal)
    assert not crm.seen


def test_rights_lost_before_a_retry_are_lost(crm, deal, act_for, happens, time_machine):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(500, {}, b"")]
    happens(deal)
    endpoint.account.role.capabilities = []
    endpoint.account.role.save()
    later(time_machine, minutes=2)
    send_all_due.call()
    assert (states(), len(crm.seen)) == (["dropped"], 1)


def test_a_failure_is_tried_again_with_the_same_id(crm, deal, act_for, happens, time_machine):
    endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(500, {}, b"the database is down"), (200, {}, b"")]
    happens(deal)
    assert states() == ["failed"]
    send_all_due.call()
    assert len(crm.seen) == 1, "tried again before its time"
    later(time_machine, minutes=1)
    send_all_due.call()
    assert states() == ["sent"] and len(set(crm.ids)) == 1 and len(crm.seen) == 2
    first = WebhookAttempt.objects.last()
    assert (first.status, first.answer) == (500, "the database is down")
    assert crm.seen[0][1] == crm.seen[1][1]


def test_after_eight_tries_within_a_day_it_is_given_up(crm, deal, act_for, happens, time_machine):
    endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(500, {}, b"")]
    began = now()
    happens(deal)
    while states() == ["failed"]:
        time_machine.move_to(WebhookDelivery.objects.get().next_at + timedelta(seconds=1), tick=True)
        send_all_due.call()
    assert states() == ["given_up"] and len(crm.seen) == 8
    assert timedelta(hours=18) < now() - began < timedelta(hours=31)


def test_events_of_one_record_keep_their_order_and_hold_up_no_other(crm, deal, act_for, happens, time_machine):
    endpoint_of(act_for, deal.vendor, crm.url)
    other = DealFactory(partnership=deal.partnership)
    crm.answers = [(500, {}, b""), (200, {}, b"")]
    happens(deal, "deal.taken")
    happens(deal, "deal.approved")
    happens(other, "deal.lost")
    assert crm.types == ["deal.taken", "deal.lost"]
    later(time_machine, minutes=1)
    send_all_due.call()
    assert crm.types == ["deal.taken", "deal.lost", "deal.taken", "deal.approved"]


def test_a_server_that_is_down_rests_and_then_gets_all(deal, act_for, happens, time_machine):
    with receiver() as there:
        url = there.url
    endpoint = endpoint_of(act_for, deal.vendor, url)
    for _each in range(5):
        happens(DealFactory(partnership=deal.partnership))
    assert WebhookAttempt.objects.count() == 1, "who does not answer is not asked for each event"
    endpoint.refresh_from_db()
    assert endpoint.rests_until > now() and endpoint.state_tone == "warn"
    assert states() == ["failed", *["pending"] * 4]
    with receiver() as there:
        WebhookEndpoint.objects.update(url=there.url)
        later(time_machine, minutes=1)
        send_all_due.call()
        assert len(there.seen) == 5 and set(states()) == {"sent"}
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None and endpoint.state_tone == "good"


def test_a_busy_server_is_left_alone_as_long_as_it_asks(crm, deal, act_for, happens):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(429, {"Retry-After": "600"}, b"")]
    happens(deal)
    happens(DealFactory(partnership=deal.partnership))
    endpoint.refresh_from_db()
    assert len(crm.seen) == 1
    assert timedelta(minutes=9) < endpoint.rests_until - now() < timedelta(minutes=11)


def test_days_of_failures_switch_it_off_and_tell(crm, deal, act_for, happens, time_machine):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    keeper = act_for(deal.vendor, "integration.manage")
    crm.answers = [(500, {}, b"")]
    happens(deal)
    for _day in range(6):
        later(time_machine, days=1)
        send_all_due.call()
        happens(DealFactory(partnership=deal.partnership))
    endpoint.refresh_from_db()
    assert not endpoint.active and endpoint.off_because and set(states()) == {"given_up"}
    told = Notification.objects.filter(membership=keeper.membership, entry__verb="webhook.switched_off")
    assert told.count() == 1
    happens(deal)
    assert WebhookDelivery.objects.open().count() == 0, "what is off is owed nothing"


def test_gone_means_gone(crm, deal, act_for, happens):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(410, {}, b"")]
    happens(deal)
    endpoint.refresh_from_db()
    assert not endpoint.active and states() == ["given_up"]


def test_a_redirect_is_a_failure_and_is_not_followed(crm, deal, act_for, happens):
    endpoint_of(act_for, deal.vendor, crm.url)
    crm.answers = [(302, {"Location": crm.url + "/elsewhere"}, b"")]
    happens(deal)
    assert states() == ["failed"] and len(crm.seen) == 1


def test_a_server_that_drips_is_cut_off(crm, deal, act_for, happens, monkeypatch):
    monkeypatch.setattr(sending, "LIMITS", outbound.Limits(connect=1, total=0.4, at_most=2_048, cut=True))

    def drips(handler):
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 60:
            try:
                handler.wfile.write(bytes([letter]))
                time.sleep(0.05)
            except OSError:
                return

    crm.answers = [drips]
    endpoint_of(act_for, deal.vendor, crm.url)
    happens(deal)
    attempt = WebhookAttempt.objects.get()
    assert states() == ["failed"] and attempt.status is None and "in time" in attempt.fault
    assert attempt.milliseconds < 3_000


def test_a_huge_answer_is_cut_at_two_kilobytes_and_counts(crm, deal, act_for, happens):
    crm.answers = [(200, {}, b"\x00<b>" + b"a" * 100_000)]
    endpoint_of(act_for, deal.vendor, crm.url)
    happens(deal)
    assert states() == ["sent"] and len(WebhookAttempt.objects.get().answer) == 2_048


def test_a_kill_between_sending_and_noting_sends_again_under_the_same_id(crm, deal, act_for, happens, time_machine):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    WebhookEndpoint.objects.update(rests_until=now() + timedelta(hours=1))
    happens(deal)
    WebhookEndpoint.objects.update(rests_until=None)
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        really_post = sending.post
        sending.post = lambda *given: (really_post(*given), os.kill(os.getpid(), signal.SIGKILL))
        try:
            sending.send_due(endpoint.pk)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(worker, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert states() == ["pending"] and len(crm.seen) == 1
    send_all_due.call()
    assert len(crm.seen) == 1, "its lease holds"
    later(time_machine, minutes=3)
    send_all_due.call()
    assert states() == ["sent"] and len(crm.seen) == 2 and len(set(crm.ids)) == 1
    assert WebhookAttempt.objects.filter(milliseconds=None).count() == 1, "the try that was cut short stays to be seen"


def test_two_hundred_events_arrive_once_each_in_order(crm, act_for):
    deals = [DealFactory()]
    deals += [DealFactory(partnership=deals[0].partnership) for _each in range(9)]
    endpoint_of(act_for, deals[0].vendor, crm.url)
    partner = act_for(deals[0].partner, "deals.view")
    WebhookEndpoint.objects.update(rests_until=now() + timedelta(hours=1))
    for number in range(200):
        record(actor=partner, verb="deal.stage_changed", target=deals[number % 10], number=number)
    WebhookEndpoint.objects.update(rests_until=None)
    send_all_due.call()
    assert len(crm.seen) == len(set(crm.ids)) == 200
    assert crm.ids == [row.message_id for row in WebhookDelivery.objects.order_by("pk")]


def test_two_workers_never_send_the_same(crm, deal, act_for, happens, monkeypatch):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    WebhookEndpoint.objects.update(rests_until=now() + timedelta(hours=1))
    happens(deal)
    WebhookEndpoint.objects.update(rests_until=None)
    first, second = sending._claim(endpoint.pk), sending._claim(endpoint.pk)
    assert first is not None and second is None


def test_while_a_secret_is_replaced_both_sign(crm, deal, act_for, happens, time_machine):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    old = secret_of(endpoint)
    endpoint, new = rotate_secret(actor=act_for(deal.vendor, "integration.manage"), endpoint=endpoint)
    happens(deal)
    assert is_genuine(old, *crm.seen[0]) and is_genuine(new, *crm.seen[0])
    later(time_machine, hours=25)
    happens(deal)
    assert not is_genuine(old, *crm.seen[1]) and is_genuine(new, *crm.seen[1])


def test_sending_again_by_hand_keeps_the_id(crm, deal, act_for, happens):
    endpoint_of(act_for, deal.vendor, crm.url)
    happens(deal)
    send_again(actor=act_for(deal.vendor, "integration.manage"), delivery=WebhookDelivery.objects.get())
    assert len(crm.seen) == 2 and len(set(crm.ids)) == 1 and states() == ["sent"]


def test_a_test_is_sent_and_says_that_it_is_one(crm, deal, act_for):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    send_test(actor=act_for(deal.vendor, "integration.manage"), endpoint=endpoint)
    assert crm.types == ["webhook.test"] and states() == ["sent"]


def test_an_endpoint_never_hears_of_endpoints(crm, deal, act_for):
    endpoint = endpoint_of(act_for, deal.vendor, crm.url)
    endpoint.account.role.capabilities = ["integration.manage"]
    endpoint.account.role.save()
    WebhookEndpoint.objects.update(events=["webhook.*", "webhook.secret_made"])
    rotate_secret(actor=act_for(deal.vendor, "integration.manage"), endpoint=endpoint)
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize(
    "url", ["https://10.0.0.8/x", "http://169.254.169.254/latest/meta-data/", "https://[::1]/", "http://example.com/"]
)
def test_outside_the_demo_no_inside_address_is_called(deal, act_for, happens, settings, url):
    endpoint_of(act_for, deal.vendor, "https://crm.example.com/hook")
    settings.DEMO = settings.DEBUG = False
    WebhookEndpoint.objects.update(url=url)
    happens(deal)
    attempt = WebhookAttempt.objects.get()
    assert attempt.status is None and ("private network" in attempt.fault or "https://" in attempt.fault)


def test_old_deliveries_are_forgotten_but_not_open_ones(crm, deal, act_for, happens):
    endpoint_of(act_for, deal.vendor, crm.url)
    happens(deal)
    crm.answers = [(500, {}, b"")]
    happens(deal)
    WebhookDelivery.objects.update(created=now() - timedelta(days=31))
    forget_old.call()
    assert states() == ["failed"]


def test_an_account_of_others_opens_no_eyes(deal, act_for):
    endpoint = endpoint_of(act_for, deal.vendor, "http://localhost:1/")
    endpoint.account = account_of(deal.partner, "deals.view")
    assert eyes_of(endpoint) is None
