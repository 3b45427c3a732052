"""Setting funds up, putting money in, and what becomes of the rest."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from core.errors import DomainError
from core.models import TrailEntry
from funds import actions
from funds.models import EntrySet, Fund
from partners.models import Programme, Tier
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.funds.factories import Scene, somebody

pytestmark = pytest.mark.django_db


def test_a_fund_begins_with_an_amount_and_is_topped_up(scene, held):
    actions.allocate_to_fund(actor=scene.manager, fund=scene.fund, amount=Decimal(500), note="Second half")
    assert held() == {"source": -10_500, "available": 10_500}
    assert TrailEntry.objects.filter(verb="fund.allocated").count() == 2


def test_with_a_key_money_is_put_in_once(scene, held):
    for _time in range(2):
        actions.allocate_to_fund(actor=scene.manager, fund=scene.fund, amount=Decimal(500), key="erp-1")
    assert held()["available"] == 10_500


@pytest.mark.parametrize("amount", ["0", "-5", "100000001", "0.004"])
def test_an_amount_is_an_amount(scene, amount):
    with pytest.raises(DomainError) as refused:
        actions.allocate_to_fund(actor=scene.manager, fund=scene.fund, amount=Decimal(amount))
    assert refused.value.field == "amount"


def test_only_the_vendor_sets_up_and_only_with_the_capability(scene):
    with pytest.raises(PermissionDenied):
        actions.allocate_to_fund(actor=scene.asker, fund=scene.fund, amount=Decimal(5))
    with pytest.raises(PermissionDenied):
        actions.change_fund(actor=scene.finance, fund=scene.fund, fields={"name": "Mine"})
    with pytest.raises(Fund.DoesNotExist):
        actions.change_fund(actor=Scene().manager, fund=scene.fund, fields={"name": "Mine"})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends": localdate() - timedelta(days=90)}, "ends"),
        ({"reach": "partner", "partnership": None}, "partnership"),
        ({"reach": "country", "country": ""}, "country"),
        ({"reach": "country", "country": "12"}, "country"),
        ({"currency": "€"}, "currency"),
        ({"claim_days": 4000}, "claim_days"),
    ],
)
def test_what_makes_no_fund_is_refused(scene, fields, field):
    with pytest.raises(DomainError) as refused:
        scene.open(**fields)
    assert refused.value.field == field


def test_a_fund_is_for_partners_of_ones_own(scene):
    with pytest.raises(DomainError):
        scene.open(reach="partner", partnership=PartnershipFactory())


def test_who_sees_a_fund(scene):
    programme = Programme.objects.create(vendor=scene.vendor, name="Partners")
    gold = Tier.objects.create(programme=programme, name="Gold", rank=2)
    golden = PartnershipFactory(vendor=scene.vendor, tier=gold)
    german = PartnershipFactory(vendor=scene.vendor, partner__country="DE")
    of_tier, of_country = scene.open(reach="tier", tier=gold), scene.open(reach="country", country="DE")

    def seen(organisation):
        return set(Fund.objects.visible_to(somebody(organisation)))

    assert seen(scene.vendor) == {scene.fund, of_tier, of_country}
    assert seen(scene.partner) == {scene.fund}
    assert seen(golden.partner) == {of_tier}
    assert seen(german.partner) == {of_country}
    assert seen(OrganisationFactory(country="DE")) == set()


def test_what_is_left_at_the_end_goes_back_once(scene, held, pass_days):
    assert not actions.expire_fund(fund=scene.fund)
    pass_days(61)
    assert actions.expire_fund(fund=scene.fund)
    assert not actions.expire_fund(fund=scene.fund)
    assert held() == {"source": -10_000, "available": 0, "expired": 10_000}
    scene.fund.refresh_from_db()
    assert scene.fund.state == "closed"
    with pytest.raises(DomainError):
        actions.allocate_to_fund(actor=scene.manager, fund=scene.fund, amount=Decimal(5))
    assert EntrySet.objects.filter(verb="expire").count() == 1
