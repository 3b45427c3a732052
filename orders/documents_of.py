"""Rows back into the frozen documents in which orders and answers travel."""

from typing import Any

from orders.codec import dump, load, load_all
from orders.documents import (
    AllowanceDocument,
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
)
from orders.models import Order, OrderLine, OrderResponse, OrderResponseLine

PARTIES = ("buyer", "seller", "ship_to", "bill_to")


def order_document(order: Order) -> OrderDocument:
    """The order as its buyer wrote it (the function is "original" whatever changed it since)."""
    return OrderDocument(
        number=order.number,
        issued_on=order.issued_on,
        kind=order.kind,
        currency=order.currency,
        delivery_date=order.delivery_date,
        references=_pairs(order.references),
        notes=tuple(order.notes),
        allowances=load_all(AllowanceDocument, order.allowances),
        lines=tuple(line_document(line) for line in order.lines.all()),
        stated_total=order.stated_total,
        stated_line_count=order.stated_line_count,
        terms=order.terms,
        extras=_pairs(order.extras),
        **_parties(order),
    )


def _parties(order: Order) -> dict[str, Any]:
    return {name: load(PartyDocument, order.parties[name]) for name in PARTIES if order.parties.get(name)}


def line_document(line: OrderLine) -> OrderLineDocument:
    """One line as its buyer wrote it."""
    return OrderLineDocument(
        number=line.number,
        quantity=line.quantity,
        unit=line.unit,
        gtin=line.gtin,
        seller_sku=line.seller_sku,
        buyer_sku=line.buyer_sku,
        description=line.description,
        unit_price=line.unit_price,
        price_base=line.price_base,
        stated_amount=line.stated_amount,
        delivery_date=line.delivery_date,
        allowances=load_all(AllowanceDocument, line.allowances),
        references=_pairs(line.references),
        note=line.note,
        place=line.place,
    )


def response_document(response: OrderResponse) -> OrderResponseDocument:
    """The seller's answer, each line beside the line that it answers."""
    return OrderResponseDocument(
        number=response.number,
        issued_on=response.issued_on,
        answer=response.answer,
        order=order_document(response.order),
        seller_order_number=response.order.seller_number,
        note=response.note,
        lines=tuple(_response_line(line) for line in response.lines.all()),
    )


def _response_line(line: OrderResponseLine) -> ResponseLineDocument:
    return ResponseLineDocument(
        ordered=load(OrderLineDocument, line.ordered),
        answer=LineAnswer(line.answer),
        quantity=line.quantity,
        unit_price=line.unit_price,
        delivery_date=line.delivery_date,
        reason=line.reason,
    )


def _pairs(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, value) for kind, value in data)


def parties_of(document: OrderDocument) -> dict[str, object]:
    """The parties of a document as the order keeps them."""
    return {name: dump(party) for name in PARTIES if (party := getattr(document, name)) is not None}
