"""How the pages find a fund, a request or a claim: what the actor may see, or 404."""

from django.shortcuts import get_object_or_404

from funds.models import Claim, Fund, FundRequest
from partners.actors import Actor


def fund_of(actor: Actor, pk: int) -> Fund:
    """A fund with what its page names."""
    rows = Fund.objects.visible_to(actor).select_related("vendor", "partnership__partner", "tier")
    return get_object_or_404(rows, pk=pk)


def request_of(actor: Actor, pk: int) -> FundRequest:
    """A request with what its page names."""
    related = ("vendor", "partner", "partnership", "fund__vendor", "reviewer", "created_by")
    return get_object_or_404(FundRequest.objects.visible_to(actor).select_related(*related), pk=pk)


def claim_of(actor: Actor, pk: int) -> Claim:
    """A claim with what its page names."""
    related = ("vendor", "partner", "line", "request__fund", "reviewer")
    return get_object_or_404(Claim.objects.visible_to(actor).select_related(*related), pk=pk)
