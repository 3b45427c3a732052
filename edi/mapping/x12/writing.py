"""Documents into 850 and 855, ASC X12 004010."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from edi.mapping import codes
from edi.mapping.model import Envelope, PartyRef
from edi.mapping.texts import chunks
from edi.syntax.numbers import plain
from edi.syntax.writers import X12Writer
from orders.documents import (
    AllowanceDocument,
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
    Scheme,
)

VERSION = "004010"
_BAK02 = {"accepted": "AD", "accepted_with_changes": "AC", "rejected": "RD"}


def isa(envelope: Envelope, *, version: str = "00401") -> list[str]:
    """Elements ISA01 to ISA15, each padded to its fixed width. Control numbers are the last nine digits."""

    def party(ref: PartyRef) -> tuple[str, str]:
        qualifier = ref.qualifier if len(ref.qualifier) == 2 else "ZZ"
        return qualifier, ref.id[:15].ljust(15)

    return [
        "00",
        " " * 10,
        "00",
        " " * 10,
        *party(envelope.sender),
        *party(envelope.receiver),
        envelope.prepared_at.strftime("%y%m%d"),
        envelope.prepared_at.strftime("%H%M"),
        "U" if version < "00402" else "^",
        version,
        control(envelope.control_number),
        "1" if envelope.ack_requested else "0",
        "T" if envelope.test else "P",
    ]


def control(number: str) -> str:
    """A control number as ISA13 wants it: nine digits."""
    digits = "".join(char for char in number if char.isascii() and char.isdigit())
    return digits[-9:].rjust(9, "0")


def write_850(order: OrderDocument, envelope: Envelope) -> bytes:
    """`order` as an interchange with one 850."""
    return _Writer(envelope).purchase_order(order)


def write_855(response: OrderResponseDocument, envelope: Envelope) -> bytes:
    """`response` as an interchange with one 855."""
    return _Writer(envelope).acknowledgement(response)


class _Writer:
    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.out = X12Writer()

    def _open(self, group: str, kind: str) -> None:
        envelope = self.envelope
        parties = (envelope.sender.id, envelope.receiver.id)
        reference = str(int(control(envelope.control_number)))
        self.out.open_group(group, parties, envelope.prepared_at, reference, VERSION)
        self.out.open_set(kind, envelope.message_reference.rjust(4, "0"))

    def _close(self) -> bytes:
        self.out.close_set()
        self.out.close_group()
        return self.out.interchange(isa(self.envelope), control(self.envelope.control_number))

    def purchase_order(self, order: OrderDocument) -> bytes:
        add = self.out.segment
        self._open("PO", "850")
        issued = order.issued_on or self.envelope.prepared_at.date()
        purpose, kind = codes.BEG01_OF_FUNCTION.get(order.function, "00"), codes.BEG02_OF_KIND.get(order.kind, "SA")
        release = next((value for word, value in order.references if word == "release"), "")
        add("BEG", purpose, kind, order.number, release, _day(issued))
        if order.currency:
            add("CUR", "BY", order.currency)
        for word, value in order.references:
            if word != "release":
                add("REF", _reference_code(word), value)
        for allowance in order.allowances:
            self._allowance(allowance)
        if order.terms:
            add("ITD", *[""] * 11, order.terms[:80])
        self._delivery_date("002", order.delivery_date)
        self._notes(order.notes)
        roles = (("BY", order.buyer), ("SU", order.seller), ("ST", order.ship_to), ("BT", order.bill_to))
        for role, party in roles:
            if party:
                self._party(role, party)
        for line in order.lines:
            self._line(line)
        add("CTT", str(len(order.lines)))
        if order.stated_total is not None:
            add("AMT", "TT", plain(order.stated_total))
        return self._close()

    def acknowledgement(self, response: OrderResponseDocument) -> bytes:
        add, order = self.out.segment, response.order
        self._open("PR", "855")
        issued_on = response.issued_on or self.envelope.prepared_at.date()
        ordered_on = order.issued_on or issued_on
        number = response.seller_order_number
        day = _day(issued_on)
        add("BAK", "00", _BAK02[response.answer], order.number, _day(ordered_on), "", "", "", number, day)
        if order.currency:
            add("CUR", "SE", order.currency)
        add("REF", "ACK", response.number)
        if response.note:
            self._notes((response.note,))
        for role, party in (("BY", order.buyer), ("SE", order.seller), ("ST", order.ship_to)):
            if party:
                self._party(role, party)
        for line in response.lines:
            self._response_line(line)
        add("CTT", str(len(response.lines)))
        return self._close()

    def _delivery_date(self, qualifier: str, day: date | None) -> None:
        if day:
            self.out.segment("DTM", qualifier, _day(day))

    def _notes(self, notes: tuple[str, ...]) -> None:
        if notes:
            self.out.segment("N9", "L1", "NOTES")
        for note in notes:
            for text in chunks(note, 264):
                self.out.segment("MSG", text)

    def _party(self, role: str, party: PartyDocument) -> None:
        if not party.identifiers and not party.name:
            return
        numbers = [i for i in party.identifiers if i.scheme is not Scheme.VAT]
        main = numbers[0] if numbers else None
        qualifier = codes.X12_OF_SCHEME.get(main.scheme, "ZZ") if main else ""
        add = self.out.segment
        add("N1", role, party.name[:60], qualifier, main.value if main else "")
        if party.street:
            add("N3", *chunks(party.street, 55)[:2])
        if party.city or party.postcode or party.country or party.region:
            add("N4", party.city, party.region, party.postcode, party.country)
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.VAT:
                add("REF", "VX", identifier.value)
        if party.contact or party.phone or party.email:
            reach = [pair for pair in (("TE", party.phone), ("EM", party.email)) if pair[1]]
            add("PER", "OC", party.contact, *(item for pair in reach for item in pair))

    def _allowance(self, allowance: AllowanceDocument) -> None:
        cents = ""
        if allowance.amount is not None:  # SAC05 has two implied decimals
            cents = str(int((allowance.amount * 100).to_integral_value(ROUND_HALF_UP)))
        percent = plain(allowance.percent) if allowance.percent is not None else ""
        kind = "C" if allowance.charge else "A"
        code = "G830" if allowance.charge else "C310"  # shipping and handling; discount
        head = (kind, code, "", "", cents, "3" if percent else "", percent)
        self.out.segment("SAC", *head, "", "", "", "", "06", "", "", allowance.reason[:80])

    def _line(self, line: OrderLineDocument) -> None:
        self._po1(line, line.unit_price)
        for text in chunks(line.description, 80):
            self.out.segment("PID", "F", "", "", "", text)
        for word, value in line.references:
            self.out.segment("REF", _reference_code(word), value)
        for allowance in line.allowances:
            self._allowance(allowance)
        self._delivery_date("002", line.delivery_date)
        self._notes((line.note,) if line.note else ())
        if line.stated_amount is not None:
            self.out.segment("AMT", "1", plain(line.stated_amount))

    def _po1(self, line: OrderLineDocument, price: Decimal | None) -> None:
        base = next((code for code, units in codes.PRICE_BASE_639.items() if units == line.price_base), "")
        if price is not None and line.price_base != 1 and not base:
            price = round(price / line.price_base, 10)  # X12 has codes for 10, 100 and 1000 units only
        pairs = [
            (_gtin_qualifier(line.gtin), line.gtin),
            ("VN", line.seller_sku),
            ("BP", line.buyer_sku),
        ]
        items = [item for pair in pairs if pair[1] for item in pair]
        unit = codes.X12_UNIT.get(line.unit, line.unit)
        amount = plain(price) if price is not None else ""
        self.out.segment("PO1", line.number, plain(line.quantity), unit, amount, base, *items)

    def _response_line(self, line: ResponseLineDocument) -> None:
        ordered = line.ordered
        price = line.unit_price if line.unit_price is not None else ordered.unit_price
        self._po1(ordered, price)
        for text in chunks(ordered.description, 80):
            self.out.segment("PID", "F", "", "", "", text)
        unit = codes.X12_UNIT.get(ordered.unit, ordered.unit)
        quantity = Decimal(0) if line.answer is LineAnswer.REJECTED else line.quantity
        date_pair = ("067", _day(line.delivery_date)) if line.delivery_date else ("", "")
        self.out.segment("ACK", _ack01(line), plain(quantity), unit, *date_pair)
        self._notes((line.reason,) if line.reason else ())


def _ack01(line: ResponseLineDocument) -> str:
    """Line item status (668): one code when one thing changed, IC when several did."""
    fixed = {LineAnswer.ACCEPTED: "IA", LineAnswer.REJECTED: "IR", LineAnswer.BACKORDERED: "IB"}
    if line.answer in fixed:
        return fixed[line.answer]
    ordered = line.ordered
    changes = [
        code
        for code, changed in (
            ("IQ", line.quantity != ordered.quantity),
            ("IP", line.unit_price is not None and line.unit_price != ordered.unit_price),
            ("DR", line.delivery_date is not None and line.delivery_date != ordered.delivery_date),
        )
        if changed
    ]
    return changes[0] if len(changes) == 1 else "IC"


def _gtin_qualifier(gtin: str) -> str:
    return {12: "UP", 13: "EN", 14: "UK", 8: "EO"}.get(len(gtin), "EN")


def _reference_code(kind: str) -> str:
    """128 for our word; a deal travels as promotion/deal number (PD), a sender's own qualifier as it is."""
    if kind == "deal":
        return "PD"
    code = codes.REFERENCE_X12.get(kind, kind)
    return code if 2 <= len(code) <= 3 and code.isalnum() and code.isupper() else "ZZ"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
