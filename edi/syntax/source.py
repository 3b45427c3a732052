"""The bytes of one file, and the way from an offset to a line and column."""

from itertools import accumulate

from edi.syntax.findings import Budget, Findings, Place
from edi.syntax.limits import Limits

_BLOCK = 4_096


class Source:
    """A file as received. `text` is the bytes one to one (ISO 8859-1), so every offset in it is an offset in bytes;
    values are decoded from their real character set later, segment by segment."""

    __slots__ = ("_counts", "_mark", "budget", "data", "text")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text = data.decode("latin-1")
        self.budget = Budget()
        self._counts: list[int] | None = None
        self._mark = "\n" if "\n" in self.text else "\r"

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in bytes) of `offset`; lines end at LF, or at CR when the file has no LF."""
        text, mark = self.text, self._mark
        if self._counts is None:  # line breaks before each block: small, whatever the file holds
            blocks = range(0, len(text) + 1, _BLOCK)
            self._counts = list(accumulate((text.count(mark, at, at + _BLOCK) for at in blocks), initial=0))
        block = min(offset, len(text)) // _BLOCK
        line = self._counts[block] + text.count(mark, block * _BLOCK, offset)
        column = offset - text.rfind(mark, 0, offset) if line else offset + 1
        return line + 1, column

    def place(
        self, offset: int, end: int = 0, *, segment: int = 0, tag: str = "", element: int = 0, component: int = 0
    ) -> Place:
        """The place of the bytes `offset` to `end`."""
        line, column = self.line_and_column(offset)
        return Place(line, column, offset, max(end, offset), segment, tag, element, component)

    def findings(self, limits: Limits) -> Findings:
        """A new list of findings that draws on the budget of this file."""
        return Findings(limits.findings, self.budget)
