"""cXML OrderRequest (new, update, delete) as OrderDocument. An update repeats the whole order, so it replaces it."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from edi.mapping.cxml.notation import (
    ITEM_ID,
    SHIPPING,
    Basis,
    Classification,
    Comments,
    Extra,
    Incoterm,
    ItemReferences,
    Notes,
    References,
    Taxes,
    Terms,
    day,
    ignored,
    money,
    number,
    text,
)
from edi.mapping.cxml.parties import Contacts, address
from edi.mapping.sums import line_amount
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, ZERO, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Records, Shape, Within
from orders.documents import OrderDocument, OrderLineDocument, ScheduleDocument

_FUNCTION = coded({"new": "original", "update": "replace", "delete": "cancel"})
_KIND = coded({"regular": "order", "release": "call_off", "blanket": "blanket"})
_SCHEDULE = Shape(number("@quantity", "quantity"), day("@requestedDeliveryDate", "on"), text("UnitOfMeasure", "unit"))


def _make_schedule(work: Work, draft: XmlDraft, node: Element) -> ScheduleDocument:
    schedule: ScheduleDocument = draft.make(ScheduleDocument, quantity=ZERO)
    return schedule


_LINE = Shape(
    number("@quantity", "quantity"),
    text("@lineNumber", "number"),
    day("@requestedDeliveryDate", "delivery_date"),
    ITEM_ID,
    Within(
        "ItemDetail",
        money("UnitPrice", "unit_price"),
        text("Description", "description"),
        text("UnitOfMeasure", "unit"),
        Basis(),
        Classification(),
        ItemReferences(is_maker=True),
        ItemReferences(is_maker=False),
    ),
    Comments(),
    Records("ScheduleLine", "schedule", _SCHEDULE, _make_schedule),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> OrderLineDocument:
    """One line; without a number it gets its position."""
    work.line_nodes.append(node)
    values = draft.values
    if "number" not in values:
        values["number"] = str(len(work.line_nodes))
        sentence = f"Line {values['number']} has no number of its own; it got its position."
        work.findings.note("line-number-assigned", sentence, partial(work.document.place, node))
    if "quantity" not in values:
        values["quantity"] = ZERO
    line: OrderLineDocument = draft.whole(OrderLineDocument, place=draft.path)
    return line


class _Total(Within):
    """<Total>: stated, or worked out, for the DTD demands it. It holds neither tax nor shipping."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Total", *money("Total", "stated_total").shape.entries)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        total = record.stated_total
        if total is None:
            amounts = (line_amount(line, record.currency) for line in record.lines)
            total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        with out.element(parent, self.tag) as child:
            out.leaf(child, "Money", NUMBER.format(total), {"currency": out.currency})


_HEADER: tuple[Entry, ...] = (
    text("@orderID", "number"),
    day("@orderDate", "issued_on"),
    text("@type", "function", _FUNCTION),
    text("@orderType", "kind", _KIND),
    day("@requestedDeliveryDate", "delivery_date"),
    *ignored("@orderVersion"),
    _Total(),
    address("ShipTo", "ship_to"),
    address("BillTo", "bill_to"),
    Extra("Shipping", SHIPPING),
    Taxes(),
    Terms(),
    Contacts(
        buyerCorporate="buyer",
        buyer="buyer",
        soldTo="buyer",
        customer="buyer",
        supplierCorporate="seller",
        supplier="seller",
    ),
    Notes(),
    Incoterm(),
    References(),
)
ORDER = Shape(
    Within("OrderRequestHeader", *_HEADER),
    Records("ItemOut", "lines", _LINE, _make_line, lines=True, unmake=lambda out, line: _with_price(line)),
)


def _with_price(line: OrderLineDocument) -> OrderLineDocument:
    """The DTD demands a price, a description and a unit; cXML has no line total."""
    return replace(
        line,
        unit_price=line.unit_price if line.unit_price is not None else ZERO,
        description=line.description or line.seller_sku or line.number,
        unit=line.unit or "EA",
        stated_amount=None,
    )


def make_order(work: Work, draft: XmlDraft) -> OrderDocument:
    """The order, its parties as the envelope names them where the header does not."""
    values = draft.values
    if values.get("kind") not in (None, "order", "call_off", "blanket"):
        draft.extras.append(("OrderRequestHeader/@orderType", values.pop("kind")))
    order: OrderDocument = draft.whole(OrderDocument, number="", currency=work.currency)
    return order
