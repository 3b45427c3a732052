"""The reader that all EDIFACT messages share, and the profile that says what is one message's own.

A reader goes through the segments once and gives each to the handler of its tag. It is lenient about order: a segment
belongs to the line, party, allowance or schedule that stands open, wherever the directory would have wanted it; the
structure is judged apart, by the guide. What has no place in the document is kept in `extras`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from edi.mapping.draft import Draft
from edi.mapping.edifact.party_draft import PartyDraft
from edi.mapping.places import Locate, PlaceOf, in_segments, place_of
from edi.syntax.findings import Findings
from edi.syntax.segments import Segment
from orders.documents import AllowanceDocument, Document, ScheduleDocument, TaxDocument

Handler = Callable[["Reader", Segment], bool]
Ranked = Mapping[str, tuple[str, int]]  # qualifier → (field, how much it is preferred, 0 most)
# What these groups hold besides their own segments; everything else closes the party that stands open.
_OF_A_PARTY = frozenset({"RFF", "CTA", "DOC", "LOC", "FII"})
_NO_PARTS = [""] * 6
_NEVER = "\x00"  # a separator that is not in use: no value holds it
_PARTS = frozenset({"allowances", "tax", "taxes", "schedule"})


def ranked(**fields: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The qualifiers of each field, the preferred one first: `ranked(delivery_date=("2", "69"))`."""
    return {qualifier: (name, rank) for name, qualifiers in fields.items() for rank, qualifier in enumerate(qualifiers)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One message: which qualifier means which field, its own handlers, and how its lines and itself are finished.
    `functions` translates 1225; where it is None the message states something else there. `schedules` says whether
    quantities of SCC and LOC are deliveries of the line."""

    finish: Callable[["Reader"], Document]
    handlers: Mapping[str, Handler]
    close_line: Callable[["Reader", Draft], Any] | None = None
    functions: Mapping[str, str] | None = None
    schedules: bool = False
    roles: Ranked = field(default_factory=dict)
    header_dates: Ranked = field(default_factory=dict)
    line_dates: Ranked = field(default_factory=dict)
    header_amounts: Ranked = field(default_factory=dict)
    line_amounts: Ranked = field(default_factory=dict)
    header_references: Ranked = field(default_factory=dict)
    line_references: Ranked = field(default_factory=dict)
    quantities: Ranked = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)  # 4451 → field, for texts that are no notes
    items: Mapping[str, str] = field(default_factory=dict)  # 7143 → field, beyond GTIN and the parties' numbers


class Reader:
    """Reads one message. `head` and `line` are under construction, `lines` are finished; `context` is the tag that
    opened the innermost group; `codes` are those of BGM."""

    __slots__ = (
        "_component",
        "_elements",
        "_release",
        "_repetition",
        "action",
        "allowance",
        "codes",
        "context",
        "findings",
        "head",
        "line",
        "lines",
        "locate",
        "location",
        "most_lines",
        "own",
        "parties",
        "party",
        "profile",
        "schedule",
        "stated_quantity",
        "summary",
        "tax",
    )

    def __init__(self, profile: Profile, findings: Findings, most_lines: int) -> None:
        self.profile = profile
        self.findings = findings
        self.most_lines = most_lines
        self.head = Draft()
        self.line: Draft | None = None
        self.lines: list[Any] = []
        self.action = ""
        self.codes = ("", "", "")  # 1001, 1225, 4343
        self.context = ""
        self.summary = False
        self.parties: dict[str, tuple[int, PartyDraft]] = {}
        self.party: PartyDraft | None = None
        self.allowance: dict[str, Any] | None = None
        self.tax: dict[str, Any] | None = None
        self.schedule: dict[str, Any] | None = None
        self.location = ""
        self.stated_quantity: Decimal | None = None
        self.own: dict[str, Any] = {}  # what a message keeps in mind for itself
        self.locate: Locate = in_segments(())
        self._elements: list[str] = []
        self._component = self._release = _NEVER
        self._repetition = ""

    def read(self, segments: Sequence[Segment]) -> Document:
        """The document of one message, header and trailer included; faults of its values go into the findings."""
        self.locate = in_segments(segments)
        marks = segments[0].separators
        self._component, self._release = marks.component, marks.release or _NEVER
        self._repetition = marks.repetition
        handler_of = self.profile.handlers.get
        for segment in segments:
            self._elements = segment.elements
            handler = handler_of(segment.tag)
            if handler is None or not handler(self, segment):
                self.keep(segment)
        self.close_line()
        self._finish_head(segments[0])
        return self.profile.finish(self)

    def parts(self, segment: Segment, element: int) -> list[str]:
        """The components of one element of the segment that is read, at least six: as `Segment.get` gives them, but all
        at once."""
        elements = self._elements
        if element >= len(elements):
            return _NO_PARTS
        raw = elements[element]
        if self._release in raw or (self._repetition and self._repetition in raw):
            return [segment.get(element, component) for component in range(1, 7)]
        pieces = raw.split(self._component)
        return ([piece.strip() for piece in pieces] if " " in raw else pieces) + _NO_PARTS

    @property
    def owner(self) -> Draft:
        """The record that segments add to now."""
        return self.line or self.head

    def open(self, tag: str) -> None:
        """A group begins: what was open ends, unless the group details it."""
        self.context = tag
        self.tax = None
        if tag != "TAX":
            self.allowance = None
        if tag not in _OF_A_PARTY:
            self.party = None

    def keep(self, segment: Segment) -> None:
        """Keep a segment (or what of it has no field) with the record it belongs to."""
        tag, context = segment.tag, self.context
        path = tag if context in ("", "LIN", "UNS", tag) else f"{context}/{tag}"
        (self.line or self.head).keep(path, segment.text)

    def place_of(self, record: Draft, *names: str) -> PlaceOf:
        """Where a value of a record under construction stands."""
        return place_of(record, self.locate, *names)

    def note(self, text: str) -> None:
        """A text for people: of the line, or of the document."""
        if self.line is None:
            self.head.add("notes", text)
        else:
            held = self.line.values.get("note")
            self.line.values["note"] = f"{held}\n{text}" if held else text

    def close_line(self) -> None:
        """The line under construction, if there is one, becomes a record."""
        line = self.line
        if line is None:
            return
        self.line = None
        _freeze_parts(line.values)
        finish = self.profile.close_line
        if finish is not None and len(self.lines) < self.most_lines:
            self.lines.append(finish(self, line))

    def _finish_head(self, header: Segment) -> None:
        head = self.head
        if "number" not in head.values:
            head.set("number", "", header, 0)
        header_taxes = head.values.pop("header_taxes", None)
        if header_taxes and "taxes" not in head.values:
            head.values["taxes"] = header_taxes
        elif header_taxes:  # the breakdown of the summary says the same with amounts
            for text in self.own["header_taxes"]:
                head.keep("TAX", text)
        _freeze_parts(head.values)
        for role, (_, party) in self.parties.items():
            head.values[role] = party.freeze()


def _freeze_parts(values: dict[str, Any]) -> None:
    """Allowances, taxes and schedules were dictionaries while segments still added to them."""
    if _PARTS.isdisjoint(values):
        return
    for allowance in values.get("allowances", ()):
        if "tax" in allowance:
            allowance["tax"] = TaxDocument(**allowance["tax"])
    for name, kind in (("allowances", AllowanceDocument), ("taxes", TaxDocument), ("schedule", ScheduleDocument)):
        if name in values:
            values[name] = tuple(kind(**parts) for parts in values[name])
    if "tax" in values:
        values["tax"] = TaxDocument(**values["tax"])
