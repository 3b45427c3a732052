"""The dates of deals: whose they are, and the feed that other calendars read (RFC 5545)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from deals import actions
from deals.dates import Entry, entries
from deals.ics import calendar, escaped, folded
from deals.models import CalendarFeed, Deal
from partners.models import Membership
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
DATES = reverse("deals:dates")
SELLS = ("deals.view", "deals.register")
DECIDES = ("deals.view", "deals.decide")


def plan(actor, deal, shared=False, **fields):
    values = {"kind": "call", "subject": "Call them", "due_at": now() + timedelta(days=1), **fields}
    return actions.plan_activity(actor=actor, deal=deal, fields=values, shared=shared)


def seen(actor, **narrowed):
    today = localdate()
    return {each.uid.split("-")[0] for each in entries(actor, today, today + timedelta(days=100), **narrowed)}


def test_each_side_has_its_own_dates(seller, reviewer, act_for):
    deal = ApprovedFactory()
    DealFactory(partnership=deal.partnership, type=deal.type)
    mine, vendor = seller(deal), reviewer(deal)
    plan(mine, deal)
    assert seen(mine) == {"protection", "decision", "activity"}
    assert seen(vendor) == {"protection", "decision", "review"}
    assert seen(act_for(deal.vendor, "deals.view")) == {"protection", "decision"}
    assert seen(act_for(OrganisationFactory(), *DECIDES)) == set()
    assert seen(mine, kinds=["decision"]) == {"decision"}
    assert seen(mine, mine=True) == {"activity"}
    assert seen(mine, company=deal.vendor_id) == {"protection", "decision", "activity"}
    assert seen(mine, company=0) == set()


def test_an_internal_activity_and_a_draft_are_nowhere_for_the_other_side(seller, reviewer, sign_in):
    deal = ApprovedFactory()
    plan(seller(deal), deal, subject="Secret call", due_at=now())
    DraftFactory(partnership=deal.partnership, type=deal.type, title="Secret draft", decision_date=localdate())
    for client in (sign_in(deal.vendor, *DECIDES), sign_in(OrganisationFactory(), *DECIDES)):
        assert "Secret" not in client.get(DATES).text
    assert "Secret call" in sign_in(deal.partner, *SELLS).get(DATES).text


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0-0", "99999-1", "2026-02", "2100-12", "2000-01"])
@pytest.mark.parametrize("view", ["", "agenda"])
def test_any_month_is_shown(sign_in, month, view):
    deal = DealFactory()
    answer = sign_in(deal.partner, *SELLS).get(DATES, {"month": month, "view": view, "with": "9" * 50, "kind": "x"})
    assert answer.status_code == 200
    assert all(len(week) == 7 for week in answer.context["weeks"])


def feed_of(client):
    client.post(reverse("deals:feed_open"))
    return client.get(DATES).context["feed_url"].partition("8000")[2] or client.get(DATES).context["feed_url"]


def address_of(client):
    url = feed_of(client)
    return url[url.index("/deals/") :]


def test_the_feed_is_the_members_own_until_it_is_taken_back(sign_in, seller):
    deal = ApprovedFactory(title="Well; field, one")
    client = sign_in(deal.partner, *SELLS)
    Deal.objects.filter(pk=deal.pk).update(seller=client.user)
    plan(seller(deal), deal, subject="A colleague's call")
    address = address_of(client)
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "SUMMARY:Well\\; field\\, one" in answer.text
    assert "colleague" not in answer.text
    new = address_of(client)
    assert (Client().get(address).status_code, Client().get(new).status_code) == (404, 200)
    client.post(reverse("deals:feed_close"))
    assert Client().get(new).status_code == 404


def test_who_leaves_or_may_see_no_deals_reads_no_feed(sign_in):
    deal = ApprovedFactory()
    client = sign_in(deal.partner, *SELLS)
    address = address_of(client)
    member = Membership.objects.get(user=client.user)
    member.roles.first().__class__.objects.filter(pk=member.roles.first().pk).update(capabilities=[])
    assert Client().get(address).status_code == 404
    other = sign_in(deal.partner, *SELLS)
    address = address_of(other)
    Membership.objects.filter(user=other.user).update(active=False)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsIm5vbmNlIl0:1abc:forged", "%00"])
def test_a_forged_feed_is_missing(token):
    assert Client().get(f"/deals/dates/{token}.ics").status_code in {400, 404}
    assert not CalendarFeed.objects.exists()


# RFC 5545 ----------------------------------------------------------------------------------------------------------


def event(**fields):
    values = {"kind": "decision", "day": localdate(), "title": "T", "sub": "S", "url": "/deals/1/", "uid": "decision-1"}
    return Entry(**{**values, "tone": "info", **fields})


def read(body):
    """Unfold (3.1) and split: the content lines as (name with parameters, value), or an assertion fails."""
    text = body.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    raw = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in raw)
    lines = "\r\n".join(raw).replace("\r\n ", "").split("\r\n")
    return [tuple(line.split(":", 1)) for line in lines]


def test_the_calendar_is_as_the_standard_writes_it():
    at = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("America/New_York"))
    long = "Pompe à chaleur, étage «nord»; " * 12 + "\n\\end\x07"
    entries = [event(title=long, day=at.date()), event(uid="activity-2", at=at, day=at.date(), minutes=45)]
    stamp = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    lines = read(calendar("Mine, all", entries, "https://x.example", "x.example", stamp))
    assert lines[0] == ("BEGIN", "VCALENDAR") and lines[-1] == ("END", "VCALENDAR")
    found = dict(lines)
    assert (found["VERSION"], found["X-WR-CALNAME"]) == ("2.0", "Mine\\, all")
    assert ("DTSTART;VALUE=DATE", "20260329") in lines and ("DTEND;VALUE=DATE", "20260330") in lines
    assert ("DTSTART", "20260329T063000Z") in lines and ("DTEND", "20260329T071500Z") in lines
    assert ("UID", "activity-2@x.example") in lines and ("DTSTAMP", "20260101T000000Z") in lines
    said = next(value for name, value in lines if name == "SUMMARY")
    assert said.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\") == long[:-1]
    opened = [value for name, value in lines if name == "BEGIN"]
    assert opened == ["VCALENDAR", "VEVENT", "VEVENT"]


def test_a_title_cannot_write_lines_of_its_own():
    text = escaped("A\r\nEND:VEVENT\rATTENDEE:x\x00")
    assert text == "A\\nEND:VEVENT\\nATTENDEE:x"


@pytest.mark.parametrize("letter", ["a", "é", "漢", "🏭"])
def test_folding_splits_no_character(letter):
    pieces = list(folded(f"SUMMARY:{letter * 300}"))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == f"SUMMARY:{letter * 300}"
