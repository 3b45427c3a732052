"""Segments, elements and components: the shape EDIFACT and X12 share (ISO 9735 section 8; ASC X12.5, X12.6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edi.syntax.findings import Place
from edi.syntax.source import Source

_FILLERS = " \t\r\n\x00\x1a"


@dataclass(frozen=True, slots=True)
class Separators:
    """Service characters of one interchange. An empty `release` or `repetition` means there is none."""

    component: str
    element: str
    terminator: str
    release: str = ""
    repetition: str = ""
    decimal: str = "."


def split_released(text: str, mark: str, release: str) -> list[str]:
    """`text` cut at every `mark` that no release character protects; pieces keep their release characters.

    Linear also for floods of release characters: each is counted once, in the piece it ends.
    """
    pieces = text.split(mark)
    if not release or release not in text:
        return pieces
    whole: list[str] = []
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if (len(piece) - len(piece.rstrip(release))) % 2 == 0:
            whole.append(mark.join(held))
            held = []
    if held:  # the text ends in a lone release character
        whole.append(mark.join(held))
    return whole


def unreleased(text: str, release: str) -> str:
    """`text` without its release characters, each released character kept."""
    if not release or release not in text:
        return text
    doubled = text.split(release + release)
    return release.join(part.replace(release, "") for part in doubled)


class Segment:
    """One segment. `elements[0]` is the tag as sent; `elements[n]` is the n-th data element, its components unsplit.
    `index` is the 1-based position in the interchange, `offset` and `end` are bytes of the file."""

    __slots__ = ("_parts", "_source", "_split_at", "elements", "end", "index", "offset", "separators", "tag")

    def __init__(
        self, source: Source, separators: Separators, elements: list[str], *, index: int, offset: int, end: int
    ) -> None:
        self._source = source
        self.separators = separators
        self.elements = elements
        self.index = index
        self.offset = offset
        self.end = end
        self.tag = elements[0]
        self._split_at = -1
        self._parts: list[str] = []

    def get(self, element: int, component: int = 1) -> str:
        """The value of one component (1-based), empty when absent; of a repeated element, the first occurrence."""
        if element != self._split_at:
            self._split(element)
        parts = self._parts
        return parts[component - 1] if component <= len(parts) else ""

    def _split(self, element: int) -> None:
        """Keep the components of `element` at hand: what is read next is mostly another one of the same."""
        marks = self.separators
        raw = self.elements[element] if element < len(self.elements) else ""
        if marks.repetition and marks.repetition in raw:
            raw = split_released(raw, marks.repetition, marks.release)[0]
        self._split_at = element
        if marks.release and marks.release in raw:
            parts = split_released(raw, marks.component, marks.release)
            self._parts = [unreleased(part, marks.release).strip() for part in parts]
        elif marks.component in raw:
            self._parts = [part.strip() for part in raw.split(marks.component)]
        else:
            self._parts = [raw.strip()]

    def whole(self, element: int) -> str:
        """A data element that has no components by definition (X12), whatever characters are in it."""
        return self.elements[element].strip() if element < len(self.elements) else ""

    def components(self, element: int) -> list[str]:
        """All components of one element, without release characters; empty list when absent."""
        if element >= len(self.elements) or not self.elements[element]:
            return []
        marks = self.separators
        parts = split_released(self.elements[element], marks.component, marks.release)
        return [unreleased(part, marks.release).strip() for part in parts]

    def place(self, element: int = 0, component: int = 0) -> Place:
        """Where this segment, or one element or component of it, stands in the file."""
        start, end = self._span(element) if element else (self.offset, self.end)
        return self._source.place(start, end, segment=self.index, tag=self.tag, element=element, component=component)

    def _span(self, element: int) -> tuple[int, int]:
        if element >= len(self.elements) or "\n" in self.raw or not self.raw.isascii():
            return self.offset, self.end
        start = self.offset + sum(len(piece) + 1 for piece in self.elements[:element])
        return start, start + len(self.elements[element])

    @property
    def raw(self) -> str:
        """The segment as received, byte for byte (ISO 8859-1), without its terminator."""
        return self._source.text[self.offset : self.end]

    @property
    def text(self) -> str:
        """The segment as a person reads it, in the character set it was decoded with."""
        return self.separators.element.join(self.elements)


class Cutter:
    """Cuts the text between two offsets into raw segments, one at a time: constant memory, linear time."""

    __slots__ = ("_empties", "release", "source", "terminator", "unterminated")

    def __init__(self, source: Source, terminator: str, release: str = "") -> None:
        self.source = source
        self.terminator = terminator
        self.release = release
        self.unterminated = -1  # offset of text after the last terminator, -1 when there is none
        self._empties = re.compile(f"(?:{re.escape(terminator)})+")

    def cut(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """(offset, end) of each piece up to its terminator; whitespace before it is skipped. Empty pieces are
        included, but a run of them only once."""
        text, terminator, release = self.source.text, self.terminator, self.release
        width, find = len(terminator), text.find
        position = start
        while position < stop:
            end = find(terminator, position, stop)
            if release and end > position and text[end - 1] == release:
                end = self._unreleased_end(position, end, stop)
            if text[position] in _FILLERS and end != position:
                position = self._after_fillers(position, end if end >= 0 else stop)
            if end < 0:
                if position < stop:
                    self.unterminated = position
                return
            yield position, end
            if end == position:
                empties = self._empties.match(text, position, stop)
                position = empties.end() if empties else end + width
            else:
                position = end + width

    def _after_fillers(self, position: int, end: int) -> int:
        text = self.source.text
        while position < end and text[position] in _FILLERS:
            position += 1
        return position

    def _unreleased_end(self, position: int, end: int, stop: int) -> int:
        """The first terminator from `end` on that an even number of release characters precedes, -1 for none."""
        text, release = self.source.text, self.release
        while end > position and text[end - 1] == release:
            first = end - 1
            while first > position and text[first - 1] == release:
                first -= 1
            if (end - first) % 2 == 0:
                return end
            end = text.find(self.terminator, end + 1, stop)
        return end
