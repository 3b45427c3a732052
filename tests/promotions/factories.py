"""Promotions of a vendor with a partner, and orders that use them."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils.timezone import localdate

from core.numbers import with_check_digit
from orders.actions import receive_order
from promotions.models import Promotion, PromotionCode, PromotionShare
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.orders.factories import ProductFactory, document, line


class PromotionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Promotion
        skip_postgeneration_save = True

    vendor = factory.SubFactory(OrganisationFactory)
    number = factory.Sequence(lambda n: with_check_digit("P-", 500_000 + n))
    name = factory.Sequence("Autumn offer {:05d}".format)
    sentence = "Ten off for the heating season."
    state = "active"
    start = date(2020, 1, 1)
    value = Decimal(10)

    @factory.post_generation
    def linked(self, create, extracted, **kwargs):
        for name, rows in kwargs.items():
            getattr(self, name).set(rows)


class CodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PromotionCode

    promotion = factory.SubFactory(PromotionFactory, codes_kind="one")
    vendor = factory.SelfAttribute("promotion.vendor")
    text = factory.Sequence("CODE-{:05d}".format)


class ShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PromotionShare

    promotion = factory.SubFactory(PromotionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    percent = Decimal(40)


class Market:
    """A vendor, a partner with an active partnership, and one product of 100 euro."""

    def __init__(self, act_for, **edge):
        self.partnership = PartnershipFactory(**edge)
        self.vendor, self.partner = self.partnership.vendor, self.partnership.partner
        self.product = ProductFactory(vendor=self.vendor, sku="PUMP-1", product_line="Pumps")
        self.act_for = act_for
        self.buyer = act_for(self.partner, "orders.send", "orders.view", "promotions.view")
        self.manager = act_for(self.vendor, "promotions.manage", "promotions.view", "orders.view", "orders.respond")
        self.serial = 0

    def run(self, **columns):
        return PromotionFactory(vendor=self.vendor, **columns)

    def order(self, quantity="10", price=None, code="", *, lines=(), number="", **more):
        self.serial += 1
        rows = lines or (line(quantity=quantity, price=price, seller_sku=self.product.sku),)
        references = (("promotion", code),) if code else ()
        more = {"references": references, "issued_on": localdate(), **more}
        written = document(*rows, number=number or f"PO-{self.serial}", **more)
        return receive_order(actor=self.buyer, document=written, buyer=self.partner, seller=self.vendor)


def yesterday():
    return localdate() - timedelta(days=1)
