"""The technical answer to what came in, written from the same findings that the screen shows, and kept."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime, now

from core.sequences import next_number
from edi import mapping
from edi.applying import Outcome
from edi.keeping import keep_outbound
from edi.models import Interchange, Message, Standard

CONTENT_TYPES = {
    Standard.EDIFACT: "application/edifact",  # RFC 1767
    Standard.X12: "application/edi-x12",
    Standard.UBL: "application/xml",
    Standard.CXML: "text/xml",
    Standard.FATTURAPA: "application/xml",
}
UNKNOWN_TYPE = "application/octet-stream"


def content_type_of(standard: str) -> str:
    """The media type of a standard (RFC 1767; UBL is XML)."""
    return CONTENT_TYPES.get(Standard(standard), UNKNOWN_TYPE)


def next_control_number(organisation_id: int, counterpart_id: int | None) -> str:
    """The next number of what goes out to an organisation for a counterpart; gap-free, without leading zeros."""
    return str(next_number(f"edi.out.{organisation_id}.{counterpart_id or 0}"))


def answer(
    row: Interchange, interchange: mapping.Interchange, outcomes: Sequence[Outcome], *, at: datetime | None = None
) -> str:
    """Write the acknowledgement of an interchange where its standard has one, dated now or `at` that moment. Returns
    the status it amounts to."""
    status = Interchange.Acknowledgement
    if interchange.standard == Standard.UNKNOWN or _only_acknowledges(interchange):
        return status.NONE
    extra = {
        message.reference: outcome.added
        for message, outcome in zip(interchange.messages, outcomes, strict=True)
        if outcome.added
    }
    number = next_control_number(row.organisation_id, row.counterpart_id)
    data = mapping.acknowledge(interchange, control_number=number, prepared_at=local(at or now()), extra=extra)
    if data is None:
        return status.NONE
    _keep(row, number, data, at or now())
    if row.validation == Interchange.Validation.INVALID:
        return status.REJECTED
    return status.ACCEPTED_WITH_ERRORS if _partly(outcomes) else status.ACCEPTED


def local(moment: datetime) -> datetime:
    """A moment as an envelope states it: local time of the portal, to the second."""
    return localtime(moment).replace(tzinfo=None, microsecond=0)


def _only_acknowledges(interchange: mapping.Interchange) -> bool:
    return bool(interchange.messages) and all(message.is_acknowledgement for message in interchange.messages)


def _partly(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.message.state == Message.State.REFUSED for outcome in outcomes)


def _keep(row: Interchange, number: str, data: bytes, at: datetime) -> None:
    """Keep the acknowledgement beside what it answers; it is delivered in the answer to the request itself."""
    row.answered_by.all().delete()  # of an earlier attempt at the same bytes, which was refused
    kept = keep_outbound(row.organisation, data, content_type_of(row.standard))
    Interchange.objects.create(
        direction=Interchange.Direction.OUT,
        organisation=row.organisation,
        counterpart=row.counterpart,
        connection=row.connection,
        transmission=kept,
        end=len(data),
        sha256=kept.sha256,
        standard=row.standard,
        version=row.version,
        control_number=number,
        sender_id=row.receiver_id,
        sender_qualifier=row.receiver_qualifier,
        receiver_id=row.sender_id,
        receiver_qualifier=row.sender_qualifier,
        test=row.test,
        content=Interchange.Content.ACKNOWLEDGEMENT,
        kinds=_kind(row.standard, data),
        keywords=row.keywords,
        answers=row,
        validation=Interchange.Validation.VALID,
        delivery=Interchange.Delivery.DELIVERED,
        created=at,
        processed_at=at,
        delivered_at=at,
    )


def _kind(standard: str, data: bytes) -> str:
    if standard == Standard.X12:
        return "997" if b"AK1" in data else "TA1"
    return "CONTRL" if standard == Standard.EDIFACT else "ApplicationResponse"
