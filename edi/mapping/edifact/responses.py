"""ORDRSP: a seller's answer to an order, line by line.

QTY 21 repeats what was ordered, 113 is what will be delivered, 83 what is on back order; 1229 says what became of the
line. BGM says by 1225 or 4343 what became of the order; where it says neither, the lines do.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from edi.mapping.draft import Draft
from edi.mapping.edifact import items
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import TRADE, handlers
from edi.mapping.edifact.orders import LINE_AMOUNTS, ROLES, TOTALS, ZERO
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.numbers import parse_decimal
from edi.syntax.segments import Segment
from orders.documents import (
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    ResponseLineDocument,
)

_ANSWER_OF_1225 = {"29": "accepted", "27": "rejected", "4": "accepted_with_changes", "12": "acknowledged"} | {
    "28": "accepted_with_changes",
    "30": "accepted_with_changes",
    "34": "accepted_with_changes",
    "44": "accepted",
}
_ANSWER_OF_4343 = {"AP": "accepted", "AD": "accepted", "RE": "rejected", "AB": "acknowledged"} | {
    "AC": "accepted_with_changes",
    "AI": "accepted_with_changes",
    "CA": "accepted_with_changes",
}
_CODES = {"accepted": ("29", "AP"), "accepted_with_changes": ("4", "AC"), "rejected": ("27", "RE")} | {
    "acknowledged": ("12", "AB")
}
_LINE_ANSWER = {"5": LineAnswer.ACCEPTED, "3": LineAnswer.CHANGED, "6": LineAnswer.CHANGED, "1": LineAnswer.CHANGED} | {
    "7": LineAnswer.REJECTED,
    "2": LineAnswer.REJECTED,
    "10": LineAnswer.REJECTED,
}
_CODE_1229 = {LineAnswer.ACCEPTED: "5", LineAnswer.CHANGED: "3", LineAnswer.REJECTED: "7", LineAnswer.BACKORDERED: "3"}
_CONFIRMED = ("confirmed", "backordered", "varied", "unit_price", "confirmed_date", "substitute", "note", "schedule")


def _pia(reader: Reader, segment: Segment) -> bool:
    """PIA 3: the item that comes instead; others as everywhere."""
    if reader.line is not None and segment.get(1) == "3":
        return reader.line.set("substitute", segment.get(2, 1), segment, 2, 1) and len(segment.elements) == 3
    return items.pia(reader, segment)


def _qvr(reader: Reader, segment: Segment) -> bool:
    """Quantity variance: by how much what is confirmed differs from what was ordered."""
    difference = parse_decimal(segment.get(1, 1))
    if reader.line is None or difference is None:
        return False
    reader.line.set("varied", difference, segment, 1, 1)
    return False  # its reason is kept


def _close(reader: Reader, line: Draft) -> ResponseLineDocument:
    values = line.values
    values["number"] = values.pop("order_line", "") or values["number"]
    values.pop("order_number", None)
    said: dict[str, Any] = {name: values.pop(name) for name in _CONFIRMED if name in values}
    extras, line.extras = tuple(line.extras), []
    ordered_quantity = values.setdefault("quantity", said.get("confirmed", ZERO))
    answer = _answer(reader.action, ordered_quantity, said)
    quantity = said.get("confirmed")
    if quantity is None:
        quantity = ZERO if answer is LineAnswer.REJECTED else ordered_quantity + said.get("varied", ZERO)
    ordered = line.freeze(OrderLineDocument)
    return ResponseLineDocument(
        ordered=ordered,
        answer=answer,
        quantity=quantity,
        unit_price=said.get("unit_price"),
        delivery_date=said.get("confirmed_date"),
        reason=said.get("note", ""),
        substitute=said.get("substitute", ""),
        schedule=said.get("schedule", ()),
        place=ordered.place,
        origin=ordered.origin,
        extras=extras,
    )


def _answer(action: str, ordered: Decimal, said: dict[str, Any]) -> LineAnswer:
    answer = _LINE_ANSWER.get(action)
    if answer in (LineAnswer.ACCEPTED, LineAnswer.REJECTED):
        return answer
    if said.get("backordered"):
        return LineAnswer.BACKORDERED
    if answer is None and said.get("confirmed", ordered) == ordered and not said.get("varied"):
        return LineAnswer.ACCEPTED
    return LineAnswer.CHANGED


def _of_lines(lines: list[ResponseLineDocument]) -> str:
    """What the lines amount to where the message as a whole does not say."""
    answers = {line.answer for line in lines}
    if not answers:
        return "acknowledged"
    if answers == {LineAnswer.ACCEPTED}:
        return "accepted"
    return "rejected" if answers == {LineAnswer.REJECTED} else "accepted_with_changes"


def _finish(reader: Reader) -> OrderResponseDocument:
    values = reader.head.values
    _, function, response = reader.codes
    answer = _ANSWER_OF_1225.get(function) or _ANSWER_OF_4343.get(response) or _of_lines(reader.lines)
    own: dict[str, Any] = {name: values.pop(name) for name in ("seller_order_number", "change") if name in values}
    own["number"], own["issued_on"] = values.pop("number"), values.pop("issued_on", None)
    own["note"] = "\n".join(values.pop("notes", ()))
    extras, reader.head.extras = tuple(reader.head.extras), []
    order = reader.head.freeze(OrderDocument, number=values.pop("order_number", ""))
    return OrderResponseDocument(
        **own,
        answer=answer,
        order=order,
        currency=order.currency,
        buyer=order.buyer,
        seller=order.seller,
        lines=tuple(reader.lines),
        extras=extras,
        origin=order.origin,
    )


ORDRSP = Profile(
    finish=_finish,
    close_line=_close,
    schedules=True,
    handlers=handlers(TRADE, {"PIA": _pia, "QVR": _qvr}),
    roles=ROLES,
    header_dates=ranked(issued_on=("137", "4", "3"), delivery_date=("2", "69", "67", "17", "64", "63", "10")),
    line_dates=ranked(confirmed_date=("67", "69", "17", "76", "79", "11"), delivery_date=("2", "64", "63", "10")),
    header_amounts=TOTALS,
    line_amounts=LINE_AMOUNTS,
    header_references=ranked(order_number=("ON",), seller_order_number=("VN",), change=("ACW",)),
    line_references=ranked(order_number=("ON",)),
    quantities=ranked(quantity=("21",), confirmed=("113", "12", "1"), backordered=("83",)),
)

_SAID = {"issued_on", "currency", "buyer", "seller", "answer", "order", "seller_order_number", "note", "lines"} | {
    "notes",
    "change",
}
_ORDER_SAID = {"currency", "buyer", "seller", "ship_to", "bill_to", "references", "delivery_date", "stated_total"} | {
    "stated_line_count",
    "terms",
    "incoterm",
    "allowances",
    "taxes",
}
_LINE_SAID = {"ordered", "answer", "quantity", "unit_price", "delivery_date", "reason", "substitute", "schedule"}


def write_response(composer: Composer, response: OrderResponseDocument) -> None:
    """ORDRSP. Of the order it repeats the header, and of each line what was ordered."""
    order = response.order
    composer.begin("ORDRSP")
    function, code = _CODES[response.answer]
    composer.bgm("231", response.number, function, code)
    composer.day("137", response.issued_on)
    composer.day("2", order.delivery_date)
    composer.text(response.note)
    composer.texts(response.notes)
    composer.reference("ON", order.number)
    composer.reference("VN", response.seller_order_number)
    composer.reference("ACW", response.change)
    composer.references(order.references)
    buyer = order.buyer if order.buyer.identifiers or order.buyer.name else response.buyer
    seller = order.seller if order.seller.identifiers or order.seller.name else response.seller
    composer.parties(("BY", buyer), ("SU", seller), ("DP", order.ship_to), ("IV", order.bill_to))
    for tax in order.taxes:
        composer.tax(tax)
    composer.currency(order.currency or response.currency)
    composer.payment_terms(order.terms)
    composer.delivery_terms(order.incoterm)
    composer.allowances(order.allowances)
    for line in response.lines:
        _line(composer, line, order.number)
    composer.section()
    composer.amount("86", order.stated_total)
    composer.count(response.lines)
    composer.told(response, "", _SAID | {"references"})
    composer.told(replace(order, kind="order", lines=(), notes=(), issued_on=None), "order ", _ORDER_SAID)
    composer.end()


def _line(composer: Composer, line: ResponseLineDocument, order_number: str) -> None:
    ordered = line.ordered
    composer.item(ordered, _CODE_1229[line.answer], substitute=line.substitute)
    composer.quantity("21", ordered.quantity, ordered.unit)
    if line.answer is not LineAnswer.REJECTED:
        composer.quantity("113", line.quantity, ordered.unit)
    if line.answer is LineAnswer.BACKORDERED:
        missing = ordered.quantity - line.quantity
        composer.quantity("83", missing if missing > 0 else ordered.quantity, ordered.unit)
    composer.day("67", line.delivery_date)
    composer.day("2", ordered.delivery_date)
    composer.amount("203", ordered.stated_amount)
    composer.text(line.reason)
    price = line.unit_price if line.unit_price is not None else ordered.unit_price
    composer.price(price, ordered.price_base, ordered.unit)
    composer.reference("ON", order_number, ordered.number)
    composer.references(ordered.references)
    composer.schedule([delivery for delivery in line.schedule if delivery.location])
    if ordered.tax is not None:
        composer.tax(ordered.tax)
    composer.allowances(ordered.allowances)
    composer.schedule([delivery for delivery in line.schedule if not delivery.location])
    composer.told(line, f"line {ordered.number} ", _LINE_SAID)
