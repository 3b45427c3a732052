"""Triggers for the global search."""

from django.utils.translation import gettext_lazy as _

from automation.models import Trigger
from core.search import Hit, found
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The triggers that match; nothing for who may not see them."""
    if not actor.can("automation.view"):
        return []
    rows = found(Trigger.objects.visible_to(actor), text, "name", "subject").order_by("name", "pk")
    return [
        Hit(_("Triggers"), row.name, str(row.get_state_display()), row.get_absolute_url(), "workflow")
        for row in rows[:limit]
    ]
