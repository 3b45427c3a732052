"""A link to an order in a message opens into a card."""

from django.urls import reverse

from chat.unfolding import Card, unfolds
from orders.models import Order
from partners.actors import Actor


def card(actor: Actor, pk: int) -> Card | None:
    """The order as its list shows it; None for who may not see it."""
    orders = Order.objects.visible_to(actor).select_related("buyer", "seller")
    order = orders.filter(pk=pk).first() if actor.can("orders.view") else None
    if order is None:
        return None
    url, facts = reverse("orders:detail", args=[order.pk]), f"{order.buyer} → {order.seller}"
    return Card(url, str(order), facts, order.get_state_display(), order.state_tone, "receipt-text")


unfolds("orders:detail", card)
