"""How any transaction set is read: a table of handlers by tag, the record that stands open, and what is left over.

The reader is lenient about order: a segment belongs to the line, party or sub-line that stands open. What has no place
in the document is kept in the `extras` of the record it belongs to.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from edi.mapping.draft import Draft
from edi.mapping.x12.parties import DETAIL, PartyDraft, detail
from edi.mapping.x12.tables import REC20_OF_UNIT, SAME_UNITS
from edi.syntax.findings import Findings, Place
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_decimal
from edi.syntax.segments import Segment
from orders.documents import Document, Origin

# A handler takes what it can of a segment; False leaves the segment to the extras.
Handler = Callable[[Any, Segment], bool]
ORIGIN = tuple.__new__  # of a NamedTuple, without its own: a third of the time
Dates = Mapping[str, tuple[str, int]]  # X12 374 → field, rank (the lowest is preferred)


class SetReader:
    """Reads the segments of one set. Subclasses say what is their own in the class variables and in `document()`."""

    handlers: ClassVar[Mapping[str, Handler]]
    roles: ClassVar[Mapping[str, tuple[str, int]]] = {}  # N101 → field of the document, rank
    stand_ins: ClassVar[Mapping[str, str]] = {}  # a party that is not named → the one that takes its place
    speaker: ClassVar[str] = "buyer"  # whose contact a PER before any N1 is
    dates: ClassVar[Dates] = {}
    line_dates: ClassVar[Dates] = {}
    has_due_date: ClassVar[bool] = False
    has_incoterm: ClassVar[bool] = False
    references: ClassVar[Mapping[str, str]] = {}  # REF01 → a field of the document
    line_references: ClassVar[Mapping[str, str]] = {}
    resumes: ClassVar[frozenset[str]] = frozenset({"PO1", "POC", "IT1", "LIN", "HL", "CTT", "TDS", "SE"})

    def __init__(self, findings: Findings, limits: Limits) -> None:
        self.findings = findings
        self.limits = limits
        self.head = Draft()
        self.here = self.head
        self.lines: list[Draft] = []
        self.starts: dict[int, Segment] = {}  # by the identity of its line
        self.party: PartyDraft | None = None
        self.parties: list[PartyDraft] = []
        self.contact: PartyDraft | None = None
        self.subline = False  # within SLN: everything up to the next line is kept as it is
        self.top: Segment | None = None
        self.hash_total: Decimal | None = None
        self.last_text = -1  # index of the last MSG, whose text the next one may continue
        self.last_length = 0
        self.schedules = 0
        self.told: set[str] = set()  # what is said once: "lines", and each unit that is not known

    def read(self, segments: list[Segment]) -> Document:
        """The document of one set, from ST on; faults go into the findings."""
        self.top = segments[1] if len(segments) > 1 else segments[0]
        handlers, resumes = self.handlers, self.resumes
        for segment in segments:
            tag = segment.tag
            if self.subline and tag not in resumes:
                self.here.keep(tag, segment.text)
                continue
            if self.party is not None:
                if tag in DETAIL:
                    self._party_detail(self.party, segment)
                    continue
                self.party = None
            handler = handlers.get(tag)
            if handler is None or not handler(self, segment):
                self.here.keep(tag, segment.text)
        self._settle_parties()
        if "number" not in self.head.values:
            self.head.mark("number", self.top, 0)
        return self.document()

    def document(self) -> Document:
        """The frozen document, after its own checks."""
        raise NotImplementedError

    def place(self) -> Place:
        """Where the head of the set stands."""
        return self.top.place() if self.top else Place()

    # -- values ---------------------------------------------------------------------------------------------------

    @property
    def in_line(self) -> bool:
        """Whether a line stands open."""
        return self.here is not self.head

    def text(self, name: str, segment: Segment, element: int) -> bool:
        """Take an element as it is, unless it is empty or the field has a value."""
        value = segment.whole(element)
        return bool(value) and self.here.set(name, value, segment, element)

    def number(self, name: str, segment: Segment, element: int) -> bool:
        """Take a number (type R), unless it is none or the field has one."""
        value = parse_decimal(segment.whole(element))
        return value is not None and self.here.set(name, value, segment, element)

    def unit(self, code: str, segment: Segment, element: int) -> str:
        """A unit (355) as Recommendation 20 has it; an unknown one is told once and kept."""
        known = REC20_OF_UNIT.get(code)
        if known is not None:
            return known
        if code and code not in SAME_UNITS and code not in self.told:
            self.told.add(code)
            text = f"The unit {code[:20]!r} is not known here; it was kept as it is."
            self.findings.warning(
                "unknown-unit", text, partial(segment.place, element), value=code, syntax_error="AK403:7"
            )
        return code

    def refer(self, kind: str, segment: Segment, element: int) -> bool:
        """Keep a reference of the record that stands open."""
        value = segment.whole(element)
        if not value:
            return False
        self.here.add("references", (kind, value))
        self.here.mark("references", segment, element)
        return True

    # -- lines ----------------------------------------------------------------------------------------------------

    def open_line(self, segment: Segment, number: str, element: int = 1) -> Draft:
        """A new line, numbered by the sender or else by position. Beyond the limit lines are dropped, with an error."""
        self.subline = False
        position = len(self.lines) + 1
        if position > self.limits.lines:
            if "lines" not in self.told:
                self.told.add("lines")
                text = f"The document has more than {self.limits.lines} lines; the rest was not read."
                self.findings.error("too-many-lines", text, segment.place, syntax_error="AK304:4")
            self.here = Draft()
            return self.here
        literal = number
        if not number:
            number = str(position)
            text = f"{segment.tag} has no line number ({segment.tag}{element:02}); {number} was given by position."
            self.findings.note("line-number-assigned", text, partial(segment.place, element))
        line = self.here = Draft(number=number, place=f"segment {segment.index}")
        line.origin.append(ORIGIN(Origin, ("number", literal, segment.index, segment.tag, element, 0, "", 0)))
        self.lines.append(line)
        self.starts[id(line)] = segment
        return line

    def place_of(self, line: Draft) -> Callable[[], Place]:
        """Where a line stands; worked out only when there is something to say."""
        return self.starts[id(line)].place

    def leave_lines(self) -> None:
        """The summary begins: what follows belongs to the document again."""
        self.here, self.subline = self.head, False

    # -- parties --------------------------------------------------------------------------------------------------

    def _party_detail(self, party: PartyDraft, segment: Segment) -> None:
        if self.in_line:
            self.here.keep(segment.tag, segment.text)
        elif detail(party, segment):
            party.texts.append((segment.tag, segment.text))
        else:
            self.head.keep(f"N1 {party.role}/{segment.tag}", segment.text)

    def _settle_parties(self) -> None:
        """Give each field the best of the parties that may fill it; the others stay in the extras."""
        chosen: dict[str, tuple[int, PartyDraft]] = {}
        for party in self.parties:
            field, rank = self.roles.get(party.role, ("", 0))
            if field and (field not in chosen or rank < chosen[field][0]):
                chosen[field] = (rank, party)
        for field, other in self.stand_ins.items():
            if field not in chosen and other in chosen:
                chosen[field] = chosen.pop(other)
        self._settle_contact(chosen)
        taken = {id(party) for _, party in chosen.values()}
        for party in self.parties:
            if id(party) not in taken:
                for tag, text in party.texts:
                    self.head.keep(f"N1 {party.role}/{tag}", text)
        for field, (_, party) in chosen.items():
            self.head.values[field] = party.freeze()
            self.head.origin += [origin._replace(field=f"{field}.{origin.field}") for origin in party.origin]

    def _settle_contact(self, chosen: dict[str, tuple[int, PartyDraft]]) -> None:
        contact = self.contact
        if contact is None:
            return
        held = chosen.get(self.speaker)
        if held is None:
            chosen[self.speaker] = (99, contact)
        elif "contact" in held[1].values:
            for tag, text in contact.texts:
                self.head.keep(tag, text)
        else:
            held[1].values = {**contact.values, **held[1].values}
            held[1].origin += contact.origin
