"""UN/EDIFACT application level syntax, ISO 9735 versions 1 to 4: service string advice, interchanges, segments."""

import re
from collections.abc import Iterator

from edi.syntax.charsets import codec_of, decode, is_level_a, real_codec
from edi.syntax.envelopes import RawInterchange
from edi.syntax.findings import Findings, Severity
from edi.syntax.limits import Limits
from edi.syntax.segments import Cutter, Segment, Separators, split_released
from edi.syntax.source import Source

DEFAULT = Separators(component=":", element="+", terminator="'", release="?")
_CONTROL_CHARACTERS = Separators(component="\x1f", element="\x1d", terminator="\x1c")  # UNOB without UNA
_HEADER = re.compile(r"(?P<una>UNA[\s\S]{6}\s*)?UNB[^A-Za-z0-9\s][A-Z][A-Z0-9]{3}[^A-Za-z0-9\s]\d")
_FILLERS = " \t\r\n\x00\x1a"


def interchanges(source: Source, start: int, limits: Limits) -> Iterator[RawInterchange]:
    """Every interchange from byte `start` on, cut before anything is judged, so that each fails alone."""
    text = source.text
    position: int | None = start
    while position is not None:
        findings = source.findings(limits)
        separators, body = _service_string(source, position, findings)
        following = _next_header(text, body + 3, separators)
        end = len(text) if following is None else following
        yield RawInterchange(source, limits, separators, position, end, findings)
        position = following


def _next_header(text: str, position: int, separators: Separators) -> int | None:
    """Where the next UNA or UNB stands at the start of a segment, or None."""
    for match in _HEADER.finditer(text, position):
        before = text[max(0, match.start() - 200) : match.start()]
        if match["una"] or before[-1:] in ("\r", "\n") or before.rstrip(_FILLERS)[-1:] == separators.terminator:
            return match.start()
    return None


def _service_string(source: Source, start: int, findings: Findings) -> tuple[Separators, int]:
    """The separators in force from `start`, and where the segments begin. UNA is exactly nine characters."""
    text = source.text
    if not text.startswith("UNA", start):
        return _without_advice(source, start, findings), start
    advice = text[start + 3 : start + 9]
    component, element, decimal, release, repetition, terminator = tuple(advice.ljust(6, "'"))
    marks = [mark for mark in (component, element, release.strip(), terminator) if mark]
    if len(set(marks)) < len(marks) or any(mark.isalnum() for mark in marks) or len(advice) < 6:
        message = "The service string advice (UNA) does not name distinct separators; the standard ones were used."
        findings.error(
            "una-invalid", message, source.place(start, start + 9, tag="UNA"), value=advice, syntax_error="22"
        )
        return DEFAULT, start + 9
    return Separators(component, element, terminator, release.strip(), repetition.strip(), decimal), start + 9


def _without_advice(source: Source, start: int, findings: Findings) -> Separators:
    text = source.text
    if text.startswith("UNB\x1d", start):
        return _CONTROL_CHARACTERS
    if text.find(DEFAULT.terminator, start, start + 1000) < 0 <= text.find("\n", start, start + 1000):
        message = "Segments end with line breaks instead of apostrophes, and no service string advice (UNA) says so."
        findings.warning("terminator-newline", message, source.place(start, start + 3), syntax_error="22")
        return Separators(":", "+", "\n", "?")
    return DEFAULT


