"""A document as a person reads it, its segments with findings at their place, and the hops it made."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import format_moment, format_number, format_size
from edi import mapping
from edi.mapping import RawSegment
from edi.models import Interchange, Message, RecordedFinding, Transmission
from edi.syntax.findings import Finding
from edi.tables import read_kept
from edi.wording import sentence_of
from orders.documents import Document
from orders.documents_of import response_document
from orders.sheets import Sheet, sheet_of

READABLE_BYTES = 2_000_000  # beyond, a page shows the findings and the first segments only
SHOWN_SEGMENTS = 500
SHOWN_MESSAGES = 20
WORST = ("error", "warning", "note")
TONES = RecordedFinding.TONES
Marked = RecordedFinding | Finding


@dataclass(slots=True)
class Segment:
    """One segment (or line of XML) as it is shown: what is wrong with it, and which part of it."""

    number: int
    before: str
    marked: str = ""
    after: str = ""
    tone: str = ""
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as it is listed: its sentence, where it is, and the segment to jump to (0: none)."""

    finding: Marked
    tone: str
    text: str
    where: str
    segment: int


@dataclass(frozen=True, slots=True)
class Readable:
    """One message beside the document that it carries."""

    message: Message | mapping.Message
    document: Document | None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a document's journey."""

    label: str
    note: str
    tone: str


def readable(raw: bytes, rows: Sequence[Message]) -> list[Readable]:
    """The messages with their documents, read anew from the bytes; at most twenty."""
    if len(raw) > READABLE_BYTES:
        return [Readable(row, None) for row in rows[:SHOWN_MESSAGES]]
    if not rows:
        return []
    reading = read_kept(rows[0].interchange.transmission, raw)
    found = [message for interchange in reading.interchanges for message in interchange.messages]
    documents = {position: message.document for position, message in enumerate(found, 1)}
    return [_readable(row, documents.get(row.position) or _response_in(row)) for row in rows[:SHOWN_MESSAGES]]


def _response_in(message: Message) -> Document | None:
    """The answer that a document of ours carries where its bytes are not read: the newest when it was written."""
    if message.order is None or message.interchange.content != Interchange.Content.RESPONSE:
        return None
    given = message.order.responses.filter(created__lte=message.interchange.created)
    found = given.order_by("-pk").prefetch_related("lines").first()
    return response_document(found) if found else None


def _readable(message: Message | mapping.Message, document: Document | None) -> Readable:
    return Readable(message, document, sheet_of(document) if document else None)


def read_only(reading: mapping.Reading) -> list[Readable]:
    """The messages of a reading that is stored nowhere."""
    found = [message for interchange in reading.interchanges for message in interchange.messages]
    return [_readable(message, message.document) for message in found[:SHOWN_MESSAGES]]


def marked(raw: bytes, findings: Sequence[Marked], start: int = 0) -> tuple[list[Segment], list[Remark], int]:
    """The first segments with what was found in them, all findings, and how many segments are not shown.

    `start` is where these bytes begin in the file that the findings' places count from.
    """
    cut = mapping.segments(raw[:READABLE_BYTES])
    offsets = [segment.offset for segment in cut]
    placed: defaultdict[int, list[Marked]] = defaultdict(list)
    remarks = []
    for finding in sorted(findings, key=lambda each: WORST.index(str(each.severity))):
        index = _index(place_of(finding), cut, offsets, start)
        number = index + 1 if index is not None else 0
        remarks.append(Remark(finding, TONES[str(finding.severity)], text_of(finding), where(finding), number))
        if index is not None:
            placed[index].append(finding)
    shown = [_segment(number, each, placed[number - 1], start) for number, each in enumerate(cut[:SHOWN_SEGMENTS], 1)]
    return shown, remarks, max(0, len(cut) - SHOWN_SEGMENTS)


def place_of(finding: Marked) -> dict[str, Any]:
    """The place of a stored or a fresh finding."""
    if isinstance(finding, RecordedFinding):
        return finding.place
    place = finding.place
    return {name: getattr(place, name) for name in place.__slots__ if getattr(place, name)}


