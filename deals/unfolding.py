"""A link to a deal in a message opens into a card."""

from chat.unfolding import Card, unfolds
from core.money import format_money
from deals.models import Deal
from partners.actors import Actor


def card(actor: Actor, pk: int) -> Card | None:
    """The deal as its list shows it; None for who may not see it."""
    deal = Deal.objects.visible_to(actor).filter(pk=pk).first() if actor.can("deals.view") else None
    if deal is None:
        return None
    facts = f"{deal.customer_name} · {format_money(deal.amount, deal.currency)}"
    return Card(deal.get_absolute_url(), str(deal), facts, deal.get_state_display(), deal.state_tone, "handshake")


unfolds("deals:detail", card)
