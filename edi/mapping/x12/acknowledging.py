"""TA1 and 997, interchange and functional acknowledgement (ASC X12 004010 and later)."""

from datetime import datetime

from edi.mapping.ack_common import Extra, errors_of
from edi.mapping.model import Envelope, Group, Interchange, Message
from edi.mapping.x12.writing import control, isa
from edi.syntax.findings import Finding, Severity
from edi.syntax.writers import X12Writer

_DEFAULT_VERSION = "004010"
_SEGMENTS_AT_MOST = 99
_CODES_AT_MOST = 5


def write_997(interchange: Interchange, control_number: str, prepared_at: datetime, extra: Extra) -> bytes | None:
    """TA1 when it was asked for or the interchange is refused; one 997 for each group of a sound interchange."""
    if not interchange.control_number or not interchange.sender.id:
        return None
    out = X12Writer()
    errors = errors_of(interchange, extra)
    if errors or interchange.ack_requested:
        _ta1(out, interchange, errors)
    groups = [] if errors else [group for group in interchange.groups if group.kind != "FA"]
    for number, group in enumerate(groups, start=1):
        _functional(out, interchange, group, (control_number, prepared_at, number, extra))
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
    version = "00501" if interchange.version >= "00501" else "00401"
    return out.interchange(isa(envelope, version=version), control(control_number))


def _ta1(out: X12Writer, interchange: Interchange, errors: list[Finding]) -> None:
    """TA101 to TA105: control number, date and time as received, R or A, and one note code."""
    codes = [error.syntax_error[6:] for error in errors if error.syntax_error.startswith("TA105:")]
    note = (codes or ["024"])[0] if errors else "000"
    details = interchange.details
    status = "R" if errors else "A"
    number = control(interchange.control_number)
    out.segment("TA1", number, details.get("date", ""), details.get("time", ""), status, note)


def _functional(
    out: X12Writer, interchange: Interchange, group: Group, about: tuple[str, datetime, int, Extra]
) -> None:
    control_number, prepared_at, number, extra = about
    version = group.version if group.version[:6].isdigit() else _DEFAULT_VERSION
    reference = f"{int(control(control_number))}{number if number > 1 else ''}"
    sender, receiver = group.receiver.id or interchange.receiver.id, group.sender.id or interchange.sender.id
    out.open_group("FA", (sender, receiver), prepared_at, reference, version)
    out.open_set("997", f"{number:04}")
    out.segment("AK1", group.kind, group.reference, group.version if version >= "005" else "")
    messages = [m for m in interchange.messages if m.group == group.reference and not m.is_acknowledgement]
    group_errors = errors_of(group, extra)
    accepted = 0
    for message in messages:
        accepted += _set(out, message, extra) and not group_errors
    _ak9(out, group, group_errors, (len(messages), accepted))
    out.close_set()
    out.close_group()


def _ak9(out: X12Writer, group: Group, errors: list[Finding], counts: tuple[int, int]) -> None:
    """AK901: A all accepted, P some, R none. Included is what GE01 stated, received what was found."""
    received, accepted = counts
    status = "R" if errors or not accepted else "A" if accepted == received else "P"
    included = group.stated_count if group.stated_count is not None else received
    numbers = (str(min(included, 999_999)), str(received), str(accepted))
    out.segment("AK9", status, *numbers, *_codes(errors, "AK905:"))


def _set(out: X12Writer, message: Message, extra: Extra) -> bool:
    """AK2 to AK5 of one transaction set; whether it is accepted. Warnings make it E."""
    errors = errors_of(message, extra)
    remarks = [
        finding
        for finding in message.findings
        if finding.severity is Severity.WARNING and finding.syntax_error.startswith(("AK3", "AK4"))
    ]
    out.segment("AK2", message.kind, message.reference)
    positions: dict[int, list[Finding]] = {}
    for finding in (*errors, *remarks):
        position = finding.place.segment - message.first_segment + 1
        if finding.place.segment and 0 < position <= message.segment_count and "AK502" not in finding.syntax_error:
            positions.setdefault(position, []).append(finding)
    for position in sorted(positions)[:_SEGMENTS_AT_MOST]:
        _segment(out, position, positions[position])
    if not errors:
        out.segment("AK5", "E" if remarks else "A", *(["5"] if remarks else []))
        return True
    codes = _codes(errors, "AK502:")
    out.segment("AK5", "R", *(codes or ["5"]))
    return False


def _segment(out: X12Writer, position: int, findings: list[Finding]) -> None:
    """AK3 (AK304: 8 when elements are at fault) and AK4 for each element."""
    codes = [finding.syntax_error[6:] for finding in findings if finding.syntax_error.startswith("AK304:")]
    missing = next((finding for finding in findings if finding.code == "missing-segment"), None)
    tag = missing.value if missing else findings[0].place.tag
    out.segment("AK3", tag[:3], str(position), "", (codes or ["8"])[0])
    for finding in findings:
        if finding.place.element:
            code = finding.syntax_error[6:] if finding.syntax_error.startswith("AK403:") else "7"
            component = f":{finding.place.component}" if finding.place.component > 1 else ""
            out.segment("AK4", f"{finding.place.element}{component}", "", code, finding.value[:99])


def _codes(errors: list[Finding], prefix: str) -> list[str]:
    """The codes of one element in the order found, each once, at most five."""
    codes = [error.syntax_error[6:] for error in errors if error.syntax_error.startswith(prefix)]
    return list(dict.fromkeys(codes))[:_CODES_AT_MOST]
