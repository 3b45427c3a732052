"""ASC X12 interchange syntax (X12.5, X12.6): separators from ISA itself, interchanges, segments."""

import re
from collections.abc import Iterator
from itertools import islice

from edi.syntax.envelopes import RawInterchange
from edi.syntax.findings import Findings, Severity
from edi.syntax.limits import Limits
from edi.syntax.segments import Cutter, Segment, Separators
from edi.syntax.source import Source

ISA_LENGTH = 106
# Offsets at which the 16 element separators of a fixed-width ISA stand.
_ISA_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_HEADER = re.compile(r"ISA(?P<mark>[^A-Za-z0-9\s])\d\d(?P=mark)")
_FILLERS = " \t\r\n\x00\x1a"
_FALLBACK = Separators(component=":", element="*", terminator="~")
_BINARY = {"BIN": 1, "BDS": 2}  # element that states how many bytes of data follow it


def interchanges(source: Source, start: int, limits: Limits) -> Iterator[RawInterchange]:
    """Every interchange from byte `start` on, cut at each ISA before anything is judged."""
    text = source.text
    position: int | None = start
    while position is not None:
        findings = source.findings(limits)
        separators, width = _separators(source, position, findings)
        following = _next_header(text, position + width, separators)
        end = len(text) if following is None else following
        yield RawInterchange(source, limits, separators, position, end, findings, codec="utf-8")
        position = following


def _next_header(text: str, position: int, separators: Separators) -> int | None:
    for match in _HEADER.finditer(text, position):
        before = text[max(0, match.start() - 200) : match.start()]
        if before[-1:] in ("\r", "\n") or before.rstrip(_FILLERS).endswith(separators.terminator):
            return match.start()
    return None


def _separators(source: Source, start: int, findings: Findings) -> tuple[Separators, int]:
    """The separators that this ISA uses and its width: read by counting 16 element separators, so that a badly
    padded ISA is still understood (and reported)."""
    text = source.text
    element = text[start + 3 : start + 4]
    marks = list(islice(re.finditer(re.escape(element), text[start : start + 400]), 16)) if element else []
    is_cut = len(marks) < 16 or len(text) < start + marks[15].start() + 3
    if is_cut or element.isalnum() or element.isspace():
        message = "The interchange header (ISA) is cut short or is not an ISA: 16 element separators were expected."
        findings.error("isa-incomplete", message, source.place(start, start + 106), syntax_error="TA105:023")
        return _FALLBACK, 3
    offsets = tuple(mark.start() for mark in marks)
    last = start + offsets[15]
    component = text[last + 1 : last + 2]
    terminator, end = _terminator(text, last + 2)
    if offsets != _ISA_OFFSETS:
        message = "The interchange header (ISA) is not 106 characters wide; its elements must be padded to fixed width."
        findings.warning("isa-width", message, source.place(start, last + 2, tag="ISA"), syntax_error="TA105:022")
    _check_distinct(source, start, (element, component, terminator), findings)
    version = text[start + offsets[11] + 1 : start + offsets[12]]
    repetition = text[start + offsets[10] + 1 : start + offsets[11]] if version >= "00402" else ""
    repetition = repetition if len(repetition) == 1 and not repetition.isalnum() else ""
    return Separators(component, element, terminator, repetition=repetition), end - start


def _terminator(text: str, position: int) -> tuple[str, int]:
    """The segment terminator after ISA16 and where it ends. Blanks before a line break are padding, not a terminator;
    a character outside ASCII is taken with all its UTF-8 bytes."""
    end = position
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    mark = text[end : end + 1] if text[end : end + 1] in ("\r", "\n") else text[position : position + 1]
    if mark >= "\xc2":
        length = 2 + (mark >= "\xe0") + (mark >= "\xf0")
        return text[position : position + length], position + length
    return mark or "~", position + 1


def _check_distinct(source: Source, start: int, marks: tuple[str, str, str], findings: Findings) -> None:
    if len(set(marks)) < 3 or any(mark.isalnum() or not mark for mark in marks):
        message = "The separators that ISA names are not three different characters that data cannot contain."
        place = source.place(start, start + ISA_LENGTH, tag="ISA")
        findings.error("separators-invalid", message, place, value=" ".join(marks), syntax_error="TA105:026")


