"""The bytes of one file, whole or as a window that moves along it, and the way from an offset to a line and column."""

from itertools import accumulate
from typing import Protocol

from edi.syntax.findings import Budget, Findings, Place
from edi.syntax.limits import Limits

_BLOCK = 4_096
CHUNK = 262_144  # bytes read at a time from a file
_BEGINNING = 8_192  # bytes that are at hand before anything is judged, however little a read gives
_KEPT = 1_024  # bytes kept before what was let go: enough to look back for a separator or a UNA


class Readable(Protocol):
    """A binary file, or anything with its `read`."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...  # pragma: no cover


def _beginning(file: Readable) -> bytes:
    """The first bytes of `file`, enough to tell its standard from even when it comes in small pieces."""
    data = chunk = file.read(CHUNK)
    while chunk and len(data) < _BEGINNING:
        chunk = file.read(CHUNK)
        data += chunk
    return data


class Source:
    """A file as received. `text` is the bytes one to one (ISO 8859-1), so every offset in it is an offset in bytes;
    values are decoded from their real character set later, segment by segment. `base` is the offset of its first
    character: 0 for a file that is held whole. Offsets are always those of the file."""

    __slots__ = (
        "_counts",
        "_file",
        "_line",
        "_mark",
        "_since",
        "base",
        "budget",
        "complete",
        "data",
        "encoding",
        "held",
        "text",
    )

    def __init__(self, data: bytes = b"", file: Readable | None = None) -> None:
        """All of `data`, or `file` read as it is needed (`data` is then only its first bytes)."""
        self._file = file
        self.complete = file is None
        self.data = _beginning(file) if file else data
        self.text = self.data.decode("latin-1")
        self.encoding = "latin-1"
        self.budget = Budget()
        self.base = 0
        self.held = -1  # offset of what must stay at hand, -1 for nothing
        self._counts: list[int] | None = None
        self._mark = "\n" if "\n" in self.text else "\r"
        self._line = 0  # line breaks before `base`
        self._since = 0  # characters between the last of them and `base`

    @property
    def end(self) -> int:
        """Offset behind the last character at hand; behind the last of the file when `complete`."""
        return self.base + len(self.text)

    def recode(self, encoding: str) -> None:
        """Read the bytes in another character set of single bytes (EBCDIC) from here on."""
        self.encoding = encoding
        self.text = self._decoded(self.data)
        self._mark = "\n" if "\n" in self.text else "\r"
        self._counts = None

    def _decoded(self, data: bytes) -> str:
        text = data.decode(self.encoding)
        # EBCDIC ends lines with NEL, which no reader of lines here knows
        return text if self.encoding == "latin-1" else text.replace("\x85", "\n")

    def slice(self, start: int, stop: int) -> str:
        """The text between two offsets, as far as it is at hand."""
        return self.text[max(start - self.base, 0) : max(stop - self.base, 0)]

    def excerpt(self, start: int, stop: int) -> "Source":
        """The text between two offsets as a source of its own, which keeps its places when the file has moved on."""
        line, column = self.line_and_column(start)
        excerpt = Source()
        excerpt.text, excerpt.base, excerpt.budget = self.slice(start, stop), start, self.budget
        excerpt._mark, excerpt._line, excerpt._since = self._mark, line - 1, column - 1
        return excerpt

    def need(self, stop: int, position: int) -> bool:
        """See to it that the text up to offset `stop` is at hand; False when the file ends before it. What lies before
        `position` (and before `held`) may be let go."""
        while self.end < stop and not self.complete:
            self._let_go(position if self.held < 0 else min(self.held, position))
            assert self._file is not None  # noqa: S101 - a source without a file is complete
            chunk = self._file.read(max(CHUNK, len(self.text)))
            self.complete = not chunk
            self.text += self._decoded(chunk)
            self._counts = None
        return self.end >= stop

    def _let_go(self, before: int) -> None:
        cut = before - _KEPT - self.base
        if cut <= 0:
            return
        text = self.text
        lines = text.count(self._mark, 0, cut)
        self._line += lines
        self._since = cut - 1 - text.rfind(self._mark, 0, cut) if lines else self._since + cut
        self.text = text[cut:]
        self.base += cut

    def rest(self, most: int) -> bytes:
        """All of the file from its first byte, at most `most` bytes and one more; for formats that are read whole."""
        while self._file and not self.complete and len(self.data) <= most:
            chunk = self._file.read(max(CHUNK, min(len(self.data), most)))
            self.complete = not chunk
            self.data += chunk
        return self.data[: most + 1]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in bytes) of `offset`; lines end at LF, or at CR when the file has no LF. (0, 0)
        when the text there is no longer at hand."""
        text, mark = self.text, self._mark
        at = offset - self.base
        if at < 0:
            return 0, 0
        if self._counts is None:  # line breaks before each block: small, whatever the file holds
            blocks = range(0, len(text) + 1, _BLOCK)
            self._counts = list(accumulate((text.count(mark, start, start + _BLOCK) for start in blocks), initial=0))
        block = min(at, len(text)) // _BLOCK
        lines = self._counts[block] + text.count(mark, block * _BLOCK, at)
        column = at - text.rfind(mark, 0, at) if lines else at + 1 + self._since
        return self._line + lines + 1, column

    def place(
        self, offset: int, end: int = 0, *, segment: int = 0, tag: str = "", element: int = 0, component: int = 0
    ) -> Place:
        """The place of the bytes `offset` to `end`."""
        line, column = self.line_and_column(offset)
        return Place(line, column, offset, max(end, offset), segment, tag, element, component)

    def findings(self, limits: Limits) -> Findings:
        """A new list of findings that draws on the budget of this file."""
        return Findings(limits.findings, self.budget)
