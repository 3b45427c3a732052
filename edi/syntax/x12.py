"""ASC X12 interchange syntax (X12.5, X12.6): separators from ISA itself, interchanges, segments."""

import re
from collections.abc import Iterator
from itertools import islice

from edi.syntax.blocks import LOOK, Block, Blocks
from edi.syntax.envelopes import RawInterchange
from edi.syntax.findings import Findings, Severity
from edi.syntax.limits import Limits
from edi.syntax.reader import BlockReader
from edi.syntax.segments import FILLERS, Segment, Separators
from edi.syntax.source import Source

ISA_LENGTH = 106
# Offsets at which the 16 element separators of a fixed-width ISA stand.
_ISA_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_HEADER = re.compile(r"ISA(?P<mark>[^A-Za-z0-9\s])\d\d(?P=mark)", re.ASCII)
_FALLBACK = Separators(component=":", element="*", terminator="~")
_BINARY = {"BIN": 1, "BDS": 2}  # element that states how many bytes of data follow it


def interchanges(source: Source, start: int, limits: Limits) -> Iterator[RawInterchange]:
    """Every interchange from byte `start` on, cut at each ISA before anything is judged. The next one is looked for
    when the one before has been read as far as the caller cares to."""
    position: int | None = start
    while position is not None:
        findings = source.findings(limits)
        source.need(position + LOOK + 1_000, position)
        separators = _separators(source, position, findings)

        def find_header(within: Source, first: int, last: int, marks: Separators = separators) -> int | None:
            return _next_header(within, first, last, marks)

        blocks = Blocks(source, position, separators, find_header, limits.segment)
        yield RawInterchange(source, limits, separators, blocks, position, findings, codec="utf-8")
        position = blocks.skip()


def _next_header(source: Source, first: int, last: int, marks: Separators) -> int | None:
    """Where the next ISA stands at the start of a segment between two offsets, or None; ISA in binary data is none."""
    text, base = source.text, source.base
    at = text.find("ISA", first - base, last - base)
    while at >= 0:
        if _HEADER.match(text, at):
            before = text[max(0, at - 200) : at]
            at_start = before[-1:] in ("\r", "\n") or before.rstrip(FILLERS).endswith(marks.terminator)
            if at_start and not _is_in_binary(text, at, marks.element):
                return base + at
        at = text.find("ISA", at + 3, last - base)
    return None


def _is_in_binary(text: str, at: int, element: str) -> bool:
    """Whether the data of a BIN or BDS segment begun before `at` reaches beyond it."""
    start = max(text.rfind("BIN" + element, 0, at), text.rfind("BDS" + element, 0, at))
    length = _binary_length(text[start : start + 100], element) if start >= 0 else 0
    return start + length > at


def _binary_length(text: str, element: str) -> int:
    """How long a segment is that carries binary data, by its own words (BIN01, BDS02; X12.22); 0 when it has none."""
    position = _BINARY.get(text[:3])
    if position is None:
        return 0
    parts = text.split(element, position + 1)
    if len(parts) < position + 2 or not parts[position].isdigit() or len(parts[position]) > 9:
        return 0
    return sum(len(part) + 1 for part in parts[: position + 1]) + int(parts[position])


def _separators(source: Source, start: int, findings: Findings) -> Separators:
    """The separators that this ISA uses: found by counting 16 element separators, so that a badly padded ISA is still
    understood (and reported)."""
    text = source.slice(start, start + 1_000)
    element = text[3:4]
    marks = list(islice(re.finditer(re.escape(element), text[:400]), 16)) if element else []
    is_cut = len(marks) < 16 or len(text) < marks[15].start() + 3
    if is_cut or element.isalnum() or element in " \t\r\n":
        message = "The interchange header (ISA) is cut short or is not an ISA: 16 element separators were expected."
        findings.error("isa-incomplete", message, source.place(start, start + 106), syntax_error="TA105:023")
        return _FALLBACK
    offsets = tuple(mark.start() for mark in marks)
    last = offsets[15]
    component = text[last + 1 : last + 2]
    terminator, end = _terminator(text, last + 2)
    if offsets != _ISA_OFFSETS:
        message = "The interchange header (ISA) is not 106 characters wide; its elements must be padded to fixed width."
        place = source.place(start, start + last + 2, tag="ISA")
        findings.warning("isa-width", message, place, syntax_error="TA105:022")
    _check_distinct(source, start, (element, component, terminator), findings)
    version = text[offsets[11] + 1 : offsets[12]]
    repetition = text[offsets[10] + 1 : offsets[11]] if version >= "00402" else ""
    repetition = repetition if len(repetition) == 1 and not repetition.isalnum() else ""
    release = _release(text[end:], element) if version >= "00704" else ""
    return Separators(component, element, terminator, release, repetition)


def _release(text: str, element: str) -> str:
    """The release character that ISX01 names, in the segment after ISA from version 007040 on."""
    text = text.lstrip(FILLERS)
    mark = text[4:5]
    return mark if text.startswith("ISX" + element) and not mark.isalnum() and mark != element else ""


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


class SegmentReader(BlockReader):
    """The segments of one interchange in order, with findings about their form."""

    trailer = "IEA"
    too_long = "TA105:024"
    element_too_long = "AK403:5"
    cut_short = "TA105:023"

    def _plain_tag(self, text: str) -> str:
        return "" if text[:3] in _BINARY or text[:3] == "ISX" else super()._plain_tag(text)

    def _cut(self, block: Block) -> Iterator[tuple[int, int]]:
        """As all segments, but one that carries binary data ends where its length says."""
        resume = 0
        for start, stop in super()._cut(block):
            if start >= resume:
                is_binary = block.text[start : start + 3] in _BINARY
                resume = self._binary_end(block, start, stop) if is_binary else stop
                yield start, resume

    def _binary_end(self, block: Block, start: int, stop: int) -> int:
        """Where the segment at `start` of the block really ends: its data may contain separators. A length that does
        not lead to a terminator is not believed."""
        offset, terminator = block.offset + start, self.separators.terminator
        length = _binary_length(block.text[start : start + 100], self.separators.element)
        end, width = offset + length, len(terminator)
        if length <= stop - start or length > self.raw.limits.segment or not self.source.need(end + width, offset):
            return stop
        if self.source.slice(end, end + width) != terminator:
            return stop
        self.blocks.position = max(self.blocks.position, end + width)
        return end - block.offset

    def _segment(self, text: str, offset: int, end: int) -> Segment:
        mark = self.separators.element
        if text[:3] in _BINARY:
            segment = super()._segment(text, offset, end)
            segment.elements = text.split(mark, _BINARY[text[:3]] + 1)
            return segment
        text = text.rstrip(FILLERS)
        segment = super()._segment(text, offset, end)
        if segment.tag == "ISX":  # it holds the release character itself
            segment.elements = text.split(mark)
        return segment

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

    def _check_elements(self, segment: Segment) -> None:
        if segment.tag not in _BINARY:
            super()._check_elements(segment)
