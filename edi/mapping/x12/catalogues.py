"""832, price or sales catalog, into a CatalogueDocument."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.x12 import tables
from edi.mapping.x12.items import description, item_numbers, subline, values_of
from edi.mapping.x12.orders import joined
from edi.mapping.x12.parts import PARTS
from edi.mapping.x12.parts import date as dated
from edi.mapping.x12.setreader import SetReader
from edi.mapping.x12.stocks import settle_texts
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_count, parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import CatalogueDocument, CatalogueLineDocument, PriceDocument

_DAYS = {"DA": 1, "DW": 1, "WK": 7, "MO": 30}


class CatalogueReader(SetReader):
    """Reads one 832. `price` holds the values of the CTP that stands open: a DTM after it says when it is valid."""

    speaker: ClassVar = "seller"
    roles: ClassVar = {
        "BY": ("buyer", 0),
        "BG": ("buyer", 1),
        "SE": ("seller", 0),
        "SU": ("seller", 1),
        "VN": ("seller", 2),
        "MF": ("seller", 3),
    }
    dates: ClassVar = {
        "097": ("issued_on", 0),
        "092": ("valid_from", 0),
        "007": ("valid_from", 1),
        "152": ("valid_from", 2),
        "093": ("valid_until", 0),
        "036": ("valid_until", 1),
    }
    line_dates: ClassVar = {
        "007": ("available_from", 0),
        "131": ("available_from", 1),
        "036": ("available_until", 0),
        "177": ("available_until", 1),
    }
    references: ClassVar = {"TN": "number"}
    resumes: ClassVar = frozenset({"LIN", "CTT", "SE"})

    def __init__(self, findings: Findings, limits: Limits) -> None:
        super().__init__(findings, limits)
        self.price: dict[str, Any] | None = None
        self.priced = self.head

    def document(self) -> CatalogueDocument:
        """The catalogue."""
        self._close_price()
        lines = []
        for draft in self.lines:
            settle_texts(draft)
            lines.append(draft.freeze(CatalogueLineDocument))
        joined(self.head)
        return self.head.freeze(CatalogueDocument, lines=tuple(lines))

    def _close_price(self) -> None:
        if self.price is not None:
            self.priced.add("prices", PriceDocument(**self.price))
            self.price = None

    def _bct(self, segment: Segment) -> bool:
        self.text("number", segment, 2)
        self.refer("version", segment, 3)
        self.refer("revision", segment, 4)
        if segment.whole(10):
            self.head.set("function", tables.FUNCTION_OF_353.get(segment.whole(10), "original"), segment, 10)
        return segment.whole(1) in ("", "PC")

    def _lin(self, segment: Segment) -> bool:
        self._close_price()
        item_numbers(self.open_line(segment, segment.whole(1)), segment, values_of(segment), 2)
        return True

    def _g53(self, segment: Segment) -> bool:
        action = tables.ACTION_OF_875.get(segment.whole(1))
        return self.in_line and action is not None and self.here.set("action", action, segment, 1)

    def _ctp(self, segment: Segment) -> bool:
        """CTP: kind (236), price, from which quantity on, unit. DTM 007 and 036 after it are its validity."""
        amount = parse_decimal(segment.whole(3))
        if not self.in_line or amount is None:
            return False
        self._close_price()
        self.priced = self.here
        kind, unit = segment.whole(2), segment.get(5)
        base = codes.PRICE_BASE_639.get(segment.whole(9), 1)
        self.price = {
            "amount": amount,
            "kind": tables.PRICE_OF_236.get(kind, kind or "net"),
            "base": Decimal(base),
            "unit": self.unit(unit, segment, 5) if unit else "",
            "from_quantity": parse_decimal(segment.whole(4)),
        }
        self.here.mark("prices", segment, 3)
        return not segment.whole(1)

    def _dtm(self, segment: Segment) -> bool:
        day: date | None = parse_x12_date(segment.whole(2))
        name = {"007": "valid_from", "036": "valid_until"}.get(segment.whole(1))
        if self.price is not None and self.priced is self.here and day and name and name not in self.price:
            self.price[name] = day
            self.priced.mark("prices", segment, 2)
            return True
        return dated(self, segment)

    def _po4(self, segment: Segment) -> bool:
        """PO4: how many inner units a pack holds; sizes and weights are kept as they are."""
        return self.in_line and self.number("pack_quantity", segment, 1) and len(segment.elements) == 2

    def _ctb(self, segment: Segment) -> bool:
        """CTB: 57 is the smallest quantity that can be ordered."""
        return self.in_line and segment.whole(3) == "57" and self.number("minimum", segment, 4)

    def _ldt(self, segment: Segment) -> bool:
        days, unit = parse_count(segment.whole(2)), _DAYS.get(segment.whole(3))
        if not self.in_line or days is None or unit is None or days > 10_000:
            return False
        return self.here.set("lead_days", days * unit, segment, 2)

    handlers: ClassVar[Any] = PARTS | {
        "BCT": _bct,
        "LIN": _lin,
        "G53": _g53,
        "CTP": _ctp,
        "DTM": _dtm,
        "PO4": _po4,
        "CTB": _ctb,
        "LDT": _ldt,
        "PID": description,
        "SLN": subline,
    }
