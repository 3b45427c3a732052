"""Segments of the head and of lines that all transaction sets share: dates, references, texts, terms, amounts."""

from decimal import Decimal

from edi.mapping import codes
from edi.mapping.x12.parties import PartyDraft, open_party
from edi.mapping.x12.setreader import Handler, SetReader
from edi.mapping.x12.tables import TAX_OF_963
from edi.syntax.numbers import parse_count, parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import AllowanceDocument, TaxDocument

TEXT_LENGTH = 264  # X12 933 in MSG01


def served(reader: SetReader, segment: Segment) -> bool:
    """ST, SE and the brackets LS and LE: they carry nothing of the document."""
    return True


def date(reader: SetReader, segment: Segment) -> bool:
    """DTM: a date by its qualifier (374)."""
    day = parse_x12_date(segment.whole(2))
    wanted = (reader.line_dates if reader.in_line else reader.dates).get(segment.whole(1))
    if day is None or wanted is None:
        return False
    field, rank = wanted
    return reader.here.prefer(field, day, rank, segment, 2) or reader.here.values.get(field) == day


def reference(reader: SetReader, segment: Segment) -> bool:
    """REF: a reference by its qualifier (128); REF02 is the value, REF03 a description that may stand for it."""
    qualifier = segment.whole(1)
    field = (reader.line_references if reader.in_line else reader.references).get(qualifier)
    if field and reader.text(field, segment, 2):
        return not segment.whole(3)
    element = 2 if segment.whole(2) else 3
    taken = reader.refer(codes.REFERENCE_OF_X12.get(qualifier, qualifier), segment, element)
    return taken and not (element == 2 and segment.whole(3))


def announced(reader: SetReader, segment: Segment) -> bool:
    """N9: a reference, or (L1, letters or notes) only the announcement of the texts that follow."""
    reader.last_text = -1
    qualifier = segment.whole(1)
    if qualifier == "L1" and segment.whole(2) in ("", "NOTES"):
        return True
    if qualifier in codes.REFERENCE_OF_X12:
        return reader.refer(codes.REFERENCE_OF_X12[qualifier], segment, 2)
    return False


def message(reader: SetReader, segment: Segment) -> bool:
    """MSG: texts that follow each other are one note, each on its line; where a line was full, the text runs on."""
    text = segment.whole(1)
    if not text:
        return True
    continued, reader.last_text = reader.last_text == segment.index - 1, segment.index
    notes = reader.here.values.setdefault("notes", [])
    if continued and notes:
        full = reader.last_length + 1 + len(text.split(" ", 1)[0]) > TEXT_LENGTH
        notes[-1] += (" " if full else "\n") + text
    else:
        notes.append(text)
    reader.last_length = len(text)
    reader.here.mark("notes", segment, 1)
    return True


def note(reader: SetReader, segment: Segment) -> bool:
    """NTE02 and MTX02: a text."""
    text = segment.whole(2)
    if text:
        reader.here.add("notes", text)
        reader.here.mark("notes", segment, 2)
    return bool(text)


def currency(reader: SetReader, segment: Segment) -> bool:
    """CUR02; a line's own currency has no place."""
    code = segment.whole(2).upper()
    return not reader.in_line and bool(code) and reader.head.set("currency", code, segment, 2)


def delivery_terms(reader: SetReader, segment: Segment) -> bool:
    """FOB: Incoterms (FOB04 = 01) with their place, or else the terms in words."""
    if reader.in_line:
        return False
    place = segment.whole(3) or segment.whole(7)
    if reader.has_incoterm and segment.whole(4) == "01" and segment.whole(5):
        value = f"{segment.whole(5)} {place}".strip()
        return reader.head.set("incoterm", value, segment, 5)
    terms = " ".join(filter(None, (segment.whole(5), segment.whole(3), segment.whole(7))))
    if terms:
        reader.head.add("terms", terms)
        reader.head.mark("terms", segment, 5 if segment.whole(5) else 3)
    return bool(terms)