class SegmentReader:
    """The segments of one interchange in order, with findings about their form."""

    def __init__(self, raw: RawInterchange) -> None:
        self.raw = raw
        self.source = raw.source
        self.findings = raw.findings

    def __iter__(self) -> Iterator[Segment]:
        raw, terminator = self.raw, self.raw.separators.terminator
        cutter = Cutter(self.source, terminator)
        index, resume = 0, raw.start
        position = raw.start
        while position < raw.end:
            for offset, terminated in cutter.cut(position, raw.end):
                end, resume = self._binary_end(offset, terminated)
                if end <= offset:
                    self.raw.tell("empty-segment", "There is an empty segment (two terminators in a row).", offset, end)
                    continue
                index += 1
                yield self._segment(offset, end, index)
                if resume:
                    break
            else:
                break
            position = resume
        if cutter.unterminated >= 0:
            yield from self._tail(cutter.unterminated, index + 1)

    def _binary_end(self, offset: int, end: int) -> tuple[int, int]:
        """Where a segment really ends when it carries binary data that may contain separators, and where to go on
        (0: right after). The length is in BIN01 / BDS02 (X12.22)."""
        text, mark = self.source.text, self.raw.separators.element
        position = _BINARY.get(text[offset : offset + 3])
        if position is None:
            return end, 0
        parts = text[offset:end].split(mark, position + 1)
        if len(parts) < position + 2 or not parts[position].isdigit() or len(parts[position]) > 9:
            return end, 0
        stop = offset + sum(len(part) + 1 for part in parts[: position + 1]) + int(parts[position])
        if stop <= end or stop > self.raw.end:
            return end, 0
        return stop, stop + len(self.raw.separators.terminator)

    def _segment(self, offset: int, end: int, index: int) -> Segment:
        text = self.source.text[offset:end].rstrip(_FILLERS)
        limits = self.raw.limits
        if len(text) > limits.segment:
            message = (
                f"A segment is longer than {limits.segment} characters; a terminator is missing or the file is not EDI."
            )
            self.raw.tell("segment-too-long", message, offset, end, syntax_error="TA105:024", severity=Severity.ERROR)
            text = text[: limits.segment]
        if not text.isascii():
            text = self._decoded(text, offset, end)
        if "\n" in text or "\r" in text:
            text = self._unwrapped(text, offset, end)
        elements = text.split(self.raw.separators.element)
        segment = Segment(self.source, self.raw.separators, elements, index=index, offset=offset, end=end)
        segment.tag = segment.tag.strip()
        if len(text) > limits.element and segment.tag not in _BINARY:
            self._check_elements(segment)
        return segment

    def _check_elements(self, segment: Segment) -> None:
        most = self.raw.limits.element
        for number, element in enumerate(segment.elements):
            if len(element) > most:
                message = f"Element {segment.tag[:3]}{number:02} is longer than {most} characters and was cut."
                place = segment.place(number)
                self.findings.error("element-too-long", message, place, value=element, syntax_error="AK403:5")
                segment.elements[number] = element[:most]

    def _decoded(self, text: str, offset: int, end: int) -> str:
        self.raw.tell("charset-mismatch", "There are characters outside of ASCII; they were kept.", offset, end)
        data = text.encode("latin-1")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return text

    def _unwrapped(self, text: str, offset: int, end: int) -> str:
        if text[:3] in _BINARY:
            return text
        message = "There is a line break inside a segment; a terminator may be missing before it."
        code = "TA105:024"
        self.raw.tell("newline-in-segment", message, offset, end, syntax_error=code, severity=Severity.WARNING)
        return text.replace("\r", "").replace("\n", "")

    def _tail(self, offset: int, index: int) -> Iterator[Segment]:
        """Text after the last terminator. A trailer that lost only its terminator still counts."""
        end = offset + len(self.source.text[offset : self.raw.end].rstrip(_FILLERS))
        is_trailer = self.source.text.startswith("IEA", offset)
        ends_by_line = self.raw.separators.terminator in "\r\n"
        if not (is_trailer and ends_by_line):
            severity = Severity.WARNING if is_trailer else Severity.ERROR
            message = "The last segment has no terminator; the file may have been cut short."
            code = "TA105:023"
            self.raw.tell("unterminated-segment", message, offset, end, syntax_error=code, severity=severity)
        if is_trailer:
            yield self._segment(offset, end, index)
