"""Messages whose order is not here: they wait until a person names it, or until it comes in."""

import logging

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from edi.consequences import CONSEQUENCES, apply_document
from edi.identifying import Book
from edi.models import Interchange, Message
from edi.own_codes import incoming
from edi.permissions import may_link_message
from edi.recording import note_findings
from edi.resuming import author_of_transmission
from edi.roles import sides_of
from edi.tables import read_kept
from orders.documents import Document
from orders.models import Order
from partners.access import require
from partners.actors import Actor

log = logging.getLogger("filiera.edi")


@transaction.atomic
def link_message(*, actor: Actor, message: Message, order: Order) -> Message:
    """Say which order a waiting message is about, and apply it to that order, in the name of the company that sent it.

    Raises DomainError for an order of other companies, for a message that no longer waits, and for what the order's
    own rules refuse.
    """
    rows = Interchange.objects.visible_to(actor).select_related("transmission", "organisation", "counterpart")
    row = rows.select_for_update(of=("self",)).get(pk=message.interchange_id)
    require(may_link_message(actor, row))
    found = Order.objects.visible_to(actor).filter(pk=order.pk).select_related("buyer", "seller").first()
    if found is None or {found.buyer_id, found.seller_id} != {row.organisation_id, row.counterpart_id}:
        raise DomainError(_("There is no such order between these two companies."), field="order")
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk, interchange=row)
    if message.state != Message.State.PARKED:
        raise DomainError(_("This message no longer waits for its order."))
    sender = actor if actor.organisation.pk == row.organisation_id else author_of_transmission(row)
    _apply(sender, row, message, found)
    record(
        actor=actor,
        verb="edi.linked",
        target=row,
        kind=message.kind,
        order=found.number,
        related=[["orders.order", found.pk]],
    )
    return message


def _apply(sender: Actor, row: Interchange, message: Message, order: Order) -> None:
    document = document_of(row, message)
    if document is None or type(document) not in CONSEQUENCES:
        raise DomainError(_("The message can no longer be read."))
    if row.connection is not None:
        document = incoming(document, row.connection.code_rules)
    sides = sides_of(Book.of(sender), row, sender.organisation, document)
    applied = apply_document(sender, document, sides, order=order)
    message.state = Message.State.APPLIED
    for name, value in applied.columns().items():
        setattr(message, name, value)
    message.save(update_fields=["state", *applied.columns()])
    message.findings.filter(code="unknown-order").delete()
    note_findings(row, message, sides.notes, added=True)
    row.parked = row.messages.filter(state=Message.State.PARKED).count()
    row.save(update_fields=["parked"])


def document_of(row: Interchange, message: Message) -> Document | None:
    """The document of a kept message, read anew from the bytes."""
    found = [each for interchange in read_kept(row.transmission, row.raw).interchanges for each in interchange.messages]
    return found[message.position - 1].document if message.position <= len(found) else None


def apply_waiting(order_id: int) -> int:
    """Apply what waited for an order that has come in; returns how many. What its rules refuse goes on waiting."""
    order = Order.objects.select_related("buyer", "seller").filter(pk=order_id).first()
    if order is None:
        return 0
    numbers = {order.number, order.seller_number} - {""}
    waiting = Message.objects.filter(state=Message.State.PARKED, order_number__in=numbers)
    between = waiting.filter(
        interchange__organisation__in=[order.buyer_id, order.seller_id],
        interchange__counterpart__in=[order.buyer_id, order.seller_id],
    )
    return sum(_apply_one(message, order) for message in between.order_by("pk")[:100])


def _apply_one(message: Message, order: Order) -> bool:
    rows = Interchange.objects.select_related("transmission", "organisation", "counterpart")
    try:
        with transaction.atomic(), translation.override("en"):
            row = rows.select_for_update(of=("self",)).get(pk=message.interchange_id)
            sender = author_of_transmission(row)
            _apply(sender, row, message, order)
            record(
                actor=sender,
                verb="edi.linked",
                target=row,
                kind=message.kind,
                order=order.number,
                related=[["orders.order", order.pk]],
            )
    except (DomainError, PermissionDenied):
        log.info("message %s still waits: its order %s does not take it", message.pk, order.pk)
        return False
    return True