class SegmentReader:
    """The segments of one interchange in order, decoded, with findings about their form."""

    def __init__(self, raw: RawInterchange) -> None:
        self.raw = raw
        self.source = raw.source
        self.findings = raw.findings
        self._separators = raw.separators
        self._identifier = "UNOA"
        self._declared = "ascii"
        self._fixed_width: bool | None = None

    def __iter__(self) -> Iterator[Segment]:
        raw, text = self.raw, self.source.text
        body = raw.start + 9 if text.startswith("UNA", raw.start) else raw.start
        cutter = Cutter(self.source, raw.separators.terminator, raw.separators.release)
        index = 0
        for offset, end in cutter.cut(body, raw.end):
            if end <= offset:
                self.raw.tell("empty-segment", "There is an empty segment (two terminators in a row).", offset, end)
                continue
            index += 1
            yield self._segment(offset, end, index)
        if cutter.unterminated >= 0:
            yield from self._tail(cutter.unterminated, index + 1)

    def declare(self, header: Segment) -> None:
        """Take character set and syntax version from UNB; version 4 has a repetition character."""
        identifier = header.get(1, 1)
        codec = codec_of(identifier)
        if codec is None:
            message = f"UNB names the character set {identifier!r}, which ISO 9735 does not define."
            self.findings.warning("syntax-identifier", message, header.place(1, 1), value=identifier, syntax_error="2")
        self._identifier = identifier
        self._declared = self.raw.codec = codec or "iso8859-1"
        version = header.get(1, 2)[:1]
        if version not in ("1", "2", "3", "4"):
            message = f"UNB names syntax version {version!r}; versions 1 to 4 exist."
            self.findings.error("syntax-version", message, header.place(1, 2), value=version, syntax_error="2")
        marks = self._separators
        has_repetition = version == "4"
        repetition = (marks.repetition or "*") if has_repetition else ""
        self._separators = self.raw.separators = Separators(
            marks.component, marks.element, marks.terminator, marks.release, repetition, marks.decimal
        )
        if identifier == "UNOA" and marks == DEFAULT:
            self._check_level_a(header)

    def _check_level_a(self, header: Segment) -> None:
        text = self.source.text[self.raw.start : self.raw.end]
        if text.isascii() and not is_level_a(text):
            message = "UNB declares character set UNOA (capitals only), but the interchange uses other characters."
            self.findings.note("charset-repertoire", message, header.place(1, 1), value="UNOA")

    def _segment(self, offset: int, end: int, index: int) -> Segment:
        text = self.source.text[offset:end]
        limits = self.raw.limits
        if len(text) > limits.segment:
            message = (
                f"A segment is longer than {limits.segment} characters; a terminator is missing or the file is not EDI."
            )
            self.raw.tell("segment-too-long", message, offset, end, syntax_error="39", severity=Severity.ERROR)
            text = text[: limits.segment]
        if "\n" in text or "\r" in text:
            text = self._unwrapped(text, offset, end)
        if not text.isascii():
            text = self._decoded(text, offset, end)
        elements = split_released(text, self._separators.element, self._separators.release)
        segment = Segment(self.source, self._separators, elements, index=index, offset=offset, end=end)
        if self._separators.component in elements[0]:  # explicit nesting, ISO 9735 section 8.3
            segment.tag = elements[0].split(self._separators.component, 1)[0]
        segment.tag = segment.tag.strip()
        if len(text) > limits.element:
            self._check_elements(segment)
        return segment

    def _check_elements(self, segment: Segment) -> None:
        most = self.raw.limits.element
        for number, element in enumerate(segment.elements):
            if len(element) > most:
                message = f"Element {number} of {segment.tag[:10]} is longer than {most} characters and was cut."
                place = segment.place(number)
                self.findings.error("element-too-long", message, place, value=element, syntax_error="39")
                segment.elements[number] = element[:most]

    def _tail(self, offset: int, index: int) -> Iterator[Segment]:
        """Text after the last terminator. A trailer that lost only its terminator still counts."""
        end = offset + len(self.source.text[offset : self.raw.end].rstrip(_FILLERS))
        is_trailer = self.source.text.startswith("UNZ", offset)
        severity = Severity.WARNING if is_trailer else Severity.ERROR
        message = "The last segment has no terminator; the file may have been cut short."
        self.raw.tell("unterminated-segment", message, offset, end, syntax_error="13", severity=severity)
        if is_trailer:
            yield self._segment(offset, end, index)

    def _unwrapped(self, text: str, offset: int, end: int) -> str:
        if self._is_fixed_width():
            self.raw.tell(
                "wrapped-lines", "The file is wrapped at a fixed width; the line breaks were ignored.", offset, end
            )
            return text.replace("\r", "").replace("\n", "")
        if text.strip(_FILLERS) == text.replace("\r", "").replace("\n", "").strip(_FILLERS):
            return text.strip(_FILLERS)
        message = "There is a line break inside a segment; a terminator may be missing before it."
        self.raw.tell("newline-in-segment", message, offset, end, syntax_error="21", severity=Severity.WARNING)
        head = text[:4].replace("\r", "").replace("\n", "")
        return head + text[4:] if not text.startswith("UN") else text.replace("\r", "").replace("\n", "")

    def _is_fixed_width(self) -> bool:
        if self._fixed_width is None:
            lines = self.source.text[self.raw.start : self.raw.end].rstrip(_FILLERS).splitlines()
            widths = {len(line) for line in lines[:-1]}
            self._fixed_width = len(widths) == 1 and len(lines) > 1 and len(lines[-1]) <= max(widths)
        return self._fixed_width

    def _decoded(self, text: str, offset: int, end: int) -> str:
        codec = real_codec(text, self._declared)
        if codec != self._declared:
            name = self._identifier
            message = f"UNB declares character set {name}, but these bytes are not in it; they were read as {codec}."
            self.raw.tell("charset-mismatch", message, offset, end, syntax_error="21", severity=Severity.WARNING)
        return decode(text, codec)
