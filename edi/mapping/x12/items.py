"""Segments that say what a line is of: item numbers, descriptions, prices, packs and schedules, common to all sets."""

from decimal import Decimal
from typing import Any

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.x12.setreader import ORIGIN, Handler, SetReader
from edi.mapping.x12.tables import UNIT_PRICES_236
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import Origin, ScheduleDocument

# X12 235: which field of a line an item number belongs to.
FIELD_OF_235 = (
    dict.fromkeys(codes.GTIN_235, "gtin")
    | dict.fromkeys(codes.SELLER_235, "seller_sku")
    | dict.fromkeys(codes.BUYER_235, "buyer_sku")
)
SCHEDULES_AT_MOST = 200_000  # of one document: a segment of ten stores must not fill the memory
_NAME = {"PO1": "PO102", "IT1": "IT102", "POC": "POC03", "SN1": "SN102"}


def values_of(segment: Segment) -> list[str]:
    """All elements as `Segment.whole` gives them, at once: for the segments that come thousandfold."""
    release = segment.separators.release
    if not release:
        return [element.strip() for element in segment.elements]
    return [segment.whole(element) for element in range(len(segment.elements))]


def take(line: Draft, name: str, value: Any, segment: Segment, element: int, literal: str) -> None:
    """`Draft.set` for a field that has no value yet, with the literal at hand."""
    line.values[name] = value
    line.origin.append(ORIGIN(Origin, (name, literal, segment.index, segment.tag, element, 0, "", 0)))


def item_numbers(line: Draft, segment: Segment, values: list[str], start: int) -> None:
    """Pairs of qualifier (235) and item number (234) from element `start` on. A vendor's own part is often known to
    its partners by the manufacturer's number only; that one then stands in."""
    held = line.values
    made = 0
    for element in range(start, len(values) - 1, 2):
        kind, value = values[element], values[element + 1]
        if not value:
            continue
        field = FIELD_OF_235.get(kind)
        if field is not None and field not in held:
            take(line, field, value, segment, element + 1, value)
            continue
        line.add("references", (kind, value))
        line.mark("references", segment, element + 1)
        if not made and kind in codes.MANUFACTURER_235:
            made = element + 1
    if made and "seller_sku" not in held:
        take(line, "seller_sku", values[made], segment, made, values[made])


def priced_line(reader: SetReader, segment: Segment, at: tuple[int, int, int, int]) -> Draft:
    """A line of PO1, IT1 or POC; `at` are its elements of quantity, unit, price and first item number."""
    values = values_of(segment)
    quantity, unit, price, items = at
    line = reader.open_line(segment, values[1] if len(values) > 1 else "")
    values += [""] * (items - len(values))
    number = parse_decimal(values[quantity])
    if number is not None:
        take(line, "quantity", number, segment, quantity, values[quantity])
    code = segment.get(unit) if segment.tag == "POC" else values[unit]
    if code:
        take(line, "unit", reader.unit(code, segment, unit), segment, unit, values[unit])
    number = parse_decimal(values[price])
    if number is not None:
        take(line, "unit_price", number, segment, price, values[price])
        base = codes.PRICE_BASE_639.get(values[price + 1])
        if base:
            take(line, "price_base", Decimal(base), segment, price + 1, values[price + 1])
    item_numbers(line, segment, values, items)
    return line


def description(reader: SetReader, segment: Segment) -> bool:
    """PID: a description in free form; several of them are one text. Coded ones are kept as they are."""
    values, line = values_of(segment), reader.here
    text = values[5] if len(values) > 5 else ""
    if line is reader.head or not text or values[1] not in ("F", "X", ""):
        return False
    held = line.values.get("description")
    take(line, "description", f"{held} {text}" if held else text, segment, 5, text)
    return True


def price(reader: SetReader, segment: Segment) -> bool:
    """CTP: stands in for the price of the line when that has none; other prices are kept as they are."""
    if not reader.in_line or segment.whole(2) not in UNIT_PRICES_236:
        return False
    return reader.number("unit_price", segment, 3)


