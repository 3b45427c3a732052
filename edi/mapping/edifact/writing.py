"""Documents into ORDERS and ORDRSP, UN/EDIFACT D.96A or D.01B (EANCOM subsets EAN008 and EAN010)."""

from decimal import Decimal

from edi.mapping import codes
from edi.mapping.model import Envelope, PartyRef
from edi.mapping.texts import chunks, fragments
from edi.syntax.numbers import plain
from edi.syntax.writers import EdifactWriter
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

# 1225 message function and 4343 response type of an ORDRSP; 1229 action of its lines.
_RESPONSE = {"accepted": ("29", "AP"), "accepted_with_changes": ("4", "AC"), "rejected": ("27", "RE")}
_ACTION = {LineAnswer.ACCEPTED: "5", LineAnswer.CHANGED: "3", LineAnswer.REJECTED: "7", LineAnswer.BACKORDERED: "3"}


def unb(envelope: Envelope, application: str, *, version: str = "3") -> list[str | list[str]]:
    """The elements of UNB (S001 … 0035) for `envelope`."""
    century = "%Y%m%d" if version == "4" else "%y%m%d"
    return [
        [envelope.charset, version],
        party_ref(envelope.sender),
        party_ref(envelope.receiver),
        [envelope.prepared_at.strftime(century), envelope.prepared_at.strftime("%H%M")],
        envelope.control_number,
        "",
        application,
        "",
        "1" if envelope.ack_requested else "",
        "",
        "1" if envelope.test else "",
    ]


def party_ref(party: PartyRef) -> list[str]:
    """S002 / S003: identification, qualifier, internal routing."""
    return [party.id, party.qualifier, party.routing]


def write_orders(order: OrderDocument, envelope: Envelope) -> bytes:
    """`order` as an interchange with one ORDERS message."""
    writer = _Writer(envelope)
    return writer.orders(order)


def write_ordrsp(response: OrderResponseDocument, envelope: Envelope) -> bytes:
    """`response` as an interchange with one ORDRSP message."""
    writer = _Writer(envelope)
    return writer.ordrsp(response)


