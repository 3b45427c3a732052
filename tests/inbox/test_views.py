"""The inbox as its owner, a colleague and a stranger meet it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now, timedelta

from inbox.models import Notification, Subject
from partners.models import Membership, Partnership
from tests.factories import RoleFactory

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def mine(world, rule, happens):
    """One unread notification of the partner's member."""
    rule()
    happens(world.vendor, world.partnership, note="please look")
    return Notification.objects.get(membership=world.partner)


def test_unread_shows_what_who_and_the_button(mine, world, signed_in):
    page = signed_in(world.partner).get(reverse("inbox:list"))
    text = page.content.decode()
    assert f"{world.vendor.user} tested {world.partnership}: please look" in text
    assert str(world.vendor.organisation) in text and "Look</a>" in text
    assert reverse("inbox:open", args=[mine.pk]) in text


def test_opening_reads_it_and_goes_where_it_happened(mine, world, signed_in):
    client = signed_in(world.partner)
    answer = client.get(reverse("inbox:open", args=[mine.pk]))
    assert (answer.status_code, answer["Location"]) == (302, f"/there/{world.partnership.pk}/")
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert "please look" not in client.get(reverse("inbox:list")).content.decode()
    assert "please look" in client.get(reverse("inbox:list"), {"view": "all"}).content.decode()


