"""850 (ASC X12 003010 to 005010, VICS) into an OrderDocument.

The reader is lenient about order: a segment belongs to the line, party or sub-line that stands open. What has no place
in the document is kept in `extras`.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from edi.guides.elements import X12, X12_CODES, check_elements
from edi.mapping import codes
from edi.mapping.checks import check_order
from edi.mapping.drafts import AllowanceDraft, LineDraft, OrderDraft, PartyDraft
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count, parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import OrderDocument, Scheme

_ROLES = (("BY", "BS", "SO"), ("SU", "SE", "VN"), ("ST", "DA"), ("BT", "PR"))
_ISSUED = ("BEG", "004")
_TOTALS = ("TT", "1")
_SERVICE = frozenset({"ST", "SE"})
_PARTY_DETAIL = frozenset({"N2", "N3", "N4", "NX2", "PER", "REF"})


class PurchaseOrderReader:
    """Reads the segments of one 850 into a draft, and judges the elements it reads."""

    def __init__(self, findings: Findings, most_lines: int) -> None:
        self.findings = findings
        self.most_lines = most_lines
        self.order = OrderDraft()
        self.line: LineDraft | None = None
        self.party: PartyDraft | None = None
        self.subline = False
        self.summary = False
        self.header: Segment | None = None
        self._handlers: dict[str, Callable[[Segment], bool]] = {
            "BEG": self._beg,
            "CUR": self._cur,
            "REF": self._ref,
            "PER": self._per,
            "FOB": self._fob,
            "ITD": self._itd,
            "SAC": self._sac,
            "DTM": self._dtm,
            "N9": self._n9,
            "MSG": self._msg,
            "NTE": self._nte,
            "N1": self._n1,
            "N2": self._n2,
            "N3": self._n3,
            "N4": self._n4,
            "PO1": self._po1,
            "PID": self._pid,
            "SCH": self._sch,
            "SLN": self._sln,
            "CTT": self._ctt,
            "AMT": self._amt,
        }

    def read(self, segments: list[Segment]) -> OrderDocument:
        """The document of one transaction set; faults go into the findings."""
        self.header = segments[0]
        for segment in segments:
            tag = segment.tag
            if self.party and tag not in _PARTY_DETAIL:
                self.party = None
            handler = self._handlers.get(tag)
            if handler:
                check_elements(segment, X12, X12_CODES, self.findings)
            if not (handler and handler(segment)) and tag not in _SERVICE:
                self.order.keep(self._path(tag), segment.text)
        return self._finish()

    def _path(self, tag: str) -> str:
        return f"PO1 {self.line.number}/{tag}" if self.line else tag

    def _finish(self) -> OrderDocument:
        for line in self.order.lines:
            if line.quantity is None:
                text = f"Line {line.number} has no quantity (PO102)."
                self.findings.error("quantity-missing", text, line.at, syntax_error="AK403:1")
        order = self.order.freeze(issued=_ISSUED, delivery=codes.DELIVERY_374, roles=_ROLES, totals=_TOTALS)
        at = self.header.place if self.header else None
        check_order(order, self.findings, [line.at for line in self.order.lines], at, self.order.quantity_sum)
        return order

    # -- header ---------------------------------------------------------------------------------------------------

    def _beg(self, segment: Segment) -> bool:
        self.header = segment
        order, function = self.order, segment.whole(1)
        order.number = segment.whole(3)
        order.kind = codes.KIND_OF_BEG02.get(segment.whole(2), "other")
        if function and function not in codes.FUNCTION_OF_BEG01:
            text = f"BEG01 states purpose {function!r}, which is not known; the order is taken as an original."
            place = partial(segment.place, 1)
            self.findings.warning("unknown-function", text, place, value=function, syntax_error="AK403:7")
        order.function = codes.FUNCTION_OF_BEG01.get(function, "original")
        for element, word in ((4, "release"), (6, "contract")):
            if segment.whole(element):
                order.references.append((word, segment.whole(element)))
        issued = parse_x12_date(segment.whole(5))
        if issued:
            order.dates["BEG"] = issued
        return True

    def _cur(self, segment: Segment) -> bool:
        if self.line:
            return False
        self.order.currency = segment.whole(2).upper()
        return True

    def _ref(self, segment: Segment) -> bool:
        qualifier, value = segment.whole(1), segment.whole(2) or segment.whole(3)
        if self.party and not self.line:
            if qualifier in ("VX", "TX") and value:
                self.party.identify(value, Scheme.VAT, qualifier)
                return True
            return False
        if not value or self.subline or self.party:
            return False
        entry = (codes.REFERENCE_OF_X12.get(qualifier, qualifier), value)
        (self.line.references if self.line else self.order.references).append(entry)
        return True

    def _per(self, segment: Segment) -> bool:
        """Contact: PER02 name, then pairs of channel and number. Outside of an N1 loop it is the buyer's (BD, OC)."""
        if self.line:
            return False
        party = self.party or self.order.parties.setdefault("BY", PartyDraft("BY"))
        party.contact = party.contact or segment.whole(2)
        for element in range(3, len(segment.elements) - 1, 2):
            party.reach(segment.whole(element), segment.whole(element + 1))
        return True

    def _fob(self, segment: Segment) -> bool:
        terms = " ".join(filter(None, (segment.whole(5), segment.whole(3), segment.whole(7))))
        if self.line or not terms:
            return False
        self.order.terms.append(terms)
        return True

    def _itd(self, segment: Segment) -> bool:
        days = segment.whole(7)
        terms = segment.whole(12) or (f"Net {days} days" if days else "")
        if self.line or not terms:
            return False
        self.order.terms.append(terms)
        return True

    def _sac(self, segment: Segment) -> bool:
        """Allowance (A) or charge (C). SAC05 is an amount with two implied decimals (N2), SAC07 a percentage."""
        if segment.whole(1) not in ("A", "C") or self.subline:
            return False
        cents, percent = parse_decimal(segment.whole(5)), parse_decimal(segment.whole(7))
        allowance = AllowanceDraft(
            segment.whole(1) == "C",
            amount=cents.scaleb(-2) if cents is not None else None,
            percent=percent if segment.whole(6) else None,
            reason=segment.whole(15) or segment.whole(2),
        )
        (self.line.allowances if self.line else self.order.allowances).append(allowance)
        return True

    def _dtm(self, segment: Segment) -> bool:
        day = parse_x12_date(segment.whole(2))
        if day is None or self.subline:
            return False
        dates = self.line.dates if self.line else self.order.dates
        return dates.setdefault(segment.whole(1), day) == day

    def _n9(self, segment: Segment) -> bool:
        """A reference with text (N9 MSG): PO and letters (L1) only announce the text that follows."""
        qualifier, value = segment.whole(1), segment.whole(2)
        if qualifier in codes.REFERENCE_OF_X12 and value:
            entry = (codes.REFERENCE_OF_X12[qualifier], value)
            (self.line.references if self.line else self.order.references).append(entry)
            return True
        return False

    def _msg(self, segment: Segment) -> bool:
        notes = self.line.notes if self.line else self.order.notes
        if segment.whole(1):
            notes.append(segment.whole(1))
        return True

    def _nte(self, segment: Segment) -> bool:
        notes = self.line.notes if self.line else self.order.notes
        if segment.whole(2):
            notes.append(segment.whole(2))
        return True

    # -- parties --------------------------------------------------------------------------------------------------

    def _n1(self, segment: Segment) -> bool:
        role = segment.whole(1)
        self.party = PartyDraft(role, name=segment.whole(2))
        qualifier = segment.whole(3)
        scheme = codes.SCHEME_OF_X12.get(qualifier, Scheme.OTHER)
        self.party.identify(segment.whole(4), scheme, qualifier)
        if self.line:
            return False
        held = self.order.parties.get(role)
        if held and not held.name and not held.identifiers:  # a contact came before its party
            self.party.contact, self.party.email, self.party.phone = held.contact, held.email, held.phone
            held = None
        if not held:
            self.order.parties[role] = self.party
        return True

    def _n2(self, segment: Segment) -> bool:
        if not self.party:
            return False
        names = (self.party.name, segment.whole(1), segment.whole(2))
        self.party.name = " ".join(filter(None, names))
        return not self.line

    def _n3(self, segment: Segment) -> bool:
        if not self.party:
            return False
        lines = (self.party.street, segment.whole(1), segment.whole(2))
        self.party.street = ", ".join(filter(None, lines))
        return not self.line

    def _n4(self, segment: Segment) -> bool:
        if not self.party:
            return False
        party = self.party
        party.city, party.region = segment.whole(1), segment.whole(2)
        party.postcode, party.country = segment.whole(3), segment.whole(4).upper()
        return not self.line

    # -- lines ----------------------------------------------------------------------------------------------------

    def _po1(self, segment: Segment) -> bool:
        lines = self.order.lines
        self.subline = False
        if len(lines) >= self.most_lines:
            if len(lines) == self.most_lines:
                text = f"The order has more than {self.most_lines} lines; the rest was not read."
                self.findings.error("too-many-lines", text, segment.place, syntax_error="AK304:4")
            self.line = LineDraft("", segment.place, "")
            return False
        number = segment.whole(1) or str(len(lines) + 1)
        if not segment.whole(1):
            text = f"PO1 has no line number (PO101); {number} was given by position."
            self.findings.note("line-number-assigned", text, partial(segment.place, 1))
        line = self.line = LineDraft(number, segment.place, f"segment {segment.index}")
        lines.append(line)
        line.quantity = parse_decimal(segment.whole(2))
        line.unit = segment.whole(3)
        line.unit_price = parse_decimal(segment.whole(4))
        line.price_base = Decimal(codes.PRICE_BASE_639.get(segment.whole(5), 1))
        self._items(segment, line)
        return True

    @staticmethod
    def _items(segment: Segment, line: LineDraft) -> None:
        """PO106 to PO125: pairs of qualifier (235) and item number (234). A vendor's own part is often known to its
        partners by the manufacturer's number only; that one then stands in."""
        for element in range(6, len(segment.elements) - 1, 2):
            kind, value = segment.whole(element), segment.whole(element + 1)
            if not value:
                continue
            if kind in codes.GTIN_235 and not line.gtin:
                line.gtin = value
            elif kind in codes.SELLER_235 and not line.seller_sku:
                line.seller_sku = value
            elif kind in codes.BUYER_235 and not line.buyer_sku:
                line.buyer_sku = value
            else:
                line.references.append((kind, value))
        made = [value for kind, value in line.references if kind in codes.MANUFACTURER_235]
        if made and not line.seller_sku:
            line.seller_sku = made[0]

    def _pid(self, segment: Segment) -> bool:
        text = segment.whole(5)
        if not self.line or self.subline or not text:
            return False
        self.line.description = " ".join(filter(None, (self.line.description, text)))
        return True

    def _sch(self, segment: Segment) -> bool:
        """Schedule line: the first date counts for the line, the rest is kept as it is."""
        day = parse_x12_date(segment.whole(6))
        if self.line and day:
            self.line.dates.setdefault(segment.whole(5), day)
        return False

    def _sln(self, segment: Segment) -> bool:
        self.subline = True
        return False

    # -- summary --------------------------------------------------------------------------------------------------

    def _ctt(self, segment: Segment) -> bool:
        self.summary, self.line, self.subline = True, None, False
        self.order.line_count = parse_count(segment.whole(1))
        self.order.quantity_sum = parse_decimal(segment.whole(2))
        return True

    def _amt(self, segment: Segment) -> bool:
        code, amount = segment.whole(1), parse_decimal(segment.whole(2))
        if amount is None or self.subline:
            return False
        if self.line:
            if code != "1":
                return False
            self.line.stated_amount = amount
            return True
        self.order.totals.setdefault(code, amount)
        return code in _TOTALS
