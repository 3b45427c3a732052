"""ORDERS and ORDCHG: an order, and the change of one (UN/EDIFACT D.96A, D.01B and neighbours).

A change repeats the header of the order as it shall be; its lines say by 1229 what happens to them.
"""

from decimal import Decimal
from typing import Any

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.edifact import common
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import TRADE, handlers
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.segments import Segment
from orders.documents import (
    ChangeLineDocument,
    LineChange,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
)

ZERO = Decimal(0)
BUYER, SELLER = ("BY", "OB", "IN"), ("SU", "SE", "VN", "SR")
ROLES = ranked(buyer=BUYER, seller=SELLER, ship_to=("DP", "ST", "CN", "UC"), bill_to=("IV", "PR", "II"))
HEADER_DATES = ranked(issued_on=("137", "4", "3"), delivery_date=codes.DELIVERY_2005)
LINE_DATES = ranked(delivery_date=codes.DELIVERY_2005)
TOTALS = ranked(stated_total=("86", "79", "128", "9", "77"))
QUANTITIES = ranked(quantity=("21", "1", "192", "113"))  # ordered, discrete, free, to be delivered
LINE_AMOUNTS = ranked(stated_amount=("203", "38", "66"))
_CHANGE = {"1": LineChange.ADDED, "2": LineChange.DELETED, "3": LineChange.CHANGED, "4": LineChange.UNCHANGED}
_CODE_1229 = {change: code for code, change in _CHANGE.items()}
_ORDER_FIELDS = ("currency", "buyer", "seller", "references")  # said by the change and by its order


def order_line(reader: Reader, line: Draft) -> OrderLineDocument:
    """The line as a document. A schedule stands in for a missing quantity."""
    values = line.values
    if "quantity" not in values:
        deliveries = values.get("schedule", ())
        values["quantity"] = sum((delivery.quantity for delivery in deliveries), start=ZERO)
        if deliveries and deliveries[0].unit:
            values.setdefault("unit", deliveries[0].unit)
        if not deliveries:
            text = f"Line {values['number']} has no quantity (QTY)."
            at = reader.place_of(line)
            reader.findings.error("quantity-missing", text, at, syntax_error="13")
    return line.freeze(OrderLineDocument)


def _finish_order(reader: Reader) -> OrderDocument:
    kind = codes.KIND_OF_1001.get(reader.codes[0], "other")
    return reader.head.freeze(OrderDocument, kind=kind, lines=reader.lines)


def _reference(reader: Reader, segment: Segment) -> bool:
    """RFF ON: the order that is changed, and which of its changes this is (4000, the version of the reference)."""
    version = segment.get(1, 4)
    is_sequence = bool(version) and reader.line is None and segment.get(1, 1) == "ON"
    if is_sequence:
        reader.head.set("sequence", version, segment, 1, 4)
    return common.rff(reader, segment) or is_sequence


def _change_line(reader: Reader, line: Draft) -> ChangeLineDocument:
    change = _CHANGE.get(reader.action, LineChange.CHANGED)
    values = line.values
    if change is LineChange.DELETED:
        values.setdefault("quantity", ZERO)  # nothing of it shall remain
    # 1156 of RFF ON is the number that the line had in the order.
    values["number"] = values.pop("order_line", "") or values["number"]
    values.pop("order_number", None)
    return ChangeLineDocument(order_line(reader, line), change)


def _finish_change(reader: Reader) -> OrderChangeDocument:
    head = reader.head
    values: dict[str, Any] = head.values
    own: dict[str, Any] = {name: values.pop(name) for name in ("reason", "sequence") if name in values}
    own["number"], own["issued_on"] = values["number"], values.pop("issued_on", None)
    own["notes"] = tuple(values.pop("notes", ()))
    values["number"] = values.pop("order_number", "") or values["number"]
    extras, head.extras = tuple(head.extras), []
    order = head.freeze(OrderDocument, kind=codes.KIND_OF_1001.get(reader.codes[0], "order"))
    shared = {name: getattr(order, name) for name in ("function", *_ORDER_FIELDS)}
    return OrderChangeDocument(
        **own, **shared, order=order, lines=tuple(reader.lines), extras=extras, origin=order.origin
    )