def text_of(finding: Marked) -> str:
    """The sentence of a stored or a fresh finding, in the reader's language."""
    english = finding.text if isinstance(finding, RecordedFinding) else finding.message
    return sentence_of(finding.code, english)


def _index(place: dict[str, Any], cut: list[RawSegment], offsets: list[int], start: int) -> int | None:
    """Which of the cut segments a place is in: by its byte, else by its line."""
    if not cut or not place:
        return None
    if place.get("end"):
        found = bisect_right(offsets, place.get("offset", 0) - start) - 1
        return found if found >= 0 else None
    line = place.get("line")
    return next((index for index, segment in enumerate(cut) if segment.line == line), None) if line else None


def _segment(number: int, raw: RawSegment, found: list[Marked], start: int) -> Segment:
    if not found:
        return Segment(number, raw.text)
    worst = min(found, key=lambda each: WORST.index(str(each.severity)))
    shown = Segment(number, raw.text, tone=TONES[str(worst.severity)], reasons=[text_of(each) for each in found])
    place = place_of(worst)
    first, last = place.get("offset", 0) - start - raw.offset, place.get("end", 0) - start - raw.offset
    if 0 <= first < last <= len(raw.text) and last - first < len(raw.text) == raw.end - raw.offset:
        shown.before, shown.marked, shown.after = raw.text[:first], raw.text[first:last], raw.text[last:]
    return shown


def where(finding: Marked) -> str:
    """The place of a finding in words: "Segment 4, DTM, element 1, component 2 · line 4"."""
    place = place_of(finding)
    parts = [
        _("segment %d") % place["segment"] if place.get("segment") else "",
        str(place.get("tag", "")) if not place.get("xpath") else "",
        _("element %d") % place["element"] if place.get("element") else "",
        _("component %d") % place["component"] if place.get("component") else "",
        str(place.get("xpath", "")),
    ]
    words = ", ".join(part for part in parts if part)
    line = _("line %d") % place["line"] if place.get("line") and not place.get("segment") else ""
    return " · ".join(part for part in (words, line) if part)


def hops(row: Interchange, answer: Interchange | None, orders: int) -> list[Hop]:
    """The stations of an interchange, with the time of each."""
    return _hops_in(row, row.transmission, answer, orders) if row.direction == row.Direction.IN else _hops_out(row)


def _hops_in(row: Interchange, sent: Transmission, answer: Interchange | None, orders: int) -> list[Hop]:
    times = _(", %d times") % sent.times_received if sent.times_received > 1 else ""
    size = format_size(row.end - row.start)
    taken = _("%s orders") % format_number(orders) if orders != 1 else _("1 order")
    stations = [
        Hop(_("Received"), f"{format_moment(row.created)}, {size}{times}", "good"),
        Hop(str(row.get_validation_display()), format_moment(row.processed_at), row.TONES[row.validation]),
    ]
    if row.parked:
        stations.append(Hop(_("Waits for its order"), "", "warn"))
    elif row.validation != row.Validation.INVALID:
        stations.append(Hop(_("Taken over"), taken, "good" if orders else "still"))
    if answer is not None:
        tone = row.TONES[row.acknowledgement]
        stations.append(Hop(answer.kinds, str(row.get_acknowledgement_display()), tone))
    return stations


def _hops_out(row: Interchange) -> list[Hop]:
    collected = row.delivered_at if row.delivery != row.Delivery.PENDING else None
    stations = [
        Hop(_("Written"), format_moment(row.created), "good" if row.delivery != row.Delivery.FAILED else "bad"),
        Hop(_("Collected"), format_moment(collected), "good" if collected else "still"),
    ]
    if row.content == row.Content.ACKNOWLEDGEMENT:
        return stations
    due = _("due %s") % format_moment(row.acknowledge_by) if row.acknowledge_by and not row.acknowledged_at else ""
    shown = str(row.get_acknowledgement_display())
    return [
        *stations,
        Hop(_("Confirmed"), format_moment(row.confirmed_at), "good" if row.confirmed_at else "still"),
        Hop(shown, format_moment(row.acknowledged_at) or due, row.TONES[row.acknowledgement]),
    ]
