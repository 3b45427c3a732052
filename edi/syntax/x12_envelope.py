"""Service segments of X12: ISA…IEA, TA1, GS…GE, ST…SE, with the checks on counts and control numbers.

Codes: "TA105:…" interchange note code, "AK905:…" group, "AK502:…" transaction set (X12.20, 997 and TA1).
"""

from collections.abc import Iterator

from edi.syntax.envelopes import Consumer, RawInterchange, RawMessage, References, keep
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count
from edi.syntax.opening import Opener
from edi.syntax.segments import Segment
from edi.syntax.x12 import SegmentReader

# GS01 (data element 479) that each transaction set travels under.
GROUP_OF = {
    "810": "IN",
    "820": "RA",
    "824": "AG",
    "830": "PS",
    "832": "SC",
    "840": "RQ",
    "843": "RR",
    "846": "IB",
    "850": "PO",
    "852": "PD",
    "855": "PR",
    "856": "SH",
    "860": "PC",
    "861": "RC",
    "862": "SS",
    "864": "TX",
    "865": "CA",
    "875": "OG",
    "997": "FA",
    "999": "FA",
}


def messages_of(raw: RawInterchange) -> Iterator[RawMessage]:
    """Each transaction set of `raw` as it closes; header, groups and trailer are filled into `raw` and judged on the
    way."""
    yield from _Opener(raw).run()


def open_interchange(raw: RawInterchange, consume: Consumer = keep) -> RawInterchange:
    """All of `raw` at once; `consume` gets each transaction set as it closes."""
    for message in messages_of(raw):
        consume(message)
    return raw


