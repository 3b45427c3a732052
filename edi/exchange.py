"""What comes in: keep, split, identify, refuse or register, apply each message alone, acknowledge."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import now

from core.audit import delivered_together, record
from core.errors import DomainError
from edi import mapping
from edi.acknowledging import answer
from edi.applying import Outcome, Setting, settle
from edi.identifying import Book, Identity, fault
from edi.keeping import Claim, claim_patiently, keep, release, sha256_of
from edi.mapping import Finding
from edi.models import Interchange, Message, RecordedFinding, Standard, Transmission
from edi.own_rules import rules_of
from edi.permissions import may_exchange, may_read_again
from edi.recording import columns_of, note_findings
from edi.tables import read_kept
from partners.access import require
from partners.actors import Actor

MAX_BYTES = 20_000_000  # as the limits of the EDI core


class TooLarge(DomainError):
    """More bytes than one document may have."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was made of posted bytes; `repeated` names (by key) the interchanges that had been taken in before."""

    transmission: Transmission
    interchanges: tuple[Interchange, ...]
    repeated: frozenset[int] = frozenset()

    @property
    def refused(self) -> bool:
        """Whether nothing at all was taken in."""
        return all(each.validation == Interchange.Validation.INVALID for each in self.interchanges)


@dataclass(slots=True)
class _Work:
    """The interchanges of one transmission as they are settled."""

    rows: list[Interchange] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)


def receive(*, actor: Actor, data: bytes, content_type: str = "", counts: bool = True) -> Receipt:
    """Take in a file of any standard, posted by the systems of the acting organisation; `counts` is False where the
    portal itself goes on with bytes that are here.

    Never fails for what is in the file: faults become findings. Raises PermissionDenied without edi.send, TooLarge
    beyond 20 MiB, and StillBeingRead when another request is at the same bytes for long.
    """
    require(may_exchange(actor))
    if len(data) > MAX_BYTES:
        raise TooLarge("A document may have 20 MB at most. Nothing was kept; split it into several interchanges.")
    actor = replace(actor, via="edi")
    transmission = keep(actor=actor, data=data, content_type=content_type, counts=counts)
    if claim_patiently(transmission) is Claim.DONE:
        return _as_before(transmission)
    finished = False
    try:
        with translation.override("en"):  # findings are stored, and answered to a machine, in one language
            work = _take_in(actor, transmission, data)
        finished = True
    finally:
        release(transmission, finished=finished)
    return Receipt(transmission, tuple(work.rows), frozenset(work.repeated))


def read_again(*, actor: Actor, interchange: Interchange) -> Interchange:
    """Read a refused document once more, as if it had been posted again; what was taken in is not repeated."""
    rows = Interchange.objects.visible_to(actor).select_related("transmission", "organisation")
    interchange = rows.get(pk=interchange.pk)
    require(may_read_again(actor, interchange))
    kept = interchange.transmission
    receive(actor=actor, data=bytes(kept.raw), content_type=kept.content_type)
    return rows.get(pk=interchange.pk)


def _as_before(transmission: Transmission) -> Receipt:
    """The result that these bytes had the first time."""
    rows = tuple(transmission.interchanges.order_by("position"))
    return Receipt(transmission, rows, frozenset(row.pk for row in rows))


def _take_in(actor: Actor, transmission: Transmission, data: bytes) -> _Work:
    book, work = Book.of(actor), _Work()
    reading = read_kept(transmission, data, own_rules=rules_of(book))
    found = reading.interchanges or (_unreadable(reading, len(data)),)
    if reading.interchanges and reading.findings:  # what belongs to no interchange is told with the first
        found = (replace(found[0], findings=(*found[0].findings, *_softened(reading.findings))), *found[1:])
    for position, interchange in enumerate(found, 1):
        _take_in_one(actor, book, transmission, position, interchange, data[interchange.start : interchange.end], work)
    return work


def _unreadable(reading: mapping.Reading, size: int) -> mapping.Interchange:
    """Stands for a file in which no interchange was found, so that it has a place in the list."""
    return mapping.Interchange(reading.standard, findings=reading.findings, start=0, end=size)


