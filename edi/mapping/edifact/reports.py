"""INVRPT and SLSRPT: what is in stock, and what was sold where."""

from typing import Any

from edi.mapping.draft import Draft
from edi.mapping.edifact import common, items
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import handlers
from edi.mapping.edifact.orders import BUYER, SELLER, ZERO
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.numbers import parse_decimal, parse_edifact_date
from edi.syntax.segments import Segment
from orders.documents import (
    QuantityDocument,
    SalesDocument,
    SalesLineDocument,
    StockDocument,
    StockLineDocument,
)

_KINDS = {
    "145": "on_hand",
    "17": "on_hand",
    "21": "ordered",
    "153": "sold",
    "12": "despatched",
    "83": "backordered",
} | {
    "48": "received",
    "61": "returned",
    "53": "minimum",
    "54": "maximum",
}
_CODE_6063 = {kind: code for code, kind in reversed(_KINDS.items())}
_FUNCTIONS = {"": "original", "9": "original", "5": "replace", "7": "duplicate", "31": "duplicate", "1": "cancel"}


# -- stock ------------------------------------------------------------------------------------------------------------


def _quantity(reader: Reader, segment: Segment) -> bool:
    """Each quantity of an item, with what it counts."""
    reader.open("QTY")
    quantity, code = parse_decimal(segment.get(1, 2)), segment.get(1, 1)
    if reader.line is None or quantity is None:
        return False
    found: dict[str, Any] = {"kind": _KINDS.get(code, code), "quantity": quantity, "unit": segment.get(1, 3)}
    reader.own["quantity"] = found
    reader.line.add("quantities", found)
    reader.line.mark("quantities", segment, 1, 2)
    return True


def _inventory(reader: Reader, segment: Segment) -> bool:
    """Which inventory the next quantity is of: kept, unless it only says that it is a balance (4503)."""
    return segment.get(4) == "2" and not any(segment.elements[1:4])


def _stock_date(reader: Reader, segment: Segment) -> bool:
    """The date of a quantity, or of the report."""
    quantity = reader.own.get("quantity")
    if reader.context != "QTY" or quantity is None:
        return common.dtm(reader, segment)
    day = parse_edifact_date(segment.get(1, 2), segment.get(1, 3))
    return day is not None and bool(quantity.setdefault("on", day) == day)


def _stock_place(reader: Reader, segment: Segment) -> bool:
    """Where the item is; places of single quantities are kept."""
    if reader.line is None or reader.context != "LIN" or not segment.get(2, 1):
        return False
    return reader.line.set("location", segment.get(2, 1), segment, 2, 1)


def _close_stock(reader: Reader, line: Draft) -> StockLineDocument:
    quantities = tuple(QuantityDocument(**quantity) for quantity in line.values.pop("quantities", ()))
    reader.own["quantity"] = None
    return line.freeze(StockLineDocument, quantities=quantities)


def _finish_stock(reader: Reader) -> StockDocument:
    return reader.head.freeze(StockDocument, lines=reader.lines)


INVRPT = Profile(
    finish=_finish_stock,
    close_line=_close_stock,
    handlers=handlers({"INV": _inventory, "QTY": _quantity, "DTM": _stock_date, "LOC": _stock_place}),
    functions=_FUNCTIONS,
    roles=ranked(buyer=BUYER, seller=SELLER, holder=("GM", "WH", "ST", "LD")),
    header_dates=ranked(issued_on=("137",), as_of=("366", "90", "45")),
)
_STOCK_SAID = {"issued_on", "currency", "buyer", "seller", "references", "holder", "as_of", "lines"} | {
    "stated_line_count"
}
_STOCK_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "quantities", "location"}


def write_stock(composer: Composer, report: StockDocument) -> None:
    """INVRPT. It has no control totals."""
    composer.begin("INVRPT")
    composer.bgm("35", report.number, composer.function(report.function))
    composer.day("137", report.issued_on)
    composer.day("366", report.as_of)
    composer.references(report.references)
    composer.parties(("BY", report.buyer), ("SU", report.seller), ("GM", report.holder))
    composer.currency(report.currency)
    for line in report.lines:
        composer.item(line)
        if line.location:
            composer.add("LOC", "18", [line.location])
        for quantity in line.quantities:
            _write_quantity(composer, quantity)
        composer.told(line, f"line {line.number} ", _STOCK_LINE_SAID)
    composer.told(report, "", _STOCK_SAID)
    composer.end()


