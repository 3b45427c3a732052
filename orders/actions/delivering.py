"""What every way of placing an order ends in: the seller has it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from chat.actions import open_first_room, open_room
from core.audit import record
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from orders.findings import Noticed
from orders.linking import Named
from orders.models import Order
from orders.writing import Composed, save_findings
from partners.actors import Actor


def locked(actor: Actor, order: Order) -> Order:
    """The order as it is now, locked until the transaction ends; DoesNotExist for strangers."""
    visible = Order.objects.visible_to(actor).select_related("buyer", "seller", "partnership__tier")
    return visible.select_for_update(of=("self",)).get(pk=order.pk)


def deliver(actor: Actor, order: Order, noticed: Sequence[Noticed], named: Named) -> Order:
    """Hand a written draft to its seller: number, deal, findings, room, trail."""
    _send(order, named)
    order.save(update_fields=["state", "received_at", "seller_number", "deal", "deal_basis"])
    save_findings(order, [*noticed, *named.noticed], new=True)
    open_room(actor=actor, record=order, title=order.number, organisations=[order.buyer, order.seller])
    _tell(actor, order, named.deal, order.lines.count())
    return order


def deliver_new(actor: Actor, order: Order, composed: Composed, named: Named) -> Order:
    """As `deliver`, for an order of which nothing is written yet, so each of its rows is written once. Raises
    IntegrityError, and leaves the transaction sound, when another order of that number was first."""
    _send(order, named)
    with transaction.atomic():
        composed.save(order)
    save_findings(order, [*composed.noticed, *named.noticed], new=True, saved=composed.lines)
    open_first_room(actor=actor, record=order, title=order.number, organisations=[order.buyer, order.seller])
    _tell(actor, order, named.deal, len(composed.lines))
    return order


def _send(order: Order, named: Named) -> None:
    """The order as its seller gets it, in memory, with the deal that it names."""
    move(order, "send")
    order.received_at = now()
    order.seller_number = with_check_digit("SO-", next_number(f"orders.{order.seller_id}"))
    if named.deal is not None:
        order.deal_id, order.deal_basis = named.deal.pk, Order.Basis.NUMBER


def _tell(actor: Actor, order: Order, deal: Any, lines: int) -> None:
    record(actor=actor, verb="order.received", target=order, **facts(order, lines=lines))
    if deal is not None:
        record_link(actor, order, deal)


def facts(order: Order, **more: Any) -> dict[str, Any]:
    """What the trail notes of an order, and the deal's room hears."""
    related = {"deal": order.deal_id, "related": [["deals.deal", order.deal_id]]} if order.deal_id else {}
    return {"number": order.number, "total": str(order.total), "currency": order.currency, **related, **more}


def record_link(actor: Actor, order: Order, deal: Any, *, related: bool = False) -> None:
    """Tell that the order belongs to the deal, and on what basis; `related` makes it a line in the deal's room."""
    told: dict[str, Any] = {"related": [["deals.deal", deal.pk]]} if related else {}
    data = {"deal": deal.pk, "deal_number": deal.number, "basis": order.deal_basis, "number": order.number}
    record(actor=actor, verb="order.linked", target=order, **data, **told)
