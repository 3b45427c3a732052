"""Runs of whole segments of one interchange, taken from the file a block at a time: constant memory, linear time."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from edi.syntax.segments import FILLERS, Separators
from edi.syntax.source import Source

SIZE = 16_384  # small enough that its segments stay in the cache of the processor
_SHIFT = 4_096  # a run of characters of two bytes that is longer is not believed
_HELD = 4_194_304  # a longer segment is not held, only its beginning
LOOK = 64  # how far behind its first character the header of an interchange is recognised
_BLANKS = b" \t\r\n\x00\x1a"

HeaderFinder = Callable[[Source, int, int], int | None]


class Block(NamedTuple):
    """`text` begins at byte `offset` and ends with the terminator of a segment, which stands at `end`. Of a segment
    longer than any may be, `text` holds only the beginning."""

    offset: int
    text: str
    end: int


class Blocks:
    """Cuts from `start` to the header of the next interchange (`stop`, known at the end) or the end of the file."""

    def __init__(self, source: Source, start: int, marks: Separators, find_header: HeaderFinder, longest: int) -> None:
        self.source = source
        self.position = start
        self.following: int | None = None
        self.shifted = False  # ISO 2022: characters of two bytes may look like separators
        self.unterminated = -1  # offset of text after the last terminator, -1 when there is none
        self._terminator = marks.terminator
        self._release = marks.release
        self._find_header = find_header
        self._longest = longest
        self._searched = start + 3  # the header at `start` is our own
        self._start = start
        self._digest = None if source.complete else hashlib.blake2b()

    def __iter__(self) -> Iterator[Block]:
        size = 1  # the header alone: it says how to read what follows
        while True:
            block = self._next(size)
            if block is None:
                break
            if self._digest:
                self._digest.update(_bare(block.text))
            self.position = block.end + len(self._terminator)
            yield block
            size = SIZE
        tail = self.source.slice(self.position, min(self.stop, self.position + SIZE))
        if self.position < self.source.base:  # the beginning of a segment without end was let go
            self.unterminated = self.position
        elif tail.strip(FILLERS):
            self.unterminated = self.position + len(tail) - len(tail.lstrip(FILLERS))

    @property
    def stop(self) -> int:
        """Where the interchange ends at the latest, as far as is known."""
        return self.source.end if self.following is None else self.following

    def fingerprint(self) -> bytes:
        """What tells this interchange from another, as far as it was cut; blanks and line breaks do not count."""
        if self._digest:
            return self._digest.digest()
        return hashlib.blake2b(_bare(self.source.slice(self._start, self.position))).digest()

    def stop_at_hand(self) -> int:
        """Where the interchange ends within the text at hand, or the end of that text."""
        return self._limit(self.source.end)

    def skip(self) -> int | None:
        """Where the next interchange begins, whatever stands before it; None when there is none."""
        position = max(self.position, self._searched)
        while self.following is None and not (self.source.complete and position >= self.source.end):
            self.source.held = -1
            self.source.need(position + SIZE + LOOK, position)
            position = min(position + SIZE, self.source.end)
            self._limit(position)
        return self.following

    def _next(self, size: int) -> Block | None:
        start = self.position
        self.source.need(start + size + LOOK, start)
        limit = self._limit(start + size)
        end = self._last_terminator(start, limit)
        if end < 0:
            return self._single(start, limit)
        return Block(start, self.source.slice(start, end + len(self._terminator)), end)

    def _single(self, start: int, limit: int) -> Block | None:
        """The one segment that begins at `start` and ends somewhere from `limit` on."""
        head, end = self._first_terminator(start, limit)
        if end < 0:
            return None
        if end - start > self._longest:
            return Block(start, head or self.source.slice(start, start + self._longest + 1), end)
        return Block(start, self.source.slice(start, end + len(self._terminator)), end)

    def _limit(self, wanted: int) -> int:
        """`wanted`, or the end of the interchange when that comes first."""
        wanted = min(wanted, self.source.end)
        if self.following is None and wanted > self._searched:
            found = self._find_header(self.source, self._searched, wanted + LOOK)
            if found is not None and found < wanted:
                self.following = found
            else:
                self._searched = wanted
        return min(wanted, self.stop)

    def _last_terminator(self, start: int, limit: int) -> int:
        source = self.source
        first, at = start - source.base, source.text.rfind(self._terminator, start - source.base, limit - source.base)
        while at >= 0 and self._is_released(first, at):
            at = source.text.rfind(self._terminator, first, at)
        return at + source.base if at >= 0 else -1

    def _first_terminator(self, start: int, position: int) -> tuple[str, int]:
        """The first terminator from `position` on, -1 when there is none. A segment longer than any may be is let go on
        the way, and only its beginning handed back."""
        source, head, mark = self.source, "", self._terminator
        while True:
            source.need(position + SIZE + LOOK, start)
            stop = self._limit(position + SIZE)
            at = self._find(start, max(position - len(mark) + 1, start), stop)
            if at >= 0 or (stop >= self.stop and (source.complete or self.following is not None)):
                return head, at
            if stop - start > max(self._longest, _HELD) and not source.complete:
                head = head or source.slice(start, start + self._longest + 1)
                source.held = -1
                start = stop - len(mark)
            position = stop

    def _find(self, start: int, position: int, stop: int) -> int:
        source, base = self.source, self.source.base
        at = source.text.find(self._terminator, position - base, stop - base)
        while at >= 0 and self._is_released(max(start - base, 0), at):
            at = source.text.find(self._terminator, at + 1, stop - base)
        return at + base if at >= 0 else -1

    def _is_in_shift(self, first: int, at: int) -> bool:
        shift = self.source.text.rfind("\x1b$", first, at)
        return shift >= 0 and self.source.text.find("\x1b(", shift, at) < 0

    def _is_released(self, first: int, at: int) -> bool:
        """Whether an odd number of release characters stands before `at` (counted in the text at hand)."""
        release, text = self._release, self.source.text
        if self.shifted and self._is_in_shift(max(first, at - _SHIFT), at):
            return True
        if not release or at <= first or text[at - 1] != release:
            return False
        before = at - 1
        while before > first and text[before - 1] == release:
            before -= 1
        return (at - before) % 2 == 1


def _bare(text: str) -> bytes:
    return text.encode("latin-1").translate(None, _BLANKS)


def cut(text: str, terminator: str, release: str = "") -> Iterator[tuple[int, int]]:
    """(start, end) of each piece of `text` up to its terminator, with which `text` ends; whitespace before a piece is
    skipped. Empty pieces are included, but a run of them only once."""
    empties = re.compile(f"(?:{re.escape(terminator)})+")
    fillers = FILLERS.replace(terminator, "")
    width, length, position = len(terminator), len(text), 0
    while position < length:
        end = text.find(terminator, position)
        if release and end > position and text[end - 1] == release:
            end = _unreleased_end(text, terminator, release, position, end)
        if end < 0:
            return
        while position < end and text[position] in fillers:
            position += 1
        yield position, end
        run = empties.match(text, position) if end == position else None
        position = run.end() if run else end + width


def _unreleased_end(text: str, terminator: str, release: str, position: int, end: int) -> int:
    """The first terminator from `end` on that an even number of release characters precedes, -1 for none."""
    while end > position and text[end - 1] == release:
        first = end - 1
        while first > position and text[first - 1] == release:
            first -= 1
        if (end - first) % 2 == 0:
            return end
        end = text.find(terminator, end + 1)
    return end