def line_amount(reader: SetReader, segment: Segment) -> bool:
    """AMT 1 of a line: its amount, as the sender computed it."""
    return segment.whole(1) == "1" and reader.number("stated_amount", segment, 2)


def paid_amount(reader: SetReader, segment: Segment) -> bool:
    """PAM 1 of a line: its amount (PAM05), as the sender computed it."""
    return reader.in_line and segment.whole(4) == "1" and reader.number("stated_amount", segment, 5)


def stores(reader: SetReader, segment: Segment) -> bool:
    """SDQ: up to ten pairs of store and quantity, all in one unit (SDQ01)."""
    if not reader.in_line:
        return False
    code = segment.whole(1)
    unit = reader.unit(code, segment, 1) if code else ""
    for element in range(3, min(len(segment.elements) - 1, 22), 2):
        quantity = parse_decimal(segment.whole(element + 1))
        if quantity is not None:
            store = segment.whole(element)
            _schedule(reader, ScheduleDocument(quantity, None, store, unit), segment, element + 1)
    return len(segment.elements) <= 23


def schedule(reader: SetReader, segment: Segment) -> bool:
    """SCH: so much then. A second date (SCH08 to 10) has no place."""
    quantity = parse_decimal(segment.whole(1))
    if not reader.in_line or quantity is None:
        return False
    code = segment.get(2)
    unit = reader.unit(code, segment, 2) if code else ""
    day = parse_x12_date(segment.whole(6))
    _schedule(reader, ScheduleDocument(quantity, day, segment.whole(4), unit), segment, 1)
    return not segment.whole(9)


def _schedule(reader: SetReader, item: ScheduleDocument, segment: Segment, element: int) -> None:
    reader.schedules += 1
    if reader.schedules <= SCHEDULES_AT_MOST:
        reader.here.add("schedule", item)
        reader.here.mark("schedule", segment, element)
    elif reader.schedules == SCHEDULES_AT_MOST + 1:
        text = f"The document has more than {SCHEDULES_AT_MOST} deliveries; the rest was not read."
        reader.findings.error("too-many-schedules", text, segment.place, syntax_error="AK304:5")


def subline(reader: SetReader, segment: Segment) -> bool:
    """SLN: a part of a line. It and all that belongs to it are kept as they are."""
    if reader.in_line:
        reader.subline = True
    return False


def settle_line(reader: SetReader, line: Draft, tag: str, *, counts: bool = True) -> None:
    """What a line says as a whole: its texts as one note, its quantity from its deliveries when it has none itself.
    The first date of a schedule is that of the line. Where it `counts`, a line without quantity is an error."""
    values = line.values
    notes = values.pop("notes", None)
    if notes:
        values["note"] = "\n".join(notes)
    planned = values.get("schedule")
    if planned:
        _settle_schedule(reader, line, planned)
    if "quantity" not in values:
        values["quantity"] = Decimal(0)
        if not counts:
            return
        element = _NAME.get(tag, tag)
        text = f"Line {values['number']} has no quantity ({element})."
        reader.findings.error("quantity-missing", text, reader.place_of(line), syntax_error="AK403:1")


def _settle_schedule(reader: SetReader, line: Draft, planned: list[ScheduleDocument]) -> None:
    values = line.values
    total = sum((item.quantity for item in planned), Decimal(0))
    quantity = values.setdefault("quantity", total)
    days = [item.on for item in planned if item.on]
    if days and "delivery_date" not in values:
        values["delivery_date"] = days[0]
    if total != quantity:
        text = f"Line {values['number']} is of {quantity}, but its deliveries add up to {total}."
        reader.findings.warning("schedule-total", text, reader.place_of(line), value=str(total), syntax_error="AK403:7")


ITEMS: dict[str, Handler] = {
    "PID": description,
    "CTP": price,
    "PAM": paid_amount,
    "SDQ": stores,
    "SCH": schedule,
    "SLN": subline,
}
