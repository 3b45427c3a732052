"""What orders do to promotions. Each step reads the order as it is now, so that events told late do no harm."""

from core.audit import subscribe
from core.models import TrailEntry
from orders.models import Order
from promotions import actions


def _order(entry: TrailEntry) -> Order | None:
    return Order.objects.filter(pk=entry.target_id).first()


@subscribe("order.received", "order.changed", "order.matched", "order.linked")
def reserve(entry: TrailEntry) -> None:
    """The order as it stands uses what it may. A link that its own number made came with the order itself."""
    if entry.verb == "order.linked" and entry.data.get("basis") != Order.Basis.PERSON:
        return
    if order := _order(entry):
        actions.renew(order=order)


@subscribe("order.accepted", "order.accepted_with_changes", "order.despatched", "order.invoiced")
def spend(entry: TrailEntry) -> None:
    """The seller confirmed, or sent the goods, which is an answer too."""
    if order := _order(entry):
        actions.commit(order=order)


@subscribe("order.rejected", "order.cancelled")
def let_go(entry: TrailEntry) -> None:
    """Nothing comes of it."""
    if order := _order(entry):
        actions.release(order=order)
