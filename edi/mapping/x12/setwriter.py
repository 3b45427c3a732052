"""What the writing of every transaction set shares: parties, references, texts, terms, items, and what cannot be said.

What X12 has no place for is a finding `not-expressible` that names the field and its value: nothing is dropped without
a word.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from edi.mapping import codes
from edi.mapping.model import Envelope
from edi.mapping.texts import chunks
from edi.mapping.x12 import tables
from edi.mapping.x12.items import FIELD_OF_235
from edi.syntax.findings import Findings
from edi.syntax.numbers import plain
from edi.syntax.writers import X12Writer
from orders.documents import (
    AllowanceDocument,
    InvoiceLineDocument,
    ItemLine,
    OrderLineDocument,
    PartyDocument,
    ScheduleDocument,
    Scheme,
    TaxDocument,
)
from orders.documents.parts import Pairs

NEWER = "005010"  # from this release on MTX carries the texts that MSG did
_ITEM_KINDS = frozenset((*codes.MANUFACTURER_235, *FIELD_OF_235, "UA", "EC", "DR", "PD", "PL", "ON", "SZ", "CM", "GS"))
_NOT_ITEMS = frozenset({"PL", "PD", "ON", "DR", "VN"})  # 128 means something else by these
_PAIRS_AT_MOST = 10


class SetWriter:
    """Writes the segments of one transaction set, ST and SE apart."""

    def __init__(self, out: X12Writer, envelope: Envelope, findings: Findings, version: str, kind: str) -> None:
        self.out = out
        self.add = out.segment
        self.envelope = envelope
        self.findings = findings
        self.version = version
        self.kind = kind

    # -- what cannot be said --------------------------------------------------------------------------------------

    def lost(self, field: str, value: Any) -> None:
        """Say that a value has no place in this set."""
        text = f"{self.kind} has no place for {field} ({str(value)[:60]!r}); it was left out."
        self.findings.warning("not-expressible", text, value=str(value))

    def lose(self, record: Any, *fields: str) -> None:
        """Say so for each of these fields that has a value."""
        for field in fields:
            value = getattr(record, field)
            if value not in (None, "", ()):
                self.lost(field, value)

    def fit(self, field: str, value: str, size: int) -> str:
        """`value` in at most `size` characters; a cut is told."""
        if len(value) > size:
            text = f"{self.kind} takes {size} characters for {field}; {value[:60]!r} was cut."
            self.findings.warning("not-expressible", text, value=value)
        return value[:size].strip()

    def key(self, field: str, value: str, size: int) -> str:
        """`value`, which names something and would name another thing when cut: too long, it cannot be written."""
        if len(value) > size:
            text = f"{self.kind} takes {size} characters for {field}; {value[:60]!r} is longer and cannot be cut."
            self.findings.error("cannot-be-written", text, value=value)
        return value[:size].strip()

    # -- values ---------------------------------------------------------------------------------------------------

    def unit(self, code: str) -> str:
        """A unit of Recommendation 20 as X12 355 has it; an unknown one is told and written as it is."""
        unit = tables.UNIT_OF_REC20.get(code, code)
        if unit and unit not in tables.REC20_OF_UNIT and unit not in tables.SAME_UNITS:
            text = f"The unit {code[:20]!r} is not known in X12 (355); it was written as it is."
            self.findings.warning("unknown-unit", text, value=code)
        return unit

    def cents(self, field: str, amount: Decimal | None) -> str:
        """An amount of type N2: two implied decimals. Further ones cannot be said."""
        if amount is None:
            return ""
        cents = (amount * 100).to_integral_value(ROUND_HALF_UP)
        if cents != amount * 100:
            text = f"{self.kind} takes two decimals for {field}; {amount} was rounded."
            self.findings.warning("not-expressible", text, value=str(amount))
        return str(int(cents))

    def issued(self, day: dt.date | None) -> str:
        """A date that the set must have: the document's own, else that of the envelope."""
        return written(day or self.envelope.prepared_at.date())

    def date(self, qualifier: str, day: dt.date | None) -> None:
        """DTM."""
        if day:
            self.add("DTM", qualifier, written(day))

    # -- segments -------------------------------------------------------------------------------------------------

    def party(self, role: str, party: PartyDocument | None, *, contact: str = "OC") -> None:
        """N1 to N4, REF and PER. An N1 has one identifier; the VAT number goes to a REF."""
        if not party or not (party.identifiers or party.name):
            return
        numbers = [one for one in party.identifiers if one.scheme is not Scheme.VAT]
        main = numbers[0] if numbers else None
        for other in numbers[1:]:
            self.lost(f"a further identifier of {role}", other.value)
        qualifier = codes.X12_OF_SCHEME.get(main.scheme, "ZZ") if main else ""
        if main and main.scheme is Scheme.OTHER and main.raw_scheme.isalnum() and len(main.raw_scheme) <= 2:
            qualifier = main.raw_scheme.upper()
        name = self.fit("a name", party.name, 60)
        self.add("N1", role, name, qualifier, self.key("an identifier", main.value, 80) if main else "")
        street = chunks(party.street, 55)
        for line in range(0, len(street), 2):
            self.add("N3", *street[line : line + 2])
        if party.city or party.postcode or party.country or party.region:
            region = party.region if len(party.region) <= 2 else ""
            if not region and party.region:
                self.lost("a region that is not a code of two letters", party.region)
            self.add("N4", self.fit("a city", party.city, 30), region, party.postcode, party.country)
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.VAT:
                self.add("REF", "VX", identifier.value)
        reach = [pair for pair in (("TE", party.phone), ("EM", party.email)) if pair[1]]
        if party.contact or reach:
            self.add(
                "PER", contact, self.fit("a contact", party.contact, 60), *(item for pair in reach for item in pair)
            )

    def references(self, pairs: Pairs, *, without: Iterable[str] = ()) -> None:
        """REF of each reference; a deal travels as promotion/deal number (PD), a sender's own qualifier as it is."""
        skipped = frozenset(without)
        for kind, value in pairs:
            if kind in skipped:
                continue
            code = "PD" if kind == "deal" else codes.REFERENCE_X12.get(kind, kind)
            known = 2 <= len(code) <= 3 and code.isalnum() and code.isupper()
            self.add("REF", code if known else "ZZ", self.fit(f"reference {kind}", value, 80))
            if not known:
                self.lost("the kind of a reference", kind)

    def notes(self, notes: Iterable[str]) -> None:
        """N9 with the lines of each note: MSG, or MTX from 005010 on."""
        for note in notes:
            lines = chunks(note, 264)
            if not lines:
                continue
            self.add("N9", "L1", "NOTES")
            for text in lines:
                if self.version >= NEWER:
                    self.add("MTX", "GEN", text)
                else:
                    self.add("MSG", text)

    def allowances(self, items: Iterable[AllowanceDocument]) -> None:
        """SAC of each allowance or charge."""
        for item in items:
            percent = plain(item.percent) if item.percent is not None else ""
            code = tables.CODE_1300.get(item.code, item.code)
            if not (len(code) == 4 and code[0].isalpha() and code[1:].isdigit()):
                if code:
                    self.lost("the code of an allowance", item.code)
                code = tables.CHARGE_1300 if item.charge else tables.ALLOWANCE_1300
            self.lose(item, "base", "tax")
            cents = self.cents("an allowance", item.amount)
            head = ("C" if item.charge else "A", code, "", "", cents, "3" if percent else "", percent)
            reason = self.fit("the reason of an allowance", item.reason, 80)
            self.add("SAC", *head, "", "", "", "", "06", "", "", reason)

    def tax(self, tax: TaxDocument) -> None:
        """TXI: type, amount, percentage, exemption, and what it is computed on."""
        kind = tables.CODE_963.get(tax.kind, tax.kind)
        if len(kind) != 2:
            self.lost("the kind of a tax", tax.kind)
            kind = "TX"
        exempt = {"E": "1", "G": "0"}.get(tax.category, "")
        if tax.category not in ("", "S", "Z", "E", "G"):
            self.lost("the category of a tax", tax.category)
        self.lose(tax, "reason")
        amount, rate, base = (_number(value) for value in (tax.amount, tax.rate, tax.taxable))
        if amount or rate or exempt:
            self.add("TXI", kind, amount, rate, "", "", exempt, "", base)

    def terms(self, terms: str, due: dt.date | None = None) -> None:
        """ITD: terms in words and the day when payment is due."""
        if terms or due:
            day = written(due) if due else ""
            self.add("ITD", *[""] * 5, day, "", "", "", "", "", self.fit("the terms", terms, 80))

    def incoterm(self, incoterm: str) -> None:
        """FOB with the Incoterms code and its place."""
        if incoterm:
            code, _, place = incoterm.partition(" ")
            where = ("ZZ", self.fit("the place of delivery", place, 80)) if place else ("", "")
            self.add("FOB", "DF", *where, "01", self.fit("the delivery terms", code, 3))

    # -- items ----------------------------------------------------------------------------------------------------

    def item_numbers(self, line: ItemLine) -> tuple[list[str], Pairs]:
        """Pairs of 235 and 234, at most ten, and the references of the line that are left for REF."""
        pairs = [(gtin_qualifier(line.gtin), line.gtin), ("VP", line.seller_sku), ("BP", line.buyer_sku)]
        rest: list[tuple[str, str]] = []
        for kind, value in line.references:
            if kind in _ITEM_KINDS - _NOT_ITEMS and len(pairs) < _PAIRS_AT_MOST:
                pairs.append((kind, value))
            else:
                rest.append((kind, value))
        return [item for kind, value in pairs if value for item in (kind, self.key("an item", value, 48))], tuple(rest)

    def price(self, price: Decimal | None, base: Decimal) -> tuple[str, str]:
        """PO104 and PO105: the price, and the code for how many units it is."""
        if price is None:
            return "", ""
        code = next((code for code, units in codes.PRICE_BASE_639.items() if units == base), "")
        if base != 1 and not code:
            text = f"{self.kind} has prices for 1, 10, 100 and 1000 units; that for {base} was divided."
            self.findings.warning("not-expressible", text, value=str(base))
            price = round(price / base, 10) if base else price
        return plain(price), code

    def line(self, tag: str, line: OrderLineDocument | InvoiceLineDocument, price: Decimal | None) -> Pairs:
        """PO1 or IT1, with the description; returns the references that are left."""
        items, rest = self.item_numbers(line)
        amounts = self.price(price, line.price_base)
        number = self.key("a line number", line.number, 20)
        self.add(tag, number, plain(line.quantity), self.unit(line.unit), *amounts, *items)
        return rest

    def description(self, text: str) -> None:
        """PID in free form, in pieces of eighty characters."""
        for piece in chunks(text, 80):
            self.add("PID", "F", "", "", "", piece)

    def stores(self, schedule: tuple[ScheduleDocument, ...], unit: str) -> tuple[ScheduleDocument, ...]:
        """SDQ of the deliveries that have a place and no date, ten a segment; returns the others."""
        split = [item for item in schedule if item.location and item.on is None]
        for code in dict.fromkeys(item.unit for item in split):
            pairs = [(item.location, plain(item.quantity)) for item in split if item.unit == code]
            for start in range(0, len(pairs), 10):
                stores = [value for pair in pairs[start : start + 10] for value in pair]
                self.add("SDQ", self.unit(code or unit), "92", *stores)
        return tuple(item for item in schedule if not (item.location and item.on is None))

    def schedule(self, schedule: tuple[ScheduleDocument, ...], unit: str) -> None:
        """SCH of the deliveries that have a date."""
        for item in schedule:
            if item.on is None:
                self.lost("a delivery without date and place", item.quantity)
                continue
            place = ("ST", item.location) if item.location else ("", "")
            self.add("SCH", plain(item.quantity), self.unit(item.unit or unit), *place, "002", written(item.on))


def gtin_qualifier(gtin: str) -> str:
    """X12 235 for a GTIN by its length."""
    return {12: "UP", 13: "EN", 14: "UK", 8: "EO"}.get(len(gtin), "EN")


def written(day: dt.date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}".rjust(8, "0")


def _number(value: Decimal | None) -> str:
    return plain(value) if value is not None else ""
