"""Agreements on rebates for tests."""

from datetime import date
from decimal import Decimal

import factory

from core.numbers import with_check_digit
from rebates.models import RebateAgreement
from tests.factories import PartnershipFactory


class RebateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RebateAgreement

    partnership = factory.SubFactory(PartnershipFactory)
    vendor = factory.SelfAttribute("partnership.vendor")
    partner = factory.SelfAttribute("partnership.partner")
    number = factory.Sequence(lambda n: with_check_digit("R-", 800_000 + n))
    name = factory.Sequence("Rebate {:05d}".format)
    rate = Decimal(2)
    currency = "EUR"
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    state = RebateAgreement.State.ACTIVE