def payment_terms(reader: SetReader, segment: Segment) -> bool:
    """ITD: the terms in words (ITD12), or words made of discount and days; ITD06 is the day when it is due."""
    if reader.in_line:
        return False
    due = parse_x12_date(segment.whole(6)) if reader.has_due_date else None
    if due:
        reader.head.set("due_date", due, segment, 6)
    days = segment.whole(7)
    terms = segment.whole(12) or (f"Net {days} days" if days else "")
    discount, within = segment.whole(3), segment.whole(5)
    if discount and within and not segment.whole(12):
        terms = f"{discount}% within {within} days" + (f", net {days} days" if days else "")
    if terms:
        reader.head.add("terms", terms)
        reader.head.mark("terms", segment, 12 if segment.whole(12) else 7)
    return bool(terms or due)


def allowance(reader: SetReader, segment: Segment) -> bool:
    """SAC: allowance (A) or charge (C). SAC05 is an amount with two implied decimals (N2), SAC07 a percentage."""
    if segment.whole(1) not in ("A", "C"):
        return False
    cents, percent = parse_decimal(segment.whole(5)), parse_decimal(segment.whole(7))
    item = AllowanceDocument(
        segment.whole(1) == "C",
        amount=cents.scaleb(-2) if cents is not None else None,
        percent=percent if segment.whole(6) else None,
        reason=segment.whole(15),
        code=segment.whole(2),
    )
    reader.here.add("allowances", item)
    reader.here.mark("allowances", segment, 5 if cents is not None else 7)
    return True


def tax_of(segment: Segment) -> TaxDocument:
    """TXI: type (963), amount, percentage, exemption (441) and the amount it is computed on."""
    kind, rate = segment.whole(1), parse_decimal(segment.whole(3))
    exempt = segment.whole(6) not in ("", "2")
    category = "E" if exempt else "" if rate is None else "S" if rate else "Z"
    return TaxDocument(
        kind=TAX_OF_963.get(kind, kind),
        category="G" if segment.whole(6) == "0" else category,
        rate=rate,
        taxable=parse_decimal(segment.whole(8)),
        amount=parse_decimal(segment.whole(2)),
    )


def tax(reader: SetReader, segment: Segment) -> bool:
    """TXI of the document, or of a line (which has one)."""
    item = tax_of(segment)
    if reader.in_line:
        return reader.here.set("tax", item, segment, 3)
    reader.head.add("taxes", item)
    reader.head.mark("taxes", segment, 2)
    return True


def party(reader: SetReader, segment: Segment) -> bool:
    """N1: a party of the document. Those of a line are kept as they are."""
    draft = reader.party = open_party(segment)
    if reader.in_line:
        return False
    draft.texts.append(("N1", segment.text))
    reader.parties.append(draft)
    return True


def contact(reader: SetReader, segment: Segment) -> bool:
    """PER outside of an N1 loop: the contact of who sends the document."""
    if reader.in_line or reader.contact is not None:
        return False
    reader.contact = PartyDraft("")
    reader.contact.texts.append(("PER", segment.text))
    return reader.contact.reach(segment)


def totals(reader: SetReader, segment: Segment) -> bool:
    """CTT: number of lines, and the hash total of their quantities."""
    reader.leave_lines()
    count = parse_count(segment.whole(1))
    if count is not None:
        reader.head.set("stated_line_count", count, segment, 1)
    reader.hash_total = parse_decimal(segment.whole(2))
    return True


def cents(text: str) -> Decimal | None:
    """An amount of type N2: two implied decimals."""
    number = parse_decimal(text)
    return number.scaleb(-2) if number is not None else None


PARTS: dict[str, Handler] = {
    "ST": served,
    "SE": served,
    "LS": served,
    "LE": served,
    "CUR": currency,
    "REF": reference,
    "PER": contact,
    "DTM": date,
    "N9": announced,
    "MSG": message,
    "MTX": note,
    "NTE": note,
    "N1": party,
    "CTT": totals,
}
# What orders and invoices say besides.
TERMS: dict[str, Handler] = {"FOB": delivery_terms, "ITD": payment_terms, "SAC": allowance, "TXI": tax}
