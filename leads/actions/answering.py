"""What a partner answers to an offer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import can_move, move
from leads import clock
from leads.actions.locking import live_offers, locked_offer, write
from leads.actions.routing import bring_back, end_offer
from leads.models import Lead, LeadOffer
from leads.permissions import may_accept, may_answer
from partners.access import require
from partners.actors import Actor

REGRET = timedelta(seconds=30)  # before a declined lead goes to the next partner


class TooLate(InvalidTransition):
    """The offer ran out, or somebody else was first."""


@transaction.atomic
def accept_offer(*, actor: Actor, offer: LeadOffer) -> LeadOffer:
    """Accept: from now on the partner sees whose lead it is, and its clocks run. Of a pool, the first one has it.

    Raises TooLate when the offer has run out, was recalled, or another partner was first.
    """
    lead, offer = locked_offer(actor, offer)
    require(may_accept(actor, offer))
    if offer.state == LeadOffer.State.ACCEPTED and lead.holder_id == offer.partner_id:
        return offer  # a second click
    _in_time(offer)
    move(offer, "accept")
    move(lead, "accept")
    moment = now()
    offer.answered_at, offer.answered_by = moment, actor.user
    offer.first_touch_due = clock.after_minutes(lead.vendor_id, moment, offer.touch_minutes)
    offer.save(update_fields=["state", "answered_at", "answered_by", "first_touch_due"])
    lead.holder, lead.accepted_at, lead.due_at = offer.partner, moment, offer.first_touch_due
    write(lead, "state", "holder", "accepted_at", "due_at")
    record(actor=actor, verb="lead.accepted", target=offer)
    for other in live_offers(lead):
        if other.pk != offer.pk:
            end_offer(actor, other, "lose")
    return offer


def _in_time(offer: LeadOffer) -> None:
    if offer.state == LeadOffer.State.TAKEN:
        raise TooLate(_("Another partner was quicker. This lead is taken."))
    if not can_move(offer, "accept") or offer.expires_at <= now():
        raise TooLate(_("This offer has ended."))


@transaction.atomic
def decline_offer(*, actor: Actor, offer: LeadOffer, code: str, note: str = "") -> LeadOffer:
    """Decline an offer, or give an accepted lead back; its details are gone at once.

    Another partner is looked for half a minute later. Raises DomainError for a code that is none of
    LeadOffer.Decline, and for "other" without a note; InvalidTransition for an offer that has ended.
    """
    lead, offer = locked_offer(actor, offer)
    require(may_answer(actor, offer))
    if code not in LeadOffer.Decline.values:
        raise DomainError(_("Say why, so that the next one fits better."), field="code")
    if code == LeadOffer.Decline.OTHER and not note.strip():
        raise DomainError(_("Say in a sentence what the reason is."), field="note")
    held = offer.state == LeadOffer.State.ACCEPTED
    if held and not can_move(lead, "come_back"):
        raise InvalidTransition(_("This lead is settled; it cannot be given back."))
    offer.decline_code, offer.decline_note = code, note.strip()[:1000]
    end_offer(actor, offer, "decline", code=code, note=offer.decline_note)
    come_back_if_alone(lead, now() + REGRET)
    return offer


def come_back_if_alone(lead: Lead, route_at: datetime) -> None:
    """Where no other offer is open, the lead is the vendor's again, and is routed anew at `route_at`."""
    if live_offers(lead):
        return
    move(lead, "come_back")
    lead.route_at = route_at
    bring_back(lead)


@transaction.atomic
def reconsider_offer(*, actor: Actor, offer: LeadOffer) -> LeadOffer:
    """Take a refusal back while nobody else was asked and the offer would still run.

    Raises TooLate when the lead has gone on.
    """
    lead, offer = locked_offer(actor, offer)
    require(may_accept(actor, offer))
    waits = lead.state == Lead.State.ROUTED or (lead.state == Lead.State.OFFERED and offer.pool)
    newer = LeadOffer.objects.filter(lead=lead, offered_at__gt=offer.offered_at).exists()
    if not waits or newer or offer.expires_at <= now():
        raise TooLate(_("This lead has gone on; the refusal stands."))
    move(offer, "reconsider")
    offer.answered_at = offer.answered_by = None
    offer.decline_code = offer.decline_note = ""
    offer.save(update_fields=["state", "answered_at", "answered_by", "decline_code", "decline_note"])
    if lead.state == Lead.State.ROUTED:
        move(lead, "offer")
        lead.due_at, lead.route_at = offer.expires_at, None
        write(lead, "state", "due_at", "route_at")
    record(actor=actor, verb="lead.reconsidered", target=offer)
    return offer
