"""The queue: what waits to be sent goes by the transport of its connection, again and again until it arrives.

A try is written down before it begins and holds the document for a while, so that two workers never send at once, and
one that dies gives it back. The bytes are the same every time: whoever has them sees a duplicate.
"""

import logging
import random
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from core.audit import record
from edi.acknowledging import content_type_of
from edi.exchange import receive
from edi.models import AS2Message, DeliveryAttempt, Interchange, Transport
from edi.transports.ways import Sent, TransportFault, way_of
from partners.actors import Actor, system_actor

log = logging.getLogger("filiera.edi")
TRIES = 9  # within about nine hours
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=3)
HELD = timedelta(minutes=10)
RECEIPT_WITHIN, HANDED_OVER_AT_MOST = timedelta(hours=1), 5
AT_ONCE = 50
ENDINGS = {"edifact": "edi", "x12": "x12", "ubl": "xml", "cxml": "xml", "fatturapa": "xml", "table": "csv"}
Outcome = DeliveryAttempt.Outcome


def waiting() -> QuerySet[Interchange]:
    """Documents that a transport is to send and that nobody holds or has put off."""
    put_off = DeliveryAttempt.objects.filter(interchange=OuterRef("pk"), next_at__gt=now())
    rows = Interchange.objects.filter(
        direction=Interchange.Direction.OUT,
        delivery=Interchange.Delivery.PENDING,
        connection__state="active",
        connection__transport__state=Transport.State.ACTIVE,
    )
    return rows.filter(~Exists(put_off)).order_by("pk")


def deliver_waiting() -> int:
    """Send what is due; returns how many were tried. Where one fails, the others of its connection wait for the next
    round, so that a server that is down does not hold up everybody else."""
    offer_unanswered()
    tried, down = 0, set()
    for pk, connection in list(waiting().values_list("pk", "connection")[:AT_ONCE]):
        if connection in down:
            continue
        outcome = deliver(pk)
        tried += outcome is not None
        if outcome is False:
            down.add(connection)
    return tried


def offer_unanswered() -> int:
    """Put what was handed over and never confirmed by a receipt back into the queue, to go again under the same
    Message-ID (RFC 4130 section 5.4, AS2 reliability); returns how many."""
    answer = AS2Message.objects.filter(interchange=OuterRef("pk"), inbound=False, disposition="")
    young = DeliveryAttempt.objects.filter(interchange=OuterRef("pk"), started_at__gt=now() - RECEIPT_WITHIN)
    rows = Interchange.objects.filter(
        direction=Interchange.Direction.OUT,
        delivery=Interchange.Delivery.SENT,
        connection__transport__kind=Transport.Kind.AS2,
        connection__transport__state=Transport.State.ACTIVE,
    )
    due = rows.filter(Exists(answer), ~Exists(young)).values_list("pk", flat=True)
    return sum(_offer(pk) for pk in list(due[:AT_ONCE]))


@transaction.atomic
def _offer(pk: int) -> bool:
    rows = Interchange.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=pk, delivery=Interchange.Delivery.SENT).first()
    if row is None:
        return False
    handed = DeliveryAttempt.objects.filter(interchange=row, outcome=Outcome.HANDED_OVER)
    if handed.count() >= HANDED_OVER_AT_MOST:
        give_up(row, "The partner took it and never sent a receipt.")
        return False
    row.delivery = Interchange.Delivery.PENDING
    row.save(update_fields=["delivery"])
    return True


def deliver(pk: int) -> bool | None:
    """Try to send one document now; whether it went, None where it is not due."""
    taken = _take(pk)
    if taken is None:
        return None
    row, attempt, transport = taken
    way = way_of(transport.kind)
    try:
        if way is None:
            raise TransportFault("This server cannot send in that way; its operator installs the extra “edi”.")
        name = f"{row.kinds or row.standard}-{row.control_number}.{ENDINGS.get(row.standard, 'bin')}"
        sent = way.send(transport, row.raw, name, content_type_of(row.standard), row.pk)
    except TransportFault as fault:
        _failed(row.pk, attempt, str(fault), final=fault.final)
        return False
    except Exception:
        log.exception("interchange %s could not be sent", row.pk)
        _failed(row.pk, attempt, "The portal failed while sending. The operators were told.")
        return False
    _sent(row.pk, attempt, sent)
    if sent.answer:
        _take_in(transport, sent)
    return True


