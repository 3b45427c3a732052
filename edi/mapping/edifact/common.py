"""BGM, DTM, RFF, FTX, CUX, TOD, PAT, UNS, CNT: what every message says of itself, read once for all of them."""

from functools import partial

from edi.mapping import codes
from edi.mapping.edifact.parties import party_reference
from edi.mapping.edifact.reader import Handler, Reader
from edi.mapping.edifact.values import day as day_of
from edi.mapping.edifact.values import decimal
from edi.syntax.numbers import parse_count
from edi.syntax.segments import Segment

_EXACT_FORMATS = frozenset({"", "101", "102", "203", "204"})
# Groups with dates of their own; elsewhere a date is that of the line or the document.
_OWN_DATES = frozenset({"RFF", "PAC", "PCI", "TAX", "ALC", "PRI", "DOC", "RCS", "TDT", "EQD", "APR"})
_PERIODS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}


def nothing(reader: Reader, segment: Segment) -> bool:
    """A segment that says nothing to a document (UNH, UNT)."""
    return True


def kept(reader: Reader, segment: Segment) -> bool:
    """A segment that a message has no use for, where others have."""
    return False


def group(tag: str) -> Handler:
    """The handler of a group that no document has a place for: it is kept, and what belongs to it after it."""

    def opened(reader: Reader, segment: Segment) -> bool:
        reader.open(tag)
        return False

    return opened


def bgm(reader: Reader, segment: Segment) -> bool:
    """Beginning of message: C002.1001, 1004, 1225, 4343."""
    reader.codes = (segment.get(1, 1), segment.get(3), segment.get(4))
    reader.head.set("number", segment.get(2, 1), segment, 2, 1)
    functions = reader.profile.functions
    if functions is None:
        return True
    code = segment.get(3)
    if code not in functions:
        text = f"BGM states message function {code!r}, which is not known; the document is taken as an original."
        at = partial(segment.place, 3)
        reader.findings.warning("unknown-function", text, at, value=code, syntax_error="12")
    reader.head.set("function", functions.get(code, "original"), segment, 3, 1)
    return True


def dtm(reader: Reader, segment: Segment) -> bool:
    """A date: of the document, the line, the terms of payment or the schedule."""
    qualifier, value, form = segment.get(1, 1), segment.get(1, 2), segment.get(1, 3)
    if not value:
        return False
    if not form:
        text = f"DTM {qualifier} does not state how its date is written (2379); CCYYMMDD was assumed."
        reader.findings.warning("missing-element", text, partial(segment.place, 1, 3), syntax_error="13")
    day = day_of(value, form)
    if day is None:
        if form in _EXACT_FORMATS:
            text = f"DTM {qualifier} is not a date of format {form or '102'}: {value[:40]!r}."
            at = partial(segment.place, 1, 2)
            reader.findings.error("invalid-date", text, at, value=value, syntax_error="37")
        return False
    context = reader.context
    if context in _OWN_DATES:
        return False
    line = reader.line
    if reader.schedule is not None and context in ("SCC", "LOC"):
        return bool(reader.schedule.setdefault("on", day) == day)
    profile = reader.profile
    meant = profile.header_dates.get(qualifier) if line is None else profile.line_dates.get(qualifier)
    if meant is None or (context == "PAT" and meant[0] != "due_date"):
        return False
    return (line or reader.head).prefer(meant[0], day, meant[1], segment, 1, 2)


def rff(reader: Reader, segment: Segment) -> bool:
    """A reference: a field of its own, the tax number of a party, or one of `references`. 1156 is a line number."""
    party, line = reader.party, reader.line
    reader.context = "RFF"
    reader.allowance = reader.tax = None
    qualifier, value = segment.get(1, 1), segment.get(1, 2)
    if not value:
        return True
    if party is not None and qualifier not in codes.REFERENCE_OF_EDIFACT:
        return party_reference(reader, party, segment)
    profile, record = reader.profile, line or reader.head
    meant = profile.header_references.get(qualifier) if line is None else profile.line_references.get(qualifier)
    if meant is None:
        record.add("references", (codes.REFERENCE_OF_EDIFACT.get(qualifier, qualifier), value))
        record.mark("references", segment, 1, 2)
        return not segment.get(1, 3) and not segment.get(1, 4)
    taken = record.prefer(meant[0], value, meant[1], segment, 1, 2)
    number = segment.get(1, 3)
    if taken and number and line is not None:
        return record.set(meant[0].replace("_number", "_line"), number, segment, 1, 3)
    return taken and not number and not segment.get(1, 4)


def ftx(reader: Reader, segment: Segment) -> bool:
    """Free text (C108); a coded text (C107) is kept."""
    text = " ".join(filter(None, segment.components(4)[:5]))
    if not text:
        return False
    field = reader.profile.texts.get(segment.get(1))
    if field is not None:
        return reader.owner.set(field, text, segment, 4, 1)
    reader.note(text)
    reader.owner.mark("note" if reader.line else "notes", segment, 4, 1)
    return True


def cux(reader: Reader, segment: Segment) -> bool:
    """Currency of the document (C504); a second currency and its rate are kept."""
    if reader.line is not None:
        return False
    reader.open("CUX")
    usage, currency = segment.get(1, 1), segment.get(1, 2)
    rank = 0 if usage in ("2", "4") else 1
    taken = bool(currency) and reader.head.prefer("currency", currency.upper(), rank, segment, 1, 2)
    return taken and len(segment.elements) == 2


def tod(reader: Reader, segment: Segment) -> bool:
    """Terms of delivery: an Incoterm (4053) and its place, or a text (4052)."""
    reader.open("TOD")
    terms = " ".join(filter(None, (segment.get(3, 1), *segment.components(3)[3:5])))
    if reader.line is not None or not terms:
        return False
    return reader.head.set("incoterm", terms, segment, 3, 1)


def pat(reader: Reader, segment: Segment) -> bool:
    """Terms of payment: their text (4276), or the time they state (C112) in words; the whole of it is kept."""
    reader.open("PAT")
    text = " ".join(filter(None, segment.components(2)[3:5]))
    number, period = segment.get(3, 4), segment.get(3, 3)
    if not text and number:
        text = f"{number} {_PERIODS.get(period, period)}".strip()
    if reader.line is None and text:
        held = reader.head.values.get("terms")
        reader.head.values["terms"] = f"{held}; {text}" if held else text
        reader.head.mark("terms", segment, 2, 4)
    return reader.line is None and not number


def product_group(reader: Reader, segment: Segment) -> bool:
    """PGI: a group of products begins; its own number is kept."""
    reader.close_line()
    reader.open("PGI")
    return not segment.get(2, 1)


def uns(reader: Reader, segment: Segment) -> bool:
    """Section control: the summary begins."""
    if segment.get(1) == "S":
        reader.close_line()
        reader.summary = True
        reader.open("UNS")
    return True


def cnt(reader: Reader, segment: Segment) -> bool:
    """Control totals: 2 is the number of lines, 1 the sum of their quantities."""
    kind, value = segment.get(1, 1), segment.get(1, 2)
    if kind == "2":
        count = parse_count(value)
        if count is None:
            text = f"CNT 2 must be a whole number of lines, but is {value[:40]!r}."
            at = partial(segment.place, 1, 2)
            reader.findings.error("invalid-number", text, at, value=value, syntax_error="37")
            return False
        reader.close_line()  # DESADV and its like have no UNS
        return reader.head.set("stated_line_count", count, segment, 1, 2)
    if kind == "1":
        reader.close_line()
        reader.stated_quantity = decimal(value)
        reader.head.mark("stated_quantity", segment, 1, 2)
    return kind == "1"
