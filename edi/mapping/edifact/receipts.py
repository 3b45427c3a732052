"""RECADV: what of a despatch arrived, in good order, refused and missing."""

from edi.mapping.draft import Draft
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.despatches import FUNCTIONS, packing_level, without_quantity
from edi.mapping.edifact.handlers import handlers
from edi.mapping.edifact.orders import BUYER, SELLER, ZERO
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.segments import Segment
from orders.documents import ReceiptDocument, ReceiptLineDocument


def _qvr(reader: Reader, segment: Segment) -> bool:
    """Why a quantity is not what it should be (C960, else 4221); the difference itself is kept."""
    reason = segment.get(3, 4) or segment.get(3, 1) or segment.get(2)
    if reader.line is None or not reason:
        return False
    return reader.line.set("reason", reason, segment, 3, 4) and not segment.get(1, 1)


def _close_receipt(reader: Reader, line: Draft) -> ReceiptLineDocument:
    values = line.values
    values.pop("despatch_number", None)
    if "received" not in values:
        values["received"] = ZERO
        if "rejected" not in values and "short" not in values:
            without_quantity(reader, line)
    return line.freeze(ReceiptLineDocument)


def _finish_receipt(reader: Reader) -> ReceiptDocument:
    return reader.head.freeze(ReceiptDocument, lines=reader.lines)


RECADV = Profile(
    finish=_finish_receipt,
    close_line=_close_receipt,
    handlers=handlers({"QVR": _qvr, "CPS": packing_level}),
    functions=FUNCTIONS,
    roles=ranked(buyer=BUYER, seller=SELLER, ship_to=("DP", "ST", "CN", "UC")),
    header_dates=ranked(issued_on=("137",), received_on=("50", "310", "35")),
    header_references=ranked(order_number=("ON",), despatch_number=("AAK", "DQ")),
    line_references=ranked(order_number=("ON",), despatch_number=("AAK", "DQ")),
    quantities=ranked(received=("194", "48"), rejected=("195", "196", "124"), short=("119",)),
)
_SAID = {"issued_on", "buyer", "seller", "references", "order_number", "despatch_number", "received_on"} | {
    *("ship_to", "lines", "stated_line_count"),
}
_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "references", "received", "unit", "reason"} | {
    *("order_number", "order_line", "despatch_line", "rejected", "short"),
}


def write_receipt(composer: Composer, document: ReceiptDocument) -> None:
    """RECADV, on one level of packing."""
    composer.begin("RECADV")
    composer.bgm("632", document.number, composer.function(document.function))
    composer.day("137", document.issued_on)
    composer.day("50", document.received_on)
    composer.reference("ON", document.order_number)
    composer.reference("AAK", document.despatch_number)
    composer.references(document.references)
    composer.parties(("BY", document.buyer), ("SU", document.seller), ("DP", document.ship_to))
    composer.add("CPS", "1")
    for line in document.lines:
        composer.item(line)
        composer.quantity("194", line.received, line.unit)
        composer.quantity("195", line.rejected, line.unit)
        composer.quantity("119", line.short, line.unit)
        if line.reason:
            composer.add("QVR", "", "", ["", "", "", composer.fit(line.reason, 35, "reason")])
        composer.reference("ON", line.order_number, line.order_line)
        if line.despatch_line:
            composer.reference("AAK", document.despatch_number, line.despatch_line)
        composer.references(line.references)
        composer.told(line, f"line {line.number} ", _LINE_SAID)
    composer.count(document.lines)
    composer.told(document, "", _SAID)
    composer.end()
