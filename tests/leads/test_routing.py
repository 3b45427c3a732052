"""Who gets a lead: conditions, who fits, how one is chosen, and the sentence that says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import InvalidTransition
from leads import actions
from leads.choosing import covers, plan
from leads.models import LeadOffer
from leads.tasks import sweep
from tests.leads.factories import IntakeFactory, LeadFactory
from tests.partners.factories import TierFactory

pytestmark = pytest.mark.django_db


def names(found):
    return [each.partnership.partner.name for each in found.chosen]


def given(edge, days_ago):
    """A lead that the partner got so many days ago and has since closed."""
    moment = now() - timedelta(days=days_ago)
    lead = LeadFactory(vendor=edge.vendor, state="closed")
    LeadOffer.objects.create(
        lead=lead, partnership=edge, vendor=edge.vendor, partner=edge.partner, state="declined",
        offered_at=moment, expires_at=moment,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "value", "other"),
    [
        ("countries", ["DE"], ["IT"]),
        ("regions", ["nordrhein-westfalen"], ["Bayern"]),
        ("product_lines", ["BOOSTER SETS"], ["Well pumps"]),
        ("sizes", ["50-249", "250+"], ["1-9"]),
        ("sources", ["hand"], ["form"]),
        ("min_value", 31415, 31416),
    ],
)
def test_the_first_rule_whose_conditions_hold_chooses(vendor, edge, to_all, condition, value, other):
    edge("Brenta")
    lead = LeadFactory(vendor=vendor)
    to_all(**{condition: other}, name="not this")
    assert plan(lead).rule is None
    to_all(**{condition: value}, name="this")
    assert (plan(lead).rule.name, names(plan(lead))) == ("this", ["Brenta"])


def test_a_rule_out_of_force_chooses_nobody(vendor, edge, to_all):
    edge()
    to_all(active=False)
    assert plan(LeadFactory(vendor=vendor)).chosen == ()


def test_where_nobody_fits_the_next_rule_is_asked(vendor, edge, to_all):
    edge("Brenta")
    to_all(certificate="ATEX", name="strict")
    found = plan(LeadFactory(vendor=vendor))
    assert (found.chosen, found.others[0].against) == ((), ["has no certificate “ATEX”"])
    to_all(name="lenient")
    assert plan(LeadFactory(vendor=vendor)).rule.name == "lenient"


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"paused": True}, "gets no leads now"),
        ({"capacity": 0}, "is full: 0 of 0 leads"),
    ],
)
def test_who_is_paused_or_full_gets_none(vendor, edge, to_all, columns, says):
    IntakeFactory(partnership=edge(), **columns)
    to_all()
    assert [each.against for each in plan(LeadFactory(vendor=vendor)).others] == [[says]]


def test_load_counts_what_is_held_and_what_waits_for_an_answer(vendor, edge, to_all, manager, worker):
    partner = edge()
    IntakeFactory(partnership=partner, capacity=2)
    to_all()
    for _ in range(2):
        actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    lead = actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    assert (lead.state, lead.why_waiting) == ("routed", plan(lead).why)
    offer = LeadOffer.objects.first()
    held = actions.accept_offer(actor=worker(partner), offer=offer)
    assert plan(lead).chosen == ()
    actions.close_lead(actor=worker(partner), lead=held.lead, code="no_need")
    assert plan(lead).chosen


def test_a_certificate_and_a_tier_may_be_asked_for(vendor, edge, to_all):
    low, high = TierFactory(rank=1, programme__vendor=vendor), None
    high = TierFactory(rank=3, programme=low.programme)
    edge("Low", tier=low)
    best = edge("High", tier=high)
    IntakeFactory(partnership=best, certificates=["Atex"])
    rule = to_all(min_rank=2)
    assert names(plan(LeadFactory(vendor=vendor))) == ["High"]
    rule.min_rank, rule.certificate = 0, "ATEX"
    rule.save()
    assert names(plan(LeadFactory(vendor=vendor))) == ["High"]


@pytest.mark.parametrize(
    ("territory", "inside"),
    [
        ("", True),
        ("Veneto, Nordrhein-Westfalen", True),
        ("leverkusen", True),
        ("Deutschland", True),
        ("Germania; Austria", True),
        ("DE", True),
        ("Westfalen", True),
        ("Veneto, Friuli", False),
        ("Rhein", False),
        ("Pays de la Loire", False),
    ],
)
def test_a_territory_is_read_as_people_write_it(territory, inside):
    assert covers(territory, LeadFactory.build(vendor=None)) is inside


def test_only_those_whose_territory_it_is(vendor, edge, to_all):
    edge("Here", territory="Nordrhein-Westfalen")
    edge("There", territory="Veneto")
    to_all(in_territory=True)
    found = plan(LeadFactory(vendor=vendor))
    assert names(found) == ["Here"]
    assert found.others[0].against == ["works elsewhere: Veneto"]


def test_in_turn_by_weight(vendor, edge, to_all, manager):
    heavy, light = edge("Heavy"), edge("Light")
    IntakeFactory(partnership=heavy, weight=3, capacity=99)
    IntakeFactory(partnership=light, weight=1, capacity=99)
    to_all(way="weight")
    for _ in range(12):
        actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    assert LeadOffer.objects.filter(partnership=heavy).count() == 9


def test_whoever_waited_longest(vendor, edge, to_all):
    late, early, never = edge("Late"), edge("Early"), None
    given(late, 1)
    given(early, 9)
    to_all(way="idle")
    assert names(plan(LeadFactory(vendor=vendor))) == ["Early"]
    never = edge("Never")
    assert names(plan(LeadFactory(vendor=vendor))) == [never.partner.name]


def test_the_highest_tier_first_and_named_partners_in_order(vendor, edge, to_all):
    low = TierFactory(rank=1, programme__vendor=vendor)
    first = edge("Low", tier=low)
    second = edge("High", tier=TierFactory(rank=2, programme=low.programme))
    rule = to_all(way="tier")
    assert names(plan(LeadFactory(vendor=vendor))) == ["High"]
    rule.way, rule.partners = "named", [first.pk, second.pk]
    rule.save()
    assert names(plan(LeadFactory(vendor=vendor))) == ["Low"]
    IntakeFactory(partnership=first, paused=True)
    assert names(plan(LeadFactory(vendor=vendor))) == ["High"]


def test_a_pool_goes_to_all_that_fit(vendor, edge, to_all, manager):
    edge("A"), edge("B"), edge("C", state="suspended")
    to_all(way="pool")
    lead = actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    assert sorted(lead.offers.values_list("partner__name", "pool")) == [("A", True), ("B", True)]


def test_who_declined_is_not_asked_again(vendor, edge, to_all, manager, worker):
    first, second = edge("First"), edge("Second")
    to_all(way="named", partners=[first.pk, second.pk])
    lead = actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    offer = lead.offers.get()
    assert offer.partnership == first
    actions.decline_offer(actor=worker(first), offer=offer, code="capacity")
    sweep.call()
    assert lead.offers.count() == 1, "there is half a minute to change one's mind"
    lead.refresh_from_db()
    lead.route_at = now()
    lead.save(update_fields=["route_at"])
    sweep.call()
    assert lead.offers.get(state="offered").partnership == second


def test_routing_takes_the_capability_and_a_lead_that_is_free(vendor, edge, to_all, act_for, manager):
    edge()
    to_all()
    lead = LeadFactory(vendor=vendor)
    with pytest.raises(PermissionDenied):
        actions.route_lead(actor=act_for(vendor, "leads.view"), lead=lead)
    actions.route_lead(actor=manager, lead=lead)
    with pytest.raises(InvalidTransition):
        actions.route_lead(actor=manager, lead=lead)


def test_a_plan_costs_the_same_for_any_number_of_partners(vendor, edge, to_all, django_assert_num_queries):
    edge()
    to_all()
    lead = LeadFactory(vendor=vendor)
    with django_assert_num_queries(5):
        plan(lead)
    for _ in range(4):
        IntakeFactory(partnership=edge())
    with django_assert_num_queries(5):
        plan(lead)


def test_the_reason_is_the_vendors_alone(vendor, edge, to_all, manager):
    partner = edge()
    to_all(name="Secret rule")
    actions.route_lead(actor=manager, lead=LeadFactory(vendor=vendor))
    from core.models import TrailEntry

    told = [f"{e.title}{e.data}" for e in TrailEntry.objects.filter(readers__organisation=partner.partner_id)]
    assert told
    assert not [text for text in told if "Secret rule" in text]
