"""Deals and end customers for the global search."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.money import format_money
from core.search import Hit, beginning, found
from deals.models import Deal, EndCustomer
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The newest deals and the customers that match; nothing for who may not see deals."""
    if not actor.can("deals.view"):
        return []
    return [*_deals(actor, text, limit), *_customers(actor, text, limit)]


def _deals(actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = Deal.objects.visible_to(actor).filter(beginning(text, "search_text"))
    return [
        Hit(
            kind=_("Deals"),
            title=str(deal),
            sub=f"{deal.customer_name} · {deal.get_state_display()} · {format_money(deal.amount, deal.currency)}",
            url=deal.get_absolute_url(),
            icon="handshake",
        )
        for deal in rows.order_by("-created", "-pk")[:limit]
    ]


def _customers(actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = found(EndCustomer.objects.visible_to(actor), text, "name", "city", "vat")
    return [
        Hit(
            kind=_("Customers"),
            title=customer.name,
            sub=" · ".join(part for part in (customer.city, customer.country, customer.vat) if part),
            url=reverse("deals:customer", args=[customer.pk]),
            icon="building-2",
        )
        for customer in rows.order_by("name", "pk")[:limit]
    ]
