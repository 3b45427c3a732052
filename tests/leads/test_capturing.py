"""Leads come in once, tidy, or not at all; and a teaser gives nothing away."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import DomainError, InvalidTransition, StaleObject
from leads import actions
from leads.actions import KnownLead
from leads.models import Lead
from leads.teaser import Teaser, teaser_of
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
TYPED = {"company": " Hotel  Adler ", "email": "Info@Adler.Example", "need": "A booster set", "country": "DE"}


def test_a_lead_is_added_tidily(manager):
    lead = actions.add_lead(actor=manager, fields=TYPED)
    assert (lead.company, lead.email, lead.state, lead.source) == ("Hotel Adler", "info@adler.example", "new", "hand")
    assert lead.number.startswith("L-")
    assert lead.route_at is None
    assert actions.add_lead(
        actor=manager, fields={**TYPED, "email": "b@c.example", "company": "C"}, route=True
    ).route_at


def test_adding_takes_the_capability(vendor, act_for):
    with pytest.raises(PermissionDenied):
        actions.add_lead(actor=act_for(vendor, "leads.view"), fields=TYPED)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"company": " "}, "company"),
        ({"need": ""}, "need"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"company": "x" * 201}, "company"),
        ({"message": "x" * 4001}, "message"),
    ],
)
def test_what_nobody_could_work_on_is_refused(manager, change, field):
    with pytest.raises(DomainError) as refused:
        actions.add_lead(actor=manager, fields={**TYPED, **change})
    assert refused.value.field == field
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("again", "known"),
    [
        ({"email": "INFO@adler.example", "company": "Somebody else"}, True),
        ({"email": "sales@adler.example"}, True),
        ({"email": "hotel.adler@gmail.com"}, True),
        ({"email": "other@elsewhere.example"}, False),
        ({"email": "sales@adler.example", "company": "Adler Immobilien"}, False),
        ({"email": "hotel.adler@gmail.com", "country": "AT"}, False),
    ],
)
def test_the_same_lead_is_kept_once(manager, again, known):
    first = actions.add_lead(actor=manager, fields=TYPED)
    fields = {**TYPED, **again}
    if not known:
        actions.add_lead(actor=manager, fields=fields)
        return
    with pytest.raises(KnownLead) as refused:
        actions.add_lead(actor=manager, fields=fields)
    assert refused.value.lead == first


@pytest.mark.parametrize("change", [{"state": "closed"}, {"state": "spam"}, {"created": now() - timedelta(days=366)}])
def test_what_is_over_does_not_keep_a_lead_out(manager, change):
    first = actions.add_lead(actor=manager, fields=TYPED)
    Lead.objects.filter(pk=first.pk).update(**change)
    assert actions.add_lead(actor=manager, fields=TYPED).pk != first.pk


def test_other_vendors_leads_are_not_compared(manager):
    LeadFactory(email="info@adler.example", company="Hotel Adler", country="DE")
    assert actions.add_lead(actor=manager, fields=TYPED)


def test_a_lead_is_corrected_until_it_is_settled(manager, act_for, vendor, held):
    lead = LeadFactory(vendor=vendor)
    with pytest.raises(PermissionDenied):
        actions.change_lead(actor=act_for(vendor, "leads.view"), lead=lead, fields={"city": "Köln"})
    changed = actions.change_lead(actor=manager, lead=lead, fields={"email": "new@a.example"}, version=1)
    assert (changed.email_key, changed.version) == ("new@a.example", 2)
    with pytest.raises(StaleObject):
        actions.change_lead(actor=manager, lead=lead, fields={"city": "Köln"}, version=1)
    offer, actor = held()
    with pytest.raises(PermissionDenied):
        actions.change_lead(actor=actor, lead=offer.lead, fields={"city": "Köln"})
    Lead.objects.filter(pk=lead.pk).update(state="closed")
    with pytest.raises(InvalidTransition):
        actions.change_lead(actor=manager, lead=lead, fields={"city": "Köln"})


def test_the_teaser_has_these_fields_and_no_other():
    assert set(Teaser.__slots__) == {"need", "product_line", "size", "country", "region"}


@pytest.mark.parametrize(
    "need",
    [
        "Pumps for Zirkonia in Leverkusen",
        "Call 0221 / 555 01 23, thanks",
        "write to xaver.quandt@zirkonia.example",
        "see www.zirkonia.example/tender",
        "zirkonia.example needs a pump",
        "Mr QUANDT wants a pump",
    ],
)
def test_the_teaser_gives_nobody_away(need):
    lead = LeadFactory.build(vendor=None, need=need, region=f"NRW {need}", company="Zirkonia Werke GmbH")
    shown = " ".join(str(value) for value in asdict(teaser_of(lead)).values()).casefold()
    for secret in ("zirkonia", "quandt", "555", "@", "31415"):
        assert secret not in shown
