"""Quiet hours: nothing leaves while they last, everything leaves once they are over."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from inbox import actions, tasks
from inbox.models import EmailDelivery, Preference, QuietHours
from inbox.quiet import Hours, quiet_until
from partners.actors import acting
from tests.inbox.conftest import KIND

EVERY_DAY = frozenset(range(1, 8))
NIGHT = Hours(time(20), time(7, 30), EVERY_DAY)
ROME = "Europe/Rome"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "hours", "end"),
    [
        (utc(2026, 3, 10, 12), NIGHT, None),
        (utc(2026, 3, 10, 19), NIGHT, utc(2026, 3, 11, 6, 30)),
        (utc(2026, 3, 11, 6, 29), NIGHT, utc(2026, 3, 11, 6, 30)),
        (utc(2026, 3, 11, 6, 30), NIGHT, None),
        (utc(2026, 3, 28, 23), NIGHT, utc(2026, 3, 29, 5, 30)),  # the clocks go forward
        (utc(2026, 10, 24, 23), NIGHT, utc(2026, 10, 25, 6, 30)),  # and back
        (utc(2026, 3, 14, 12), Hours(time(0), time(0), frozenset({6, 7})), utc(2026, 3, 15, 23)),  # the whole week-end
        (utc(2026, 3, 13, 20), Hours(time(20), time(8), frozenset({5})), utc(2026, 3, 14, 7)),
        (utc(2026, 3, 14, 20), Hours(time(20), time(8), frozenset({5})), None),
    ],
)
def test_when_quiet_ends(moment, hours, end):
    assert quiet_until(moment, hours, ROME) == end


def test_a_week_of_whole_days_ends_after_a_week():
    end = quiet_until(utc(2026, 3, 10, 12), Hours(time(0), time(0), EVERY_DAY), ROME)
    assert end is not None and end - utc(2026, 3, 10, 12) <= timedelta(days=8)


@pytest.fixture
def asleep(world, rule):
    """The partner's member wants everything at once, but not at night."""
    Preference.objects.create(membership=world.partner, kind=KIND, email="now")
    QuietHours.objects.create(user=world.partner.user, begins=time(20), ends=time(7, 30), urgent_through=False)
    return world.partner


def sent_to(mailoutbox, membership):
    return [message for message in mailoutbox if message.to == [membership.user.email]]


def test_mail_waits_until_the_morning(asleep, world, rule, happens, mailoutbox):
    rule()
    with time_machine.travel(utc(2026, 3, 10, 22), tick=False):
        happens(world.vendor, world.partnership)
        tasks.send_due.call()
        assert not sent_to(mailoutbox, asleep)
        owed = EmailDelivery.objects.get(membership=asleep)
        assert (owed.state, owed.attempts, owed.due_at) == ("pending", 0, utc(2026, 3, 11, 6, 30))
    with time_machine.travel(utc(2026, 3, 11, 6, 31), tick=False):
        tasks.send_due.call()
    assert len(sent_to(mailoutbox, asleep)) == 1


@pytest.mark.parametrize(("through", "many"), [(True, 1), (False, 0)])
def test_urgent_ones_come_through_as_the_person_chose(asleep, world, rule, happens, mailoutbox, through, many):
    rule(urgent=True)
    QuietHours.objects.update(urgent_through=through)
    with time_machine.travel(utc(2026, 3, 10, 22), tick=False):
        happens(world.vendor, world.partnership)
    assert len(sent_to(mailoutbox, asleep)) == many


def test_quiet_hours_are_the_persons_alone(asleep, world, rule, happens, mailoutbox):
    rule(urgent=True)
    with time_machine.travel(utc(2026, 3, 10, 22), tick=False):
        happens(world.vendor, world.partnership)
    assert len(sent_to(mailoutbox, world.colleague)) == 1


def test_the_page_saves_changes_and_ends_them(world, rule, signed_in):
    rule()
    client = signed_in(world.partner)
    url = reverse("inbox:quiet")
    given = {"begins": "19:00", "ends": "08:00", "days": ["1", "2", "5"], "urgent_through": "on"}
    assert client.post(url, given).status_code == 302
    kept = QuietHours.objects.get(user=world.partner.user)
    assert (kept.begins, kept.ends, kept.days, kept.urgent_through) == (time(19), time(8), "125", True)
    text = client.get(reverse("inbox:preferences")).content.decode()
    assert 'value="19:00"' in text and "No quiet hours" in text
    assert client.post(url, {}).status_code == 302
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"begins": "19:00", "days": ["1"]},
        {"ends": "19:00", "days": ["1"]},
        {"begins": "19:00", "ends": "20:00"},
        {"begins": "25:00", "ends": "20:00", "days": ["1"]},
        {"begins": "19:00", "ends": "20:00", "days": ["8"]},
    ],
)
def test_half_an_answer_is_refused_at_its_field(world, rule, signed_in, given):
    rule()
    answer = signed_in(world.partner).post(reverse("inbox:quiet"), given)
    assert answer.status_code == 422 and not QuietHours.objects.exists()


def test_the_action_keeps_one_row_a_person(world):
    actor = acting(world.partner, "web")
    for _ in range(2):
        actions.be_quiet(actor=actor, begins=time(20), ends=time(7), days="71")
    assert QuietHours.objects.get(user=world.partner.user).days == "17"
