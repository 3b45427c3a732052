"""What time does to leads. Called by the sweep; harmless when repeated."""

from django.db import transaction
from django.utils.timezone import now

from core.states import move
from leads.actions.answering import come_back_if_alone
from leads.actions.locking import locked_offer
from leads.actions.routing import bring_back, end_offer, route_lead
from leads.models import Lead, LeadOffer
from partners.actors import system_actor


@transaction.atomic
def pull_back(*, offer: LeadOffer) -> bool:
    """End an offer whose clock has run out, and look for the next partner at once; False where it has not."""
    actor = system_actor(offer.vendor)
    lead, offer = locked_offer(actor, offer)
    if not LeadOffer.objects.overdue().filter(pk=offer.pk).exists():
        return False
    if offer.state == LeadOffer.State.OFFERED:
        end_offer(actor, offer, "expire")
        come_back_if_alone(lead, now())
        return True
    why = "untouched" if lead.state == Lead.State.ACCEPTED else "idle"
    end_offer(actor, offer, "pull_back", why=why)
    move(lead, "come_back")
    lead.route_at = now()
    bring_back(lead)
    return True


@transaction.atomic
def route_due(*, lead: Lead) -> bool:
    """Route a lead whose time to be routed has come; False where it has not, or where somebody was quicker."""
    actor = system_actor(lead.vendor)
    fresh = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if fresh.route_at is None or fresh.route_at > now() or fresh.state not in {Lead.State.NEW, Lead.State.ROUTED}:
        return False
    route_lead(actor=actor, lead=fresh)
    return True