@transaction.atomic
def _take(pk: int) -> tuple[Interchange, DeliveryAttempt, Transport] | None:
    rows = Interchange.objects.filter(pk__in=waiting().filter(pk=pk).values("pk"))
    row = rows.select_for_update(of=("self",)).select_related("transmission", "connection__transport").first()
    if row is None or row.connection is None:
        return None
    found = row.connection.transport
    attempt = DeliveryAttempt.objects.create(interchange=row, kind=found.kind, next_at=now() + HELD)
    return row, attempt, found


@transaction.atomic
def _sent(pk: int, attempt: DeliveryAttempt, sent: Sent) -> None:
    row = Interchange.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    _end(attempt, Outcome.DELIVERED if sent.delivered else Outcome.HANDED_OVER, sent.text)
    if row.delivery not in {Interchange.Delivery.PENDING, Interchange.Delivery.SENT}:
        return
    mark_sent(row, delivered=sent.delivered)


def mark_sent(row: Interchange, *, delivered: bool) -> None:
    """Note on a locked row that it was handed over, or that it is known to have arrived."""
    row.delivery = Interchange.Delivery.DELIVERED if delivered else Interchange.Delivery.SENT
    row.delivered_at = row.delivered_at or now()
    row.confirmed_at = now() if delivered else None
    row.save(update_fields=["delivery", "delivered_at", "confirmed_at"])
    verb = "edi.confirmed" if delivered else "edi.fetched"
    record(actor=system_actor(row.organisation), verb=verb, target=row, related=_orders(row))


@transaction.atomic
def _failed(pk: int, attempt: DeliveryAttempt, text: str, *, final: bool = False) -> None:
    """Note why; put the next try off, twice as long each time, or give up."""
    row = Interchange.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    count = _tries(row)
    if final or count >= TRIES:
        _end(attempt, Outcome.FAILED, text)
        give_up(row, text)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** max(0, count - 1)) * random.uniform(0.8, 1.2)  # noqa: S311
    _end(attempt, Outcome.FAILED, text, next_at=now() + wait)


def _tries(row: Interchange) -> int:
    """How often it was tried since it arrived or was given up last, so that one offered again has all its tries."""
    attempts = DeliveryAttempt.objects.filter(interchange=row)
    last = attempts.filter(next_at=None).exclude(ended_at=None).first()
    return attempts.filter(pk__gt=last.pk if last else 0).count()


def give_up(row: Interchange, text: str) -> None:
    """Make an undelivered document an exception that somebody sees; the row is locked."""
    if row.delivery in {Interchange.Delivery.PENDING, Interchange.Delivery.SENT}:
        row.delivery = Interchange.Delivery.FAILED
        row.save(update_fields=["delivery"])
        record(actor=system_actor(row.organisation), verb="edi.undelivered", target=row, reason=text[:300])


def _end(attempt: DeliveryAttempt, outcome: str, text: str, next_at: object = None) -> None:
    attempt.outcome, attempt.text, attempt.ended_at = outcome, text[:1_000], now()
    attempt.next_at = next_at  # type: ignore[assignment]
    attempt.save(update_fields=["outcome", "text", "ended_at", "next_at"])


def _orders(row: Interchange) -> list[list[object]]:
    return [["orders.order", pk] for pk in row.messages.exclude(order=None).values_list("order", flat=True)]


def actor_of(transport: Transport) -> Actor | None:
    """Whose documents come in by a transport: its service account, with what it may do today; None when it may not."""
    account = transport.account
    if account is None or not account.active or account.organisation_id != transport.organisation_id:
        return None
    return Actor(account.organisation, account.capabilities(), "edi", service_account=account)


def _take_in(transport: Transport, sent: Sent) -> None:
    """What the partner's server answered with; a fault of it does not undo that the document arrived."""
    actor = actor_of(transport)
    if actor is None:
        return
    try:
        receive(actor=actor, data=sent.answer, content_type=sent.content_type)
    except Exception:
        log.exception("the answer that came by transport %s could not be taken in", transport.pk)
