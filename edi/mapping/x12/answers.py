"""855, purchase order acknowledgment, and 865, the answer to a change, into an OrderResponseDocument."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.x12 import tables
from edi.mapping.x12.items import ITEMS, priced_line, settle_line
from edi.mapping.x12.orders import OrderReader, function_of, joined
from edi.mapping.x12.parts import PARTS, TERMS, reference
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import (
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    ResponseLineDocument,
    ScheduleDocument,
)

_OF_ORDER = ("ship_to", "bill_to", "delivery_date", "allowances", "taxes", "terms", "incoterm")
_PRICE_CHANGES = frozenset({"IP", "IC"})


class AnswerReader(OrderReader):
    """What 855 and 865 share: lines with the answers (ACK) to them."""

    speaker: ClassVar = "seller"
    references: ClassVar = {"TN": "number", "VN": "seller_order_number"}
    tag: ClassVar[str]

    def __init__(self, findings: Findings, limits: Limits) -> None:
        super().__init__(findings, limits)
        self.acks: dict[int, list[Segment]] = {}

    def answered(self, segment: Segment, element: int) -> None:
        """BAK02 or BCA02: the answer as a whole (587)."""
        code = segment.whole(element)
        answer = tables.ANSWER_OF_587.get(code, "acknowledged")
        self.head.set("answer", answer, segment, element)

    def day(self, name: str, segment: Segment, element: int) -> None:
        """Take a date, if it is one."""
        day = parse_x12_date(segment.whole(element))
        if day:
            self.head.set(name, day, segment, element)

    def document(self) -> OrderResponseDocument:
        """The answer, with what it repeats of the order."""
        lines = tuple(self._line(draft) for draft in self.lines)
        head = self.head
        values = joined(head)
        values["note"] = "\n".join(values.pop("notes", ()))
        values.pop("stated_line_count", None)
        order: dict[str, Any] = {name: values.pop(name) for name in _OF_ORDER if name in values}
        order |= {name[6:]: values.pop(name) for name in list(values) if name.startswith("order.")}
        order |= {name: values[name] for name in ("buyer", "seller", "currency") if name in values}
        for name, value in order.items():
            order[name] = tuple(value) if type(value) is list else value
        order.setdefault("number", "")
        values["number"] = values["number"] or values.get("seller_order_number") or order["number"]
        values.setdefault("answer", "acknowledged")
        return head.freeze(OrderResponseDocument, order=OrderDocument(**order), lines=lines)

    # -- lines ----------------------------------------------------------------------------------------------------

    def _line(self, draft: Draft) -> ResponseLineDocument:
        acks = self.acks.get(id(draft), [])
        settle_line(self, draft, self.tag, counts=not acks)
        values = draft.values
        reason = values.pop("note", "")
        price, delivery = values.get("unit_price"), values.get("delivery_date")
        codes_of = {ack.whole(1) for ack in acks}
        if codes_of & _PRICE_CHANGES:  # the price is the new one; what it was in the order is not said
            values.pop("unit_price", None)
        parts = [self._part(ack, values["quantity"], single=len(acks) == 1) for ack in acks]
        answer, quantity = self._answer(draft, parts)
        dated = [part.on for _, part in parts if part.on]
        rejected = answer is LineAnswer.REJECTED
        ordered, origin, extras = _without_tail(draft)
        return ResponseLineDocument(
            ordered=ordered,
            answer=answer,
            quantity=quantity,
            unit_price=None if rejected else price,
            delivery_date=dated[0] if dated else delivery,
            reason=reason,
            substitute=next((number for ack in acks if (number := _substitute(ack, ordered.seller_sku))), ""),
            place=ordered.place,
            origin=origin,
            extras=extras,
            schedule=tuple(part for _, part in parts) if len(parts) > 1 else (),
        )

    def _part(self, ack: Segment, ordered: Decimal, *, single: bool) -> tuple[LineAnswer, ScheduleDocument]:
        code = ack.whole(1)
        answer = tables.ANSWER_OF_668.get(code)
        if answer is None:
            answer = LineAnswer.CHANGED
            text = f"ACK01 states {code[:20]!r}, which is not known; the line is taken as changed."
            place = partial(ack.place, 1)
            self.findings.warning("unknown-answer", text, place, value=code, syntax_error="AK403:7")
        quantity = parse_decimal(ack.whole(2))
        if quantity is None:
            quantity = ordered if single else Decimal(0)
        if answer is LineAnswer.REJECTED:
            quantity = Decimal(0)
        unit = self.unit(ack.whole(3), ack, 3) if ack.whole(3) else ""
        return answer, ScheduleDocument(quantity, parse_x12_date(ack.whole(5)), "", unit)

    def _answer(self, draft: Draft, parts: list[tuple[LineAnswer, ScheduleDocument]]) -> tuple[LineAnswer, Decimal]:
        """The answer to the line from its parts. Without any, it is that of the whole."""
        values = draft.values
        if not parts:
            if self.head.values.get("answer") == "rejected":
                return LineAnswer.REJECTED, Decimal(0)
            return LineAnswer.ACCEPTED, values["quantity"]
        kinds = {answer for answer, _ in parts}
        total = sum((part.quantity for _, part in parts), Decimal(0))
        ordered = values["quantity"] or total
        if (kinds == {LineAnswer.ACCEPTED} and total != ordered) or (len(parts) > 1 and total > ordered):
            text = f"Line {values['number']} is of {ordered}, but {total} is acknowledged (ACK02)."
            self.findings.warning("answered-quantity", text, self.place_of(draft), value=str(total))
        if len(kinds) == 1:
            return kinds.pop(), total
        return (LineAnswer.BACKORDERED if LineAnswer.BACKORDERED in kinds else LineAnswer.CHANGED), total

    # -- segments -------------------------------------------------------------------------------------------------

    def _ack(self, segment: Segment) -> bool:
        if not self.in_line:
            return False
        self.acks.setdefault(id(self.here), []).append(segment)
        for name, element in (("answer", 1), ("quantity", 2), ("delivery_date", 5)):
            if segment.whole(element):
                self.here.mark(f"response.{name}", segment, element)
        return True

    def _ref(self, segment: Segment) -> bool:
        """REF ZZ with a description only is the reason of an answer."""
        if self.in_line and segment.whole(1) == "ZZ" and not segment.whole(2) and segment.whole(3):
            self.here.add("notes", segment.whole(3))
            self.here.mark("notes", segment, 3)
            return True
        return reference(self, segment)

    shared: ClassVar = PARTS | TERMS | ITEMS | {"ACK": _ack, "REF": _ref}


def _without_tail(draft: Draft) -> tuple[OrderLineDocument, Any, Any]:
    """The line that is answered, and the origins and extras that go with the answer."""
    origin, extras = tuple(draft.origin), tuple(draft.extras)
    draft.extras = []
    return draft.freeze(OrderLineDocument), origin, extras


def _substitute(ack: Segment, seller_sku: str) -> str:
    """The item that comes instead (ACK07 on, pairs of 235 and 234): the seller's number, else the first."""
    pairs = [(ack.whole(element), ack.whole(element + 1)) for element in range(7, len(ack.elements) - 1, 2)]
    replaced = ack.whole(1) == "IS"
    other = [(kind, value) for kind, value in pairs if value and (replaced or value != seller_sku)]
    own = [value for kind, value in other if kind in codes.SELLER_235]
    if own or replaced:
        return (own or [value for _, value in other] or [""])[0]
    return ""


