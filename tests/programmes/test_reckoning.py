"""Figures from real rows, and tiers that follow them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate, now

from core.errors import DomainError
from core.models import TrailEntry
from deals.models import Deal
from partners.models import Partnership
from programmes.actions import fix_tier, free_tier, reckon, save_scheme, save_tier
from programmes.figures import figures
from programmes.judging import rolling
from programmes.models import Reading, Requirement, Scheme, Standing
from tests.deals.factories import DealFactory
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.programmes.factories import billed, programme, tier_of

pytestmark = pytest.mark.django_db
MANAGE = ("programmes.view", "programmes.manage", "partnerships.manage")


@pytest.fixture
def edge():
    vendor = programme()
    return PartnershipFactory(vendor=vendor, tier=tier_of(vendor, 1), territory="Veneto")


def tier(edge):
    return Partnership.objects.get(pk=edge.pk).tier.rank


def verbs(edge):
    about = TrailEntry.objects.filter(target="programmes.standing", target_id=edge.standing.pk)
    return list(about.order_by("pk").values_list("verb", flat=True))


def of(edge, day=None):
    return figures(edge.vendor, *rolling(day or localdate())).get(edge.partner_id, {})


def test_revenue_is_what_was_billed_less_what_was_credited_in_ones_own_currency(edge):
    billed(edge, "1000", "500.50")
    billed(edge, "200.25", kind="credit_note")
    billed(edge, "9999", currency="USD")
    billed(edge, "9999", kind="prepayment")
    billed(edge, "9999", day=localdate() - timedelta(days=400))
    billed(PartnershipFactory(partner=edge.partner), "9999")
    assert of(edge)["revenue"] == Decimal("1300.25")


def test_a_corrected_invoice_takes_the_place_of_the_one_it_names(edge):
    billed(edge, "1000", number="A")
    billed(edge, "800", number="B", kind="corrected", preceding="A")
    assert of(edge)["revenue"] == Decimal(800)


def test_deals_count_from_the_day_of_their_decision(edge):
    for state, days in ((Deal.State.APPROVED, 5), (Deal.State.WON, 9), (Deal.State.REVOKED, 5), (Deal.State.LOST, 800)):
        DealFactory(partnership=edge, state=state, decided_at=now() - timedelta(days=days))
    assert of(edge) == {"registrations": Decimal(2)}


def test_a_tier_is_reached_at_once_and_the_trail_says_so(edge):
    billed(edge, "1200")
    assert reckon(vendor=edge.vendor) == 1
    assert tier(edge) == 2
    assert verbs(edge) == ["standing.promoted"]
    assert TrailEntry.objects.filter(verb="partnership.terms_changed", target_id=edge.pk).count() == 1
    assert Partnership.objects.get(pk=edge.pk).territory == "Veneto"
    reckon(vendor=edge.vendor)
    assert verbs(edge) == ["standing.promoted"]
    assert Reading.objects.filter(standing=edge.standing, figure="revenue").get().value == 1200


def test_a_tier_falls_only_after_the_warning(edge):
    Partnership.objects.filter(pk=edge.pk).update(tier=tier_of(edge.vendor, 2))
    today = localdate()
    for after, expected in ((0, 2), (29, 2), (30, 1)):
        reckon(vendor=edge.vendor, day=today + timedelta(days=after))
        assert tier(edge) == expected
    assert verbs(edge) == ["standing.warned", "standing.demoted"]


def test_figures_that_come_back_call_the_fall_off(edge):
    Partnership.objects.filter(pk=edge.pk).update(tier=tier_of(edge.vendor, 2))
    reckon(vendor=edge.vendor)
    billed(edge, "1000")
    reckon(vendor=edge.vendor)
    assert verbs(edge) == ["standing.warned", "standing.recovered"]
    assert Standing.objects.get().falls_on is None


def test_in_calendar_years_the_year_before_holds_the_tier(edge):
    Scheme.objects.update(window="calendar")
    billed(edge, "1500", day=localdate().replace(year=localdate().year - 1, month=6, day=1))
    reckon(vendor=edge.vendor)
    assert tier(edge) == 2
    assert Standing.objects.get().value("revenue") == 0


def test_a_programme_that_does_not_run_sets_nothing(edge):
    billed(edge, "1200")
    Scheme.objects.update(active=False)
    assert reckon(vendor=edge.vendor) == 0
    assert tier(edge) == 1


def test_what_stands_still_is_not_reckoned(edge):
    Partnership.objects.filter(pk=edge.pk).update(state="suspended")
    assert reckon(vendor=edge.vendor) == 0


def test_a_tier_by_hand_holds_until_its_day_then_the_figures_decide(edge, act_for):
    reckon(vendor=edge.vendor)
    actor = act_for(edge.vendor, *MANAGE)
    until = localdate() + timedelta(days=5)
    premier = tier_of(edge.vendor, 3)
    fix_tier(actor=actor, standing=edge.standing, tier=premier, reason="Key account", until=until)
    reckon(vendor=edge.vendor, day=until)
    assert tier(edge) == 3
    reckon(vendor=edge.vendor, day=until + timedelta(days=1))
    assert tier(edge) == 3  # warned now, as everybody is
    assert verbs(edge) == ["standing.fixed", "standing.freed", "standing.warned"]


def test_by_hand_needs_a_reason_a_day_to_come_and_ones_own_tier(edge, act_for):
    reckon(vendor=edge.vendor)
    actor, premier, today = act_for(edge.vendor, *MANAGE), tier_of(edge.vendor, 3), localdate()
    theirs = tier_of(programme(OrganisationFactory()), 2)
    for said in (
        {"tier": premier, "reason": " ", "until": today},
        {"tier": premier, "reason": "x", "until": today - timedelta(days=1)},
        {"tier": theirs, "reason": "x", "until": today},
    ):
        with pytest.raises(DomainError):
            fix_tier(actor=actor, standing=edge.standing, **said)
    assert tier(edge) == 1


def test_the_figures_are_given_the_word_back(edge, act_for):
    reckon(vendor=edge.vendor)
    actor = act_for(edge.vendor, *MANAGE)
    with pytest.raises(DomainError):
        free_tier(actor=actor, standing=edge.standing)
    fix_tier(actor=actor, standing=edge.standing, tier=tier_of(edge.vendor, 3), reason="x", until=localdate())
    assert free_tier(actor=actor, standing=edge.standing).fixed_until is None


@pytest.mark.parametrize("side", ["partner", "colleague", "stranger"])
def test_only_who_runs_the_programme_sets_a_tier(edge, act_for, side):
    reckon(vendor=edge.vendor)
    who = {"partner": edge.partner, "colleague": edge.vendor, "stranger": OrganisationFactory()}[side]
    actor = act_for(who, *(("programmes.view",) if side == "colleague" else MANAGE))
    with pytest.raises(PermissionDenied):
        fix_tier(actor=actor, standing=edge.standing, tier=tier_of(edge.vendor, 3), reason="x", until=localdate())
    with pytest.raises(PermissionDenied):
        free_tier(actor=actor, standing=edge.standing)


def test_a_tier_is_made_and_changed_with_what_it_asks(act_for):
    vendor = OrganisationFactory()
    actor = act_for(vendor, *MANAGE)
    row = save_tier(actor=actor, terms={"name": "Gold", "rank": 1}, asks={"revenue": Decimal(5), "won": None})
    save_tier(actor=actor, terms={"name": "Gold+"}, asks={"won": Decimal(2)}, tier=row)
    assert list(Requirement.objects.values_list("figure", "at_least")) == [("won", Decimal(2))]
    for terms, asks in (({"name": "B", "rank": 1}, {}), ({"name": "B", "rank": 2}, {"size": Decimal(1)})):
        with pytest.raises(DomainError):
            save_tier(actor=actor, terms=terms, asks=asks)
    with pytest.raises(DomainError):
        save_tier(actor=act_for(OrganisationFactory(), *MANAGE), terms={}, asks={}, tier=row)
    with pytest.raises(PermissionDenied):
        save_tier(actor=act_for(vendor, "programmes.view"), terms={"name": "C", "rank": 3}, asks={})


def test_how_tiers_are_reckoned_is_the_vendors_to_say(act_for):
    vendor = OrganisationFactory()
    actor = act_for(vendor, *MANAGE)
    assert save_scheme(actor=actor, window="calendar", grace_days=10, active=True).grace_days == 10
    for window, days in (("weekly", 10), ("rolling", 366)):
        with pytest.raises(DomainError):
            save_scheme(actor=actor, window=window, grace_days=days, active=True)
    with pytest.raises(PermissionDenied):
        save_scheme(actor=act_for(vendor), window="rolling", grace_days=1, active=True)


def test_many_partners_cost_no_further_figures(edge, django_assert_max_num_queries):
    for _each in range(5):
        PartnershipFactory(vendor=edge.vendor, tier=tier_of(edge.vendor, 1))
    with django_assert_max_num_queries(4):
        figures(edge.vendor, *rolling(localdate()))
