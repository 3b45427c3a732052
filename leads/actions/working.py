"""What the partner that holds a lead does with it."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import can_move, move
from leads import clock
from leads.actions.locking import locked_offer, write
from leads.models import Lead, LeadOffer
from leads.permissions import may_answer
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def touch_lead(*, actor: Actor, offer: LeadOffer, note: str) -> LeadOffer:
    """Note a contact with the company. The first one stops the clock of the first contact; each begins a new patience.

    Raises DomainError for an empty note, InvalidTransition for a lead that is not in the partner's hands.
    """
    lead, offer = locked_offer(actor, offer)
    require(may_answer(actor, offer))
    must_hold(lead, offer)
    if not note.strip():
        raise DomainError(_("Say in a few words what was agreed."), field="note")
    if can_move(lead, "touch"):
        move(lead, "touch")
    moment = now()
    offer.first_touch_due, offer.idle_due = None, clock.idle_until(offer, moment)
    offer.save(update_fields=["first_touch_due", "idle_due"])
    lead.touched_at, lead.due_at = moment, offer.idle_due
    write(lead, "state", "touched_at", "due_at")
    record(actor=actor, verb="lead.touched", target=offer, note=note.strip()[:1000])
    return offer


def must_hold(lead: Lead, offer: LeadOffer) -> None:
    """Raises InvalidTransition unless the offer's partner works on the lead now."""
    if offer.state != LeadOffer.State.ACCEPTED or lead.state not in {Lead.State.ACCEPTED, Lead.State.WORKING}:
        raise InvalidTransition(_("This lead is not in your hands now."))
