"""How every action reads a lead and its offers before it decides: the lead first, then its offers by key."""

from typing import Any

from core.errors import StaleObject
from leads.models import Lead, LeadOffer
from partners.actors import Actor


def locked(actor: Actor, lead: Lead, version: int | None = None) -> Lead:
    """The lead read anew under lock. Raises DoesNotExist for strangers, StaleObject when `version` is not current."""
    found = _lock(Lead.objects.visible_to(actor), lead.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


def locked_offer(actor: Actor, offer: LeadOffer) -> tuple[Lead, LeadOffer]:
    """The lead behind an offer, and the offer, both read anew under lock. Raises DoesNotExist for strangers.

    The partner may not see the lead yet; it never leaves the action.
    """
    known = LeadOffer.objects.visible_to(actor).only("lead").get(pk=offer.pk)
    lead = _lock(Lead.objects, known.lead_id)
    rows = LeadOffer.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("vendor", "partner", "partnership").get(pk=offer.pk)
    found.lead = lead
    return lead, found


def live_offers(lead: Lead) -> list[LeadOffer]:
    """The offers of a locked lead that wait for an answer or hold it, under lock."""
    live = (LeadOffer.State.OFFERED, LeadOffer.State.ACCEPTED)
    rows = LeadOffer.objects.select_for_update(of=("self",)).filter(lead=lead, state__in=live)
    found = list(rows.select_related("vendor", "partner").order_by("pk"))
    for offer in found:
        offer.lead = lead
    return found


def write(lead: Lead, *fields: str) -> None:
    """Save these columns, and count the version."""
    lead.version += 1
    lead.save(update_fields=[*fields, "version"])


def _lock(rows: Any, pk: int) -> Lead:
    found: Lead = rows.select_for_update(of=("self",)).select_related("vendor", "holder").get(pk=pk)
    return found
