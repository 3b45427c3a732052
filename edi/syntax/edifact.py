"""UN/EDIFACT application level syntax, ISO 9735 versions 1 to 4: service string advice, interchanges, segments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from edi.syntax.blocks import LOOK, Block, Blocks
from edi.syntax.charsets import codec_of, decode, is_level_a, real_codec
from edi.syntax.envelopes import RawInterchange
from edi.syntax.findings import Findings, Severity
from edi.syntax.limits import Limits
from edi.syntax.reader import BlockReader
from edi.syntax.segments import FILLERS, Segment, Separators
from edi.syntax.source import Source

DEFAULT = Separators(component=":", element="+", terminator="'", release="?")
_CONTROL_CHARACTERS = Separators(component="\x1f", element="\x1d", terminator="\x1c")  # UNOB without UNA
# in ASCII, the control characters that may be separators are no blanks
_HEADER = re.compile(r"UNB[^A-Za-z0-9\s][A-Z][A-Z0-9]{3}[^A-Za-z0-9\s]\d", re.ASCII)
_ADVICE = re.compile(r"UNA[\s\S]{6}\s{0,32}\Z")
_WIDEST_ADVICE = 41
# ISO 2022 (UNOX): between these a character is two bytes, which may look like separators.
_SHIFTED = re.compile(r"\x1b\$\(?[@-D][\s\S]*?(?:\x1b\([@-J]|\Z)")


def interchanges(source: Source, start: int, limits: Limits) -> Iterator[RawInterchange]:
    """Every interchange from byte `start` on, cut before anything is judged, so that each fails alone. The next one is
    looked for when the one before has been read as far as the caller cares to."""
    position: int | None = start
    while position is not None:
        findings = source.findings(limits)
        source.need(position + LOOK + 1_000, position)
        separators, body = _service_string(source, position, findings)

        def find_header(within: Source, first: int, last: int, marks: Separators = separators) -> int | None:
            return _next_header(within, first, last, marks.terminator)

        blocks = Blocks(source, body, separators, find_header, limits.segment)
        yield RawInterchange(source, limits, separators, blocks, position, findings)
        position = blocks.skip()


def _next_header(source: Source, first: int, last: int, terminator: str) -> int | None:
    """Where the next UNA or UNB stands at the start of a segment between two offsets, or None."""
    text, base = source.text, source.base
    at = text.find("UNB", first - base, last - base)
    while at >= 0:
        if _HEADER.match(text, at):
            advice = _ADVICE.search(text[max(0, at - _WIDEST_ADVICE) : at])
            if advice:
                return base + at - len(advice[0])
            before = text[max(0, at - 200) : at]
            if before[-1:] in ("\r", "\n") or before.rstrip(FILLERS).endswith(terminator):
                return base + at
        at = text.find("UNB", at + 3, last - base)
    return None


def _service_string(source: Source, start: int, findings: Findings) -> tuple[Separators, int]:
    """The separators in force from `start`, and where the segments begin. UNA is exactly nine characters."""
    if source.slice(start, start + 3) != "UNA":
        return _without_advice(source, start, findings), start
    advice = source.slice(start + 3, start + 9)
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
    head = source.slice(start, start + 1_000)
    if head.startswith("UNB\x1d"):
        return _CONTROL_CHARACTERS
    if DEFAULT.terminator not in head and "\n" in head:
        message = "Segments end with line breaks instead of apostrophes, and no service string advice (UNA) says so."
        findings.warning("terminator-newline", message, source.place(start, start + 3), syntax_error="22")
        return Separators(":", "+", "\n", "?")
    return DEFAULT


class SegmentReader(BlockReader):
    """The segments of one interchange in order, decoded, with findings about their form."""

    trailer = "UNZ"
    too_long = element_too_long = "39"
    cut_short = "13"

    def __init__(self, raw: RawInterchange) -> None:
        super().__init__(raw)
        self._identifier = "UNOA"
        self._declared = "ascii"
        self._fixed_width: bool | None = None
        self._keeps_level_a = True  # nothing declared yet, or nothing to be told

    def declare(self, header: Segment) -> None:
        """Take character set and syntax version from UNB; version 4 has a repetition character."""
        identifier = header.get(1, 1)
        codec = codec_of(identifier)
        if codec is None:
            message = f"UNB names the character set {identifier!r}, which ISO 9735 does not define."
            self.findings.warning("syntax-identifier", message, header.place(1, 1), value=identifier, syntax_error="2")
        self._identifier = identifier
        self._declared = self.raw.codec = codec or "iso8859-1"
        self.blocks.shifted = self._declared == "iso2022_jp"
        version = header.get(1, 2)[:1]
        if version not in ("1", "2", "3", "4"):
            message = f"UNB names syntax version {version!r}; versions 1 to 4 exist."
            self.findings.error("syntax-version", message, header.place(1, 2), value=version, syntax_error="2")
        marks = self.separators
        self._keeps_level_a = identifier != "UNOA" or marks != DEFAULT
        repetition = (marks.repetition or "*") if version == "4" else ""
        self.separators = self.raw.separators = replace(marks, repetition=repetition)
        if not self._keeps_level_a:
            self._check_level_a(header.raw, header.offset, header.end)

    def _allows_bulk(self, text: str) -> bool:
        return not (self.blocks.shifted and "\x1b" in text)

    def _in_bulk(self, block: Block) -> list[Segment] | None:
        if not self._keeps_level_a:
            self._check_level_a(block.text, block.offset, block.end)
        return super()._in_bulk(block)

    def _check_level_a(self, text: str, offset: int, end: int) -> None:
        if text.isascii() and not is_level_a(text):
            self._keeps_level_a = True
            message = "UNB declares character set UNOA (capitals only), but the interchange uses other characters."
            self.raw.tell("charset-repertoire", message, offset, end)

    def _clean_tag(self, sent: str) -> str:
        """The tag without explicit indication of nesting (ISO 9735 section 8.3)."""
        return sent.split(self.separators.component, 1)[0].strip()

    def _cut(self, block: Block) -> Iterator[tuple[int, int]]:
        if self.blocks.shifted:
            block = block._replace(text=_SHIFTED.sub(lambda run: "\x7f" * len(run[0]), block.text))
        return super()._cut(block)

    def _unwrapped(self, text: str, offset: int, end: int) -> str:
        if self._is_fixed_width():
            message = "The file is wrapped at a fixed width; the line breaks were ignored."
            self.raw.tell("wrapped-lines", message, offset, end)
            return text.replace("\r", "").replace("\n", "")
        if text.strip(FILLERS) == text.replace("\r", "").replace("\n", "").strip(FILLERS):
            return text.strip(FILLERS)
        message = "There is a line break inside a segment; a terminator may be missing before it."
        self.raw.tell("newline-in-segment", message, offset, end, syntax_error="21", severity=Severity.WARNING)
        head = text[:4].replace("\r", "").replace("\n", "")
        return head + text[4:] if not text.startswith("UN") else text.replace("\r", "").replace("\n", "")

    def _is_fixed_width(self) -> bool:
        """Whether all lines are of one width, as far as the file is at hand."""
        if self._fixed_width is None:
            source, start = self.source, self.raw.start
            text = source.slice(start, self.blocks.stop_at_hand()).rstrip(FILLERS)
            lines = text.splitlines()[1 if start < source.base else 0 :]
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
