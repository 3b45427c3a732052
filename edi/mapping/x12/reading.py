"""One X12 interchange into an `Interchange` with its transaction sets."""

from datetime import datetime

from edi.guides.guide import Guide
from edi.guides.structure import X12_CODES, Walk
from edi.guides.x12_releases import find_x12
from edi.mapping.checks import check
from edi.mapping.model import Group, Interchange, Message, PartyRef
from edi.mapping.own_rules import OwnRules, judging
from edi.mapping.places import in_segments
from edi.mapping.unsupported import report_unsupported
from edi.mapping.x12.notices import read_ta1
from edi.mapping.x12.sets import READERS
from edi.syntax.envelopes import RawGroup, RawInterchange, RawMessage
from edi.syntax.numbers import parse_moment
from edi.syntax.segments import Segment
from edi.syntax.x12_envelope import messages_of
from orders.documents import Document


def read_x12(raw: RawInterchange) -> Interchange:
    """Judge the envelope of `raw` and read each set as it closes. Routed by GS01, GS08 and ST01, not by ISA12."""
    return as_interchange(raw, tuple(read_message(raw, message) for message in messages_of(raw)))


def as_interchange(raw: RawInterchange, messages: tuple[Message, ...]) -> Interchange:
    """What the envelope of `raw` says, as far as it has been read, around `messages`."""
    acknowledgements = (_interchange_acknowledgement(raw, segment) for segment in raw.acknowledgements)
    header = raw.header
    marks = raw.separators
    return Interchange(
        standard="x12",
        version=header.whole(12) if header else "",
        control_number=header.whole(13) if header else "",
        sender=_party(header, 6) if header else PartyRef(""),
        receiver=_party(header, 8) if header else PartyRef(""),
        prepared_at=_prepared_at(raw),
        test=header is not None and header.whole(15) == "T",
        ack_requested=header is not None and header.whole(14) == "1",
        messages=(*acknowledgements, *messages),
        groups=tuple(_group(group) for group in raw.groups),
        findings=raw.findings.freeze(),
        separators=marks.element + marks.component + marks.repetition + marks.terminator,
        start=raw.start,
        end=raw.end,
        details={"date": header.whole(9), "time": header.whole(10)} if header else {},
    )


def _party(header: Segment, element: int) -> PartyRef:
    """ISA06 or ISA08, each with the qualifier before it."""
    return PartyRef(header.whole(element), header.whole(element - 1))


def _prepared_at(raw: RawInterchange) -> datetime | None:
    if not raw.header:
        return None
    day, clock = raw.header.whole(9), raw.header.whole(10)
    moment = parse_moment(day + clock[:4], "YYYYmmddHHMM" if len(day) == 8 else "yymmddHHMM")
    if moment is None and "isa-date" not in raw.told:
        raw.told.add("isa-date")
        text = f"ISA states a date and time that cannot be read: {day[:20]!r} {clock[:20]!r}."
        raw.findings.warning("isa-date", text, raw.header.place(9), value=day, syntax_error="TA105:014")
    return moment


def _group(group: RawGroup) -> Group:
    header = group.header
    return Group(
        reference=header.whole(6),
        kind=header.whole(1),
        version=header.whole(8),
        sender=PartyRef(header.whole(2)),
        receiver=PartyRef(header.whole(3)),
        stated_count=group.stated,
        findings=group.findings.freeze(),
    )


def read_message(raw: RawInterchange, message: RawMessage, own_rules: OwnRules | None = None) -> Message:
    """One transaction set of `raw`, judged by its guide and the connection's rules, and mapped to its document."""
    header = message.header
    kind = header.whole(1)
    version = _version(message)
    document = None
    if kind in READERS:
        guide = find_x12(kind, version)
        if guide and raw.header:
            guide = judging(guide, _party(raw.header, 6), _party(raw.header, 8), own_rules)
        document = _document(raw, message, kind, guide)
    else:
        report_unsupported(kind, message.findings, header.place(1), "AK502:1")
    return Message(
        reference=header.whole(2),
        kind=kind,
        version=version,
        group=message.group,
        association=header.whole(3),
        document=document,
        findings=message.findings.freeze(),
        first_segment=header.index,
        segment_count=len(message.segments),
        start=header.offset,
        end=message.segments[-1].end + len(raw.separators.terminator),
    )


def _interchange_acknowledgement(raw: RawInterchange, segment: Segment) -> Message:
    """TA1 stands outside of any transaction set; it is shown as a message whose reference is what it acknowledges."""
    findings = raw.source.findings(raw.limits)
    report_unsupported("TA1", findings, segment.place())
    return Message(
        reference=segment.whole(1),
        kind="TA1",
        version=raw.header.whole(12) if raw.header else "",
        document=read_ta1(segment),
        findings=findings.freeze(),
        first_segment=segment.index,
        segment_count=1,
        start=segment.offset,
        end=segment.end,
    )


def _version(message: RawMessage) -> str:
    """GS08 of the group the set stands in: the version of the data, whatever ISA12 says of the envelope."""
    return message.group_header.whole(8) if message.group_header else ""


def _document(raw: RawInterchange, message: RawMessage, kind: str, guide: Guide | None) -> Document:
    """The document of one set: structure and elements are judged by the guide, what they say by the common checks."""
    findings, segments = message.findings, message.segments
    if guide:
        Walk(guide, X12_CODES, findings).run(segments)
    reader = READERS[kind](findings, raw.limits)
    document = reader.read(segments)
    check(document, findings, in_segments(segments), stated_quantity=reader.hash_total)
    return document
