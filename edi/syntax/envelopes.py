"""What the envelope readers of EDIFACT and X12 hand over: interchanges, groups and messages, still as segments."""

from collections.abc import Callable
from dataclasses import dataclass, field

from edi.syntax.findings import Findings, Severity
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


Consumer = Callable[[RawMessage], None]


def keep(message: RawMessage) -> None:
    """The consumer that leaves the message as it is."""


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
    """UNA UNB … UNZ or ISA … IEA, from byte `start` to byte `end`."""

    source: Source
    limits: Limits
    separators: Separators
    start: int
    end: int
    findings: Findings
    header: Segment | None = None
    trailer: Segment | None = None
    groups: list[RawGroup] = field(default_factory=list)
    messages: list[RawMessage] = field(default_factory=list)
    acknowledgements: list[Segment] = field(default_factory=list)  # TA1
    codec: str = "ascii"
    told: set[str] = field(default_factory=set)

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
