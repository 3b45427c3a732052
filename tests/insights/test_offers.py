"""Figures of leads: acceptance and conversion, read from the trail, for those who may see leads."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from core.models import TrailEntry
from insights.measuring import measure
from insights.scopes import scope_of
from insights.showing import show
from leads.models import LeadOffer
from tests.insights.stories import at
from tests.leads.factories import LeadFactory

DAYS = "from=2026-11-02&to=2026-11-15"


def offer(edge, *verbs: str, state: str, day: int = 3) -> LeadOffer:
    """An offer made on that day of November, with its trail."""
    made = LeadOffer.objects.create(
        lead=LeadFactory(vendor=edge.vendor), partnership=edge, vendor=edge.vendor, partner=edge.partner, state=state,
        offered_at=at(day), expires_at=at(day + 2),
    )  # fmt: skip
    for verb in verbs:
        TrailEntry.objects.create(
            organisation=edge.partner,
            via="web",
            verb=verb,
            target="leads.leadoffer",
            target_id=made.pk,
            created=at(day),
        )
    return made


@pytest.fixture
def offers(month):
    """Seven settled within the days, four accepted (one taken back later), two registered."""
    for _number in range(2):
        offer(month.first, "lead.accepted", "lead.converted", state="accepted")
    offer(month.first, "lead.accepted", state="accepted")
    offer(month.second, "lead.accepted", "lead.pulled_back", state="pulled_back")
    offer(month.second, state="declined")
    offer(month.second, state="declined")
    offer(month.third, state="expired")
    offer(month.third, state="recalled")
    offer(month.third, state="taken")
    offer(month.third, state="offered")
    offer(month.third, "lead.accepted", state="accepted", day=16)
    return month


def test_acceptance_and_conversion_by_hand(offers, act_for):
    actor = act_for(offers.vendor, "insights.view", "deals.view", "leads.view")
    found = measure(scope_of(actor, QueryDict(DAYS)))
    accepted, converted = found["lead_acceptance"], found["lead_conversion"]
    assert (accepted.value, accepted.base, accepted.part) == (Decimal("57.1"), 7, 4)
    assert (converted.value, converted.base, converted.part) == (Decimal("50.0"), 4, 2)


@pytest.mark.parametrize("query", [DAYS, f"{DAYS}&territory=South", f"{DAYS}&line=Valves"])
def test_each_number_opens_that_many_offers(offers, act_for, sign_in, query):
    held = ("insights.view", "deals.view", "leads.view")
    for organisation in (offers.vendor, offers.second.partner):
        scope = scope_of(act_for(organisation, *held), QueryDict(query))
        client = sign_in(organisation, *held)
        shown = [figure for figure in show(scope, measure(scope)) if figure.code.startswith("lead_")]
        assert len(shown) == 2
        for figure in shown:
            assert client.get(figure.url).context["total"] == figure.base
            assert client.get(figure.part_url).context["total"] == figure.part


def test_a_partner_counts_its_own_and_reads_no_company(offers, act_for, sign_in):
    actor = act_for(offers.second.partner, "insights.view", "deals.view", "leads.view")
    found = measure(scope_of(actor, QueryDict(DAYS)))["lead_acceptance"]
    assert (found.base, found.part) == (3, 1)
    client = sign_in(offers.second.partner, "insights.view", "deals.view", "leads.view")
    page = client.get(f"{reverse('insights:offers')}?{DAYS}&set=settled").content.decode()
    assert "Zirkonia" not in page and "First" not in page


def test_who_may_not_see_leads_counts_none(offers, analyst, reading):
    assert "lead_acceptance" not in measure(scope_of(analyst(offers.vendor), QueryDict(DAYS)))
    assert reading(offers.vendor).get(f"{reverse('insights:offers')}?set=settled").status_code == 403
    page = reading(offers.vendor).get(f"{reverse('insights:deals')}?{DAYS}").content.decode()
    assert "Leads accepted" not in page


def test_a_bare_address_leads_to_the_settled_ones(offers, sign_in):
    response = sign_in(offers.vendor, "insights.view", "deals.view", "leads.view").get(reverse("insights:offers"))
    assert response.status_code == 302 and "set=settled" in response["Location"]
