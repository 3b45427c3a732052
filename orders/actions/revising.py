"""The buyer changes or cancels what it ordered."""

from django.db import transaction
from django.utils.timezone import localdate

from core.audit import record
from core.states import can_move, move
from orders.actions.delivering import facts, locked
from orders.codec import clean, dump
from orders.documents import OrderDocument
from orders.documents_of import order_document
from orders.linking import find_deal
from orders.models import Order, OrderLine, OrderVersion
from orders.permissions import may_send
from orders.revisions import differences
from orders.writing import check_document, save_findings, write_document
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def change_order(*, actor: Actor, order: Order, document: OrderDocument) -> Order:
    """Put the document in the place of the order; the version before is kept and the differences are told.

    An unanswered order is simply as changed; an answered one waits for a new answer. Raises InvalidTransition once
    goods are on their way, OrderRefused for what cannot be an order.
    """
    order = locked(actor, order)
    require(may_send(actor, order.buyer_id))
    document = clean(document)
    check_document(document)
    move(order, "revise" if can_move(order, "revise") else "request_change")
    before = order_document(order)
    changes = differences(before, document)
    OrderVersion.objects.create(order=order, version=order.version, document=dump(before), changes=changes)
    order.version += 1
    OrderLine.objects.filter(order=order).delete()
    named = find_deal(actor, document, buyer_id=order.buyer_id, seller_id=order.seller_id)
    deal_id = order.deal_id or (named.deal.pk if named.deal else None)
    noticed = write_document(order, document, today=localdate(), deal_id=deal_id)
    save_findings(order, [*noticed, *named.noticed])
    record(actor=actor, verb="order.changed", target=order, **facts(order, version=order.version, changes=changes[:50]))
    return order


@transaction.atomic
def cancel_order(*, actor: Actor, order: Order, reason: str = "") -> Order:
    """Cancel an order of which nothing was shipped. Raises InvalidTransition afterwards."""
    order = locked(actor, order)
    require(may_send(actor, order.buyer_id))
    before, after = move(order, "cancel")
    order.version += 1
    order.save(update_fields=["state", "version"])
    record(actor=actor, verb="order.cancelled", target=order, **facts(order, before=before, after=after, reason=reason))
    return order
