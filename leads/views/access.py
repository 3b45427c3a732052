"""How the pages find a lead or an offer, and what keeps them out of caches."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from leads.models import Lead, LeadOffer
from partners.access import MemberRequest
from partners.actors import Actor


def own_lead(actor: Actor, pk: int) -> Lead:
    """A lead of one's own organisation, or 404. A partner that holds one works on its offer instead."""
    rows = Lead.objects.visible_to(actor).filter(vendor=actor.organisation)
    return get_object_or_404(rows.select_related("vendor", "holder", "deal", "form", "imported"), pk=pk)


def any_lead(actor: Actor, pk: int) -> Lead:
    """A lead of one's own organisation or one that it holds, or 404."""
    return get_object_or_404(Lead.objects.visible_to(actor).select_related("vendor", "holder"), pk=pk)


def offer_to_us(actor: Actor, pk: int) -> LeadOffer:
    """An offer that one's organisation got, or 404."""
    rows = LeadOffer.objects.visible_to(actor).filter(partner=actor.organisation)
    return get_object_or_404(rows.select_related("lead", "vendor", "partner", "partnership", "lead__deal"), pk=pk)


def any_offer(actor: Actor, pk: int) -> LeadOffer:
    """An offer that one's organisation made or got, or 404."""
    rows = LeadOffer.objects.visible_to(actor).select_related("lead", "vendor", "partner", "partnership", "lead__deal")
    return get_object_or_404(rows, pk=pk)


def never_stored(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What may be gone tomorrow is kept by no browser and no proxy (RFC 9111, 5.2.2.5)."""

    @wraps(view)
    def kept_out(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return kept_out
