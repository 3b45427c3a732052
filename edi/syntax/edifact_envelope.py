"""Service segments of EDIFACT: UNB…UNZ, UNG…UNE, UNH…UNT, with every check of ISO 9735 on counts and references."""

from collections.abc import Iterator

from edi.syntax.edifact import SegmentReader
from edi.syntax.envelopes import Consumer, RawInterchange, RawMessage, keep
from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_count
from edi.syntax.opening import Opener
from edi.syntax.segments import Segment


def messages_of(raw: RawInterchange) -> Iterator[RawMessage]:
    """Each message of `raw` as it closes; header, groups and trailer are filled into `raw` and judged on the
    way. Codes are data element 0085."""
    yield from _Opener(raw).run()


def open_interchange(raw: RawInterchange, consume: Consumer = keep) -> RawInterchange:
    """All of `raw` at once; `consume` gets each message as it closes."""
    for message in messages_of(raw):
        consume(message)
    return raw


class _Opener(Opener):
    cut_short = "35"

    def __init__(self, raw: RawInterchange) -> None:
        self.syntax = SegmentReader(raw)
        super().__init__(raw, self.syntax)
        self.loose = 0  # messages outside groups
        self.handlers = {
            "UNB": self._unb,
            "UNG": self._ung,
            "UNH": self._unh,
            "UNT": self._unt,
            "UNE": self._une,
            "UNZ": self._unz,
        }

    def _unb(self, segment: Segment) -> None:
        if self.raw.header or self.message or segment.index > 1:
            message = "UNB stands inside an interchange; UNZ of the one before is missing."
            self.findings.error("misplaced-unb", message, segment.place(), syntax_error="33")
            return
        self.raw.header = segment.pin()
        self.syntax.declare(segment)
        for element, name in ((2, "sender"), (3, "recipient"), (5, "control reference")):
            if not segment.get(element):
                message = f"UNB has no interchange {name}."
                self.findings.error("unb-element-missing", message, segment.place(element), syntax_error="13")

    def _ung(self, segment: Segment) -> None:
        self._close_message(segment)
        self._close_group(segment)
        self._open_group(segment)

    def _unh(self, segment: Segment) -> None:
        self._close_message(segment)
        reference = segment.get(1)
        header = self.group.header if self.group else None
        group = header.get(5) if header else ""
        message = RawMessage(segment, [segment], self.raw.source.findings(self.raw.limits), group, header)
        if not self._open(message):
            return
        if not self.references.add(reference):
            text = f"Message reference {reference!r} is used twice in this interchange."
            place = segment.place(1)
            message.findings.error("duplicate-message-reference", text, place, value=reference, syntax_error="26")
        if self.group:
            self._in_group(segment)
        else:
            self.loose += 1

    def _in_group(self, segment: Segment) -> None:
        assert self.group is not None  # noqa: S101 - narrowed by the caller
        self.group.messages += 1
        kind, message_kind = self.group.header.get(1), segment.get(2, 1)
        if kind != message_kind:
            text = f"The group is announced as {kind}, but holds a message {message_kind}."
            self.group.findings.error("group-type", text, segment.place(2, 1), value=message_kind, syntax_error="31")

    def _unt(self, segment: Segment) -> None:
        if not self.message:
            self._outside(segment)
            return
        message = self.message
        message.segments.append(segment)
        message.complete = True
        self._check_count(message.findings, segment, len(message.segments) + message.dropped, "segments")
        self._check_reference(message.findings, segment, message.header, 1)
        self._hand_out()

    def _une(self, segment: Segment) -> None:
        self._close_message(segment)
        if not self.group:
            self._outside(segment)
            return
        group = self.group
        group.trailer, self.group = segment, None
        group.stated = parse_count(segment.get(1))
        self._check_count(group.findings, segment, group.messages, "messages")
        self._check_reference(group.findings, segment, group.header, 5)

    def _unz(self, segment: Segment) -> None:
        self._close_message(segment)
        self._close_group(segment)
        self.closed = True
        raw = self.raw
        raw.trailer = segment
        raw.end = min(segment.end + 1, raw.blocks.stop_at_hand())
        what = "groups" if raw.groups else "messages"
        self._check_count(self.findings, segment, len(raw.groups) or raw.message_count, what)
        if raw.header:
            self._check_reference(self.findings, segment, raw.header, 5)

    def _check_count(self, findings: Findings, trailer: Segment, counted: int, what: str) -> None:
        stated = trailer.get(1)
        if parse_count(stated) != counted:
            text = f"{trailer.tag} states {stated[:20] or 'no number of'} {what}, but there are {counted}."
            code = f"{trailer.tag.lower()}-count"
            findings.error(code, text, trailer.place(1), value=stated, syntax_error="29")

    def _check_reference(self, findings: Findings, trailer: Segment, header: Segment, element: int) -> None:
        stated, expected = trailer.get(2), header.get(element)
        if stated != expected:
            text = f"{trailer.tag} closes with reference {stated!r}, but {header.tag} opened with {expected!r}."
            code = f"{trailer.tag.lower()}-reference"
            findings.error(code, text, trailer.place(2), value=stated, syntax_error="28")

    def _close_message(self, segment: Segment) -> None:
        if self.message:
            text = f"Message {self.message.header.get(1)!r} has no trailer (UNT) before {segment.tag}."
            self.message.findings.error("missing-unt", text, segment.place(), syntax_error="13")
            self._hand_out()

    def _close_group(self, segment: Segment) -> None:
        if self.group:
            text = f"Group {self.group.header.get(5)!r} has no trailer (UNE) before {segment.tag}."
            self.group.findings.error("missing-une", text, segment.place(), syntax_error="13")
            self.group = None

    def _outside(self, segment: Segment) -> None:
        self.stray += 1
        if self.stray == 1:
            text = f"Segment {segment.tag[:10]} stands outside any message."
            self.findings.error("segment-outside-message", text, segment.place(), value=segment.text, syntax_error="33")

    def _after_end(self, segment: Segment) -> None:
        text = "There are bytes after the end of the interchange (UNZ) that belong to nothing; they were not read."
        self.findings.warning("trailing-bytes", text, segment.place(), value=segment.text)

    def _finish(self) -> None:
        raw, end = self.raw, self.raw.source.place(self.raw.end)
        if not raw.header:
            text = "The interchange header (UNB) is missing."
            self.findings.error("missing-unb", text, raw.at, syntax_error="13")
        if self.message:
            text = f"Message {self.message.header.get(1)!r} has no trailer (UNT); the file may have been cut short."
            self.message.findings.error("missing-unt", text, end, syntax_error="13")
            self._hand_out()
        if self.group:
            text = f"Group {self.group.header.get(5)!r} has no trailer (UNE); the file may have been cut short."
            self.group.findings.error("missing-une", text, end, syntax_error="13")
        if not raw.trailer:
            text = "The interchange trailer (UNZ) is missing; the file may have been cut short."
            self.findings.error("missing-unz", text, end, syntax_error="13")
        if not raw.message_count:
            self.findings.error("empty-interchange", "The interchange holds no message.", end, syntax_error="32")
        if raw.groups and self.loose:
            text = "The interchange mixes functional groups with messages outside of groups."
            self.findings.error("groups-mixed", text, end, syntax_error="30")
