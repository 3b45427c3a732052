"""One EDIFACT interchange into an `Interchange` with its messages."""

from datetime import datetime

from edi.guides.edifact_messages import guide_for
from edi.guides.structure import EDIFACT_CODES, Walk
from edi.mapping.checks import check
from edi.mapping.edifact.profiles import PROFILES
from edi.mapping.edifact.reader import Reader
from edi.mapping.model import Group, Interchange, Message, PartyRef
from edi.mapping.own_rules import OwnRules, judging
from edi.mapping.unsupported import report_unsupported
from edi.syntax.edifact_envelope import messages_of
from edi.syntax.envelopes import RawGroup, RawInterchange, RawMessage
from edi.syntax.numbers import parse_moment
from edi.syntax.segments import Segment
from orders.documents import Document


def read_edifact(raw: RawInterchange) -> Interchange:
    """Judge the envelope of `raw` and read each message as it is closed; its segments are let go then."""
    return as_interchange(raw, tuple(read_message(raw, message) for message in messages_of(raw)))


def as_interchange(raw: RawInterchange, messages: tuple[Message, ...]) -> Interchange:
    """What the envelope of `raw` says, as far as it has been read, around `messages`."""
    header = raw.header
    marks = raw.separators
    return Interchange(
        standard="edifact",
        version=f"{header.get(1, 1)}:{header.get(1, 2)}" if header else "",
        control_number=header.get(5) if header else "",
        sender=_party(header, 2) if header else PartyRef(""),
        receiver=_party(header, 3) if header else PartyRef(""),
        prepared_at=_prepared_at(raw),
        test=header is not None and header.get(11) == "1",
        ack_requested=header is not None and header.get(9) == "1",
        messages=messages,
        groups=tuple(_group(group) for group in raw.groups),
        findings=raw.findings.freeze(),
        separators=marks.component + marks.element + marks.decimal + (marks.release or " ") + " " + marks.terminator,
        start=raw.start,
        end=raw.end,
        details={"application": header.get(7), "agreement": header.get(10)} if header else {},
    )


def _party(header: Segment, element: int) -> PartyRef:
    return PartyRef(header.get(element, 1), header.get(element, 2), header.get(element, 3))


def _prepared_at(raw: RawInterchange) -> datetime | None:
    """S004: YYMMDD:HHMM, from version 4 on CCYYMMDD. Many senders of version 3 already write the century."""
    if not raw.header:
        return None
    day, clock = raw.header.get(4, 1), raw.header.get(4, 2)
    moment = parse_moment(day + (clock or "0000")[:4], "YYYYmmddHHMM" if len(day) == 8 else "yymmddHHMM")
    if "unb-date" in raw.told:
        return moment
    raw.told.add("unb-date")
    if moment is None:
        text = f"UNB states a date and time that cannot be read: {day[:20]!r} {clock[:20]!r}."
        raw.findings.warning("unb-date", text, raw.header.place(4), value=f"{day}:{clock}", syntax_error="37")
    elif len(day) == 8 and raw.header.get(1, 2) in ("1", "2", "3"):
        text = "UNB states its date with a century, which syntax version 3 does not have."
        raw.findings.note("unb-date-century", text, raw.header.place(4, 1), value=day)
    return moment


def _group(group: RawGroup) -> Group:
    header = group.header
    return Group(
        reference=header.get(5),
        kind=header.get(1),
        version=f"{header.get(7, 1)}.{header.get(7, 2)}",
        sender=PartyRef(header.get(2, 1), header.get(2, 2)),
        receiver=PartyRef(header.get(3, 1), header.get(3, 2)),
        stated_count=group.stated,
        findings=group.findings.freeze(),
    )


def read_message(raw: RawInterchange, message: RawMessage, own_rules: OwnRules | None = None) -> Message:
    """One message of `raw`, judged by its guide (and the rules of the connection) and mapped to its document."""
    header = message.header
    kind = header.get(2, 1)
    version = f"{header.get(2, 2)}.{header.get(2, 3)}"
    guide = guide_for(kind, version)
    if guide is not None:
        if raw.header:
            guide = judging(guide, _party(raw.header, 2), _party(raw.header, 3), own_rules)
        Walk(guide, EDIFACT_CODES, message.findings).run(message.segments)
    document = _document(raw, message, kind)
    return Message(
        reference=header.get(1),
        kind=kind,
        version=version,
        group=message.group,
        association=header.get(2, 5),
        document=document,
        findings=message.findings.freeze(),
        first_segment=header.index,
        segment_count=len(message.segments),
        start=header.offset,
        end=message.segments[-1].end + 1,
    )


def _document(raw: RawInterchange, message: RawMessage, kind: str) -> Document | None:
    """What a message says. None for kinds that are not
    read here, and for what nothing can be made of."""
    findings, profile = message.findings, PROFILES.get(kind)
    if profile is None:
        report_unsupported(kind, findings, message.header.place(2, 1), "14")
        return None
    reader = Reader(profile, findings, raw.limits.lines)
    document = reader.read(message.segments)
    check(document, findings, reader.locate, stated_quantity=reader.stated_quantity)
    return document