def _softened(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Faults between interchanges do not refuse the interchange they are told with."""
    error, warning = mapping.Severity.ERROR, mapping.Severity.WARNING
    return tuple(replace(each, severity=warning) if each.severity is error else each for each in findings)


def _take_in_one(
    actor: Actor,
    book: Book,
    transmission: Transmission,
    position: int,
    interchange: mapping.Interchange,
    raw: bytes,
    work: _Work,
) -> None:
    known = transmission.interchanges.filter(position=position).exclude(registration="").first()
    if known and known.validation != Interchange.Validation.PROCESSING:
        work.rows.append(known)
        work.repeated.add(known.pk)
        return
    identity = book.identify(interchange.standard, interchange.sender, interchange.receiver)
    if interchange.rejected and not interchange.sender.id:
        identity = Identity()  # the envelope could not be read, so nobody is missing
    judged = replace(interchange, findings=(*interchange.findings, *identity.findings))
    row, judged = _register(actor, transmission, position, judged, identity, raw)
    if (row.transmission_id, row.position) == (transmission.pk, position):
        if _settle_messages(Setting.of(actor, book, row, judged, raw), resumes=known is not None):
            work.repeated.add(row.pk)
    elif row not in work.rows:  # it came before in another file; further up in this one it is merely a copy
        work.repeated.add(row.pk)
    if row not in work.rows:
        work.rows.append(row)


def _register(
    actor: Actor,
    transmission: Transmission,
    position: int,
    interchange: mapping.Interchange,
    identity: Identity,
    raw: bytes,
) -> tuple[Interchange, mapping.Interchange]:
    """Write the interchange down, holding its control number when its envelope is sound. Returns what it is now:
    an earlier one with the same number and bytes, or itself, refused where the number was used for other bytes."""
    digest = sha256_of(raw)
    key = "" if interchange.rejected else _registration(interchange, digest)
    holder = _holder(actor, key) if key else None
    if holder is not None and (holder.transmission_id, holder.position) != (transmission.pk, position):
        if holder.sha256 == digest:
            return holder, interchange
        text = f"Control number {interchange.control_number} was used before, for another document."
        taken = fault("duplicate-control-number", text, interchange.standard, "duplicate", interchange.control_number)
        interchange, key = replace(interchange, findings=(*interchange.findings, taken)), ""
    values = columns_of(interchange) | {
        "organisation": actor.organisation,
        "counterpart": identity.counterpart,
        "connection": identity.connection,
        "sha256": digest,
        "registration": key,
        "validation": Interchange.Validation.PROCESSING,
        "direction": Interchange.Direction.IN,
    }
    try:
        with transaction.atomic():
            row, _created = Interchange.objects.update_or_create(
                transmission=transmission, position=position, defaults=values
            )
    except IntegrityError:  # another request took the number between the look and the write
        return _register(actor, transmission, position, interchange, identity, raw)
    return row, interchange


def _holder(actor: Actor, key: str) -> Interchange | None:
    return Interchange.objects.filter(
        organisation=actor.organisation, direction=Interchange.Direction.IN, registration=key
    ).first()


def _registration(interchange: mapping.Interchange, digest: str) -> str:
    """What makes a second interchange a repetition: standard, addresses, control number and test flag. UBL has no
    interchange number (the order's own number speaks for itself), so there, and without a number, it is the bytes."""
    number = digest if interchange.standard == Standard.UBL else interchange.control_number or digest
    sender, receiver = interchange.sender, interchange.receiver
    parts = (interchange.standard, sender.id, sender.qualifier, receiver.id, receiver.qualifier, number)
    return sha256_of("\x1f".join((*parts, str(interchange.test))).encode("utf-8", "replace"))


def _settle_messages(setting: Setting, *, resumes: bool) -> bool:
    """Each message alone in its transaction, then the verdict on the whole with its acknowledgement. Work that was
    cut off `resumes` with the messages that have no row yet; what was refused whole is read afresh. True when that
    found what it found before."""
    row, interchange = setting.row, setting.interchange
    before = _verdict(row) if row.processed_at else None
    if not resumes:
        row.messages.all().delete()
    done = {message.position: message for message in row.messages.all()}
    row.findings.filter(message=None).delete()
    with delivered_together():
        outcomes = [
            _kept(done[position]) if position in done else settle(setting, position, message)
            for position, message in enumerate(interchange.messages, 1)
        ]
    with transaction.atomic():
        note_findings(row, None, _own_findings(interchange))
        again = before == _verdict(row)
        _conclude(setting.actor, row, interchange, outcomes, again=again)
    return again


def _own_findings(interchange: mapping.Interchange) -> tuple[Finding, ...]:
    grouped = tuple(finding for group in interchange.groups for finding in group.findings)
    return (*interchange.findings, *grouped)


def _kept(message: Message) -> Outcome:
    """What became of a message in an earlier attempt that was cut off."""
    return Outcome(message, tuple(map(RecordedFinding.thawed, message.findings.filter(added=True))))


def _verdict(row: Interchange) -> list[tuple[object, ...]]:
    """What was found, to compare two readings of the same bytes."""
    found = row.findings.order_by("message__position", "code", "text")
    return list(found.values_list("message__position", "code", "text"))


def _conclude(
    actor: Actor, row: Interchange, interchange: mapping.Interchange, outcomes: list[Outcome], *, again: bool
) -> None:
    """Set the statuses, write the acknowledgement, tell the trail. What was refused whole gives its control number
    back, to come again corrected. A reading that found the same `again` keeps its acknowledgement and is no event."""
    refused = sum(outcome.message.state == Message.State.REFUSED for outcome in outcomes)
    validation = Interchange.Validation
    if interchange.rejected or (refused and refused == len(outcomes)):
        row.validation, row.registration = validation.INVALID, ""
    else:
        row.validation = validation.PARTLY if refused else validation.VALID
    row.parked = sum(outcome.message.state == Message.State.PARKED for outcome in outcomes)
    row.processed_at = row.delivered_at = now()
    if not again:
        row.acknowledgement = answer(row, interchange, outcomes)
    row.save(update_fields=["validation", "registration", "parked", "processed_at", "delivered_at", "acknowledgement"])
    if again:
        return
    orders = [outcome.message.order_id for outcome in outcomes if outcome.message.order_id]
    record(
        actor=actor,
        verb="edi.refused" if row.validation == validation.INVALID else "edi.received",
        target=row,
        standard=row.get_standard_display(),
        number=row.control_number,
        messages=len(outcomes),
        refused=refused,
        parked=row.parked,
        orders=orders[:100],
        related=[["orders.order", pk] for pk in orders[:100]],
    )
