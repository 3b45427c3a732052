"""A lead becomes a registration, and nothing is typed a second time."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.audit import record
from core.states import move
from deals import identity
from deals.actions import LineInput, save_draft
from deals.models import Deal
from leads.actions.locking import locked, locked_offer, write
from leads.actions.working import must_hold
from leads.models import Lead, LeadOffer
from leads.permissions import may_accept, may_register_own
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership


@transaction.atomic
def convert_lead(*, actor: Actor, offer: LeadOffer) -> Deal:
    """Draft a registration from a lead that the partner holds, with all that is known filled in.

    Asked again it is the same draft; where that was thrown away, a new one. Raises InvalidTransition for a lead that is
    not in the partner's hands, PermissionDenied without the capability to register.
    """
    lead, offer = locked_offer(actor, offer)
    require(may_accept(actor, offer))
    converted = lead.state == Lead.State.CONVERTED and lead.holder_id == offer.partner_id
    if converted and lead.deal is not None:
        return lead.deal
    if not converted:
        must_hold(lead, offer)
        move(lead, "convert")
    draft = save_draft(
        actor=actor,
        partnership=offer.partnership,
        fields=fields_of(lead),
        lines=[LineInput(product_text=lead.product_line or lead.need)],
        source=Deal.Source.LEAD,
    )
    lead.deal, lead.due_at = draft, None
    write(lead, "state", "deal", "due_at")
    offer.first_touch_due = offer.idle_due = None
    offer.save(update_fields=["first_touch_due", "idle_due"])
    record(actor=actor, verb="lead.converted", target=offer)
    return draft


@transaction.atomic
def register_lead(*, actor: Actor, lead: Lead, partnership: Partnership) -> Deal:
    """Draft a registration with one of one's vendors from a lead of one's own, with all that is known filled in.

    Asked again it is the same draft; where that was thrown away, a new one. Raises InvalidTransition for a lead that is
    with a partner or settled, PermissionDenied without the capability to register or an active partnership.
    """
    lead = locked(actor, lead)
    require(may_register_own(actor, lead, partnership))
    converted = lead.state == Lead.State.CONVERTED and lead.holder_id is None
    if converted and lead.deal is not None:
        return lead.deal
    if not converted:
        move(lead, "register")
    draft = save_draft(
        actor=actor,
        partnership=partnership,
        fields=fields_of(lead),
        lines=[LineInput(product_text=lead.product_line or lead.need)],
        source=Deal.Source.LEAD,
    )
    lead.deal, lead.due_at, lead.route_at, lead.why_waiting = draft, None, None, ""
    write(lead, "state", "deal", "due_at", "route_at", "why_waiting")
    record(actor=actor, verb="lead.registered", target=lead, vendor=str(partnership.vendor))
    return draft


def fields_of(lead: Lead) -> dict[str, Any]:
    """The lead in the columns of a deal."""
    return {
        "customer_name": lead.company,
        "customer_country": lead.country,
        "customer_city": lead.city,
        "customer_domain": identity.domain_of(lead.website) or identity.domain_of(lead.email),
        "title": lead.need,
        "amount": lead.value or Decimal(0),
        "currency": lead.currency,
        "note": _note(lead)[:4000],
    }


def _note(lead: Lead) -> str:
    """Whom to speak to, and what was written; where the form has no field of its own."""
    person = ", ".join(part for part in (lead.contact, lead.email, lead.phone) if part)
    received = date_format(localtime(lead.created), "DATE_FORMAT")
    head = _("Passed on as %(number)s of %(day)s.") % {"number": lead.number, "day": received}
    contact = _("Contact: %(person)s") % {"person": person} if person else ""
    return "\n".join(part for part in (head, contact, lead.message) if part)
