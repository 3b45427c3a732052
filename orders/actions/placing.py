"""Orders come in: through a file, the API or the web form, all by the same way."""

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.numbers import with_check_digit
from core.sequences import next_number
from orders.actions.delivering import deliver, locked
from orders.actions.revising import cancel_order, change_order
from orders.codec import clean
from orders.documents import OrderDocument
from orders.documents_of import order_document
from orders.errors import DuplicateOrder, OrderRefused, UnknownOrder
from orders.findings import Noticed
from orders.models import Order, OrderLine
from orders.permissions import may_edit_draft, may_send, partnership_between
from orders.writing import check_document, write_document
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

CHANGES = frozenset({"change", "replace"})
REPEATS = frozenset({"duplicate", "confirm"})


@transaction.atomic
def receive_order(
    *, actor: Actor, document: OrderDocument, buyer: Organisation, seller: Organisation, source: str = "edi"
) -> Order:
    """Take in what a buyer sent, by the document's function: a new order, a change, a cancellation or a copy.

    A copy ("duplicate", "confirm") of an order that is here changes nothing and gives that order. Raises
    DuplicateOrder, UnknownOrder, OrderRefused (code no_partnership, no_lines, number_missing, amount_too_large …) and
    InvalidTransition.
    """
    require(may_send(actor, buyer.pk))
    document = clean(document)
    known = Order.objects.visible_to(actor).filter(buyer=buyer, seller=seller, number=document.number.strip()).first()
    if document.function in CHANGES | {"cancel"} and known is None:
        raise UnknownOrder(document.number)
    if known is not None:
        return _again(actor, document, known)
    order, noticed = _write_draft(document, buyer, seller, source)
    return deliver(actor, order, document, noticed)


def _again(actor: Actor, document: OrderDocument, known: Order) -> Order:
    if document.function == "cancel":
        return cancel_order(actor=actor, order=known, reason="\n".join(document.notes)[:500])
    if document.function in CHANGES:
        return change_order(actor=actor, order=known, document=document)
    if document.function in REPEATS and known.state != Order.State.DRAFT:
        return known
    raise DuplicateOrder(known.number)


@transaction.atomic
def save_draft(
    *, actor: Actor, document: OrderDocument, seller: Organisation, order: Order | None = None, source: str = "web"
) -> Order:
    """Keep an order that is not sent yet; the seller does not see it. Without a number it is given one."""
    buyer = actor.organisation
    require(may_send(actor, buyer.pk) if order is None else may_edit_draft(actor, order))
    document = clean(document)
    if order is not None:
        order = locked(actor, order)
        require(may_edit_draft(actor, order))
    if not document.number.strip():
        number = order.number if order else with_check_digit("P-", next_number(f"purchases.{buyer.pk}"))
        document = replace(document, number=number)
    order, _noticed = _write_draft(document, buyer, seller, source, order)
    record(actor=actor, verb="order.drafted", target=order, parties=(), number=order.number)
    return order


@transaction.atomic
def send_order(*, actor: Actor, order: Order) -> Order:
    """Send a draft: it is read anew, as the catalogue stands today, and delivered to the seller."""
    order = locked(actor, order)
    require(may_edit_draft(actor, order))
    document = order_document(order)
    order, noticed = _write_draft(document, order.buyer, order.seller, order.source, order)
    return deliver(actor, order, document, noticed)


@transaction.atomic
def delete_draft(*, actor: Actor, order: Order) -> None:
    """Throw a draft away."""
    order = locked(actor, order)
    require(may_edit_draft(actor, order))
    record(actor=actor, verb="order.draft_deleted", target=order, parties=(), number=order.number)
    order.delete()


def _write_draft(
    document: OrderDocument, buyer: Organisation, seller: Organisation, source: str, order: Order | None = None
) -> tuple[Order, list[Noticed]]:
    check_document(document)
    partnership = partnership_between(buyer.pk, seller.pk)
    if partnership is None:
        text = _("There is no active partnership with %(seller)s, so it cannot be ordered from.")
        raise OrderRefused("no_partnership", text % {"seller": seller}, field="seller")
    if order is None:
        order = Order(source=source)
    order.buyer, order.seller, order.partnership = buyer, seller, partnership
    if order.pk:
        OrderLine.objects.filter(order=order).delete()
    try:
        with transaction.atomic():
            return order, write_document(order, document, today=localdate())
    except IntegrityError as error:  # the same order came in twice at once
        if Order.objects.filter(buyer=buyer, seller=seller, number=document.number.strip()).exclude(pk=order.pk):
            raise DuplicateOrder(document.number) from error
        raise
