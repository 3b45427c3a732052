"""Notifications stand together by record: read, undone, put off and brought back as one; the cost stays the same."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now, timedelta

from inbox import actions, snoozing
from inbox.frames import unread_count
from inbox.models import Notification, Subject
from partners.actors import acting
from partners.models import Partnership
from tests.factories import RoleFactory

HTMX = {"HTTP_HX_REQUEST": "true"}
SUNDAY = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)


@pytest.fixture
def three(world, rule, happens):
    """Three unread notifications of one record for the partner's member; their subject."""
    rule()
    for number in range(3):
        happens(world.vendor, world.partnership, note=f"number {number}")
    return Subject.objects.get(membership=world.partner)


def page(client, **query):
    return client.get(reverse("inbox:list"), query).content.decode()


def test_several_on_one_record_are_one_row_with_the_newest_on_top(three, world, signed_in):
    client = signed_in(world.partner)
    text = page(client)
    assert text.count('id="s-') == 1 and "number 2" in text and "number 0" not in text
    assert "and 2 more" in text and three.unread == 3
    newest = three.notifications.order_by("-pk").first()
    beneath = client.get(reverse("inbox:earlier", args=[three.pk]), {"before": newest.pk, "unread": ""})
    assert "number 0" in beneath.content.decode() and "number 2" not in beneath.content.decode()


def test_reading_the_newest_leaves_the_next_on_top(three, world, signed_in):
    client = signed_in(world.partner)
    newest = three.notifications.order_by("-pk").first()
    answer = client.post(reverse("inbox:read", args=[newest.pk]), HTTP_HX_TARGET=f"s-{three.pk}", **HTMX)
    assert f'id="s-{three.pk}"' in answer.content.decode()
    three.refresh_from_db()
    assert three.unread == 2 and "and 2 more" in page(client)


def test_all_of_a_record_is_read_and_undone_at_once_and_what_was_read_before_stays_read(three, world, signed_in):
    client = signed_in(world.partner)
    first = three.notifications.order_by("pk").first()
    client.post(reverse("inbox:read", args=[first.pk]))
    answer = client.post(reverse("inbox:read_subject", args=[three.pk]), **HTMX)
    three.refresh_from_db()
    assert three.unread == 0 and "All read" in page(client)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert client.post(undo, **HTMX).status_code == 200
    three.refresh_from_db()
    first.refresh_from_db()
    assert three.unread == 2 and first.read_at is not None


