"""Sending once more what went out: the same bytes again, or the same document under a new number."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from edi.mapping import PartyRef
from edi.models import Interchange
from edi.outgoing import Parcel
from edi.own_codes import incoming
from edi.parking import document_of
from edi.permissions import may_resend
from edi.sending import NAMED_BY_DOCUMENT, Route, clock_of, send
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def offer_again(*, actor: Actor, interchange: Interchange) -> Interchange:
    """Offer the same bytes under the same number once more, with a new clock. A receiver that has them already sees a
    duplicate and acknowledges again. Raises PermissionDenied and DomainError."""
    row = _ours(actor, interchange)
    within = clock_of(row.connection)
    row.delivery, row.delivered_at, row.confirmed_at = Interchange.Delivery.PENDING, None, None
    row.acknowledgement = Interchange.Acknowledgement.WAITING if within else Interchange.Acknowledgement.NONE
    row.acknowledge_by = now() + within if within else None
    row.acknowledged_at = None
    row.save(
        update_fields=[
            "delivery",
            "delivered_at",
            "confirmed_at",
            "acknowledgement",
            "acknowledge_by",
            "acknowledged_at",
        ]
    )
    record(actor=actor, verb="edi.offered_again", target=row, related=_orders(row))
    return row


@transaction.atomic
def send_as_new(*, actor: Actor, interchange: Interchange) -> Interchange:
    """Send the same document under the next number of the series, to be read as a new one. Raises DomainError for XML
    documents, which have no number but their own."""
    row = _ours(actor, interchange)
    if row.standard in NAMED_BY_DOCUMENT:
        raise DomainError(_("A UBL document has no number but its own. Offer the same bytes again instead."))
    message = row.messages.select_related("order", "despatch", "receipt", "invoice").first()
    document = document_of(row, message) if message else None
    if document is not None and row.connection is not None:
        document = incoming(document, row.connection.code_rules)
    if message is None or document is None or row.counterpart is None:
        raise DomainError(_("The document can no longer be read, so it cannot be written anew."))
    parcel = Parcel(
        document,
        row.content,
        row.counterpart,
        row.organisation,
        message.order,
        message.despatch,
        message.receipt,
        message.invoice,
    )
    sent = send(parcel, _route_of(row), resends=row)
    if row.acknowledgement in {Interchange.Acknowledgement.WAITING, Interchange.Acknowledgement.OVERDUE}:
        row.acknowledgement, row.acknowledge_by = Interchange.Acknowledgement.NONE, None
    if row.delivery == Interchange.Delivery.PENDING:
        row.delivery = Interchange.Delivery.FAILED
    row.save(update_fields=["acknowledgement", "acknowledge_by", "delivery"])
    return sent


def _route_of(row: Interchange) -> Route:
    return Route(
        row.standard,
        row.version,
        PartyRef(row.sender_id, row.sender_qualifier),
        PartyRef(row.receiver_id, row.receiver_qualifier),
        row.connection,
    )


def _ours(actor: Actor, interchange: Interchange) -> Interchange:
    rows = Interchange.objects.visible_to(actor).select_related("organisation", "counterpart", "connection")
    row = rows.select_for_update(of=("self",)).get(pk=interchange.pk)
    require(may_resend(actor, row))
    return row


def _orders(row: Interchange) -> list[list[object]]:
    orders = row.messages.exclude(order=None).values_list("order", flat=True)
    return [["orders.order", pk] for pk in orders]
