"""Blocks of text into segments: in bulk where a block is as regular as nearly all are, piece by piece where not."""

from collections.abc import Iterator

from edi.syntax.blocks import Block, cut
from edi.syntax.envelopes import RawInterchange
from edi.syntax.findings import Severity
from edi.syntax.segments import FILLERS, Context, Segment, Separators, in_a_row, split_released

_TAGS_AT_MOST = 1_000


class BlockReader:
    """The segments of one interchange in order, decoded, with findings about their form. What differs between the
    standards is in the subclasses."""

    trailer = ""  # tag of the last segment: one that lost only its terminator still counts
    too_long = ""  # the standards' own codes for a segment or an element that is too long, and a cut file
    element_too_long = ""
    cut_short = ""

    def __init__(self, raw: RawInterchange) -> None:
        self.raw = raw
        self.source = raw.source
        self.findings = raw.findings
        self.blocks = raw.blocks
        self.separators: Separators = raw.separators
        self._index = 0
        self._tags: dict[str, str] = {}

    def __iter__(self) -> Iterator[Segment]:
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[list[Segment]]:
        """The segments in runs. The first run is the header alone, so that what it declares holds for the next."""
        for block in self.blocks:
            batch = self._in_bulk(block)
            if batch is None:
                batch = list(self._one_by_one(block))
            yield batch
        if self.blocks.unterminated >= 0:
            yield list(self._tail(self.blocks.unterminated))

    # -- in bulk ------------------------------------------------------------------------------------------------------

    def _in_bulk(self, block: Block) -> list[Segment] | None:
        """All segments of a block in which they follow each other without a surprise, else None."""
        text = block.text.lstrip(FILLERS)
        pieces, width = self._regular_pieces(text)
        offset = block.offset + len(block.text) - len(text)
        contents = pieces if text.isascii() else self._all_decoded(pieces, offset, width)
        tag_of, plain_tag = self._tags.get, self._plain_tag
        tags = [tag_of(content[:4]) or plain_tag(content) for content in contents]
        if not tags or not all(tags):
            return None
        context, index = Context(self.source, self.separators), self._index
        self._index += len(tags)
        return in_a_row(context, zip(pieces, contents, tags, strict=True), index, offset, width)

    def _all_decoded(self, pieces: list[str], offset: int, width: int) -> list[str]:
        contents = []
        for piece in pieces:
            end = offset + len(piece)
            contents.append(piece if piece.isascii() else self._decoded(piece, offset, end))
            offset = end + width
        return contents

    def _regular_pieces(self, text: str) -> tuple[list[str], int]:
        """The segments of `text` and how many bytes stand between two of them; none when `text` is not regular: line
        breaks elsewhere than after every terminator, or something that is too long."""
        terminator, release = self.separators.terminator, self.separators.release
        if not text.endswith(terminator) or not self._allows_bulk(text):
            return [], 0
        mark = terminator + self._gap(text)
        ends = text.count(terminator)
        if mark == terminator:
            pieces = split_released(text[: -len(terminator)], mark, release)
            ends = len(pieces)
        else:
            if release and release + terminator in text:
                if release + mark in text or release + release in text:
                    return [], 0
                ends -= text.count(release + terminator)
            pieces = text[: -len(terminator)].split(mark)
        if len(pieces) != ends or not self._is_regular(text, mark, ends - 1) or self._has_long(text, mark, pieces):
            return [], 0
        return pieces, len(mark)

    def _gap(self, text: str) -> str:
        """The line break after the first terminator, if any."""
        after = text.find(self.separators.terminator) + len(self.separators.terminator)
        head = text[after : after + 2]
        return head if head == "\r\n" else head[:1] if head[:1] in ("\n", "\r") else ""

    def _is_regular(self, text: str, mark: str, gaps: int) -> bool:
        """Whether line breaks stand after terminators only; the one after the last is in the next block."""
        terminator = self.separators.terminator
        for sign in "\r\n":
            expected = gaps * mark.count(sign) + terminator.count(sign)
            if (text.count(sign) != expected) if expected else (sign in text):
                return False
        return True

    def _has_long(self, text: str, mark: str, pieces: list[str]) -> bool:
        """Whether any piece is longer than an element may be. When there is a terminator in every stretch of half that
        length, none can be."""
        most = min(self.raw.limits.element, self.raw.limits.segment)
        half = most // 2
        if half > 100 and all(text.find(mark, at, at + half) >= 0 for at in range(0, len(text) - half, half)):
            return False
        return max(map(len, pieces)) > most

    def _allows_bulk(self, text: str) -> bool:
        return True

    def _plain_tag(self, text: str) -> str:
        """The tag of a segment in a regular block, empty when it is none of those that may be read in bulk."""
        return "" if text[:1] in FILLERS else self._tag(text)

    def _tag(self, text: str) -> str:
        """The tag of a segment, remembered by its first four characters where these tell it."""
        marks = self.separators
        sent = split_released(text[:1_000], marks.element, marks.release)[0]
        tag = self._clean_tag(sent)
        if len(sent) < 4 and tag and len(self._tags) < _TAGS_AT_MOST:
            self._tags[text[:4]] = tag
        return tag

    def _clean_tag(self, sent: str) -> str:
        return sent.strip()

    # -- piece by piece -----------------------------------------------------------------------------------------------

    def _one_by_one(self, block: Block) -> Iterator[Segment]:
        if block.offset + len(block.text) <= block.end:  # only the beginning of a segment without end
            yield self._segment(block.text, block.offset, block.end)
            return
        for start, stop in self._cut(block):
            offset = block.offset + start
            if stop <= start:
                text = "There is an empty segment (two terminators in a row)."
                self.raw.tell("empty-segment", text, offset, offset)
                continue
            end = offset + stop - start
            yield self._segment(self.source.slice(offset, end), offset, end)

    def _cut(self, block: Block) -> Iterator[tuple[int, int]]:
        return cut(block.text, self.separators.terminator, self.separators.release)

    def _segment(self, text: str, offset: int, end: int) -> Segment:
        text = self._shortened(text, offset, end)
        if "\n" in text or "\r" in text:
            text = self._unwrapped(text, offset, end)
        if not text.isascii() or (self.blocks.shifted and "\x1b" in text):
            text = self._decoded(text, offset, end)
        self._index += 1
        context = Context(self.source, self.separators)
        segment = Segment(context, text, self._tag(text), self._index, offset, end)
        if len(text) > self.raw.limits.element:
            self._check_elements(segment)
        return segment

    def _shortened(self, text: str, offset: int, end: int) -> str:
        most = self.raw.limits.segment
        if len(text) <= most:
            return text
        message = f"A segment is longer than {most} characters; a terminator is missing or the file is not EDI."
        self.raw.tell("segment-too-long", message, offset, end, syntax_error=self.too_long, severity=Severity.ERROR)
        return text[:most]

    def _check_elements(self, segment: Segment) -> None:
        most = self.raw.limits.element
        elements = segment.elements
        for number, element in enumerate(elements):
            if len(element) > most:
                message = f"Element {number} of {segment.tag[:10]} is longer than {most} characters and was cut."
                place = segment.place(number)
                self.findings.error(
                    "element-too-long", message, place, value=element, syntax_error=self.element_too_long
                )
                elements[number] = element[:most]
        segment.elements = elements

    def _unwrapped(self, text: str, offset: int, end: int) -> str:
        raise NotImplementedError

    def _decoded(self, text: str, offset: int, end: int) -> str:
        raise NotImplementedError

    def _tail(self, offset: int) -> Iterator[Segment]:
        """Text after the last terminator. A trailer that lost only its terminator still counts."""
        text = self.source.slice(offset, min(self.blocks.stop, offset + self.raw.limits.segment + 1)).rstrip(FILLERS)
        end = offset + len(text)
        is_trailer = text.startswith(self.trailer)
        if self.raw.trailer is None and not (is_trailer and self.separators.terminator in "\r\n"):
            severity = Severity.WARNING if is_trailer else Severity.ERROR
            message = "The last segment has no terminator; the file may have been cut short."
            code = self.cut_short
            self.raw.tell("unterminated-segment", message, offset, end, syntax_error=code, severity=severity)
        if is_trailer or self.raw.trailer is not None:
            yield self._segment(text, offset, end)
