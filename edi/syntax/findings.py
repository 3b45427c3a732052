"""What was found while reading a file: one list feeds the screen and the acknowledgement."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`error`: the document cannot be trusted and is refused. `warning`: read, but something is wrong. `note`: fyi."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file. `line` and `column` are 1-based, `offset` and `end` are bytes from the start of the file,
    `segment` is the 1-based position in its interchange, `element` and `component` count as the standards do (the
    tag is 0); zero or empty means "not known"."""

    line: int = 0
    column: int = 0
    offset: int = 0
    end: int = 0
    segment: int = 0
    tag: str = ""
    element: int = 0
    component: int = 0
    xpath: str = ""


NOWHERE = Place()
# A place, or how to work it out: that costs something, and is done only for findings that are kept.
PlaceLike = Place | Callable[[], Place]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark. `code` is a stable slug of ours, `message` a sentence for a person, `value` what was there.
    `syntax_error` is the standard's own code: UN/EDIFACT data element 0085 ("29"), X12 element and code ("AK304:3",
    "TA105:021"); empty when the standard has none."""

    severity: Severity
    code: str
    message: str
    place: Place = Place()
    value: str = ""
    syntax_error: str = ""


class Budget:
    """How many findings a whole file may still get; shared by all its lists."""

    __slots__ = ("left",)

    def __init__(self, left: int = 20_000) -> None:
        self.left = left


class Findings:
    """A growing list of findings that stops at `most`, so that a hostile file cannot fill the memory."""

    __slots__ = ("_budget", "_items", "_overflowed", "most")

    def __init__(self, most: int = 500, budget: Budget | None = None) -> None:
        self._items: list[Finding] = []
        self._budget = budget or Budget()
        self._overflowed: set[Severity] = set()
        self.most = most

    def add(
        self,
        severity: Severity,
        code: str,
        message: str,
        place: PlaceLike = NOWHERE,
        *,
        value: str = "",
        syntax_error: str = "",
    ) -> None:
        """Append one finding; beyond the limit only one last "too-many-findings" is kept: as an error when one was
        left out, else as a warning, for a sound message is not refused because much of it is remarkable."""
        if len(self._items) < self.most and self._budget.left > 0:
            self._budget.left -= 1
            at = place if isinstance(place, Place) else place()
            self._items.append(Finding(severity, code, message, at, value[:200], syntax_error))
            return
        as_told = Severity.ERROR if severity == Severity.ERROR else Severity.WARNING
        if as_told not in self._overflowed:
            self._overflowed.add(as_told)
            text = "There are more problems than can be listed; correct these first."
            at = place if isinstance(place, Place) else place()
            self._items.append(Finding(as_told, "too-many-findings", text, at))

    def error(
        self, code: str, message: str, place: PlaceLike = NOWHERE, *, value: str = "", syntax_error: str = ""
    ) -> None:
        """Append an error."""
        self.add(Severity.ERROR, code, message, place, value=value, syntax_error=syntax_error)

    def warning(
        self,
        code: str,
        message: str,
        place: PlaceLike = NOWHERE,
        *,
        value: str = "",
        syntax_error: str = "",
    ) -> None:
        """Append a warning."""
        self.add(Severity.WARNING, code, message, place, value=value, syntax_error=syntax_error)

    def note(self, code: str, message: str, place: PlaceLike = NOWHERE, *, value: str = "") -> None:
        """Append a note."""
        self.add(Severity.NOTE, code, message, place, value=value)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def freeze(self) -> tuple[Finding, ...]:
        """The findings so far, as they go into a frozen record."""
        return tuple(self._items)
