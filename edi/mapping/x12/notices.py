"""What answers or explains: 997, 999 and TA1 (technical), 824 (business) and 864 (for people)."""

from dataclasses import replace
from typing import Any, ClassVar

from edi.mapping.draft import Draft
from edi.mapping.x12 import tables
from edi.mapping.x12.orders import function_of, joined
from edi.mapping.x12.parts import PARTS, message
from edi.mapping.x12.setreader import SetReader
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import AcknowledgementDocument, NoticeError, NoticeVerdict, TextDocument

_ERRORS_AT_MOST = 2_000


def read_ta1(segment: Segment) -> AcknowledgementDocument:
    """TA1: the verdict (TA104) on an interchange, and one note code (TA105; 000 is none)."""
    code = segment.whole(5)
    errors = (NoticeError(code),) if code.strip("0") else ()
    verdict = tables.VERDICT_OF_715.get(segment.whole(4), "rejected")
    number = segment.whole(1)
    draft = Draft()
    draft.mark("interchange", segment, 1)
    return draft.freeze(
        AcknowledgementDocument,
        number=number,
        interchange=number,
        issued_on=parse_x12_date(segment.whole(2)),
        verdicts=(NoticeVerdict("interchange", number, verdict, errors=errors),),
    )


class NoticeReader(SetReader):
    """Verdicts under construction: the last one takes the errors that follow."""

    def __init__(self, findings: Findings, limits: Limits) -> None:
        super().__init__(findings, limits)
        self.verdicts: list[NoticeVerdict] = []
        self.errors = 0

    def document(self) -> AcknowledgementDocument:
        """The acknowledgement."""
        values = joined(self.head)
        values.pop("stated_line_count", None)
        return self.head.freeze(AcknowledgementDocument, verdicts=tuple(self.verdicts))

    def answer(self, verdict: NoticeVerdict, segment: Segment, element: int) -> bool:
        """A further verdict."""
        if len(self.verdicts) >= self.limits.lines:
            return False
        self.verdicts.append(verdict)
        self.head.mark(f"verdicts.{len(self.verdicts)}", segment, element)
        return True

    def fault(self, at: int, error: NoticeError) -> bool:
        """A fault of the verdict `at`."""
        self.errors += 1
        if not self.verdicts or self.errors > _ERRORS_AT_MOST:
            return False
        held = self.verdicts[at]
        self.verdicts[at] = replace(held, errors=(*held.errors, error))
        return True


class FunctionalReader(NoticeReader):
    """Reads one 997 or 999. Its group is the first verdict; each AK2 adds one."""

    def _st(self, segment: Segment) -> bool:
        self.where = ""
        return self.head.set("number", segment.whole(2), segment, 2)

    def _ak1(self, segment: Segment) -> bool:
        """AK1: the group that is answered: functional identifier, control number, version."""
        self.where = ""
        kind, number = segment.whole(1), segment.whole(2)
        return self.answer(NoticeVerdict("group", number, "received", number, kind), segment, 2)

    def _ak2(self, segment: Segment) -> bool:
        group = self.verdicts[0].reference if self.verdicts else ""
        self.where = ""
        verdict = NoticeVerdict("message", segment.whole(2), "received", group, segment.whole(1))
        return self.answer(verdict, segment, 2)

    def _ak3(self, segment: Segment) -> bool:
        """AK3 or IK3: a segment with a fault: its tag, position, and what is wrong (720, 620)."""
        position = f"segment {segment.whole(2)}" if segment.whole(2) else "segment"
        self.where = f"{segment.whole(1)} {position}".strip()
        code = f"{segment.tag}04:{segment.whole(4)}"
        return self.fault(-1, NoticeError(code, where=self.where, text=segment.whole(3)))

    def _ak4(self, segment: Segment) -> bool:
        """AK4 or IK4: an element of it: position and component, reference number, code, copy of the bad value."""
        position = segment.whole(1).replace(segment.separators.component, ".")
        where = f"{self.where}, element {position}".lstrip(", ")
        return self.fault(-1, NoticeError(f"{segment.tag}03:{segment.whole(3)}", "", where, segment.whole(4)))

    def _ctx(self, segment: Segment) -> bool:
        """CTX of a 999: where the fault stands in business terms; it is the text of the last error."""
        if not self.verdicts or not self.verdicts[-1].errors:
            return False
        held = self.verdicts[-1]
        text = " ".join(filter(None, segment.elements[1:]))
        last = held.errors[-1]
        error = replace(last, text=f"{last.text}; {text}" if last.text else text)
        self.verdicts[-1] = replace(held, errors=(*held.errors[:-1], error))
        return True

    def _ak5(self, segment: Segment) -> bool:
        return self._verdict(-1, segment, 2, f"{segment.tag}02")

    def _ak9(self, segment: Segment) -> bool:
        """AK9: the verdict on the group, and its codes (716)."""
        return self._verdict(0, segment, 5, "AK905")

    def _verdict(self, at: int, segment: Segment, first: int, name: str) -> bool:
        if not self.verdicts:
            return False
        verdict = tables.VERDICT_OF_715.get(segment.whole(1), "rejected")
        self.verdicts[at] = replace(self.verdicts[at], verdict=verdict)
        for element in range(first, min(len(segment.elements), first + 5)):
            if segment.whole(element):
                self.fault(at, NoticeError(f"{name}:{segment.whole(element)}"))
        return True

    handlers: ClassVar[Any] = {
        "ST": _st,
        "SE": lambda reader, segment: True,
        "AK1": _ak1,
        "AK2": _ak2,
        "AK3": _ak3,
        "IK3": _ak3,
        "AK4": _ak4,
        "IK4": _ak4,
        "CTX": _ctx,
        "AK5": _ak5,
        "IK5": _ak5,
        "AK9": _ak9,
    }


