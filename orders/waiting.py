"""What waits for somebody here: orders to answer, drafts to send, refused orders to look at."""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.waiting import Waiting
from orders.models import Order
from partners.actors import Actor

ANSWER_WITHIN = timedelta(days=2)
SHOWN = 10


def waiting(actor: Actor) -> list[Waiting]:
    """Orders that this actor can move on now."""
    items: list[Waiting] = []
    if actor.can("orders.respond"):
        items += _to_answer(actor)
    if actor.can("orders.send"):
        items += _drafts(actor)
    return items


def counts(actor: Actor) -> dict[str, int]:
    """The badge of Orders: how many wait for the organisation's answer."""
    if not actor.can("orders.respond"):
        return {}
    return {"orders": Order.objects.visible_to(actor).to_answer(actor.organisation.pk).count()}


def _to_answer(actor: Actor) -> list[Waiting]:
    orders = Order.objects.visible_to(actor).to_answer(actor.organisation.pk).select_related("buyer")
    return [_answer(order) for order in orders.order_by("received_at", "pk")[:SHOWN]]


def _answer(order: Order) -> Waiting:
    due = (order.received_at or order.created) + ANSWER_WITHIN
    late, soon = due < now(), due < now() + timedelta(hours=12)
    changed = order.state == Order.State.CHANGE_REQUESTED
    title = _("Order %(number)s was changed") if changed else _("Order %(number)s waits for an answer")
    return Waiting(
        title % {"number": order.number},
        str(order.buyer),
        reverse("orders:answer", args=[order.pk]),
        _("Answer"),
        due,
        "bad" if late else "warn" if soon else "info",
    )


def _drafts(actor: Actor) -> list[Waiting]:
    drafts = Order.objects.visible_to(actor).filter(state=Order.State.DRAFT, buyer=actor.organisation)
    return [
        Waiting(
            _("Draft of order %(number)s is not sent") % {"number": order.number},
            str(order.seller),
            reverse("orders:detail", args=[order.pk]),
            _("Look at it"),
            tone="still",
        )
        for order in drafts.select_related("seller")[:SHOWN]
    ]
