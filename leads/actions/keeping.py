"""Leads that are settled or put aside."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.states import move
from leads.actions.locking import live_offers, locked, write
from leads.actions.routing import end_offer
from leads.models import Lead, LeadOffer
from leads.permissions import may_close, may_manage
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def close_lead(*, actor: Actor, lead: Lead, code: str, note: str = "", version: int | None = None) -> Lead:
    """Close a lead from which nothing will come: the vendor, or the partner that holds it. Open offers end.

    Raises DomainError for a code that is none of Lead.Closure, InvalidTransition for one registered or closed already.
    """
    lead = locked(actor, lead, version)
    require(may_close(actor, lead))
    if code not in Lead.Closure.values:
        raise DomainError(_("Say why it is closed."), field="code")
    move(lead, "close")
    lead.closure_code, lead.closure_note = code, note.strip()[:2000]
    lead.due_at = lead.route_at = None
    for offer in live_offers(lead):
        if offer.state == LeadOffer.State.OFFERED:
            end_offer(actor, offer, "recall")
        else:
            _rest(offer)
            record(actor=actor, verb="lead.finished", target=offer, code=code, note=lead.closure_note)
    write(lead, "state", "closure_code", "closure_note", "due_at", "route_at")
    if actor.organisation.pk == lead.vendor_id:
        record(actor=actor, verb="lead.closed", target=lead, code=code, note=lead.closure_note)
    return lead


def _rest(offer: LeadOffer) -> None:
    offer.first_touch_due = offer.idle_due = None
    offer.save(update_fields=["first_touch_due", "idle_due"])


@transaction.atomic
def reopen_lead(*, actor: Actor, lead: Lead, version: int | None = None) -> Lead:
    """Take a closed lead up again. Who held it holds it no longer."""
    lead = locked(actor, lead, version)
    require(may_manage(actor, lead))
    move(lead, "reopen")
    for offer in live_offers(lead):
        end_offer(actor, offer, "recall")
    lead.holder, lead.accepted_at, lead.touched_at = None, None, None
    lead.closure_code = lead.closure_note = ""
    write(lead, "state", "holder", "accepted_at", "touched_at", "closure_code", "closure_note")
    record(actor=actor, verb="lead.reopened", target=lead)
    return lead


@transaction.atomic
def bin_lead(*, actor: Actor, lead: Lead) -> Lead:
    """Put a lead aside as spam. It no longer counts anywhere, and can be brought back."""
    lead = locked(actor, lead)
    require(may_manage(actor, lead))
    move(lead, "bin")
    lead.route_at = None
    write(lead, "state", "route_at")
    record(actor=actor, verb="lead.binned", target=lead)
    return lead


@transaction.atomic
def restore_lead(*, actor: Actor, lead: Lead) -> Lead:
    """Bring back what was taken for spam; a partner is looked for."""
    lead = locked(actor, lead)
    require(may_manage(actor, lead))
    move(lead, "restore")
    lead.route_at = now()
    write(lead, "state", "route_at")
    record(actor=actor, verb="lead.restored", target=lead)
    return lead