ORDERS = Profile(
    finish=_finish_order,
    close_line=order_line,
    schedules=True,
    handlers=handlers(TRADE),
    functions=codes.FUNCTION_OF_1225,
    roles=ROLES,
    header_dates=HEADER_DATES,
    line_dates=LINE_DATES,
    header_amounts=TOTALS,
    line_amounts=LINE_AMOUNTS,
    quantities=QUANTITIES,
)
ORDCHG = Profile(
    finish=_finish_change,
    close_line=_change_line,
    schedules=True,
    handlers=handlers(TRADE, {"RFF": _reference}),
    functions=codes.FUNCTION_OF_1225,
    roles=ROLES,
    header_dates=HEADER_DATES,
    line_dates=LINE_DATES,
    header_amounts=TOTALS,
    line_amounts=LINE_AMOUNTS,
    header_references=ranked(order_number=("ON",)),
    line_references=ranked(order_number=("ON",)),
    quantities=QUANTITIES,
    texts={"CHG": "reason"},
)

_SAID = {"issued_on", "kind", "currency", "buyer", "seller", "ship_to", "bill_to", "delivery_date", "references"} | {
    "notes", "allowances", "taxes", "lines", "stated_total", "stated_line_count", "terms", "incoterm"
}  # fmt: skip
_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "references", "note", "quantity", "unit"} | {
    "unit_price", "price_base", "stated_amount", "delivery_date", "allowances", "tax", "schedule"
}  # fmt: skip


def write_order(composer: Composer, order: OrderDocument) -> None:
    """ORDERS."""
    composer.begin("ORDERS")
    code = codes.CODE_1001.get(order.kind, "220")
    if codes.KIND_OF_1001.get(code) != order.kind:
        composer.leaves_out("kind of order", order.kind)
    composer.bgm(code, order.number, composer.function(order.function))
    composer.day("137", order.issued_on)
    composer.day("2", order.delivery_date)
    composer.texts(order.notes)
    _header(composer, order)
    for line in order.lines:
        _line(composer, line)
    _summary(composer, order, order.lines)
    composer.told(order, "", _SAID)
    composer.end()


def write_change(composer: Composer, document: OrderChangeDocument) -> None:
    """ORDCHG. BGM 230 is the change; RFF ON says what it changes, with the sequence of changes as its version."""
    order = document.order
    composer.begin("ORDCHG")
    composer.bgm("230", document.number, composer.function(document.function))
    composer.day("137", document.issued_on)
    composer.day("2", order.delivery_date)
    composer.texts((*document.notes, *order.notes))
    composer.text(document.reason, "CHG")
    composer.reference("ON", order.number, version=document.sequence)
    _header(composer, order)
    for change in document.lines:
        _line(composer, change.line, _CODE_1229[change.change])
    _summary(composer, order, document.lines)
    composer.told(document, "", {"issued_on", "order", "sequence", "reason", "lines", "notes", *_ORDER_FIELDS})
    composer.told(order, "order ", _SAID - {"kind"})
    composer.end()


def _header(composer: Composer, order: OrderDocument) -> None:
    """The groups of the header, from the references on."""
    composer.references(order.references)
    bill_to = order.bill_to
    composer.parties(("BY", order.buyer), ("SU", order.seller), ("DP", order.ship_to), ("IV", bill_to))
    for tax in order.taxes:
        composer.tax(tax)
    composer.currency(order.currency)
    composer.payment_terms(order.terms)
    composer.delivery_terms(order.incoterm)
    composer.allowances(order.allowances)


def _line(composer: Composer, line: OrderLineDocument, action: str = "") -> None:
    composer.item(line, action)
    composer.quantity("21", line.quantity, line.unit)
    composer.day("2", line.delivery_date)
    composer.amount("203", line.stated_amount)
    composer.text(line.note)
    composer.price(line.unit_price, line.price_base, line.unit)
    composer.references(line.references)
    composer.schedule([delivery for delivery in line.schedule if delivery.location])
    if line.tax is not None:
        composer.tax(line.tax)
    composer.allowances(line.allowances)
    composer.schedule([delivery for delivery in line.schedule if not delivery.location])
    composer.told(line, f"line {line.number} ", _LINE_SAID)


def _summary(composer: Composer, order: OrderDocument, lines: tuple[Any, ...]) -> None:
    composer.section()
    composer.amount("86", order.stated_total)
    composer.count(lines)
