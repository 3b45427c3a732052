"""Service segments of X12: ISA…IEA, TA1, GS…GE, ST…SE, with the checks on counts and control numbers.

Codes: "TA105:…" interchange note code, "AK905:…" group, "AK502:…" transaction set (X12.20, 997 and TA1).
"""

from collections.abc import Iterator

from edi.syntax.envelopes import Consumer, RawGroup, RawInterchange, RawMessage, keep
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count
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


class _Opener:
    """Walks the segments once; the handler of each service segment closes what it ends."""

    def __init__(self, raw: RawInterchange) -> None:
        self.raw = raw
        self.done: list[RawMessage] = []
        self.findings = raw.findings
        self.group: RawGroup | None = None
        self.message: RawMessage | None = None
        self.references: set[str] = set()
        self.group_references: set[str] = set()
        self.stray = 0
        self.closed = False

    def run(self) -> Iterator[RawMessage]:
        handlers = {
            "ISA": self._isa,
            "TA1": self._ta1,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }
        for segment in SegmentReader(self.raw):
            handler = handlers.get(segment.tag)
            if self.closed:
                text = (
                    "There are bytes after the end of the interchange (IEA) that belong to nothing; they were not read."
                )
                self.findings.warning("trailing-bytes", text, segment.place(), value=segment.text)
                break
            if handler:
                handler(segment)
                if self.done:
                    yield self.done.pop()
            elif self.message:
                self.message.segments.append(segment)
            else:
                self._outside(segment)
        self._finish()
        yield from self.done

    def _isa(self, segment: Segment) -> None:
        if segment.index > 1:
            text = "ISA stands inside an interchange; IEA of the one before is missing."
            self.findings.error("misplaced-isa", text, segment.place(), syntax_error="TA105:022")
            return
        self.raw.header = segment
        checks = ((6, "sender", "006"), (8, "receiver", "008"), (13, "control number", "018"))
        for element, name, code in checks:
            if not segment.whole(element):
                text = f"ISA has no interchange {name}."
                place = segment.place(element)
                self.findings.error("isa-element-missing", text, place, syntax_error=f"TA105:{code}")

    def _ta1(self, segment: Segment) -> None:
        """An interchange acknowledgement of the other side; stands between ISA and the first GS."""
        self.raw.acknowledgements.append(segment)
        if self.group or self.raw.groups:
            text = "TA1 stands after a functional group; it belongs between ISA and the first GS."
            self.findings.warning("misplaced-ta1", text, segment.place(), syntax_error="TA105:022")

    def _gs(self, segment: Segment) -> None:
        self._close_message(segment)
        self._close_group(segment)
        self.group = RawGroup(segment, self.raw.source.findings(self.raw.limits))
        self.raw.groups.append(self.group)
        self.references = set()
        reference = segment.whole(6)
        if reference in self.group_references:
            text = f"Group control number {reference!r} is used twice in this interchange."
            self.group.findings.error(
                "duplicate-group", text, segment.place(6), value=reference, syntax_error="AK905:6"
            )
        self.group_references.add(reference)

    def _st(self, segment: Segment) -> None:
        self._close_message(segment)
        reference = segment.whole(2)
        header = self.group.header if self.group else None
        group = header.whole(6) if header else ""
        message = RawMessage(segment, [segment], self.raw.source.findings(self.raw.limits), group, header)
        if len(self.raw.messages) >= self.raw.limits.messages:
            text = (
                f"The interchange holds more than {self.raw.limits.messages} transaction sets; the rest was not read."
            )
            self.findings.error("too-many-messages", text, segment.place(), syntax_error="TA105:024")
            self.closed = True
            return
        self.raw.messages.append(message)
        self.message = message
        if reference in self.references:
            text = f"Transaction set control number {reference!r} is used twice in this group."
            place = segment.place(2)
            message.findings.error("duplicate-message-reference", text, place, value=reference, syntax_error="AK502:23")
        self.references.add(reference)
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
        self.message = None
        self._check_count(message.findings, segment, len(message.segments), ("segments", "AK502:4"))
        self._check_reference(message.findings, segment, message.header.whole(2), "AK502:3")
        self.done.append(message)

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
        raw.end = min(raw.end, segment.end + len(raw.separators.terminator))
        self._check_count(self.findings, segment, len(raw.groups), ("groups", "TA105:021"))
        if raw.header:
            self._check_reference(self.findings, segment, raw.header.whole(13), "TA105:001")

    def _check_count(self, findings: Findings, trailer: Segment, counted: int, what: tuple[str, str]) -> None:
        name, syntax_error = what
        stated = trailer.whole(1)
        if parse_count(stated) != counted and not self._is_only_acknowledged(trailer):
            text = f"{trailer.tag}01 states {stated[:20] or 'no number of'} {name}, but there are {counted}."
            code = f"{trailer.tag.lower()}-count"
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
            self.done.append(self.message)
            self.message = None

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

    def _finish(self) -> None:
        raw, end = self.raw, self.raw.source.place(self.raw.end)
        if self.message:
            reference = self.message.header.whole(2)
            text = f"Transaction set {reference!r} has no trailer (SE); the file may have been cut short."
            self.message.findings.error("missing-se", text, end, syntax_error="AK502:2")
            self.done.append(self.message)
        if self.group:
            text = f"Group {self.group.header.whole(6)!r} has no trailer (GE); the file may have been cut short."
            self.group.findings.error("missing-ge", text, end, syntax_error="AK905:3")
        if not raw.trailer:
            text = "The interchange trailer (IEA) is missing; the file may have been cut short."
            self.findings.error("missing-iea", text, end, syntax_error="TA105:023")
        if not raw.messages and not raw.acknowledgements:
            text = "The interchange holds no transaction set."
            self.findings.error("empty-interchange", text, end, syntax_error="TA105:024")
