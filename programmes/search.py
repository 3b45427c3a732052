"""Standings and certificates for the global search."""

from django.utils.translation import gettext as _

from core.search import Hit, found
from partners.actors import Actor
from programmes.models import Certification, Standing


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Certificates by name and person, standings by the companies' names."""
    if not actor.can("programmes.view"):
        return []
    certificates = Certification.objects.visible_to(actor).select_related("partner")
    standings = Standing.objects.visible_to(actor).of_active().select_related("vendor", "partner", "partnership__tier")
    hits = [
        Hit(_("Programme"), str(row), str(row.partnership.tier or "–"), row.get_absolute_url(), "medal")
        for row in found(standings, text, "vendor__name", "partner__name").order_by("-pk")[:limit]
    ]
    hits += [
        Hit(_("Programme"), str(row), f"{row.partner} · {row.get_state_display()}", row.get_absolute_url(), "award")
        for row in found(certificates, text, "name", "person", "given_by").order_by("-pk")[:limit]
    ]
    return hits[:limit]
