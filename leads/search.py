"""Leads for the global search: one's own, and those that one holds. An offer that is not accepted is not found."""

from django.utils.translation import gettext_lazy as _

from core.search import Hit, found
from leads.models import Lead
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The newest leads that match; nothing for who may not see leads."""
    if not actor.can("leads.view"):
        return []
    rows = found(Lead.objects.visible_to(actor), text, "number", "company", "contact", "need", "email")
    rows = rows.exclude(state=Lead.State.SPAM).order_by("-pk")[:limit]
    return [
        Hit(
            _("Leads"),
            lead.company,
            f"{lead.number} · {lead.need} · {lead.get_state_display()}",
            lead.get_absolute_url(),
            "sprout",
        )
        for lead in rows
    ]
