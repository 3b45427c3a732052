"""TA1, 997 and 999: interchange, functional and implementation acknowledgement (ASC X12 004010 and later)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edi.guides.x12_releases import find_x12
from edi.mapping.ack_common import Extra, errors_of
from edi.mapping.model import Envelope, Group, Interchange, Message
from edi.mapping.x12.writing import application, control, isa
from edi.syntax.findings import Finding, Severity
from edi.syntax.writers import X12Writer
from orders.documents import ItemLine

_DEFAULT_VERSION = {"997": "004010", "999": "005010"}
_SEGMENTS_AT_MOST = 99
_ELEMENTS_AT_MOST = 99
_CODES_AT_MOST = 5
_COPY_AT_MOST = 99
# What 005010 says more finely than 004010 (723): too many repetitions, too many components.
_OLDER_403 = {"12": "3", "13": "3"}


def write_functional(
    interchange: Interchange,
    control_number: str,
    prepared_at: datetime,
    extra: Extra,
    kind: Literal["997", "999"] = "997",
) -> bytes | None:
    """TA1 when it was asked for or the interchange is refused; one 997 (or 999) for each group of a sound one."""
    if not interchange.control_number or not interchange.sender.id:
        return None
    out = X12Writer()
    errors = errors_of(interchange, extra)
    if errors or interchange.ack_requested:
        _ta1(out, interchange, errors)
    groups = [] if errors else _answered(interchange)
    if not errors and not groups:
        return None
    envelope = Envelope(
        control_number=control_number,
        sender=interchange.receiver,
        receiver=interchange.sender,
        prepared_at=prepared_at,
        test=interchange.test,
        ack_requested=False,
    )
    for number, group in enumerate(groups, start=1):
        _Functional(out, envelope, interchange, group, kind, extra).write(number)
    version = "00501" if interchange.version >= "00501" or kind == "999" else "00401"
    return out.interchange(isa(envelope, version=version), control(control_number))


def _answered(interchange: Interchange) -> list[Group]:
    """The groups that are not of acknowledgements only."""
    noted = {message.group for message in interchange.messages if message.is_acknowledgement}
    other = {message.group for message in interchange.messages if not message.is_acknowledgement}
    return [group for group in interchange.groups if group.kind != "FA" and group.reference not in noted - other]


def _ta1(out: X12Writer, interchange: Interchange, errors: list[Finding]) -> None:
    """TA101 to TA105: control number, date and time as received, R or A, and one note code."""
    codes = [error.syntax_error[6:] for error in errors if error.syntax_error.startswith("TA105:")]
    note = (codes or ["024"])[0] if errors else "000"
    details = interchange.details
    status = "R" if errors else "A"
    number = control(interchange.control_number)
    out.segment("TA1", number, details.get("date", ""), details.get("time", ""), status, note)


@dataclass(slots=True)
class _Functional:
    """One 997 or 999. `flawed` says that something was accepted in spite of errors that were noted."""

    out: X12Writer
    envelope: Envelope
    interchange: Interchange
    group: Group
    kind: str
    extra: Extra
    flawed: bool = False

    @property
    def letter(self) -> str:
        """AK3, AK4 and AK5 of a 997 are IK3, IK4 and IK5 in a 999."""
        return "I" if self.kind == "999" else "A"

    @property
    def newer(self) -> bool:
        """Whether the codes and elements of 005010 may be used."""
        return self.kind == "999" or self.group.version >= "005"

    def write(self, number: int) -> None:
        """The group with its one set; `number` counts the groups of the answer."""
        out, group, envelope = self.out, self.group, self.envelope
        version = group.version if group.version[:6].isdigit() else _DEFAULT_VERSION[self.kind]
        if self.kind == "999":
            version = max(version[:6], _DEFAULT_VERSION["999"])
        reference = f"{int(control(envelope.control_number))}{number if number > 1 else ''}"
        parties = (group.receiver.id or application(envelope.sender), group.sender.id or application(envelope.receiver))
        out.open_group("FA", parties, envelope.prepared_at, reference, version)
        out.open_set(self.kind, f"{number:04}", *([version] if self.kind == "999" else []))
        out.segment("AK1", group.kind, group.reference, group.version if self.newer else "")
        messages = self._messages()
        errors = errors_of(group, self.extra)
        accepted = sum([self._set(message) for message in messages])
        self._ak9(errors, len(messages), 0 if errors else accepted)
        out.close_set()
        out.close_group()

    def _messages(self) -> list[Message]:
        """The sets of the group. Where two groups have one number (an error of the second) the first one has them."""
        if any(finding.code == "duplicate-group" for finding in self.group.findings):
            return []
        sets = self.interchange.messages
        return [one for one in sets if one.group == self.group.reference and not one.is_acknowledgement]

    def _ak9(self, errors: list[Finding], received: int, accepted: int) -> None:
        """AK901: A all accepted, E all accepted but errors were noted, P some, R none. Included is what GE01 stated,
        received what was found."""
        status = "P"
        if errors or not accepted:
            status = "R"
        elif accepted == received:
            status = "E" if self.flawed else "A"
        stated = self.group.stated_count
        included = stated if stated is not None else received
        numbers = (str(min(included, 999_999)), str(received), str(accepted))
        self.out.segment("AK9", status, *numbers, *_codes(errors, "AK905:"))

    def _set(self, message: Message) -> bool:
        """AK2 to AK5 of one transaction set; whether it is accepted. Warnings make it E."""
        errors = errors_of(message, self.extra)
        remarks = [
            finding
            for finding in message.findings
            if finding.severity is Severity.WARNING and finding.syntax_error.startswith(("AK3", "AK4"))
        ]
        association = message.association if self.newer else ""
        self.out.segment("AK2", message.kind, message.reference, association)
        positions: dict[int, list[Finding]] = {}
        for finding in (*errors, *remarks):
            position = finding.place.segment - message.first_segment + 1
            if finding.place.segment and 0 < position <= message.segment_count and "AK502" not in finding.syntax_error:
                positions.setdefault(position, []).append(finding)
        for position in sorted(positions)[:_SEGMENTS_AT_MOST]:
            self._segment(message, position, positions[position])
        verdict = f"{self.letter}K5"
        if not errors:
            self.flawed = self.flawed or bool(remarks)
            self.out.segment(verdict, "E" if remarks else "A", *(["5"] if remarks else []))
            return True
        codes = _codes(errors, "AK502:")
        self.out.segment(verdict, "R", *(codes or ["5"]))
        return False

    def _segment(self, message: Message, position: int, findings: list[Finding]) -> None:
        """AK3 (AK304: 8 when elements are at fault), its context, and AK4 for each element."""
        codes = [finding.syntax_error[6:] for finding in findings if finding.syntax_error.startswith("AK304:")]
        missing = next((finding for finding in findings if finding.code == "missing-segment"), None)
        tag = missing.value if missing else findings[0].place.tag
        self.out.segment(f"{self.letter}K3", tag[:3], str(position), "", (codes or ["8"])[0])
        if self.kind == "999":
            self._context(message, findings[0].place.segment)
        for finding in [finding for finding in findings if finding.place.element][:_ELEMENTS_AT_MOST]:
            self._element(message, finding)

    def _element(self, message: Message, finding: Finding) -> None:
        """AK4: position (with component), reference number (AK402), code and copy of the bad value."""
        place = finding.place
        code = finding.syntax_error[6:] if finding.syntax_error.startswith("AK403:") else "7"
        code = code if self.newer else _OLDER_403.get(code, code)
        position = (str(place.element), str(place.component)) if place.component > 1 else str(place.element)
        number = element_number(message.kind, message.version, place.tag, place.element)
        self.out.segment(f"{self.letter}K4", position, number, code, self._copy(finding.value))

    def _copy(self, value: str) -> str:
        """The bad value, unless it holds a separator of the interchange it came in: it could not be read there."""
        held = any(char in value for char in self.interchange.separators)
        return "" if held else value[:_COPY_AT_MOST]

    def _context(self, message: Message, segment: int) -> None:
        """CTX: the line in which the fault stands, by its number."""
        lines = getattr(message.document, "lines", ())
        starts = [
            (line.origin[0].segment, line)
            for line in lines
            if isinstance(line, ItemLine) and line.origin and line.number
        ]
        before = [line for start, line in starts if start <= segment]
        if before:
            origin = before[-1].origin[0]
            self.out.segment("CTX", (f"{origin.tag}{max(origin.element, 1):02}", before[-1].number[:35]))


def element_number(kind: str, version: str, tag: str, element: int) -> str:
    """The data element reference number (X12 725) of an element of a segment; empty where no dictionary has it."""
    guide = find_x12(kind, version)
    rule = guide.dictionary().get(tag) if guide else None
    number = rule.elements[element - 1].number if rule and element <= len(rule.elements) else ""
    return number if number.isdigit() else ""


def _codes(errors: list[Finding], prefix: str) -> list[str]:
    """The codes of one element in the order found, each once, at most five."""
    codes = [error.syntax_error[6:] for error in errors if error.syntax_error.startswith(prefix)]
    return list(dict.fromkeys(codes))[:_CODES_AT_MOST]
