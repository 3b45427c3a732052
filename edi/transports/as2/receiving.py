"""What partners post to /as2/: messages, taken in once and answered with a receipt, and receipts for what we sent.

A sender is who its certificate, its AS2-From and our AS2-To together say; then the exchange asks that the sender in the
document (UNB, ISA, EndpointID) is one of that company's own identifiers.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from core import outbound as web
from core.errors import DomainError
from edi.exchange import MAX_BYTES, receive
from edi.models import AS2Message, Interchange, Transport
from edi.models.transport import DeliveryAttempt
from edi.transports.as2 import mdn
from edi.transports.as2.cms import CMSError
from edi.transports.as2.keys import keys_of, own
from edi.transports.as2.mime import Entity, Malformed, entity_of, parts
from edi.transports.as2.names import mic_of
from edi.transports.as2.unwrap import Payload, Unwrapped, unwrap
from edi.transports.as2.way import judge
from edi.transports.delivering import actor_of, give_up, mark_sent
from edi.transports.ways import TransportFault

log = logging.getLogger("filiera.edi")
RECEIPTS_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Reply:
    """The HTTP answer: its status, its headers and body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def take(headers: Mapping[str, str], body: bytes) -> Reply:
    """Take in what was posted. Strangers all get the same answer, which tells them nothing."""
    request = mdn.Request.of(headers)
    if not (request.sender and request.receiver and request.message_id):
        return Reply(400, {"Content-Type": "text/plain"}, b"AS2-From, AS2-To and Message-ID are needed.")
    rows = Transport.objects.filter(kind=Transport.Kind.AS2, state=Transport.State.ACTIVE, connection__state="active")
    found = rows.filter(own_name=request.receiver, their_name=request.sender)
    transport = found.select_related("connection", "account__organisation", "account__role").first()
    if transport is None:
        return Reply(403, {"Content-Type": "text/plain"}, b"These AS2 names do not belong together here.")
    entity = entity_of(headers, body)
    if _is_receipt(entity):
        return _receipt(transport, headers, body)
    return _answer(transport, request, entity)


def _is_receipt(entity: Entity) -> bool:
    """Whether this is a receipt for what we sent: a report, alone or signed."""
    if entity.kind == "multipart/report":
        return True
    if entity.kind != "multipart/signed":
        return False
    try:
        return parts(entity)[0].kind == "multipart/report"
    except (Malformed, IndexError):
        return False


# Messages ---------------------------------------------------------------------------------------------------------


def _answer(transport: Transport, request: mdn.Request, entity: Entity) -> Reply:
    """Unwrap, take in once, and answer; what is wrong is said in the receipt."""
    what, text, found = "", "The message was received and is being processed.", Unwrapped()
    try:
        if request.unsupported:
            raise CMSError("unsupported MIC-algorithms", "None of the integrity checks asked for is computed here.")
        found = unwrap(entity, keys_of(transport, now()), MAX_BYTES)
        _demand_security(transport, found)
        known = _register(transport, request, found)
        if known.receipt_headers:
            return _reply(request, known.receipt_headers, bytes(known.receipt))
        _take_in(transport, found.payloads)
    except CMSError as fault:
        what, text, known = fault.what, str(fault), None
    headers, body = _write(transport, request, found, what, text)
    if known is not None:
        known.receipt_headers, known.receipt, known.answered_at = headers, body, now()
        known.disposition = mdn.disposition_of(what)
        known.receipt_url = request.url if request.wants_receipt else ""
        known.save(update_fields=["receipt_headers", "receipt", "answered_at", "disposition", "receipt_url"])
    elif request.url and request.wants_receipt and found.signer is not None:
        _send_receipt(request.url, headers, body)
    return _reply(request, headers, body)


def _reply(request: mdn.Request, headers: Mapping[str, str], body: bytes) -> Reply:
    """The receipt at once, or an empty answer where it goes another way or none is wanted."""
    if not request.wants_receipt or request.url:
        return Reply(200)
    return Reply(200, headers, body)


def _demand_security(transport: Transport, found: Unwrapped) -> None:
    """A message that nobody signed proves nothing: it counts on a connection in test mode alone."""
    if found.signer is None and transport.connection.mode != "test":
        raise CMSError("insufficient-message-security", "A signed message is expected.")
    if transport.setting("needs_encryption", False) and not found.encrypted:
        raise CMSError("insufficient-message-security", "An encrypted message is expected.")


