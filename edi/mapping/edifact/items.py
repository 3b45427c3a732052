"""LIN, PIA, IMD, QTY, PRI, SCC, LOC: the lines of a message, what they are of, how many, when and at what price."""

from functools import partial

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.edifact.reader import Reader
from edi.mapping.edifact.values import decimal
from edi.mapping.texts import join_fragments
from edi.syntax.segments import Segment
from orders.documents import Origin

_origin = tuple.__new__  # an Origin from all its values at once
PRICES = ("AAA", "NTP", "AAB", "GRP", "INV", "AAE", "INF")  # 5125, by preference: net before gross
_PRICE_RANK = {kind: rank for rank, kind in enumerate(PRICES)}
_FIELD_OF_7143 = (
    dict.fromkeys(codes.GTIN_7143, "gtin")
    | dict.fromkeys(codes.SELLER_7143, "seller_sku")
    | dict.fromkeys(codes.BUYER_7143, "buyer_sku")
    | {"": "seller_sku"}
)
_FREE_TEXT = frozenset({"F", "E", "B", ""})  # 7077: the item is described in words
_NO_QUANTITY_OF_LINE = frozenset({"ALC", "PAC", "STG", "EQD", "DGS", "RFF"})


def lin(reader: Reader, segment: Segment) -> bool:
    """A line begins; one without a number gets that of its position."""
    if reader.line is not None:
        reader.close_line()
    reader.context = "LIN"
    reader.party = reader.allowance = reader.tax = reader.schedule = None
    place = f"segment {segment.index}"
    if len(reader.lines) >= reader.most_lines:
        if reader.line is None and not reader.own.get("too_many"):
            reader.own["too_many"] = True
            text = f"The message has more than {reader.most_lines} lines; the rest was not read."
            reader.findings.error("too-many-lines", text, segment.place, syntax_error="36")
        reader.line = Draft(number="", place=place)
        return False
    elements = segment.elements
    number = segment.get(1)
    if not number:
        number = str(len(reader.lines) + 1)
        text = f"LIN has no line number; {number} was given by position."
        reader.findings.note("line-number-assigned", text, partial(segment.place, 1))
    line = reader.line = Draft(place=place)
    line.put("number", number, number, segment, 1, 1)
    reader.action = segment.get(2) if len(elements) > 2 and elements[2] else ""
    if len(elements) > 3:
        item(reader, line, segment, 3)
    return len(elements) < 5


def item(reader: Reader, line: Draft, segment: Segment, element: int) -> None:
    """An item number (C212): GTIN, the seller's, the buyer's, a field of the message's own, or a reference."""
    parts = reader.parts(segment, element)
    value, kind = parts[0], parts[1]
    if not value:
        return
    field = _FIELD_OF_7143.get(kind) or reader.profile.items.get(kind, "")
    if field and field not in line.values:  # as Draft.put does: there are several of these in every line
        line.values[field] = value
        line.origin.append(_origin(Origin, (field, value, segment.index, segment.tag, element, 1, "", 0)))
    elif line.values.get(field) != value:
        line.add("references", (kind, value))
        line.mark("references", segment, element, 1)


def pia(reader: Reader, segment: Segment) -> bool:
    """Additional (1) or main (5) item numbers; substitutes (3, 4) are not numbers of this item, and are kept."""
    line = reader.line
    if line is None or segment.get(1) in ("3", "4"):
        return False
    for element in range(2, len(segment.elements)):
        item(reader, line, segment, element)
    return True


def imd(reader: Reader, segment: Segment) -> bool:
    """Description in words (C273 7008, twice 35 characters); coded ones are kept."""
    line = reader.line
    if line is None or segment.get(1) not in _FREE_TEXT:
        return False
    pieces = reader.parts(segment, 3)[3:5]
    text = join_fragments(pieces)
    if not text:
        return False
    held = line.values.get("description")
    line.put("description", f"{held} {text}" if held else text, pieces[0], segment, 3, 4)
    return True


def qty(reader: Reader, segment: Segment) -> bool:
    """A quantity: of the schedule that stands open, else of the line, by what the message calls it."""
    line, context = reader.line, reader.context
    if line is None or context in _NO_QUANTITY_OF_LINE:
        return False
    parts = reader.parts(segment, 1)
    qualifier, literal, unit = parts[0], parts[1], parts[2]
    quantity = decimal(literal)
    if quantity is None:
        return False
    if context in ("SCC", "LOC"):
        return reader.profile.schedules and scheduled(reader, line, segment)
    meant = reader.profile.quantities.get(qualifier)
    if meant is None or not line.prefer(meant[0], quantity, meant[1], segment, 1, 2, literal):
        return False
    if unit and (meant[1] == 0 or "unit" not in line.values):
        line.put("unit", unit, unit, segment, 1, 3)
    return True


def scheduled(reader: Reader, line: Draft, segment: Segment) -> bool:
    """A delivery of a schedule (SCC) or for a place (LOC)."""
    delivery = {"quantity": decimal(segment.get(1, 2)), "unit": segment.get(1, 3)}
    if reader.context == "LOC":
        delivery["location"] = reader.location
    reader.schedule = delivery
    line.add("schedule", delivery)
    line.mark("schedule", segment, 1, 2)
    return True


def scc(reader: Reader, segment: Segment) -> bool:
    """A delivery schedule of a line begins; what kind of schedule it is (4017) is kept."""
    reader.open("SCC")
    reader.schedule = None
    return reader.line is not None and segment.get(1) in ("1", "") and len(segment.elements) == 2


def loc(reader: Reader, segment: Segment) -> bool:
    """A place that part of a line is for (3227 = 7); other places are kept."""
    reader.open("LOC")
    reader.schedule = None
    reader.location = segment.get(2, 1)
    return reader.line is not None and segment.get(1) == "7" and bool(reader.location) and not segment.get(2, 4)


def pri(reader: Reader, segment: Segment) -> bool:
    """The price, net before gross (5125); it applies to 5284 units."""
    reader.context = "PRI"
    reader.party = reader.allowance = reader.tax = None
    parts = reader.parts(segment, 1)
    kind, literal, per = parts[0], parts[1], parts[4]
    line, price = reader.line, decimal(literal)
    if line is None or price is None:
        return False
    rank = _PRICE_RANK.get(kind, len(PRICES))
    if not line.prefer("unit_price", price, rank, segment, 1, 2, literal):
        return False
    line.values.pop("price_base", None)
    base = decimal(per) if per else None
    if base is not None and base > 0:
        line.put("price_base", base, per, segment, 1, 5)
    return True
