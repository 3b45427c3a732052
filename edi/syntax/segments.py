"""Segments, elements and components: the shape EDIFACT and X12 share (ISO 9735 section 8; ASC X12.5, X12.6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from edi.syntax.findings import Place
from edi.syntax.source import Source

FILLERS = " \t\r\n\x00\x1a"


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


@dataclass(frozen=True, slots=True)
class Context:
    """What the segments of one interchange share."""

    source: Source
    separators: Separators


class Segment:
    """One segment. `elements[0]` is the tag as sent; `elements[n]` is the n-th data element, its components unsplit.
    `index` is the 1-based position in the interchange, `offset` and `end` are bytes of the file; `content` is the text
    that was split into the elements."""

    __slots__ = ("_context", "_elements", "_parts", "_split_at", "content", "end", "index", "offset", "tag")

    # By position, and as few steps as there can be: there is one of these for every thirty bytes of a file. Elements
    # are split when somebody looks at them.
    def __init__(self, context: Context, text: str, tag: str, index: int, offset: int, end: int) -> None:
        self._context = context
        self.content = text
        self.tag = tag
        self.index = index
        self.offset = offset
        self.end = end
        self._elements: list[str] | None = None
        self._split_at = -1

    def pin(self) -> "Segment":
        """This segment, with a copy of its text: it can say its place when a stream has let go of it."""
        source = self._context.source.excerpt(self.offset, self.end)
        self._context = Context(source, self._context.separators)
        return self

    @property
    def separators(self) -> Separators:
        """The service characters in force."""
        return self._context.separators

    @property
    def elements(self) -> list[str]:
        """The data elements as sent, release characters included; the first is the tag."""
        return self._elements or self._cut()

    @elements.setter
    def elements(self, elements: list[str]) -> None:
        self._elements = elements
        self._split_at = -1
        self.content = self._context.separators.element.join(elements)

    def _cut(self) -> list[str]:
        marks, text = self._context.separators, self.content
        is_plain = not marks.release or marks.release not in text
        self._elements = text.split(marks.element) if is_plain else split_released(text, marks.element, marks.release)
        return self._elements

    def get(self, element: int, component: int = 1) -> str:
        """The value of one component (1-based), empty when absent; of a repeated element, the first occurrence."""
        if element != self._split_at:
            elements = self._elements or self._cut()
            if element >= len(elements):
                return ""
            raw = elements[element]
            if component == 1 and raw.isalnum():  # holds no separator and no blank
                return raw
            self._parts = self._split(raw)
            self._split_at = element
        parts = self._parts
        return parts[component - 1] if component <= len(parts) else ""

    def _split(self, raw: str) -> list[str]:
        """The components of one element; kept at hand, for what is read next is mostly another one of the same."""
        marks = self._context.separators
        if marks.repetition and marks.repetition in raw:
            raw = split_released(raw, marks.repetition, marks.release)[0]
        if marks.release and marks.release in raw:
            parts = split_released(raw, marks.component, marks.release)
            return [unreleased(part, marks.release).strip() for part in parts]
        if marks.component in raw:
            return [part.strip() for part in raw.split(marks.component)]
        return [raw.strip()]

    def whole(self, element: int) -> str:
        """A data element that has no components by definition (X12), whatever characters are in it."""
        elements = self._elements or self._cut()
        if element >= len(elements):
            return ""
        return unreleased(elements[element], self._context.separators.release).strip()

    def components(self, element: int) -> list[str]:
        """All components of one element, without release characters; empty list when absent."""
        if element >= len(self.elements) or not self.elements[element]:
            return []
        return self._components(self.elements[element])

    def repetitions(self, element: int) -> list[list[str]]:
        """Every occurrence of a repeated element (ISO 9735 version 4; X12 from 00402), each as its components."""
        if element >= len(self.elements) or not self.elements[element]:
            return []
        marks, raw = self.separators, self.elements[element]
        occurrences = split_released(raw, marks.repetition, marks.release) if marks.repetition else [raw]
        return [self._components(occurrence) for occurrence in occurrences]

    def _components(self, raw: str) -> list[str]:
        marks = self.separators
        parts = split_released(raw, marks.component, marks.release)
        return [unreleased(part, marks.release).strip() for part in parts]

    def place(self, element: int = 0, component: int = 0) -> Place:
        """Where this segment, or one element or component of it, stands in the file."""
        start, end = self._span(element) if element else (self.offset, self.end)
        return self._context.source.place(
            start, end, segment=self.index, tag=self.tag, element=element, component=component
        )

    def _span(self, element: int) -> tuple[int, int]:
        raw = self.raw
        if element >= len(self.elements) or "\n" in raw or not raw.isascii():
            return self.offset, self.end
        start = self.offset + sum(len(piece) + 1 for piece in self.elements[:element])
        return start, start + len(self.elements[element])

    @property
    def raw(self) -> str:
        """The segment as received, byte for byte (ISO 8859-1), without its terminator."""
        return self._context.source.slice(self.offset, self.end)

    @property
    def text(self) -> str:
        """The segment as a person reads it, in the character set it was decoded with."""
        return self.separators.element.join(self.elements)


def in_a_row(
    context: Context, found: Iterable[tuple[str, str, str]], index: int, offset: int, width: int
) -> list[Segment]:
    """Segments that follow each other from `offset` on with `width` characters between them, `index` being that of the
    one before: of each its bytes, its text and its tag. They are filled in here, which is faster than a call each."""
    row: list[Segment] = []
    append, new = row.append, Segment.__new__
    for piece, content, tag in found:
        index += 1
        segment = new(Segment)
        segment._context = context
        segment.content = content
        segment.tag = tag
        segment.index = index
        segment.offset = offset
        segment.end = offset + len(piece)
        segment._elements = None
        segment._split_at = -1
        append(segment)
        offset = segment.end + width
    return row
