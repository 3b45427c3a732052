"""CONTRL, syntax and service report (ISO 9735 version 3: directory D:3; version 4: 4:1)."""

from datetime import datetime

from edi.mapping.ack_common import Extra, errors_of
from edi.mapping.edifact.writing import party_ref, unb
from edi.mapping.model import Envelope, Interchange, Message
from edi.syntax.findings import Finding
from edi.syntax.writers import EdifactWriter

# 0083, action: this level and all below rejected; acknowledged, what is below too unless it is said otherwise.
_REJECTED, _ACKNOWLEDGED = "4", "7"
_UNSPECIFIED, _INVALID_VALUE = "18", "12"
_SEGMENTS_AT_MOST = 99
# Faults of these are told where their level is answered (0013, S011), not as faults of a segment of the message.
_SERVICE_TAGS = frozenset({"UNA", "UNB", "UNZ", "UNG", "UNE", "UNH", "UNT"})


def write_contrl(interchange: Interchange, control_number: str, prepared_at: datetime, extra: Extra) -> bytes | None:
    """One CONTRL for one interchange, in the syntax version and character set it came in."""
    if not interchange.control_number or not interchange.sender.id:
        return None
    charset, _, version = interchange.version.partition(":")
    version = version[:1] if version[:1] in ("1", "2", "3", "4") else "3"
    out = EdifactWriter(charset)
    identifier = ["CONTRL", "4", "1", "UN"] if version == "4" else ["CONTRL", "D", "3", "UN"]
    out.open_message("1", identifier)
    errors = errors_of(interchange, extra)
    uci = [interchange.control_number, party_ref(interchange.sender), party_ref(interchange.receiver)]
    out.segment("UCI", *uci, *_verdict(errors))
    if not errors:
        _messages(out, interchange, extra)
    out.close_message()
    envelope = Envelope(
        control_number=control_number,
        sender=interchange.receiver,
        receiver=interchange.sender,
        prepared_at=prepared_at,
        test=interchange.test,
        charset=out.charset,
        ack_requested=False,
    )
    return out.interchange(unb(envelope, "CONTRL", version=version), control_number)


def _messages(out: EdifactWriter, interchange: Interchange, extra: Extra) -> None:
    for group in interchange.groups:
        errors = errors_of(group, extra)
        parties = [[group.sender.id, group.sender.qualifier], [group.receiver.id, group.receiver.qualifier]]
        out.segment("UCF", group.reference, *parties, *_verdict(errors))
        if not errors:
            for message in interchange.messages:
                if message.group == group.reference:
                    _message(out, message, extra)
    for message in interchange.messages:
        if not message.group:
            _message(out, message, extra)


def _message(out: EdifactWriter, message: Message, extra: Extra) -> None:
    if message.is_acknowledgement:
        return
    errors = errors_of(message, extra)
    located = [error for error in errors if _position(message, error) and not _of_service(error)]
    at_large = [error for error in errors if error not in located]
    release = message.version.split(".", 1)
    identifier = [message.kind, *release, "UN", message.association]
    # UCM names a code of its own only for what no segment of the message can be blamed for.
    verdict = _verdict(at_large) if at_large else [_REJECTED if errors else _ACKNOWLEDGED]
    out.segment("UCM", message.reference, identifier, *verdict)
    positions: dict[int, list[Finding]] = {}
    for error in located:
        positions.setdefault(_position(message, error), []).append(error)
    for position in sorted(positions)[:_SEGMENTS_AT_MOST]:
        _segment(out, position, positions[position])


def _segment(out: EdifactWriter, position: int, errors: list[Finding]) -> None:
    """UCS with the position of the segment (UNH is 1), UCD for each faulty element (the tag is position 1)."""
    whole = [error for error in errors if not error.place.element]
    out.segment("UCS", str(position), _code(whole[0]) if whole else "")
    for error in errors:
        if error.place.element:
            out.segment("UCD", _code(error), _element(error))


def _position(message: Message, error: Finding) -> int:
    """1-based position of the faulty segment within its message, 0 when it is not in it."""
    position = error.place.segment - message.first_segment + 1
    return position if error.place.segment and 0 < position <= message.segment_count else 0


def _of_service(error: Finding) -> bool:
    """Whether an element of a service segment is at fault, as a count or reference that does not agree."""
    return bool(error.place.element) and error.place.tag in _SERVICE_TAGS


def _verdict(errors: list[Finding]) -> list[str | list[str]]:
    """0083, and of the first error 0085, the service segment at fault (0013) and where in it (S011)."""
    if not errors:
        return [_ACKNOWLEDGED]
    error = errors[0]
    if not _of_service(error):
        return [_REJECTED, _code(error)]
    return [_REJECTED, _code(error), error.place.tag, _element(error)]


def _element(error: Finding) -> list[str]:
    """S011: the position of the element, the tag being 1, and that of its component."""
    return [str(error.place.element + 1), str(error.place.component) if error.place.component else ""]


def _code(error: Finding) -> str:
    """0085 of a finding; what has none is an invalid value where it stands, or unspecified."""
    if error.syntax_error.isdigit():
        return error.syntax_error
    return _INVALID_VALUE if error.place.segment else _UNSPECIFIED