@pytest.mark.parametrize("route", ["read_subject", "unread_subject", "snooze", "wake", "earlier"])
@pytest.mark.parametrize("who", ["colleague", "vendor", "stranger"])
def test_nobody_else_reaches_a_subject(three, world, signed_in, route, who):
    client = signed_in(getattr(world, who))
    method = "get" if route == "earlier" else "post"
    answers = [getattr(client, method)(reverse(f"inbox:{route}", args=[pk]) + "?before=9") for pk in (three.pk, 99_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    three.refresh_from_db()
    assert three.unread == 3 and three.snoozed_until is None


def test_put_off_it_leaves_the_inbox_and_the_badge_and_the_undo_brings_it_back(three, world, signed_in):
    client = signed_in(world.partner)
    answer = client.post(reverse("inbox:snooze", args=[three.pk]), {"until": "tomorrow"}, **HTMX)
    assert answer.status_code == 204
    assert "number 2" not in page(client) and "number 2" in page(client, view="snoozed")
    assert "number 2" in page(client, view="all")
    assert "number 2" not in client.get(reverse("inbox:bell")).content.decode()
    assert unread_count(acting(world.partner, "web")) == 0
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    assert "number 2" in page(client) and unread_count(acting(world.partner, "web")) == 3


def test_putting_off_again_is_undone_to_the_former_moment(three, world, signed_in):
    client = signed_in(world.partner)
    client.post(reverse("inbox:snooze", args=[three.pk]), {"until": "hour"}, **HTMX)
    three.refresh_from_db()
    former = three.snoozed_until
    answer = client.post(reverse("inbox:snooze", args=[three.pk]), {"until": "tomorrow"}, **HTMX)
    three.refresh_from_db()
    assert three.snoozed_until > former
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"], **HTMX)
    three.refresh_from_db()
    assert three.snoozed_until == former


def test_it_comes_back_as_new_when_its_time_has_come(three, world, happens, signed_in, frames_sent):
    actor = acting(world.partner, "web")
    actions.read_subject(actor=actor, subject=three)
    actions.snooze(actor=actor, subject=three, until=now() + timedelta(hours=1))
    role = RoleFactory(organisation=world.partner.organisation, name="later")
    happens(world.vendor, role, parties=[role.organisation_id], note="meanwhile")
    assert actions.wake_due() == 0
    with time_machine.travel(now() + timedelta(hours=2)):
        frames_sent.clear()
        assert actions.wake_due() == 1
        assert actions.wake_due() == 0
        text = page(signed_in(world.partner))
    assert text.index("number 2") < text.index("meanwhile"), "on top"
    three.refresh_from_db()
    assert (three.unread, three.snoozed_until) == (1, None)
    assert (f"member.{world.partner.pk}", {"on": "counts", "inbox": 2}) in frames_sent


def test_what_happens_meanwhile_brings_it_back(three, world, happens):
    actions.snooze(actor=acting(world.partner, "web"), subject=three, until=now() + timedelta(days=3))
    happens(world.vendor, world.partnership, note="urgent after all")
    three.refresh_from_db()
    assert (three.unread, three.snoozed_until) == (4, None)


@pytest.mark.parametrize(
    "until", ["", "never", "2020-01-01", "9999-12-31", "2026-13-45", "2026-01-01T00:00:00", "1" * 5000]
)
def test_a_moment_that_is_none_is_refused_with_a_sentence(three, world, signed_in, until):
    answer = signed_in(world.partner).post(reverse("inbox:snooze", args=[three.pk]), {"until": until}, **HTMX)
    assert answer.status_code == 422 and answer.content.decode().startswith("Choose")
    three.refresh_from_db()
    assert three.snoozed_until is None


def test_the_choices_are_the_readers_and_only_what_is_still_to_come():
    zone = "Europe/Rome"
    morning = {choice.code: choice.until for choice in snoozing.choices(SUNDAY, zone)}
    assert morning["evening"] == datetime(2026, 3, 8, 17, tzinfo=UTC)
    assert morning["tomorrow"] == datetime(2026, 3, 9, 7, tzinfo=UTC) and "monday" not in morning
    evening = {choice.code: choice.until for choice in snoozing.choices(SUNDAY + timedelta(days=1, hours=8), zone)}
    assert "evening" not in evening and evening["monday"] == datetime(2026, 3, 16, 7, tzinfo=UTC)
    night = snoozing.chosen("2026-03-29", SUNDAY, zone)  # the morning after the clocks went forward
    assert night == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_reading_all_leaves_what_is_put_off(three, world, happens):
    actor = acting(world.partner, "web")
    role = RoleFactory(organisation=world.partner.organisation)
    happens(world.vendor, role, parties=[role.organisation_id], note="other")
    actions.snooze(actor=actor, subject=three, until=now() + timedelta(hours=1))
    many, moment = actions.read_all(actor=actor)
    three.refresh_from_db()
    assert (many, three.unread) == (1, 3)
    assert actions.unread_all(actor=actor, moment=moment) == 1
    assert Subject.objects.get(membership=world.partner, target="partners.role").unread == 1


def test_filters_by_kind_and_by_name(three, world, rule, happens, signed_in):
    rule("role.tested", "other_tests")
    role = RoleFactory(organisation=world.partner.organisation, name="Gatekeeper")
    happens(world.vendor, role, verb="role.tested", parties=[role.organisation_id], note="of the gate")
    client = signed_in(world.partner)
    assert "of the gate" in page(client, kind="other_tests") and "number 2" not in page(client, kind="other_tests")
    assert "of the gate" in page(client, q="gatek") and "number 2" not in page(client, q="gatek")
    assert "Nothing found" in page(client, q="nothing of that name")
    assert "number 2" in page(client, kind="%00"), "an unknown kind filters nothing"


def test_a_record_out_of_sight_takes_its_subject_along(three, world, signed_in):
    client = signed_in(world.partner)
    Partnership.objects.filter(pk=world.partnership.pk).update(partner=world.stranger.organisation)
    for view in ("unread", "all", "snoozed"):
        assert "number 2" not in page(client, view=view)
    assert client.post(reverse("inbox:read_subject", args=[three.pk])).status_code == 404
    assert unread_count(acting(world.partner, "web")) == 0


def test_a_capability_taken_away_leaves_what_may_still_be_known_on_top(world, rule, happens, signed_in):
    rule("partnership.secret", capability="partnerships.view")
    rule()
    happens(world.vendor, world.partnership, note="for all")
    happens(world.vendor, world.partnership, verb="partnership.secret", note="for few")
    client = signed_in(world.partner)
    assert "for few" in page(client)
    world.partner.roles.clear()
    assert "for few" not in page(client) and "for all" in page(client)


def test_the_cost_is_the_same_for_many_subjects_and_many_under_one(three, world, happens, signed_in):
    client = signed_in(world.partner)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    entry = three.notifications.first().entry
    for number in range(60):
        role = RoleFactory(organisation=world.partner.organisation, name=f"role {number}")
        happens(world.vendor, role, parties=[role.organisation_id], note="x")
    for number in range(30):
        happens(world.vendor, world.partnership, note=f"more {number}")
    assert entry.pk and Notification.objects.filter(subject=three).count() == 33
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) == len(few)


def test_counts_stay_right_however_often_one_reads(three, world):
    actor = acting(world.partner, "web")
    item = three.notifications.first()
    for _ in range(2):
        actions.read(actor=actor, notification=item)
    for _ in range(2):
        actions.unread(actor=actor, notification=item)
    actions.read_subject(actor=actor, subject=three)
    actions.read_subject(actor=actor, subject=three)
    three.refresh_from_db()
    assert three.unread == 0