def _write_quantity(composer: Composer, quantity: QuantityDocument) -> None:
    code = _CODE_6063.get(quantity.kind, quantity.kind)
    if len(code) > 3:
        composer.leaves_out(f"quantity {quantity.kind!r}", quantity.quantity)
        return
    if composer.is_01b:  # which balance: 4503 = 2, formal inventory
        composer.add("INV", "", "", "", "2")
    composer.quantity(code, quantity.quantity, quantity.unit)
    composer.day("366", quantity.on)


# -- sales ------------------------------------------------------------------------------------------------------------


def _sales_place(reader: Reader, segment: Segment) -> bool:
    """A place of sale begins (3227 = 162): what follows was sold there."""
    reader.close_line()
    reader.open("LOC")
    reader.own["sold_on"] = None
    reader.location = segment.get(2, 1)
    return segment.get(1) == "162" and not segment.get(2, 4)


def _sales_date(reader: Reader, segment: Segment) -> bool:
    """The date of what was sold at a place, or of the report."""
    if reader.context != "LOC":
        return common.dtm(reader, segment)
    day = parse_edifact_date(segment.get(1, 2), segment.get(1, 3))
    if day is None or segment.get(1, 1) not in ("356", "90") or reader.own.get("sold_on"):
        return False
    reader.own["sold_on"] = day
    return True


def _close_sale(reader: Reader, line: Draft) -> SalesLineDocument:
    values = line.values
    if "quantity" not in values:
        values["quantity"] = ZERO
        text = f"Line {values['number']} has no quantity (QTY)."
        reader.findings.warning("quantity-missing", text, reader.place_of(line), syntax_error="13")
    base = values.pop("price_base", None)
    if base is not None and "unit_price" in values:
        values["unit_price"] /= base
    return line.freeze(SalesLineDocument, location=reader.location, sold_on=reader.own.get("sold_on"))


def _finish_sales(reader: Reader) -> SalesDocument:
    return reader.head.freeze(SalesDocument, lines=reader.lines)


SLSRPT = Profile(
    finish=_finish_sales,
    close_line=_close_sale,
    handlers=handlers({"LOC": _sales_place, "DTM": _sales_date, "PRI": items.pri}),
    functions=_FUNCTIONS,
    roles=ranked(buyer=BUYER, seller=SELLER),
    header_dates=ranked(issued_on=("137",), period_from=("90", "194"), period_until=("91", "206")),
    line_amounts=ranked(amount=("203", "79", "77")),
    quantities=ranked(quantity=("153", "1", "47", "21")),
)
_SALES_SAID = {"issued_on", "currency", "buyer", "seller", "references", "period_from", "period_until", "lines"} | {
    "stated_line_count"
}
_SALES_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "references", "quantity", "unit"} | {
    *("unit_price", "amount", "location", "sold_on"),
}


def write_sales(composer: Composer, report: SalesDocument) -> None:
    """SLSRPT: lines that follow each other at one place on one day share its LOC."""
    composer.begin("SLSRPT", tells_tax_numbers=composer.is_01b)
    composer.bgm("73E", report.number, composer.function(report.function))
    composer.day("137", report.issued_on)
    composer.day("90", report.period_from)
    composer.day("91", report.period_until)
    if composer.is_01b:  # the groups changed places
        composer.references(report.references)
    composer.parties(("BY", report.buyer), ("SU", report.seller))
    if not composer.is_01b:
        composer.references(report.references)
    composer.currency(report.currency)
    group = None
    for line in report.lines:
        if (line.location, line.sold_on) != group:
            group = (line.location, line.sold_on)
            composer.add("LOC", "162", [line.location])
            composer.day("356", line.sold_on)
        _sale(composer, line)
    if composer.is_01b:
        composer.section()
    composer.told(report, "", _SALES_SAID)
    composer.end()


def _sale(composer: Composer, line: SalesLineDocument) -> None:
    composer.item(line)
    composer.references(line.references)
    composer.amount("203", line.amount)
    composer.price(line.unit_price)
    composer.quantity("153", line.quantity, line.unit)
    composer.told(line, f"line {line.number} ", _SALES_LINE_SAID)
