"""Funds, requests and claims for the global search."""

from django.utils.translation import gettext_lazy as _

from core.search import Hit, found
from funds.models import Claim, Fund, FundRequest
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The newest that match; nothing for who may not see funds."""
    if not actor.can("funds.view"):
        return []
    funds = found(Fund.objects.visible_to(actor), text, "number", "name")
    requests = found(FundRequest.objects.visible_to(actor), text, "number", "title")
    claims = found(Claim.objects.visible_to(actor), text, "number", "supplier", "invoice_number")
    rows = [each for some in (funds, requests, claims) for each in some.order_by("-pk")[:limit]]
    return [
        Hit(_("Funds"), str(row), f"{row.number} · {row.get_state_display()}", row.get_absolute_url(), "hand-coins")
        for row in rows[:limit]
    ]
