"""Campaigns for the global search."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from core.search import Hit, found
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The newest that match; nothing for who may not see campaigns."""
    if not actor.can("campaigns.view"):
        return []
    rows = found(Campaign.objects.visible_to(actor), text, "number", "name").order_by("-pk")[:limit]
    return [
        Hit(_("Campaigns"), str(row), f"{row.number} · {row.get_state_display()}", row.get_absolute_url(), "megaphone")
        for row in rows
    ]
