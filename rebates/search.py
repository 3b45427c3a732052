"""Agreements on rebates and their statements for the global search."""

from django.utils.translation import gettext as _

from core.search import Hit, found
from partners.actors import Actor
from rebates.models import RebateAgreement, Statement


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Agreements by number, name and company, settled statements by the reference of the payment."""
    if not actor.can("rebates.view"):
        return []
    agreements = RebateAgreement.objects.visible_to(actor).select_related("vendor", "partner")
    settled = Statement.objects.visible_to(actor).exclude(reference="").select_related("agreement", "vendor", "partner")
    rows: list[RebateAgreement | Statement] = [
        *found(agreements, text, "number", "name", "vendor__name", "partner__name").order_by("-pk")[:limit],
        *found(settled, text, "reference").order_by("-pk")[:limit],
    ]
    return [
        Hit(
            _("Rebates"),
            str(row),
            f"{row.vendor} → {row.partner} · {row.get_state_display()}",
            row.get_absolute_url(),
            "piggy-bank",
        )
        for row in rows[:limit]
    ]
