"""What the envelope readers of EDIFACT and X12 hand over: interchanges, groups and messages, still as segments."""

from collections.abc import Callable
from dataclasses import dataclass, field

from edi.syntax.blocks import Blocks
from edi.syntax.findings import Findings, Place, Severity
from edi.syntax.limits import Limits
from edi.syntax.segments import Segment, Separators
from edi.syntax.source import Source


@dataclass(slots=True)
class RawMessage:
    """UNH … UNT or ST … SE. `segments` begins with the header; `complete` says the trailer was reached."""

    header: Segment
    segments: list[Segment]
    findings: Findings
    group: str = ""
    group_header: Segment | None = None
    complete: bool = False
    dropped: int = 0  # segments beyond the limit, which were counted but not kept


Consumer = Callable[[RawMessage], None]


def keep(message: RawMessage) -> None:
    """The consumer that leaves the message as it is."""


class References:
    """Control references that were used. A run of consecutive numbers costs as much as one of them, so that a file of a
    million messages does not fill the memory."""

    __slots__ = ("_others", "_runs")

    def __init__(self) -> None:
        self._others: set[str] = set()
        self._runs: dict[tuple[str, int], list[int]] = {}  # by what stands before the digits, and how many these are

    def add(self, reference: str) -> bool:
        """Remember `reference`; False when it was there already."""
        stem = reference.rstrip("0123456789")
        digits = reference[len(stem) :]
        if not digits or len(digits) > 18:
            return self._add_other(reference)
        number = int(digits)
        key = (stem, len(digits) if digits[0] == "0" else 0)
        run = self._runs.get(key)
        if run is None and len(self._runs) < 1_000:
            self._runs[key] = [number, number]
            return True
        if run and run[0] <= number <= run[1]:
            return False
        if run and number == run[1] + 1:
            run[1] = number
            return reference not in self._others
        return self._add_other(reference)

    def _add_other(self, reference: str) -> bool:
        if reference in self._others:
            return False
        self._others.add(reference)
        return True


@dataclass(slots=True)
class RawGroup:
    """UNG … UNE or GS … GE."""

    header: Segment
    findings: Findings
    trailer: Segment | None = None
    messages: int = 0
    stated: int | None = None


@dataclass(slots=True)
class RawInterchange:
    """UNA UNB … UNZ or ISA … IEA, from byte `start` to byte `end` (known once all is read). `blocks` are its bytes,
    which can be read once. `message_count` counts its messages."""

    source: Source
    limits: Limits
    separators: Separators
    blocks: Blocks
    start: int
    findings: Findings
    end: int = 0
    header: Segment | None = None
    trailer: Segment | None = None
    groups: list[RawGroup] = field(default_factory=list)
    message_count: int = 0
    acknowledgements: list[Segment] = field(default_factory=list)  # TA1
    codec: str = "ascii"
    told: set[str] = field(default_factory=set)
    at: Place = field(init=False)

    def __post_init__(self) -> None:
        """Remember where it begins while that is still at hand."""
        self.at = self.source.place(self.start)

    def tell(
        self,
        code: str,
        message: str,
        offset: int,
        end: int,
        *,
        severity: Severity = Severity.NOTE,
        syntax_error: str = "",
    ) -> None:
        """Add a finding of this kind once per interchange: a fault of form repeats thousandfold."""
        if code not in self.told:
            self.told.add(code)
            place = self.source.place(offset, min(end, offset + 200))
            self.findings.add(severity, code, message, place, syntax_error=syntax_error)