class AcknowledgmentReader(AnswerReader):
    """Reads one 855."""

    tag: ClassVar = "PO1"

    def _bak(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.answered(segment, 2)
        self.text("order.number", segment, 3)
        self.day("order.issued_on", segment, 4)
        self.refer("release", segment, 5)
        self.refer("contract", segment, 7)
        self.text("seller_order_number", segment, 8)
        self.day("issued_on", segment, 9)
        return True

    def _po1(self, segment: Segment) -> bool:
        priced_line(self, segment, (2, 3, 4, 6))
        return True

    handlers: ClassVar = AnswerReader.shared | {"BAK": _bak, "PO1": _po1}


class ChangeAcknowledgmentReader(AnswerReader):
    """Reads one 865."""

    tag: ClassVar = "POC"

    def _bca(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.answered(segment, 2)
        self.text("order.number", segment, 3)
        self.refer("release", segment, 4)
        self.text("change", segment, 5)
        self.day("order.issued_on", segment, 6)
        self.refer("contract", segment, 8)
        self.text("seller_order_number", segment, 9)
        self.day("issued_on", segment, 10)
        return True

    def _poc(self, segment: Segment) -> bool:
        line = priced_line(self, segment, (3, 5, 6, 8))
        if segment.whole(2):
            line.add("references", ("change", segment.whole(2)))
        return True

    handlers: ClassVar = AnswerReader.shared | {"BCA": _bca, "POC": _poc}
