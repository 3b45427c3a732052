"""The dry run: whom it would have reached, why not the others, and that nothing is done. Found as in the real thing."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, make_aware, now

from audiences.models import Click, ContactTag, Link, Mailing, Recipient
from automation import actions
from automation.models import Run
from automation.occasions import OCCASIONS
from automation.rehearsing import rehearse
from core.audit import record
from core.models import TrailEntry
from orders.models import Order
from partners.actors import system_actor
from programmes.models import Certification
from tests.audiences.factories import ContactFactory
from tests.automation.conftest import LETTER
from tests.automation.test_triggers import rule
from tests.deals.factories import ApprovedFactory
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.leads.factories import LeadFactory
from tests.promotions.factories import PromotionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(vendor):
    """A lead asked again so many days ago, at an hour of that day: `past(10, "a@b.example", 21)`."""

    def build(days, email, hour=12, **columns):
        lead = LeadFactory(vendor=vendor, email=email, **columns)
        entry = record(actor=system_actor(vendor), verb="lead.asked_again", target=lead)
        at = make_aware(datetime.combine(localdate() - timedelta(days=days), time(hour)))
        TrailEntry.objects.filter(pk=entry.pk).update(created=at)
        return lead

    return build


def month(trigger):
    return rehearse(trigger, now() - timedelta(days=30), now())


def test_it_says_whom_it_would_have_reached_and_does_nothing(keeper, past, agreed, vendor):
    said = {**LETTER, "once": "each", "per_week": 2, "quiet_begins": time(20), "quiet_ends": time(8), "daily_max": 2}
    said["rule"] = rule("country", "in", ["DE"])
    trigger = actions.save_trigger(actor=keeper, fields={"name": "One", **said})
    for email in ("anna@x.example", "bob@x.example"):
        agreed(email)
    ContactFactory(organisation=vendor, email="dan@x.example")
    for days, email, hour, columns in (
        (40, "anna@x.example", 12, {}), (20, "anna@x.example", 12, {}), (19, "anna@x.example", 21, {}),
        (17, "anna@x.example", 12, {}), (10, "bob@x.example", 12, {}), (9, "dan@x.example", 12, {}),
        (8, "nobody@x.example", 12, {}), (7, "anna@x.example", 12, {"country": "IT"}),
        *[(5, "bob@x.example", hour, {}) for hour in (9, 10, 11)],
    ):  # fmt: skip
        past(days, email, hour, **columns)
    before = TrailEntry.objects.count()
    found = month(trigger)
    whys = ["", "", "week", "", "no_consent", "nobody", "conditions", "", "week", "week"]
    assert [line.why for line in found.lines] == whys
    late = found.lines[1]
    assert (late.moment.hour, late.moment.date()) == (8, late.at.date() + timedelta(days=1)), "quiet hours"
    assert "quiet hours" in late.outcome
    assert found.reached == 4
    assert dict(found.left_out)["enough letters this week"] == 3
    assert not (mail.outbox or Run.objects.exists() or Recipient.objects.exists())
    assert TrailEntry.objects.count() == before
    trigger.per_week = 10
    assert month(trigger).lines[-1].moment.date() == localdate() - timedelta(days=4), "the day was full"


def test_it_finds_what_the_real_one_finds(running, edge, vendor):
    ends = localdate() + timedelta(days=14)
    ApprovedFactory(partnership=edge, protected_until=ends)
    certified = {"vendor": vendor, "partner": edge.partner, "membership": MembershipFactory(organisation=edge.partner)}
    Certification.objects.create(
        **certified, person="A", name="Pumps II", given_by="us", given_on=ends, valid_until=ends, state="confirmed"
    )
    orders = [(95, edge), (3, PartnershipFactory(vendor=vendor))]
    for at, (days, partnership) in enumerate(orders):
        partnership.since = localdate() - timedelta(days=400)
        partnership.save()
        Order.objects.create(
            buyer=partnership.partner, seller=vendor, partnership=partnership, number=f"PO-{at}", source="web",
            state="received", currency="EUR", created=now() - timedelta(days=days),
        )  # fmt: skip
    start, end = now() - timedelta(days=30), now() + timedelta(days=1)
    for event, days, many in (("deal_expiring", 14, 1), ("certification_expiring", 14, 1), ("order_silence", 90, 1)):
        trigger = running(event=event, days=days, act="notice", person=MembershipFactory(organisation=vendor).user)
        dry = [line.happening.key for line in rehearse(trigger, start, end).lines]
        trigger.looked_until = start
        trigger.save()
        actions.look(pk=trigger.pk, until=end)
        assert dry == list(trigger.runs.values_list("occasion", flat=True)), event
        assert len(dry) == many, event
    strange = system_actor(OrganisationFactory()).organisation
    for occasion in OCCASIONS.values():
        assert list(occasion.find(strange, start, end, 14)) == [], occasion.key


def test_of_another_organisation_it_sees_nothing(rival, past, agreed):
    past(3, "anna@x.example")
    agreed("anna@x.example")
    theirs = actions.save_trigger(actor=rival, fields={"name": "One", **LETTER})
    assert month(theirs).lines == []


def test_many_occasions_cost_as_much_as_few(keeper, past, agreed, vendor, edge):
    fields = {"name": "One", **LETTER, "once": "each", "per_week": 100}
    asked = actions.save_trigger(actor=keeper, fields=fields)
    clicked = actions.save_trigger(actor=keeper, fields={**fields, "name": "Two", "event": "letter_clicked"})
    codes = PromotionFactory(vendor=vendor, codes_kind="many")
    said = {"name": "Three", "event": "deal_approved", "act": "code", "promotion": codes}
    coded = actions.save_trigger(actor=keeper, fields={**fields, **said})
    anna = agreed("anna@x.example")
    ContactTag.objects.create(contact=anna, name="planner")
    mailing = Mailing.objects.create(organisation=vendor, subject="News", body="x", sender_name="A", state="sent")
    link = Link.objects.create(mailing=mailing, number=1, url="https://aurora.example/pump")

    def happen(days):
        past(days, "anna@x.example")
        row = Recipient.objects.create(
            mailing=mailing, organisation=vendor, contact=anna, email=anna.email, occasion=str(days), clicked_at=now()
        )
        Click.objects.create(recipient=row, link=link)
        record(actor=system_actor(vendor), verb="deal.approved", target=ApprovedFactory(partnership=edge))

    def cost():
        found = []
        for trigger in (asked, clicked, coded):
            with CaptureQueriesContext(connection) as queries:
                assert rehearse(trigger, now() - timedelta(days=30), now()).reached
            found.append(len(queries))
        return found

    happen(3)
    few = cost()
    for days in (4, 5, 6):
        happen(days)
    assert cost() == few
    clicked.rule = rule("links", "contains", ["/pump"])
    assert month(clicked).reached == 4
    clicked.rule = rule("tags", "avoids", ["planner"])
    assert month(clicked).reached == 0