class AdviceReader(NoticeReader):
    """Reads one 824, application advice: OTI verdicts, TED errors."""

    roles: ClassVar = {
        "BY": ("buyer", 0),
        "SE": ("seller", 0),
        "SU": ("seller", 1),
        "VN": ("seller", 2),
    }

    def _bgn(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.text("number", segment, 2)
        day = parse_x12_date(segment.whole(3))
        return day is None or self.head.set("issued_on", day, segment, 3)

    def _oti(self, segment: Segment) -> bool:
        """OTI: verdict (110), reference of the document (03), group (08), set (09) and its kind (10). Without a
        reference the set's control number is what is answered."""
        code, reference, control = segment.whole(1), segment.whole(3), segment.whole(9)
        verdict = tables.VERDICT_OF_110.get(code[1:], "rejected")
        kind = tables.LEVEL_OF_110.get(code[:1], "document")
        if kind == "document" and not reference and control:
            kind, reference = "message", control
        if kind == "group":
            reference = segment.whole(8) or reference
        return self.answer(NoticeVerdict(kind, reference, verdict, segment.whole(8), segment.whole(10)), segment, 3)

    def _ted(self, segment: Segment) -> bool:
        """TED: code (647), sentence, segment and element, copy of the bad value."""
        place = [segment.whole(3)]
        for word, element in (("segment", 4), ("element", 5)):
            if segment.whole(element):
                place.append(f"{word} {segment.whole(element)}")
        where = ", ".join(filter(None, place))
        return self.fault(-1, NoticeError(segment.whole(1), segment.whole(2), where, segment.whole(7)))

    def _nte(self, segment: Segment) -> bool:
        """NTE after TED: more words about the error."""
        if not self.verdicts or not self.verdicts[-1].errors:
            return PARTS["NTE"](self, segment)
        held = self.verdicts[-1]
        last = held.errors[-1]
        text = " ".join(filter(None, (last.text, segment.whole(2))))
        self.verdicts[-1] = replace(held, errors=(*held.errors[:-1], replace(last, text=text)))
        return True

    handlers: ClassVar[Any] = PARTS | {"BGN": _bgn, "OTI": _oti, "TED": _ted, "NTE": _nte}


class TextReader(SetReader):
    """Reads one 864, text message."""

    roles: ClassVar = {
        "BY": ("buyer", 0),
        "TO": ("buyer", 1),
        "SE": ("seller", 0),
        "FR": ("seller", 1),
        "SU": ("seller", 2),
    }

    def document(self) -> TextDocument:
        """The text."""
        values = joined(self.head)
        values.pop("stated_line_count", None)
        return self.head.freeze(TextDocument)

    def _bmg(self, segment: Segment) -> bool:
        function_of(self, segment)
        self.text("subject", segment, 2)
        return True

    def _mit(self, segment: Segment) -> bool:
        """MIT: a reference and a heading; MSG follow."""
        self.last_text = -1
        self.text("number", segment, 1)
        return not segment.whole(2) or self.text("subject", segment, 2)

    dates: ClassVar = {"097": ("issued_on", 0), "102": ("issued_on", 1), "009": ("issued_on", 2)}
    handlers: ClassVar[Any] = PARTS | {"BMG": _bmg, "MIT": _mit, "MSG": message}
