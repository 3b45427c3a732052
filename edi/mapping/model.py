"""The frozen result of reading a file, and what is needed to write one. No document content: see orders.documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Literal

from edi.syntax.findings import Finding, Severity
from orders.documents import Document

Standard = Literal["edifact", "x12", "ubl", "cxml", "fatturapa", "table", "unknown"]

# Messages that answer a message; they are recognised and never acknowledged, or two systems would answer for ever.
ACKNOWLEDGEMENTS = frozenset(
    {"CONTRL", "APERAK", "AUTACK", "997", "999", "824", "TA1", "ApplicationResponse"}
    | {"Response", "StatusUpdateRequest"}  # of cXML
)


def has_error(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding refuses what it was found in."""
    return any(finding.severity is Severity.ERROR for finding in findings)


@dataclass(frozen=True, slots=True)
class PartyRef:
    """An address in an envelope: identifier, its qualifier (EDIFACT 0007, X12 I05, UBL schemeID) and internal route."""

    id: str
    qualifier: str = ""
    routing: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `document` is None when its kind is not read here or nothing could be made of it. `findings` are
    its own; `first_segment` is the position of UNH / ST in the interchange; `start` and `end` are bytes of the file."""

    reference: str
    kind: str
    version: str
    group: str = ""
    association: str = ""
    document: Document | None = None
    findings: tuple[Finding, ...] = ()
    first_segment: int = 0
    segment_count: int = 0
    start: int = 0
    end: int = 0

    @property
    def rejected(self) -> bool:
        """Whether the message must not be applied."""
        return has_error(self.findings)

    @property
    def is_acknowledgement(self) -> bool:
        """Whether this answers another message, and so is never itself answered."""
        return self.kind in ACKNOWLEDGEMENTS


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group (UNG or GS): what a 997 must repeat, and whether the group itself is sound."""

    reference: str
    kind: str
    version: str
    sender: PartyRef = PartyRef("")
    receiver: PartyRef = PartyRef("")
    stated_count: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether nothing of the group may be applied."""
        return has_error(self.findings)


@dataclass(frozen=True, slots=True)
class Interchange:
    """One envelope and what is in it. `version` is "UNOC:3", "00401" or the UBL version. `findings` are those of the
    envelope alone: an error here refuses every message. `start` and `end` cut the raw bytes out of the file."""

    standard: Standard
    version: str = ""
    control_number: str = ""
    sender: PartyRef = PartyRef("")
    receiver: PartyRef = PartyRef("")
    prepared_at: datetime | None = None
    test: bool = False
    ack_requested: bool = False
    messages: tuple[Message, ...] = ()
    groups: tuple[Group, ...] = ()
    findings: tuple[Finding, ...] = ()
    separators: str = ""
    start: int = 0
    end: int = 0
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def rejected(self) -> bool:
        """Whether the envelope itself is refused, and with it every message."""
        return has_error(self.findings)

    @property
    def applicable(self) -> tuple[Message, ...]:
        """The messages that may be applied: sound, with a document, in a sound group of a sound envelope."""
        if self.rejected:
            return ()
        refused = {group.reference for group in self.groups if group.rejected}
        return tuple(m for m in self.messages if m.document and not m.rejected and m.group not in refused)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the envelope, its groups and its messages, in that order."""
        parts: tuple[Group | Message, ...] = (*self.groups, *self.messages)
        return (*self.findings, *chain.from_iterable(part.findings for part in parts))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a file: its interchanges, each on its own, and findings that belong to none of them."""

    standard: Standard
    interchanges: tuple[Interchange, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether anything in the file is refused."""
        return has_error(self.all_findings)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding of the file: its own, then those of each interchange in turn."""
        return (*self.findings, *chain.from_iterable(i.all_findings for i in self.interchanges))


@dataclass(frozen=True, slots=True)
class Envelope:
    """How to address a document that goes out. `version` chooses "D.96A" (default) or "D.01B", "004010" or "2.1";
    `charset` is the EDIFACT syntax identifier (UNOA…UNOY); `prepared_at` is naive local time of the sender."""

    control_number: str
    sender: PartyRef
    receiver: PartyRef
    prepared_at: datetime
    test: bool = False
    version: str = ""
    message_reference: str = "1"
    charset: str = "UNOC"
    ack_requested: bool = True


@dataclass(frozen=True, slots=True)
class RawSegment:
    """One segment (or one line of XML) for the raw view: bytes `offset` to `end` of the file, on line `line`."""

    index: int
    offset: int
    end: int
    tag: str
    text: str
    line: int