class _Writer:
    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.out = EdifactWriter(envelope.charset)
        self.is_01b = "01B" in envelope.version

    def orders(self, order: OrderDocument) -> bytes:
        add = self.out.segment
        self._open("ORDERS")
        add("BGM", codes.CODE_1001.get(order.kind, "220"), order.number, codes.CODE_1225.get(order.function, "9"))
        self._date("137", order.issued_on)
        self._date("2", order.delivery_date)
        for note in order.notes:
            self._text(note)
        self._references(order.references)
        self._parties(order)
        if order.currency:
            add("CUX", ["2", order.currency, "9"])
        if order.terms:
            add("TOD", "6", "", ["", "", "", *fragments(order.terms, 2)])
        for allowance in order.allowances:
            self._allowance(allowance)
        for line in order.lines:
            self._line(line)
        add("UNS", "S")
        if order.stated_total is not None:
            add("MOA", ["86", plain(order.stated_total)])
        add("CNT", ["2", str(len(order.lines))])
        return self._close("ORDERS")

    def ordrsp(self, response: OrderResponseDocument) -> bytes:
        add, order = self.out.segment, response.order
        function, kind = _RESPONSE[response.answer]
        self._open("ORDRSP")
        add("BGM", "231", response.number, function, kind)
        self._date("137", response.issued_on)
        if response.note:
            self._text(response.note)
        add("RFF", ["ON", order.number])
        if response.seller_order_number:
            add("RFF", ["VN", response.seller_order_number])
        self._parties(order)
        if order.currency:
            add("CUX", ["2", order.currency, "9"])
        for line in response.lines:
            self._response_line(line, order.number)
        add("UNS", "S")
        add("CNT", ["2", str(len(response.lines))])
        return self._close("ORDRSP")

    def _open(self, kind: str) -> None:
        directory = ["D", "01B", "UN", "EAN010"] if self.is_01b else ["D", "96A", "UN", "EAN008"]
        self.out.open_message(self.envelope.message_reference, [kind, *directory])

    def _close(self, kind: str) -> bytes:
        self.out.close_message()
        return self.out.interchange(unb(self.envelope, kind), self.envelope.control_number)

    def _date(self, qualifier: str, day: object) -> None:
        if day is not None:
            self.out.segment("DTM", [qualifier, f"{day:%Y%m%d}", "102"])

    def _text(self, text: str) -> None:
        for line in chunks(text, 340):
            self.out.segment("FTX", "AAI", "", "", chunks(line, 70)[:5])

    def _references(self, references: tuple[tuple[str, str], ...]) -> None:
        for kind, value in references:
            self.out.segment("RFF", [_reference_code(kind), value])

    def _parties(self, order: OrderDocument) -> None:
        roles = (("BY", order.buyer), ("SU", order.seller), ("DP", order.ship_to), ("IV", order.bill_to))
        for role, party in roles:
            if party and (party.identifiers or party.name):
                self._party(role, party)

    def _party(self, role: str, party: PartyDocument) -> None:
        numbers = [i for i in party.identifiers if i.scheme is not Scheme.VAT]
        main = numbers[0] if numbers else None
        agency = codes.AGENCY_OF_SCHEME.get(main.scheme, "") if main else ""
        self.out.segment(
            "NAD",
            role,
            [main.value, "", agency] if main else "",
            "",
            fragments(party.name),
            fragments(party.street, 4),
            party.city,
            party.region,
            party.postcode,
            party.country,
        )
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.VAT:
                self.out.segment("RFF", ["VA", identifier.value])
        if party.contact or party.phone or party.email:
            self.out.segment("CTA", "OC", ["", party.contact])
        for value, channel in ((party.phone, "TE"), (party.email, "EM")):
            if value:
                self.out.segment("COM", [value, channel])

    def _allowance(self, allowance: AllowanceDocument) -> None:
        reason = ["", "", "", *fragments(allowance.reason, 2)] if allowance.reason else ""
        self.out.segment("ALC", "C" if allowance.charge else "A", "", "", "", reason)
        if allowance.percent is not None:
            self.out.segment("PCD", ["1" if not allowance.charge else "2", plain(allowance.percent)])
        if allowance.amount is not None:
            self.out.segment("MOA", ["8", plain(allowance.amount)])

    def _line(self, line: OrderLineDocument) -> None:
        self._item(line, "")
        self.out.segment("QTY", ["21", plain(line.quantity), line.unit])
        self._date("2", line.delivery_date)
        if line.stated_amount is not None:
            self.out.segment("MOA", ["203", plain(line.stated_amount)])
        if line.note:
            self._text(line.note)
        self._price(line.unit_price, line)
        self._references(line.references)
        for allowance in line.allowances:
            self._allowance(allowance)

    def _item(self, line: OrderLineDocument, action: str) -> None:
        gtin = [line.gtin, "SRV" if self.is_01b else "EN"] if line.gtin else ""
        self.out.segment("LIN", line.number, action, gtin)
        numbers = [[line.seller_sku, "SA"]] if line.seller_sku else []
        numbers += [[line.buyer_sku, "IN"]] if line.buyer_sku else []
        if numbers:
            self.out.segment("PIA", "1" if line.gtin else "5", *numbers)
        pieces = fragments(line.description, 20)
        for start in range(0, len(pieces), 2):
            self.out.segment("IMD", "F", "", ["", "", "", *pieces[start : start + 2]])

    def _price(self, price: Decimal | None, line: OrderLineDocument) -> None:
        if price is not None:
            base = plain(line.price_base) if line.price_base != 1 else ""
            self.out.segment("PRI", ["AAA", plain(price), "", "", base, line.unit if base else ""])

    def _response_line(self, line: ResponseLineDocument, order_number: str) -> None:
        """QTY 21 repeats what was ordered, 113 is what will be delivered, 83 what is on back order."""
        ordered = line.ordered
        self._item(ordered, _ACTION[line.answer])
        self.out.segment("QTY", ["21", plain(ordered.quantity), ordered.unit])
        if line.answer is not LineAnswer.REJECTED:
            self.out.segment("QTY", ["113", plain(line.quantity), ordered.unit])
        if line.answer is LineAnswer.BACKORDERED:
            missing = ordered.quantity - line.quantity
            self.out.segment("QTY", ["83", plain(missing if missing > 0 else ordered.quantity), ordered.unit])
        self._date("67", line.delivery_date)
        if line.reason:
            self._text(line.reason)
        self._price(line.unit_price if line.unit_price is not None else ordered.unit_price, ordered)
        self.out.segment("RFF", ["ON", order_number, ordered.number])


def _reference_code(kind: str) -> str:
    """1153 for our word; a deal travels as promotion deal number (PD), a sender's own qualifier as it is."""
    if kind == "deal":
        return "PD"
    code = codes.REFERENCE_EDIFACT.get(kind, kind)
    return code if len(code) <= 3 and code.isalnum() and code.isupper() else "ZZZ"
