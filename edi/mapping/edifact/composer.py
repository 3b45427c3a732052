"""What all EDIFACT messages are written with: each segment once, its texts cut to length, what does not fit told.

Directories D.96A and D.01B of UNTDID, in the EANCOM subsets EAN008 and EAN010.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any

from edi.mapping import codes
from edi.mapping.model import Envelope
from edi.mapping.texts import chunks, fragments, join_fragments
from edi.syntax.findings import Findings
from edi.syntax.numbers import plain
from edi.syntax.writers import EdifactWriter
from orders.documents import (
    AllowanceDocument,
    Identifier,
    ItemLine,
    PartyDocument,
    ScheduleDocument,
    Scheme,
    TaxDocument,
)
from orders.documents.parts import Pairs

# What a record says of itself rather than of business, or what every writer deals with.
_ALWAYS_SAID = frozenset({"number", "extras", "origin", "place", "function"})
_TEXT_SIZE, _TEXT_LINES = 70, 5  # FTX C108
_NUMBER, _LINE_NUMBER, _ITEM = 35, 6, 35
_LONG_NUMBER = "The number {0!r} has {1} characters; EDIFACT has room for {2}."


class Composer:
    """Writes the segments of one interchange after the other. `kind` is the message that is being written."""

    def __init__(self, envelope: Envelope, findings: Findings) -> None:
        self.envelope = envelope
        self.findings = findings
        self.out = EdifactWriter(envelope.charset, findings)
        self.add = self.out.segment
        self.is_01b = "01B" in envelope.version.upper()
        self.kind = ""
        self.tells_tax_numbers = True

    # -- a message and what it cannot say -------------------------------------------------------------------------

    def begin(self, kind: str, *, tells_tax_numbers: bool = True) -> None:
        """UNH. Some messages have no place for the tax numbers of their parties."""
        self.kind, self.tells_tax_numbers = kind, tells_tax_numbers
        directory = ["D", "01B", "UN", "EAN010"] if self.is_01b else ["D", "96A", "UN", "EAN008"]
        self.out.open_message(self._reference(), [kind, *directory])

    def _reference(self) -> str:
        """The first message has the reference of the envelope, the others count on from it."""
        first = self.envelope.message_reference
        if not self.out.messages:
            return first
        return str(int(first) + self.out.messages) if first.isdigit() else f"{first[:8]}-{self.out.messages + 1}"

    def end(self) -> None:
        """UNT."""
        self.out.close_message()

    def leaves_out(self, what: str, value: object) -> None:
        """Tell that the message has no place for a value."""
        text = f"{self.kind} has no place for {what} ({str(value)[:80]}); it was left out."
        self.findings.warning("not-expressible", text, value=str(value))

    def told(self, record: Any, where: str, said: Collection[str]) -> None:
        """Tell what `record` holds in other fields than those that are `said`."""
        for field in fields(record):
            if field.name in _ALWAYS_SAID or field.name in said:
                continue
            value = getattr(record, field.name)
            default = field.default if field.default is not MISSING else None
            if value not in (None, "", (), default):
                name = f"{where}{field.name.replace('_', ' ')}"
                shown = value if isinstance(value, str | Decimal | date | int) else _shown(value)
                self.leaves_out(name, shown)
        extras: Pairs = record.extras if hasattr(record, "extras") else ()
        if extras:
            text = f"{len(extras)} details that were kept as they came ({where}{extras[0][0]}, …) are not written."
            self.findings.note("extras-left-out", text, value=extras[0][1])

    def number(self, value: str, most: int = _NUMBER) -> str:
        """A number, which must not be cut: one that is too long refuses the whole."""
        if len(value) > most:
            text = _LONG_NUMBER.format(value[:60], len(value), most)
            self.findings.error("cannot-be-written", text, value=value)
        return value

    def fit(self, text: str, most: int, what: str) -> str:
        """`text` cut to `most` characters, and told if it was."""
        if len(text) > most:
            self.leaves_out(f"all of {what}", text)
        return text[:most].strip()

    def pieces(self, text: str, most: int, what: str) -> list[str]:
        """`text` in at most `most` components of 35 characters, and told if it does not fit."""
        cut = fragments(text, most)
        if join_fragments(cut) != " ".join(text.split()):
            self.leaves_out(f"all of {what}", text)
        return cut

    # -- segments of every message --------------------------------------------------------------------------------

    def bgm(self, code: str, number: str, function: str = "9", response: str = "") -> None:
        """Beginning of message."""
        self.add("BGM", code, self.number(number), function, response)

    def function(self, function: str) -> str:
        """1225 of one of our words."""
        return codes.CODE_1225.get(function, "9")

    def day(self, qualifier: str, day: date | None) -> None:
        """DTM with format 102, unless there is no date."""
        if day is not None:
            self.add("DTM", [qualifier, f"{day:%Y%m%d}", "102"])

    def text(self, text: str, qualifier: str = "AAI") -> None:
        """FTX, as many as it takes."""
        for part in chunks(text, _TEXT_SIZE * (_TEXT_LINES - 1)):
            self.add("FTX", qualifier, "", "", chunks(part, _TEXT_SIZE)[:_TEXT_LINES])

    def texts(self, notes: Iterable[str]) -> None:
        """A text segment for each note."""
        for note in notes:
            self.text(note)

    def reference(self, code: str, value: str, line: str = "", version: str = "") -> None:
        """RFF, unless there is no value."""
        if value:
            self.add("RFF", [code, self.fit(value, 70 if self.is_01b else 35, "reference"), line, version])

    def references(self, pairs: Pairs) -> None:
        """RFF for each pair: a deal travels as promotion deal number (PD), a sender's own qualifier as it is."""
        for kind, value in pairs:
            code = "PD" if kind == "deal" else codes.REFERENCE_EDIFACT.get(kind, kind)
            if not (0 < len(code) <= 3 and code.isalnum() and code.isupper()):
                self.leaves_out(f"kind of reference {value}", kind)
                code = "ZZZ"
            self.reference(code, value)

    def parties(self, *roles: tuple[str, PartyDocument | None]) -> None:
        """NAD and its group for each party that is known."""
        for role, party in roles:
            if party is not None and (party.identifiers or party.name):
                self.party(role, party)

    def party(self, role: str, party: PartyDocument, accounts: Iterable[str] = ()) -> None:
        """NAD, FII for each account, RFF of tax numbers, CTA and COM."""
        numbers = [item for item in party.identifiers if item.scheme is not Scheme.VAT]
        self.add(
            "NAD",
            role,
            self._identifier(numbers[0]) if numbers else "",
            "",
            self.pieces(party.name, 5, "name"),
            self.pieces(party.street, 4 if self.is_01b else 3, "street"),
            self.fit(party.city, 35, "city"),
            self.fit(party.region, 9, "region"),
            self.fit(party.postcode, 17 if self.is_01b else 9, "postcode"),
            party.country[:3],
        )
        for account in accounts:
            self.add("FII", "RB", self.fit(account, 35, "account"))
        for other in numbers[1:]:
            self.leaves_out(f"second identifier of {role}", other.value)
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.VAT and not self.tells_tax_numbers:
                self.leaves_out(f"tax number of {role}", identifier.value)
            elif identifier.scheme is Scheme.VAT:
                code = identifier.raw_scheme if identifier.raw_scheme in ("AHP", "FC") else "VA"
                self.reference(code, identifier.value)
        if party.contact or party.phone or party.email:
            self.add("CTA", "OC", ["", self.fit(party.contact, 35, "contact")])
        for value, channel in ((party.phone, "TE"), (party.email, "EM")):
            if value:
                self.add("COM", [value, channel])

    def _identifier(self, identifier: Identifier) -> list[str]:
        """C082; an agency of the sender's own (3055) is repeated, codes of other standards are not."""
        agency = codes.AGENCY_OF_SCHEME.get(identifier.scheme, "")
        raw = identifier.raw_scheme
        if identifier.scheme is Scheme.OTHER and raw.isdigit() and len(raw) <= 3:
            agency = raw
        return [self.number(identifier.value), "", agency]

    def currency(self, currency: str) -> None:
        """CUX, reference currency of orders."""
        if currency:
            self.add("CUX", ["2", currency, "9"])

    def payment_terms(self, terms: str, due: date | None = None) -> None:
        """PAT with its text, and the date on which payment is due."""
        if terms or due is not None:
            text = ["ZZZ", "", "", *self.pieces(terms, 2, "terms")] if terms else ""  # 4277 is mandatory
            self.add("PAT", "1" if due is None else "3", text)
            self.day("13", due)

    def delivery_terms(self, incoterm: str) -> None:
        """TOD with an Incoterm and its place, or with a text."""
        if incoterm:
            code, _, place = incoterm.partition(" ")
            is_code = len(code) == 3 and code.isupper() and code.isalpha()
            text = self.pieces(place if is_code else incoterm, 2, "terms of delivery")
            self.add("TOD", "6", "", [code if is_code else "", "", "", *text])

    def section(self) -> None:
        """UNS, detail and summary."""
        self.add("UNS", "S")

    def count(self, lines: Sequence[object]) -> None:
        """CNT, number of lines."""
        self.add("CNT", ["2", str(len(lines))])

    # -- segments of lines ----------------------------------------------------------------------------------------

    def item(self, line: ItemLine, action: str = "", *, substitute: str = "", replaces: str = "", **more: str) -> None:
        """LIN, PIA and IMD; `more` are further numbers by 7143. `substitute` comes instead of the item, which itself
        comes instead of what it `replaces`: both are numbers of the seller."""
        gtin = [line.gtin, "SRV" if self.is_01b else "EN"] if line.gtin else ""
        self.add("LIN", self.number(line.number, _LINE_NUMBER), action, gtin)
        numbers = [
            [self.number(value, _ITEM), kind]
            for kind, value in (("SA", line.seller_sku), ("IN", line.buyer_sku), *more.items())
            if value
        ]
        if numbers:
            self.add("PIA", "1" if line.gtin else "5", *numbers)
        for relation, number in (("3", substitute), ("4", replaces)):
            if number:
                self.add("PIA", relation, [self.number(number, _ITEM), "SA"])
        pieces = self.pieces(line.description, 20, f"description of line {line.number}")
        for start in range(0, len(pieces), 2):
            self.add("IMD", "F", "", ["", "", "", *pieces[start : start + 2]])

    def quantity(self, qualifier: str, quantity: Decimal | None, unit: str = "") -> None:
        """QTY, unless there is none."""
        if quantity is not None:
            size = 8 if self.is_01b else 3
            self.add("QTY", [qualifier, plain(quantity), self.fit(unit, size, "unit")])

    def amount(self, qualifier: str, amount: Decimal | None) -> None:
        """MOA, unless there is none."""
        if amount is not None:
            self.add("MOA", [qualifier, plain(amount)])

    def price(self, price: Decimal | None, base: Decimal = Decimal(1), unit: str = "", kind: str = "AAA") -> None:
        """PRI, per `base` units."""
        if price is not None:
            per = plain(base) if base != 1 else ""
            self.add("PRI", [kind, plain(price), "", "", per, unit if per else ""])

    def allowances(self, allowances: Iterable[AllowanceDocument]) -> None:
        """ALC with percentage, amount, basis and tax, for each."""
        for allowance in allowances:
            reason = self.pieces(allowance.reason, 2, "reason of an allowance")
            code = self.fit(allowance.code, 3, "code of an allowance")
            identity = ["", "" if allowance.charge else code] if code else ""
            service = [code if allowance.charge else "", "", "", *reason]
            self.add("ALC", "C" if allowance.charge else "A", identity, "", "", service)
            if allowance.percent is not None:
                self.add("PCD", ["2" if allowance.charge else "1", plain(allowance.percent)])
            self.amount("8", allowance.amount)
            self.amount("25", allowance.base)
            if allowance.tax is not None:
                self.tax(allowance.tax)

    def tax(self, tax: TaxDocument, *, is_total: bool = False) -> None:
        """TAX; the breakdown of an invoice states basis and amount as MOA, others have room for one amount."""
        basis = plain(tax.taxable) if tax.taxable is not None and not is_total else ""
        rate = ["", "", "", plain(tax.rate)] if tax.rate is not None else ""
        self.add("TAX", "7", tax.kind, "", basis, rate, tax.category)
        if is_total:
            self.amount("125", tax.taxable)
        self.amount("124", tax.amount)
        if tax.reason:
            self.leaves_out("reason of a tax", tax.reason)

    def schedule(self, deliveries: Iterable[ScheduleDocument], qualifier: str = "113") -> None:
        """LOC for what goes to a place, SCC for what comes at a time."""
        timed = []
        for delivery in deliveries:
            if not delivery.location:
                timed.append(delivery)
                continue
            agency = "9" if len(delivery.location) == 13 and delivery.location.isdigit() else "92"
            self.add("LOC", "7", [delivery.location, "", agency])
            self.quantity("11", delivery.quantity, delivery.unit)
            self.day("2", delivery.on)
        for delivery in timed:
            self.add("SCC", "1")
            self.quantity(qualifier, delivery.quantity, delivery.unit)
            self.day("2", delivery.on)


def _shown(value: object) -> str:
    """A record as a person may recognise it: its name or first value."""
    if isinstance(value, PartyDocument):
        return value.name or next((item.value for item in value.identifiers), "")
    return str(value)
