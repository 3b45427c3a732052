"""E-mail at once and in digests: content, timing, repetition, failure, and what may no longer be told."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.utils.timezone import now

from inbox import outbox, tasks
from inbox.models import EmailDelivery, Notification, Preference
from inbox.schedule import MAX_ATTEMPTS, back_off, due
from partners.models import Partnership
from tests.inbox.conftest import KIND

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


def choose(membership, email):
    return Preference.objects.create(membership=membership, kind=KIND, email=email)


def mail_to(mailoutbox, membership):
    return [message for message in mailoutbox if message.to == [membership.user.email]]


@pytest.mark.parametrize(
    ("email", "urgent", "expected"),
    [
        ("standard", True, (NOON, False)),
        ("now", False, (NOON, False)),
        ("hourly", True, (datetime(2026, 3, 10, 13, 0, tzinfo=UTC), True)),
        ("daily", False, (datetime(2026, 3, 11, 7, 0, tzinfo=UTC), True)),
        ("standard", False, (datetime(2026, 3, 11, 7, 0, tzinfo=UTC), True)),
        ("none", True, None),
    ],
)
def test_when_an_e_mail_is_due(email, urgent, expected):
    assert due(email, urgent=urgent, moment=NOON, time_zone="Europe/Rome") == expected


def test_the_morning_is_the_readers_and_survives_summer_time_and_unknown_zones():
    early = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # the night in which Rome's clocks go forward
    assert due("daily", urgent=False, moment=early, time_zone="Europe/Rome")[0] == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert due("daily", urgent=False, moment=NOON, time_zone="Mars/Base")[0] == datetime(2026, 3, 11, 8, tzinfo=UTC)
    assert due("daily", urgent=False, moment=NOON, time_zone="../../etc")[0] == datetime(2026, 3, 11, 8, tzinfo=UTC)


def test_an_urgent_one_leaves_at_once_with_both_parts_and_a_way_out(world, rule, happens, mailoutbox):
    rule(urgent=True)
    happens(world.vendor, world.partnership, note="<b>now</b>\r\nBcc: everybody@example.test")
    (message,) = mail_to(mailoutbox, world.partner)
    assert isinstance(message, EmailMultiAlternatives)
    assert message.subject.startswith(f"{world.vendor.user} tested") and "\n" not in message.subject
    html = message.alternatives[0][0]
    assert "&lt;b&gt;now" in html and "<b>now" not in html
    for part in (message.body, html):
        assert f"/there/{world.partnership.pk}/" in part and "/inbox/preferences/" in part
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/inbox/unsubscribe/" in message.extra_headers["List-Unsubscribe"]
    assert message.recipients() == [world.partner.user.email]
    assert not mail_to(mailoutbox, world.vendor) and not mail_to(mailoutbox, world.stranger)


def test_it_speaks_the_readers_language(world, rule, happens, mailoutbox):
    world.partner.user.language = "it"
    world.partner.user.save()
    rule(urgent=True)
    happens(world.vendor, world.partnership)
    assert '<html lang="it">' in mail_to(mailoutbox, world.partner)[0].alternatives[0][0]


def test_a_digest_gathers_what_happened_and_leaves_out_what_was_read(world, rule, happens, mailoutbox):
    rule()
    with time_machine.travel(NOON, tick=False):
        for number in range(3):
            happens(world.vendor, world.partnership, note=f"number {number}")
        Notification.objects.filter(membership=world.partner).order_by("pk")[:1].get()
        first = Notification.objects.filter(membership=world.partner).order_by("pk").first()
        Notification.objects.filter(pk=first.pk).update(read_at=NOON)
        tasks.send_due.call()
    assert mailoutbox == []
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        tasks.send_due.call()
        tasks.send_due.call()
    (message,) = mail_to(mailoutbox, world.partner)
    assert "2 things happened" in message.subject
    assert "number 0" not in message.body and "number 1" in message.body and "number 2" in message.body
    assert len(mail_to(mailoutbox, world.colleague)) == 1


def test_a_digest_tells_nothing_that_went_out_of_sight(world, rule, happens, mailoutbox):
    rule()
    happens(world.vendor, world.partnership, note="secret")
    Partnership.objects.filter(pk=world.partnership.pk).update(partner=world.stranger.organisation)
    with time_machine.travel(now() + timedelta(days=2)):
        tasks.send_due.call()
    assert mailoutbox == []
    assert set(EmailDelivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_who_left_is_not_written_to(world, rule, happens, mailoutbox):
    rule()
    happens(world.vendor, world.partnership)
    world.partner.active = False
    world.partner.save()
    with time_machine.travel(now() + timedelta(days=2)):
        tasks.send_due.call()
    assert not mail_to(mailoutbox, world.partner) and mail_to(mailoutbox, world.colleague)


def test_sending_again_sends_once(world, rule, happens, mailoutbox):
    rule(urgent=True)
    happens(world.vendor, world.partnership)
    for delivery in EmailDelivery.objects.all():
        tasks.send_now.call(delivery.pk)
    tasks.send_due.call()
    assert len(mail_to(mailoutbox, world.partner)) == 1


def test_two_workers_never_claim_the_same_row(world, rule, happens):
    rule()
    happens(world.vendor, world.partnership)
    rows = EmailDelivery.objects.filter(membership=world.partner)
    assert len(outbox._claim(rows)) == 1
    assert outbox._claim(rows) == []


def test_a_mail_server_that_fails_is_asked_again_and_at_last_given_up(world, rule, happens, monkeypatch, mailoutbox):
    rule(urgent=True)
    working = EmailMultiAlternatives.send

    def fails(self, *args, **kwargs):
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fails)
    moment = NOON
    with time_machine.travel(moment, tick=False):
        happens(world.vendor, world.partnership)
    mine = EmailDelivery.objects.get(membership=world.partner)
    assert (mine.state, mine.attempts, mine.due_at) == ("pending", 1, NOON + timedelta(minutes=1))
    assert "unexpectedly closed" in mine.error
    EmailDelivery.objects.filter(membership=world.colleague).update(attempts=MAX_ATTEMPTS - 1)
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        tasks.send_due.call()
    assert EmailDelivery.objects.get(membership=world.colleague).state == "failed"
    monkeypatch.setattr(EmailMultiAlternatives, "send", working)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        tasks.send_due.call()
    assert len(mail_to(mailoutbox, world.partner)) == 1 and not mail_to(mailoutbox, world.colleague)


def test_what_a_vanished_worker_held_is_given_back(world, rule, happens, mailoutbox):
    rule(urgent=False)
    happens(world.vendor, world.partnership)
    mine = EmailDelivery.objects.filter(membership=world.partner)
    mine.update(due_at=now(), digest=False, state="sending", claim="dead", claimed_at=now() - timedelta(minutes=5))
    tasks.send_due.call()
    assert not mail_to(mailoutbox, world.partner)
    mine.update(claimed_at=now() - timedelta(minutes=16))
    tasks.send_due.call()
    assert len(mail_to(mailoutbox, world.partner)) == 1


def test_the_waits_between_attempts_grow():
    assert [back_off(n).total_seconds() / 60 for n in range(1, 6)] == [1, 4, 16, 64, 256]


def test_the_timetable_sends_what_is_due():
    from core.jobs import TIMETABLE

    assert TIMETABLE["inbox.mail"][0] == "inbox.tasks.send_due"
