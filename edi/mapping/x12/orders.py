"""850, purchase order (ASC X12 003010 to 008010, VICS), into an OrderDocument."""

from functools import partial
from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.x12.items import ITEMS, line_amount, priced_line, settle_line
from edi.mapping.x12.parts import PARTS, TERMS
from edi.mapping.x12.setreader import SetReader
from edi.mapping.x12.tables import FUNCTION_OF_353
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import OrderDocument, OrderLineDocument

# X12 374 by preference: requested, promised, …; see codes.DELIVERY_374.
DELIVERY = {qualifier: ("delivery_date", rank) for rank, qualifier in enumerate(codes.DELIVERY_374)}
ORDER_ROLES = {
    "BY": ("buyer", 0),
    "BS": ("buyer", 1),
    "SO": ("buyer", 2),
    "SU": ("seller", 0),
    "SE": ("seller", 1),
    "VN": ("seller", 2),
    "ST": ("ship_to", 0),
    "DA": ("ship_to", 1),
    "BT": ("bill_to", 0),
    "PR": ("bill_to", 1),
}


def function_of(
    reader: SetReader, segment: Segment, known: dict[str, str] = FUNCTION_OF_353, otherwise: str = "original"
) -> None:
    """The first element of a beginning segment: purpose (353). An unknown one is told."""
    code = segment.whole(1)
    if code and code not in known:
        text = f"{segment.tag}01 states purpose {code!r}, which is not known; it is taken as {otherwise}."
        place = partial(segment.place, 1)
        reader.findings.warning("unknown-function", text, place, value=code, syntax_error="AK403:7")
    reader.head.set("function", known.get(code, otherwise), segment, 1)


def joined(draft: Draft, **more: Any) -> dict[str, Any]:
    """The values of a head, texts of terms put together; `number` is there, if only empty."""
    values = {"number": "", **draft.values, **more}
    if "terms" in values:
        values["terms"] = "; ".join(values["terms"])
    draft.values = values
    return values


class OrderReader(SetReader):
    """What sets about order lines share: 850 itself, 855, 860, 865."""

    roles: ClassVar = ORDER_ROLES
    has_incoterm: ClassVar = True
    dates: ClassVar = DELIVERY
    line_dates: ClassVar = DELIVERY

    def line(self, draft: Draft, tag: str, *, counts: bool = True) -> OrderLineDocument:
        """One order line, settled and frozen."""
        settle_line(self, draft, tag, counts=counts)
        return draft.freeze(OrderLineDocument)


class PurchaseOrderReader(OrderReader):
    """Reads one 850."""

    def document(self) -> OrderDocument:
        """The order; a total that is stated for the goods (AMT 1) stands in for the grand total (AMT TT)."""
        lines = tuple(self.line(draft, "PO1") for draft in self.lines)
        joined(self.head)
        return self.head.freeze(OrderDocument, lines=lines)

    def _beg(self, segment: Segment) -> bool:
        function_of(self, segment)
        head = self.head
        if segment.whole(2):
            head.set("kind", codes.KIND_OF_BEG02.get(segment.whole(2), "other"), segment, 2)
        self.text("number", segment, 3)
        self.refer("release", segment, 4)
        self.refer("contract", segment, 6)
        issued = parse_x12_date(segment.whole(5))
        return issued is None or head.set("issued_on", issued, segment, 5)

    def _po1(self, segment: Segment) -> bool:
        priced_line(self, segment, (2, 3, 4, 6))
        return True

    def _amt(self, segment: Segment) -> bool:
        if self.in_line:
            return line_amount(self, segment)
        rank = {"TT": 0, "1": 1}.get(segment.whole(1))
        amount = parse_decimal(segment.whole(2))
        return rank is not None and amount is not None and self.head.prefer("stated_total", amount, rank, segment, 2)

    handlers: ClassVar = PARTS | TERMS | ITEMS | {"BEG": _beg, "PO1": _po1, "AMT": _amt}
