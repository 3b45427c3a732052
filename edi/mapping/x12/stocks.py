"""846, inventory inquiry or advice, into a StockDocument."""

from typing import Any, ClassVar

from edi.mapping.draft import Draft
from edi.mapping.x12 import tables
from edi.mapping.x12.items import description, item_numbers, subline, values_of
from edi.mapping.x12.orders import function_of, joined
from edi.mapping.x12.parties import open_party
from edi.mapping.x12.parts import PARTS, party
from edi.mapping.x12.setreader import SetReader
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import QuantityDocument, StockDocument, StockLineDocument


def settle_texts(draft: Draft) -> None:
    """The texts of a line as its one note."""
    notes = draft.values.pop("notes", None)
    if notes:
        draft.values["note"] = "\n".join(notes)


class StockReader(SetReader):
    """Reads one 846."""

    speaker: ClassVar = "seller"
    roles: ClassVar = {
        "BY": ("buyer", 0),
        "DB": ("buyer", 1),
        "SE": ("seller", 0),
        "SU": ("seller", 1),
        "VN": ("seller", 2),
        "MF": ("seller", 3),
        "WH": ("holder", 0),
        "LC": ("holder", 1),
        "SF": ("holder", 2),
    }
    dates: ClassVar = {"007": ("as_of", 0), "514": ("as_of", 1), "090": ("as_of", 2), "097": ("as_of", 3)}
    resumes: ClassVar = frozenset({"LIN", "CTT", "SE"})

    def document(self) -> StockDocument:
        """The report."""
        for draft in self.lines:
            settle_texts(draft)
        lines = tuple(draft.freeze(StockLineDocument) for draft in self.lines)
        joined(self.head)
        return self.head.freeze(StockDocument, lines=lines)

    def _bia(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.text("number", segment, 3)
        day = parse_x12_date(segment.whole(4))
        if day:
            self.head.set("issued_on", day, segment, 4)
        return True

    def _lin(self, segment: Segment) -> bool:
        item_numbers(self.open_line(segment, segment.whole(1)), segment, values_of(segment), 2)
        return True

    def _qty(self, segment: Segment) -> bool:
        """QTY: what is counted (673), how many, in which unit."""
        quantity = parse_decimal(segment.whole(2))
        if not self.in_line or quantity is None:
            return False
        code = segment.get(3)
        unit = self.unit(code, segment, 3) if code else ""
        kind = segment.whole(1)
        self.here.add("quantities", QuantityDocument(tables.COUNT_OF_673.get(kind, kind), quantity, unit))
        self.here.mark("quantities", segment, 2)
        return True

    def _n1(self, segment: Segment) -> bool:
        """A party of the report, or the place where the item of a line is."""
        if not self.in_line:
            return party(self, segment)
        self.party = open_party(segment)
        element = 4 if segment.whole(4) else 2
        return self.text("location", segment, element) and not (element == 4 and segment.whole(2))

    handlers: ClassVar[Any] = PARTS | {
        "BIA": _bia,
        "LIN": _lin,
        "QTY": _qty,
        "N1": _n1,
        "PID": description,
        "SLN": subline,
    }
