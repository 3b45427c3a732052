"""850, 860, 855 and 865 from orders, their changes and their answers."""

from decimal import Decimal

from edi.mapping import codes
from edi.mapping.x12 import tables
from edi.mapping.x12.setwriter import SetWriter, written
from edi.syntax.numbers import plain
from orders.documents import (
    ChangeLineDocument,
    LineAnswer,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
)

_CHANGE_FUNCTION = codes.BEG01_OF_FUNCTION | {"original": "04"}


def write_850(w: SetWriter, order: OrderDocument) -> None:
    """`order` as a purchase order."""
    purpose, kind = codes.BEG01_OF_FUNCTION.get(order.function, "00"), codes.BEG02_OF_KIND.get(order.kind, "SA")
    release = next((value for word, value in order.references if word == "release"), "")
    w.add("BEG", purpose, kind, w.key("the order number", order.number, 22), release[:30], w.issued(order.issued_on))
    _order_head(w, order)
    for line in order.lines:
        _order_line(w, line)
    w.add("CTT", str(len(order.lines)))
    if order.stated_total is not None:
        w.add("AMT", "TT", plain(order.stated_total))


def write_860(w: SetWriter, change: OrderChangeDocument) -> None:
    """`change` as a purchase order change request, or as a cancellation (BCH01 = 01)."""
    order = change.order
    purpose = _CHANGE_FUNCTION.get(change.function, "04")
    kind, number = codes.BEG02_OF_KIND.get(order.kind, "SA"), w.key("the order number", order.number, 22)
    sequence = w.key("the sequence of a change", change.sequence, 8)
    own = next((value for word, value in change.references if word == "seller_order"), "")
    dates = (w.issued(order.issued_on or change.issued_on), "", "", own, "", w.issued(change.issued_on))
    w.add("BCH", purpose, kind, number, "", sequence, *dates)
    references = (*change.references, *(pair for pair in order.references if pair not in change.references))
    if change.number not in ("", change.sequence or order.number):
        references = (*references, ("TN", change.number))
    currency = change.currency or order.currency
    _head(w, order, currency, references, (*((change.reason,) if change.reason else ()), *change.notes, *order.notes))
    _parties(w, order, change.buyer, change.seller)
    for line in change.lines:
        _change_line(w, line)
    w.add("CTT", str(len(change.lines)))
    if order.stated_total is not None:
        w.add("AMT", "TT", plain(order.stated_total))


def write_855(w: SetWriter, response: OrderResponseDocument) -> None:
    """`response` as a purchase order acknowledgment, or (to a change) as an 865."""
    order = response.order
    number = w.key("the order number", order.number, 22)
    code, ours = (
        tables.CODE_587.get(response.answer, "AC"),
        w.key("the seller's number", response.seller_order_number, 30),
    )
    purpose = codes.BEG01_OF_FUNCTION.get(response.function, "00")
    ordered, issued = w.issued(order.issued_on or response.issued_on), w.issued(response.issued_on)
    if w.kind == "865":
        change = w.key("the number of a change", response.change, 8)
        w.add("BCA", purpose, code, number, "", change, ordered, "", "", ours, issued)
    else:
        w.add("BAK", purpose, code, number, ordered, "", "", "", ours, issued)
    references = response.references
    if response.number not in ("", response.seller_order_number or order.number):
        references = (*references, ("TN", response.number))
    notes = (*((response.note,) if response.note else ()), *response.notes)
    _head(w, order, response.currency or order.currency, references, notes, speaker="SE")
    _parties(w, order, _named(response.buyer, order.buyer), _named(response.seller, order.seller))
    for line in response.lines:
        _answered_line(w, line)
    w.add("CTT", str(len(response.lines)))


def _named(party: PartyDocument, other: PartyDocument) -> PartyDocument:
    return party if party.identifiers or party.name else other


def _order_head(w: SetWriter, order: OrderDocument) -> None:
    _head(w, order, order.currency, order.references, order.notes)
    _parties(w, order, order.buyer, order.seller)


def _head(
    w: SetWriter,
    order: OrderDocument,
    currency: str,
    references: tuple[tuple[str, str], ...],
    notes: tuple[str, ...],
    *,
    speaker: str = "BY",
) -> None:
    """CUR to N9, in the order that the four sets share."""
    if currency:
        w.add("CUR", speaker, w.fit("the currency", currency, 3))
    w.references(references, without=("release", "seller_order"))
    w.incoterm(order.incoterm)
    w.allowances(order.allowances)
    w.terms(order.terms)
    w.date("002", order.delivery_date)
    for tax in order.taxes:
        w.tax(tax)
    w.notes(notes)


