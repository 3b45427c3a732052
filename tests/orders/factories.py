"""Rows and documents of trade for tests."""

from datetime import date
from decimal import Decimal

import factory

from orders.documents import OrderDocument, OrderLineDocument
from orders.models import PriceList, PriceListItem, Product
from tests.factories import OrganisationFactory, PartnershipFactory


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    vendor = factory.SubFactory(OrganisationFactory)
    sku = factory.Sequence("SKU-{:05d}".format)
    name = factory.Sequence("Pump {:05d}".format)
    list_price = Decimal(100)


class PriceListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceList

    name = "Agreed prices"
    valid_from = date(2020, 1, 1)


class PriceListItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceListItem

    price = Decimal(90)


def trade(**terms):
    """An active partnership: (seller, buyer, partnership)."""
    partnership = PartnershipFactory(**terms)
    return partnership.vendor, partnership.partner, partnership


def line(number="1", quantity="2", price="100", **more) -> OrderLineDocument:
    """A line of an order document."""
    return OrderLineDocument(
        number=number,
        quantity=Decimal(quantity),
        unit_price=None if price is None else Decimal(price),
        **{"unit": "EA", **more},
    )


def document(*lines: OrderLineDocument, number="PO-1", **more) -> OrderDocument:
    """An order document in euro with one line, unless told otherwise."""
    return OrderDocument(
        number=number,
        lines=lines or (line(),),
        **{"currency": "EUR", "issued_on": date(2026, 11, 14), **more},
    )


def place(act_for, *lines, seller=None, buyer=None, source="edi", **more):
    """An order that has reached its seller."""
    from orders.actions import receive_order

    if seller is None:
        seller, buyer, _partnership = trade()
    actor = act_for(buyer, "orders.send")
    return receive_order(actor=actor, document=document(*lines, **more), buyer=buyer, seller=seller, source=source)
