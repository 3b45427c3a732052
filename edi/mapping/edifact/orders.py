"""ORDERS (UN/EDIFACT D.93A to D.11A) into an OrderDocument.

The reader is lenient about order: a segment belongs to the line, party or allowance that stands open, wherever the
directory would have wanted it. What has no place in the document is kept in `extras`.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from edi.guides.elements import EDIFACT, EDIFACT_CODES, check_elements
from edi.mapping import codes
from edi.mapping.checks import check_order
from edi.mapping.drafts import AllowanceDraft, LineDraft, OrderDraft, PartyDraft, join_fragments
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count, parse_decimal, parse_edifact_date
from edi.syntax.segments import Segment
from orders.documents import OrderDocument, Scheme

_ROLES = (("BY", "OB", "IN"), ("SU", "SE", "VN", "SR"), ("DP", "ST", "CN", "UC"), ("IV", "II", "PR"))
_ISSUED = ("137", "4", "3")
_TOTALS = ("86", "79", "128", "9")
# Segments that open a group of their own; what follows belongs to it until the next of these.
_TRIGGERS = frozenset(
    {"RFF", "NAD", "DOC", "CTA", "TAX", "CUX", "PAT", "TDT", "LOC", "TOD", "PAC", "PCI", "EQD", "SCC"}
    | {"APR", "ALC", "RCS", "LIN", "CCI", "PRI", "STG", "UNS", "DGS", "PYT"}
)
_SERVICE = frozenset({"UNH", "UNT", "UNS", "BGM"})
_QUANTITIES = ("21", "1", "192", "113")  # 6063, by preference: ordered, discrete, free, to be delivered
_PRICES = ("AAA", "NTP", "AAB", "GRP", "INV", "AAE", "INF")  # 5125, by preference: net before gross


class OrdersReader:
    """Reads the segments of one ORDERS message into a draft, and judges the elements it reads."""

    def __init__(self, findings: Findings, most_lines: int) -> None:
        self.findings = findings
        self.most_lines = most_lines
        self.order = OrderDraft()
        self.line: LineDraft | None = None
        self.party: PartyDraft | None = None
        self.allowance: AllowanceDraft | None = None
        self.context = ""
        self.summary = False
        self.header: Segment | None = None
        self._handlers: dict[str, Callable[[Segment], bool]] = {
            "BGM": self._bgm,
            "DTM": self._dtm,
            "RFF": self._rff,
            "NAD": self._nad,
            "CTA": self._cta,
            "COM": self._com,
            "CUX": self._cux,
            "TOD": self._tod,
            "FTX": self._ftx,
            "ALC": self._alc,
            "PCD": self._pcd,
            "MOA": self._moa,
            "LIN": self._lin,
            "PIA": self._pia,
            "IMD": self._imd,
            "QTY": self._qty,
            "PRI": self._pri,
            "UNS": self._uns,
            "CNT": self._cnt,
        }

    def read(self, segments: list[Segment]) -> OrderDocument:
        """The document of one message; faults go into the findings."""
        self.header = segments[0]
        for segment in segments:
            tag = segment.tag
            if tag in _TRIGGERS:
                self._open(tag)
            handler = self._handlers.get(tag)
            if handler:
                check_elements(segment, EDIFACT, EDIFACT_CODES, self.findings)
            if not (handler and handler(segment)) and tag not in _SERVICE:
                self.order.keep(self._path(tag), segment.text)
        return self._finish()

    def _open(self, tag: str) -> None:
        """A new group begins: close the allowance and, unless the segment details it, the party."""
        self.context = tag
        if tag != "TAX":
            self.allowance = None
        if tag not in ("RFF", "CTA", "DOC", "LOC"):
            self.party = None

    def _path(self, tag: str) -> str:
        return f"LIN {self.line.number}/{tag}" if self.line else tag

    def _finish(self) -> OrderDocument:
        at = self.header.place if self.header else None
        for line in self.order.lines:
            if line.quantity is None and line.split is None:
                text = f"Line {line.number} has no quantity (QTY)."
                self.findings.error("quantity-missing", text, line.at, syntax_error="13")
        order = self.order.freeze(issued=_ISSUED, delivery=codes.DELIVERY_2005, roles=_ROLES, totals=_TOTALS)
        check_order(order, self.findings, [line.at for line in self.order.lines], at, self.order.quantity_sum)
        return order

    # -- header ---------------------------------------------------------------------------------------------------

    def _bgm(self, segment: Segment) -> bool:
        self.header = segment
        order = self.order
        order.number = segment.get(2, 1)
        order.kind = codes.KIND_OF_1001.get(segment.get(1, 1), "other")
        function = segment.get(3)
        if function not in codes.FUNCTION_OF_1225:
            text = f"BGM states message function {function!r}, which is not known; the order is taken as an original."
            self.findings.warning(
                "unknown-function", text, partial(segment.place, 3), value=function, syntax_error="12"
            )
        order.function = codes.FUNCTION_OF_1225.get(function, "original")
        return True

    def _dtm(self, segment: Segment) -> bool:
        qualifier, value, form = segment.get(1, 1), segment.get(1, 2), segment.get(1, 3)
        if self.context in ("RFF", "PAC", "PCI", "TAX", "ALC", "PAT", "PRI", "DOC", "RCS") or not value:
            return False
        if not form:
            text = f"DTM {qualifier} does not state how its date is written (2379); CCYYMMDD was assumed."
            self.findings.warning("missing-element", text, partial(segment.place, 1, 3), syntax_error="13")
        day = parse_edifact_date(value, form)
        if day is None:
            if form in ("", "101", "102", "203", "204"):
                text = f"DTM {qualifier} is not a date of format {form or '102'}: {value[:40]!r}."
                self.findings.error("invalid-date", text, partial(segment.place, 1, 2), value=value, syntax_error="37")
            return False
        dates = self.line.dates if self.line and not self.summary else self.order.dates
        return dates.setdefault(qualifier, day) == day

    def _rff(self, segment: Segment) -> bool:
        qualifier, value = segment.get(1, 1), segment.get(1, 2)
        if not value:
            return True
        if self.party and qualifier not in codes.REFERENCE_OF_EDIFACT:
            if qualifier in ("VA", "AHP", "FC"):
                self.party.identify(value, Scheme.VAT, qualifier)
                return True
            return False
        entry = (codes.REFERENCE_OF_EDIFACT.get(qualifier, qualifier), value)
        (self.line.references if self.line else self.order.references).append(entry)
        return True

    def _nad(self, segment: Segment) -> bool:
        role = segment.get(1)
        if self.line:
            return False
        party = PartyDraft(role)
        agency = segment.get(2, 3)
        scheme = codes.SCHEME_OF_AGENCY.get(agency, Scheme.OTHER)
        party.identify(segment.get(2, 1), scheme, agency)
        party.name = join_fragments(segment.components(4)) or join_fragments(segment.components(3))
        party.street = ", ".join(filter(None, segment.components(5)))
        party.city = segment.get(6)
        party.region = segment.get(7)
        party.postcode = segment.get(8)
        party.country = segment.get(9).upper()
        self.order.parties.setdefault(role, party)
        self.party = party
        return True

    def _cta(self, segment: Segment) -> bool:
        if not self.party:
            return False
        self.party.contact = self.party.contact or segment.get(2, 2) or segment.get(2, 1)
        return True

    def _com(self, segment: Segment) -> bool:
        if not self.party:
            return False
        for element in range(1, len(segment.elements)):
            self.party.reach(segment.get(element, 2), segment.get(element, 1))
        return True

    def _cux(self, segment: Segment) -> bool:
        if self.line:
            return False
        usage, currency = segment.get(1, 1), segment.get(1, 2)
        if currency and (usage in ("2", "4") or not self.order.currency):
            self.order.currency = currency.upper()
        return True

    def _tod(self, segment: Segment) -> bool:
        terms = " ".join(filter(None, (segment.get(3, 1), *segment.components(3)[3:])))
        if self.line or not terms:
            return False
        self.order.terms.append(terms)
        return True

    def _ftx(self, segment: Segment) -> bool:
        text = " ".join(filter(None, segment.components(4)))
        if not text:
            return False
        notes = self.line.notes if self.line else self.order.notes
        notes.append(text)
        return True

    # -- allowances and amounts -----------------------------------------------------------------------------------

    def _alc(self, segment: Segment) -> bool:
        if segment.get(1) not in ("A", "C"):
            return False
        reason = " ".join(filter(None, segment.components(5)[3:])) or segment.get(5, 1)
        self.allowance = AllowanceDraft(segment.get(1) == "C", reason=reason)
        owner = self.line.allowances if self.line and not self.summary else self.order.allowances
        owner.append(self.allowance)
        return True

    def _pcd(self, segment: Segment) -> bool:
        percent = parse_decimal(segment.get(1, 2))
        if not self.allowance or percent is None:
            return False
        self.allowance.percent = percent
        return True

    def _moa(self, segment: Segment) -> bool:
        qualifier, amount = segment.get(1, 1), parse_decimal(segment.get(1, 2))
        if amount is None:
            return False
        if self.allowance and self.context == "ALC":
            if qualifier in ("8", "23", "204"):
                self.allowance.amount = amount
                return True
            return False
        if self.context in ("TAX", "PAT"):
            return False
        if self.line and not self.summary:
            if qualifier not in ("203", "38") or self.line.stated_amount is not None:
                return False
            self.line.stated_amount = amount
            return True
        self.order.totals.setdefault(qualifier, amount)
        return qualifier in _TOTALS

    # -- lines ----------------------------------------------------------------------------------------------------

    def _lin(self, segment: Segment) -> bool:
        lines = self.order.lines
        if len(lines) >= self.most_lines:
            if len(lines) == self.most_lines:
                text = f"The order has more than {self.most_lines} lines; the rest was not read."
                self.findings.error("too-many-lines", text, segment.place, syntax_error="36")
            self.line = LineDraft("", segment.place, "")
            return False
        number = segment.get(1)
        if not number:
            number = str(len(lines) + 1)
            text = f"LIN has no line number; {number} was given by position."
            self.findings.note("line-number-assigned", text, partial(segment.place, 1))
        self.line = LineDraft(number, segment.place, f"segment {segment.index}")
        lines.append(self.line)
        self._item(segment.get(3, 1), segment.get(3, 2))
        return True

    def _item(self, value: str, kind: str) -> None:
        line = self.line
        if not line or not value:
            return
        if kind in codes.GTIN_7143:
            line.gtin = line.gtin or value
        elif kind in codes.BUYER_7143:
            line.buyer_sku = line.buyer_sku or value
        elif kind in codes.SELLER_7143 or not kind:
            line.seller_sku = line.seller_sku or value
        else:
            line.references.append((kind, value))

    def _pia(self, segment: Segment) -> bool:
        if not self.line:
            return False
        for element in range(2, len(segment.elements)):
            self._item(segment.get(element, 1), segment.get(element, 2))
        return True

    def _imd(self, segment: Segment) -> bool:
        text = join_fragments(segment.components(3)[3:])
        if not self.line or not text:
            return False
        is_free = segment.get(1) in ("F", "E", "B", "")
        if is_free:
            self.line.description = " ".join(filter(None, (self.line.description, text)))
        return is_free

    def _qty(self, segment: Segment) -> bool:
        qualifier, quantity, unit = segment.get(1, 1), parse_decimal(segment.get(1, 2)), segment.get(1, 3)
        line = self.line
        if not line or quantity is None or self.summary:
            return False
        if self.context in ("SCC", "LOC"):
            line.split = (line.split or Decimal(0)) + quantity
            line.unit = line.unit or unit
            return False
        if self.context in ("ALC", "PAC") or qualifier not in _QUANTITIES:
            return False
        if line.quantity is not None and qualifier != "21":
            return False
        line.quantity = quantity
        line.unit = unit or line.unit
        return True

    def _pri(self, segment: Segment) -> bool:
        line, kind, price = self.line, segment.get(1, 1), parse_decimal(segment.get(1, 2))
        if not line or price is None:
            return False
        rank = _PRICES.index(kind) if kind in _PRICES else len(_PRICES)
        held = _PRICES.index(line.price_kind) if line.price_kind in _PRICES else len(_PRICES)
        if line.unit_price is not None and rank >= held:
            return False
        line.unit_price, line.price_kind = price, kind
        base = parse_decimal(segment.get(1, 5))
        line.price_base = base if base and base > 0 else Decimal(1)
        return True

    # -- summary --------------------------------------------------------------------------------------------------

    def _uns(self, segment: Segment) -> bool:
        if segment.get(1) == "S":
            self.summary = True
            self.line = None
        return True

    def _cnt(self, segment: Segment) -> bool:
        kind, value = segment.get(1, 1), segment.get(1, 2)
        if kind == "2":
            self.order.line_count = parse_count(value)
            if self.order.line_count is None:
                text = f"CNT 2 must be a whole number of lines, but is {value[:40]!r}."
                self.findings.error(
                    "invalid-number", text, partial(segment.place, 1, 2), value=value, syntax_error="37"
                )
        elif kind == "1":
            self.order.quantity_sum = parse_decimal(value)
        return kind in ("1", "2")