def _parties(w: SetWriter, order: OrderDocument, buyer: PartyDocument, seller: PartyDocument) -> None:
    selling = "SU" if w.kind in ("850", "860") else "SE"
    for role, party in (("BY", buyer), (selling, seller), ("ST", order.ship_to), ("BT", order.bill_to)):
        w.party(role, party)


def _order_line(w: SetWriter, line: OrderLineDocument) -> None:
    rest = w.line("PO1", line, line.unit_price)
    w.description(line.description)
    w.references(rest)
    _details(w, line)
    w.notes((line.note,) if line.note else ())
    if line.stated_amount is not None:
        w.add("AMT", "1", plain(line.stated_amount))


def _details(w: SetWriter, line: OrderLineDocument) -> None:
    """Allowances, stores, date, tax and schedule, in the order of the table."""
    w.allowances(line.allowances)
    planned = w.stores(line.schedule, line.unit)
    w.date("002", line.delivery_date)
    if line.tax:
        w.tax(line.tax)
    w.schedule(planned, line.unit)


def _change_line(w: SetWriter, change: ChangeLineDocument) -> None:
    line = change.line
    rest = _poc(w, line, tables.CODE_670[change.change], line.unit_price)
    w.description(line.description)
    w.references(rest)
    w.allowances(line.allowances)
    planned = w.stores(line.schedule, line.unit)
    w.date("002", line.delivery_date)
    if line.tax:
        w.tax(line.tax)
    if line.stated_amount is not None:
        w.add("AMT", "1", plain(line.stated_amount))
    w.schedule(planned, line.unit)
    w.notes((line.note,) if line.note else ())


def _poc(w: SetWriter, line: OrderLineDocument, code: str, price: Decimal | None) -> tuple[tuple[str, str], ...]:
    items, rest = w.item_numbers(line)
    amounts = w.price(price, line.price_base)
    number = w.key("a line number", line.number, 20)
    w.add("POC", number, code, plain(line.quantity), "", w.unit(line.unit), *amounts, *items)
    return rest


def _answered_line(w: SetWriter, line: ResponseLineDocument) -> None:
    ordered = line.ordered
    price = line.unit_price if line.unit_price is not None else ordered.unit_price
    if w.kind == "865":
        code = next((value for word, value in ordered.references if word == "change"), "CA")
        rest = _poc(w, ordered, code, price)
    else:
        rest = w.line("PO1", ordered, price)
    w.description(ordered.description)
    w.references(rest, without=("change",))
    w.allowances(ordered.allowances)
    planned = w.stores(ordered.schedule, ordered.unit)
    w.date("002", ordered.delivery_date)
    if w.kind == "865" and ordered.tax:
        w.tax(ordered.tax)
    _acks(w, line)
    if w.kind == "855" and ordered.tax:
        w.tax(ordered.tax)
    w.schedule(planned, ordered.unit)
    notes = [text for text in (line.reason, ordered.note) if text]
    w.notes(("\n".join(notes),) if notes else ())


def _acks(w: SetWriter, line: ResponseLineDocument) -> None:
    """ACK: one for the line, or one for each part of it with its own day."""
    unit = w.unit(line.ordered.unit)
    code = answer_code(line)
    substitute = ("", "VP", line.substitute) if line.substitute else ()
    if not line.schedule:
        quantity = Decimal(0) if line.answer is LineAnswer.REJECTED else line.quantity
        day = ("067", written(line.delivery_date)) if line.delivery_date else ("", "")
        w.add("ACK", code, plain(quantity), unit, *day, *substitute)
        return
    for part in line.schedule:
        day = ("067", written(part.on)) if part.on else ("", "")
        w.add(
            "ACK", code if part.quantity else "IR", plain(part.quantity), w.unit(part.unit) or unit, *day, *substitute
        )


def answer_code(line: ResponseLineDocument) -> str:
    """Line item status (668): one code when one thing changed, IC when several did."""
    fixed = {LineAnswer.ACCEPTED: "IA", LineAnswer.REJECTED: "IR", LineAnswer.BACKORDERED: "IB"}
    if line.answer in fixed:
        return fixed[line.answer]
    ordered = line.ordered
    changes = [
        code
        for code, changed in (
            ("IS", bool(line.substitute)),
            ("IQ", line.quantity != ordered.quantity),
            ("IP", line.unit_price is not None and line.unit_price != ordered.unit_price),
            ("DR", line.delivery_date is not None and line.delivery_date != ordered.delivery_date),
        )
        if changed
    ]
    return changes[0] if len(changes) == 1 or changes[:1] == ["IS"] else "IC"