def _register(transport: Transport, request: mdn.Request, found: Unwrapped) -> AS2Message:
    """The row of the message: the one of before when it came before. Raises CMSError when its id was used before for
    another message."""
    digest = hashlib.sha256(found.checked).hexdigest()
    key = {"transport": transport, "inbound": True, "message_id": request.message_id}
    try:
        with transaction.atomic():
            row, _made = AS2Message.objects.get_or_create(**key, defaults={"digest": digest})
    except IntegrityError:
        row = AS2Message.objects.get(**key)
    if row.digest != digest:
        raise CMSError("unexpected-processing-error", "This Message-ID was used before, for another message.")
    return row


def _take_in(transport: Transport, payloads: tuple[Payload, ...]) -> None:
    """Each document as if it had been posted; faults in it are findings there and not the receipt's business."""
    from edi.tables import content_type_for

    actor = actor_of(transport)
    if actor is None:
        raise CMSError("unexpected-processing-error", "The account of this connection may not take in documents.")
    try:
        for payload in payloads:
            kind = content_type_for(transport.connection, payload.filename, payload.content) or payload.content_type
            receive(actor=actor, data=payload.content, content_type=kind)
    except (DomainError, PermissionDenied) as fault:
        raise CMSError("unexpected-processing-error", str(fault)[:200] or "It may not be taken in.") from fault


def _write(
    transport: Transport, request: mdn.Request, found: Unwrapped, what: str, text: str
) -> tuple[dict[str, str], bytes]:
    """The receipt, signed where that was asked for and we have a certificate."""
    ours = own(transport)
    algorithm = request.algorithm(found.algorithm)
    return mdn.write(
        request,
        text=text,
        what=what,
        mic=mic_of(found.checked, algorithm) if found.checked else b"",
        algorithm=algorithm,
        signing=ours[0] if ours and request.signed else None,
        date=format_datetime(now()),
    )


# Receipts that go their own way -----------------------------------------------------------------------------------


def send_receipts_owed() -> int:
    """Send the asynchronous receipts that were not taken yet; returns how many were taken now."""
    owed = AS2Message.objects.filter(inbound=True, created__gt=now() - RECEIPTS_FOR).exclude(receipt_url="")
    sent = 0
    for row in owed.exclude(answered_at=None).order_by("pk")[:50]:
        if _send_receipt(row.receipt_url, row.receipt_headers, bytes(row.receipt)):
            AS2Message.objects.filter(pk=row.pk).update(receipt_url="")
            sent += 1
    return sent


def _send_receipt(url: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        return 200 <= web.request("POST", url, body, headers).status < 300
    except TransportFault as fault:
        log.info("a receipt could not be sent: %s", fault)
        return False


def _receipt(transport: Transport, headers: Mapping[str, str], body: bytes) -> Reply:
    """A receipt for a message of ours, which came by itself. An answer says only that it came: a stranger who posts
    one learns nothing about what we sent."""
    try:
        named = mdn.read(entity_of(headers, body), keys_of(transport, now()).pinned).original_message_id
    except (CMSError, ValueError):
        return Reply(200)
    rows = AS2Message.objects.filter(transport=transport, inbound=False, message_id=named, disposition="")
    message = rows.select_related("interchange").first()
    if message is not None:
        kept = {name: headers[name] for name in ("Content-Type", "Content-Transfer-Encoding") if headers.get(name)}
        _settle(transport, message, kept, body)
    return Reply(200)


@transaction.atomic
def _settle(transport: Transport, message: AS2Message, headers: dict[str, str], body: bytes) -> None:
    rows = Interchange.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(as2_messages=message).first()
    text, delivered = "", True
    try:
        text = judge(transport, message, headers, body)
    except TransportFault as fault:
        text, delivered = str(fault), False
        if not fault.final:
            return
    if row is None:
        return
    outcome = DeliveryAttempt.Outcome.DELIVERED if delivered else DeliveryAttempt.Outcome.FAILED
    DeliveryAttempt.objects.create(
        interchange=row, kind=transport.kind, outcome=outcome, text=text[:1_000], ended_at=now()
    )
    if delivered:
        mark_sent(row, delivered=True)
    else:
        give_up(row, text)