def test_read_and_undo_tell_the_other_tabs(mine, world, signed_in, frames_sent):
    client = signed_in(world.partner)
    frames_sent.clear()
    answer = client.post(reverse("inbox:read", args=[mine.pk]), **HTMX)
    assert answer.status_code == 200 and reverse("inbox:unread", args=[mine.pk]) in answer["HX-Trigger"]
    assert (f"member.{world.partner.pk}", {"on": "counts", "inbox": 0}) in frames_sent
    client.post(reverse("inbox:unread", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.read_at is None
    assert (f"member.{world.partner.pk}", {"on": "counts", "inbox": 1}) in frames_sent


def test_reading_twice_keeps_the_first_moment(mine, world, signed_in):
    client = signed_in(world.partner)
    client.post(reverse("inbox:read", args=[mine.pk]))
    mine.refresh_from_db()
    first = mine.read_at
    client.post(reverse("inbox:read", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.read_at == first


def test_reading_all_is_mine_alone_and_can_be_undone_without_the_older_ones(mine, world, happens, signed_in):
    entry = happens(world.partner, world.partnership)
    older = Notification.objects.create(
        membership=world.partner, entry=entry, kind="tests", subject=mine.subject, read_at=now()
    )
    client = signed_in(world.partner)
    answer = client.post(reverse("inbox:read_all"), **HTMX)
    assert answer.status_code == 204
    assert not Notification.objects.filter(membership=world.partner, read_at=None).exists()
    assert Notification.objects.filter(membership=world.colleague, read_at=None).exists()
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert client.post(undo, **HTMX).status_code == 204
    mine.refresh_from_db()
    older.refresh_from_db()
    assert mine.read_at is None and older.read_at is not None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-01-01T00:00:00", "2026-99-99T00:00:00Z"])
def test_undoing_at_no_moment_is_not_found(mine, world, signed_in, at):
    assert signed_in(world.partner).post(reverse("inbox:unread_all") + f"?at={at}").status_code == 404


@pytest.mark.parametrize(("route", "method"), [("open", "get"), ("read", "post"), ("unread", "post")])
@pytest.mark.parametrize("who", ["colleague", "vendor", "stranger"])
def test_nobody_else_reaches_it_and_the_answer_is_that_of_a_missing_one(mine, world, signed_in, route, method, who):
    client = signed_in(getattr(world, who))
    answer = getattr(client, method)(reverse(f"inbox:{route}", args=[mine.pk]))
    missing = getattr(client, method)(reverse(f"inbox:{route}", args=[mine.pk + 10_000]))
    assert answer.status_code == missing.status_code == 404
    mine.refresh_from_db()
    assert mine.read_at is None


@pytest.mark.parametrize("route", ["list", "bell", "preferences"])
def test_a_visitor_is_asked_to_sign_in(client, db, route):
    answer = client.get(reverse(f"inbox:{route}"))
    assert answer.status_code == 302 and reverse("account_login") in answer["Location"]


@pytest.mark.parametrize("route", ["read_all", "unread_all"])
def test_changes_take_a_post(mine, world, signed_in, route):
    assert signed_in(world.partner).get(reverse(f"inbox:{route}")).status_code == 405


def test_a_row_that_went_out_of_sight_takes_its_notifications_along(mine, world, signed_in):
    client = signed_in(world.partner)
    assert client.get(reverse("inbox:bell")).content.decode().count("please look") == 1
    stranger_edge = Partnership.objects.filter(pk=world.partnership.pk)
    stranger_edge.update(partner=world.stranger.organisation)
    for page in (reverse("inbox:list"), reverse("inbox:list") + "?view=all", reverse("inbox:bell")):
        assert "please look" not in client.get(page).content.decode()
    assert client.get(reverse("inbox:open", args=[mine.pk])).status_code == 404


def test_a_capability_taken_away_hides_what_it_showed(world, rule, happens, signed_in):
    rule(capability="partnerships.view")
    happens(world.vendor, world.partnership, note="please look")
    client = signed_in(world.partner)
    assert "please look" in client.get(reverse("inbox:list")).content.decode()
    world.partner.roles.clear()
    assert "please look" not in client.get(reverse("inbox:list")).content.decode()


def test_a_person_with_two_memberships_sees_each_inbox_alone(mine, world, signed_in):
    second = Membership.objects.create(user=world.partner.user, organisation=world.stranger.organisation)
    client = signed_in(world.partner)
    session = client.session
    session["organisation_id"] = second.organisation_id
    session.save()
    assert "please look" not in client.get(reverse("inbox:list"), {"view": "all"}).content.decode()
    assert client.post(reverse("inbox:read", args=[mine.pk])).status_code == 404


def test_days_are_headed_and_pages_go_on_where_they_ended(mine, world, happens, signed_in):
    for number in range(41):
        role = RoleFactory(organisation=world.partner.organisation, name=f"role {number:02}")
        happens(world.vendor, role, parties=[role.organisation_id], note=f"number {number:02}")
    Subject.objects.filter(pk=mine.subject_id).update(moved_at=now() - timedelta(days=3))
    client = signed_in(world.partner)
    first = client.get(reverse("inbox:list"))
    assert "number 40" in first.content.decode() and "please look" not in first.content.decode()
    second = client.get(reverse("inbox:list"), {"after": first.context["next"]}).content.decode()
    assert "please look" in second and "number 00" in second and "number 40" not in second
    for hostile in ("9" * 400, "%00", "WzEsMl0", "ééé"):
        assert client.get(reverse("inbox:list"), {"after": hostile}).status_code == 200


def test_a_fragment_is_the_list_alone(mine, world, signed_in):
    text = signed_in(world.partner).get(reverse("inbox:list"), **HTMX).content.decode()
    assert "please look" in text and "<html" not in text


@pytest.mark.parametrize("route", ["list", "bell"])
def test_queries_do_not_grow_with_rows(world, rule, happens, signed_in, route, django_assert_num_queries):
    rule()
    client = signed_in(world.partner)
    happens(world.vendor, world.partnership)
    client.get(reverse(f"inbox:{route}"))  # the first request of a session also notes that it began
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"inbox:{route}"))
    for _ in range(2):
        happens(world.vendor, world.partnership)
    with django_assert_num_queries(len(one)):
        client.get(reverse(f"inbox:{route}"))


def test_hostile_words_are_shown_as_words(world, rule, happens, signed_in):
    rule()
    happens(world.vendor, world.partnership, note="<script>alert(1)</script> %(x)s")
    text = signed_in(world.partner).get(reverse("inbox:list")).content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


def test_the_badge_of_the_shell_counts_them(mine, world, signed_in):
    assert '<b data-count="inbox">1</b>' in signed_in(world.partner).get(reverse("inbox:preferences")).content.decode()