class _Opener(Opener):
    cut_short = "TA105:024"

    def __init__(self, raw: RawInterchange) -> None:
        super().__init__(raw, SegmentReader(raw))
        self.group_references = References()
        self.handlers = {
            "ISA": self._isa,
            "ISX": self._isx,
            "TA1": self._ta1,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }

    def _isa(self, segment: Segment) -> None:
        if segment.index > 1:
            text = "ISA stands inside an interchange; IEA of the one before is missing."
            self.findings.error("misplaced-isa", text, segment.place(), syntax_error="TA105:022")
            return
        self.raw.header = segment.pin()
        checks = ((6, "sender", "006"), (8, "receiver", "008"), (13, "control number", "018"))
        for element, name, code in checks:
            if not segment.whole(element):
                text = f"ISA has no interchange {name}."
                place = segment.place(element)
                self.findings.error("isa-element-missing", text, place, syntax_error=f"TA105:{code}")

    def _isx(self, segment: Segment) -> None:
        """Extended separators (from 007040 on); read together with ISA, which it must follow."""
        if segment.index != 2:
            text = "ISX does not stand right after ISA; what it says was not used."
            self.findings.warning("misplaced-isx", text, segment.place(), syntax_error="TA105:022")

    def _ta1(self, segment: Segment) -> None:
        """An interchange acknowledgement of the other side; stands between ISA and the first GS."""
        self.raw.acknowledgements.append(segment.pin())
        if self.group or self.raw.groups:
            text = "TA1 stands after a functional group; it belongs between ISA and the first GS."
            self.findings.warning("misplaced-ta1", text, segment.place(), syntax_error="TA105:022")

    def _gs(self, segment: Segment) -> None:
        self._close_message(segment)
        self._close_group(segment)
        group = self._open_group(segment)
        self.references = References()
        reference = segment.whole(6)
        if not self.group_references.add(reference):
            text = f"Group control number {reference!r} is used twice in this interchange."
            group.findings.error("duplicate-group", text, segment.place(6), value=reference, syntax_error="AK905:6")

    def _st(self, segment: Segment) -> None:
        self._close_message(segment)
        reference = segment.whole(2)
        header = self.group.header if self.group else None
        group = header.whole(6) if header else ""
        message = RawMessage(segment, [segment], self.raw.source.findings(self.raw.limits), group, header)
        if not self._open(message):
            return
        if not self.references.add(reference):
            text = f"Transaction set control number {reference!r} is used twice in this group."
            place = segment.place(2)
            message.findings.error("duplicate-message-reference", text, place, value=reference, syntax_error="AK502:23")
        self._check_group(segment, message)

    def _check_group(self, segment: Segment, message: RawMessage) -> None:
        if not self.group:
            text = "A transaction set (ST) stands outside of a functional group (GS is missing)."
            self.findings.error("missing-gs", text, segment.place(), syntax_error="TA105:022")
            return
        self.group.messages += 1
        stated, expected = self.group.header.whole(1), GROUP_OF.get(segment.whole(1))
        if expected and stated != expected:
            text = f"GS01 is {stated!r}, but transaction set {segment.whole(1)} belongs in a group {expected!r}."
            place = segment.place(1)
            message.findings.error("group-type", text, place, value=segment.whole(1), syntax_error="AK502:1")

    def _se(self, segment: Segment) -> None:
        if not self.message:
            self._outside(segment)
            return
        message = self.message
        message.segments.append(segment)
        message.complete = True
        counted = len(message.segments) + message.dropped
        self._check_count(message.findings, segment, counted, ("segments", "AK502:4"))
        self._check_reference(message.findings, segment, message.header.whole(2), "AK502:3")
        self._hand_out()

    def _ge(self, segment: Segment) -> None:
        self._close_message(segment)
        if not self.group:
            self._outside(segment)
            return
        group = self.group
        group.trailer, self.group = segment, None
        group.stated = parse_count(segment.whole(1))
        self._check_count(group.findings, segment, group.messages, ("transaction sets", "AK905:5"))
        self._check_reference(group.findings, segment, group.header.whole(6), "AK905:4")

    def _iea(self, segment: Segment) -> None:
        self._close_message(segment)
        self._close_group(segment)
        self.closed = True
        raw = self.raw
        raw.trailer = segment
        raw.end = min(segment.end + len(raw.separators.terminator), raw.blocks.stop_at_hand())
        self._check_count(self.findings, segment, len(raw.groups), ("groups", "TA105:021"))
        if raw.header:
            self._check_reference(self.findings, segment, raw.header.whole(13), "TA105:001")

    def _check_count(self, findings: Findings, trailer: Segment, counted: int, what: tuple[str, str]) -> None:
        name, syntax_error = what
        stated = trailer.whole(1)
        if parse_count(stated) == counted:
            return
        text = f"{trailer.tag}01 states {stated[:20] or 'no number of'} {name}, but there are {counted}."
        code = f"{trailer.tag.lower()}-count"
        if self._is_only_acknowledged(trailer):
            findings.note(code, text, trailer.place(1), value=stated)
        else:
            findings.error(code, text, trailer.place(1), value=stated, syntax_error=syntax_error)

    def _is_only_acknowledged(self, trailer: Segment) -> bool:
        """An interchange of TA1 alone: senders count it as one group, or as none."""
        return trailer.tag == "IEA" and bool(self.raw.acknowledgements) and not self.raw.groups

    def _check_reference(self, findings: Findings, trailer: Segment, expected: str, syntax_error: str) -> None:
        stated = trailer.whole(2)
        if stated != expected:
            text = f"{trailer.tag}02 closes control number {stated!r}, but {expected!r} was opened."
            code = f"{trailer.tag.lower()}-reference"
            findings.error(code, text, trailer.place(2), value=stated, syntax_error=syntax_error)

    def _close_message(self, segment: Segment) -> None:
        if self.message:
            text = f"Transaction set {self.message.header.whole(2)!r} has no trailer (SE) before {segment.tag}."
            self.message.findings.error("missing-se", text, segment.place(), syntax_error="AK502:2")
            self._hand_out()

    def _close_group(self, segment: Segment) -> None:
        if self.group:
            text = f"Group {self.group.header.whole(6)!r} has no trailer (GE) before {segment.tag}."
            self.group.findings.error("missing-ge", text, segment.place(), syntax_error="AK905:3")
            self.group = None

    def _outside(self, segment: Segment) -> None:
        self.stray += 1
        if self.stray == 1:
            text = f"Segment {segment.tag[:10]} stands outside any transaction set."
            self.findings.error(
                "segment-outside-message", text, segment.place(), value=segment.text, syntax_error="TA105:022"
            )

    def _after_end(self, segment: Segment) -> None:
        text = "There are bytes after the end of the interchange (IEA) that belong to nothing; they were not read."
        self.findings.warning("trailing-bytes", text, segment.place(), value=segment.text)

    def _finish(self) -> None:
        raw, end = self.raw, self.raw.source.place(self.raw.end)
        if self.message:
            reference = self.message.header.whole(2)
            text = f"Transaction set {reference!r} has no trailer (SE); the file may have been cut short."
            self.message.findings.error("missing-se", text, end, syntax_error="AK502:2")
            self._hand_out()
        if self.group:
            text = f"Group {self.group.header.whole(6)!r} has no trailer (GE); the file may have been cut short."
            self.group.findings.error("missing-ge", text, end, syntax_error="AK905:3")
        if not raw.trailer:
            text = "The interchange trailer (IEA) is missing; the file may have been cut short."
            self.findings.error("missing-iea", text, end, syntax_error="TA105:023")
        if not raw.message_count and not raw.acknowledgements:
            text = "The interchange holds no transaction set."
            self.findings.error("empty-interchange", text, end, syntax_error="TA105:024")
