"""860, purchase order change request (buyer initiated), into an OrderChangeDocument."""

from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.x12 import tables
from edi.mapping.x12.items import ITEMS, line_amount, priced_line
from edi.mapping.x12.orders import OrderReader, function_of, joined
from edi.mapping.x12.parts import PARTS, TERMS
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import ChangeLineDocument, LineChange, OrderChangeDocument, OrderDocument

_FUNCTIONS = tables.FUNCTION_OF_353 | {"00": "change"}
_OWN = ("number", "sequence", "issued_on", "function", "notes")
_SHARED = ("buyer", "seller", "currency", "references", "function")


class ChangeReader(OrderReader):
    """Reads one 860."""

    references: ClassVar = {"TN": "number"}

    def document(self) -> OrderChangeDocument:
        """The change. Its number is REF TN, else the sequence (BCH05), else that of the order."""
        lines = tuple(self._line(index) for index in range(len(self.lines)))
        values = joined(self.head)
        order: dict[str, Any] = {
            name.removeprefix("order."): tuple(value) if type(value) is list else value
            for name, value in values.items()
            if name not in _OWN
        } | {name: values[name] for name in ("function",) if name in values}
        if "references" in order:
            order["references"] = tuple(order["references"])
        order.setdefault("number", "")
        own = {name: values[name] for name in (*_OWN, *_SHARED) if name in values}
        own["number"] = own["number"] or own.get("sequence") or order["number"]
        stated = order.pop("stated_line_count", None)
        self._check_count(stated)
        self.head.values = own
        return self.head.freeze(OrderChangeDocument, order=OrderDocument(**order), lines=lines)

    def _check_count(self, stated: int | None) -> None:
        if stated is not None and stated != len(self.lines):
            text = f"The change states {stated} lines, but has {len(self.lines)}; some may be lost."
            self.findings.error("line-count", text, self.place, value=str(stated), syntax_error="29")

    def _line(self, index: int) -> ChangeLineDocument:
        draft = self.lines[index]
        change = draft.values.pop("change")
        counts = change in (LineChange.ADDED, LineChange.CHANGED)
        return ChangeLineDocument(self.line(draft, "POC", counts=counts), change)

    def _bch(self, segment: Segment) -> bool:
        function_of(self, segment, _FUNCTIONS, "change")
        head = self.head
        if segment.whole(2):
            head.set("order.kind", codes.KIND_OF_BEG02.get(segment.whole(2), "other"), segment, 2)
        self.text("order.number", segment, 3)
        self.refer("release", segment, 4)
        self.text("sequence", segment, 5)
        for name, element in (("order.issued_on", 6), ("issued_on", 11), ("issued_on", 10)):
            day = parse_x12_date(segment.whole(element))
            if day:
                head.set(name, day, segment, element)
        self.refer("contract", segment, 8)
        self.refer("seller_order", segment, 9)
        return True

    def _poc(self, segment: Segment) -> bool:
        line = priced_line(self, segment, (3, 5, 6, 8))
        change = tables.CHANGE_OF_670.get(segment.whole(2), LineChange.CHANGED)
        line.set("change", change, segment, 2)
        return not segment.whole(4)

    def _amt(self, segment: Segment) -> bool:
        if self.in_line:
            return line_amount(self, segment)
        amount = parse_decimal(segment.whole(2))
        return segment.whole(1) == "TT" and amount is not None and self.head.set("stated_total", amount, segment, 2)

    handlers: ClassVar = PARTS | TERMS | ITEMS | {"BCH": _bch, "POC": _poc, "AMT": _amt}
