"""May I? Which side of a lead one is on, and what one's roles allow. States are judged by the tables on the models."""

from django.utils.translation import gettext as _

from leads.models import Lead, LeadOffer
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from partners.models import Partnership


def _as_vendor(actor: Actor, vendor_id: int) -> Verdict:
    if actor.organisation.pk != vendor_id:
        return no(_("Only the vendor whose lead this is can do that."))
    return YES if actor.via == "system" else holds(actor, "leads.manage")


def may_add(actor: Actor) -> Verdict:
    """Add leads to one's own organisation's."""
    return _as_vendor(actor, actor.organisation.pk)


def may_manage(actor: Actor, lead: Lead) -> Verdict:
    """Change, route, offer, recall and put aside."""
    return _as_vendor(actor, lead.vendor_id)


def may_register_own(actor: Actor, lead: Lead, partnership: Partnership | None = None) -> Verdict:
    """Register a lead of one's own with one of one's vendors."""
    if actor.organisation.pk != lead.vendor_id:
        return no(_("Only the company whose lead this is can do that."))
    if partnership is not None and (
        partnership.partner_id != lead.vendor_id or partnership.state != Partnership.State.ACTIVE
    ):
        return no(_("Choose a vendor with which your partnership is active."))
    return holds(actor, "leads.work")


def may_close(actor: Actor, lead: Lead) -> Verdict:
    """Close: the vendor, and the partner that holds it."""
    if actor.organisation.pk == lead.holder_id:
        return holds(actor, "leads.work")
    return may_manage(actor, lead)


def may_set_rules(actor: Actor) -> Verdict:
    """Say who gets which lead, and publish forms."""
    return holds(actor, "leads.rules")


def may_answer(actor: Actor, offer: LeadOffer) -> Verdict:
    """Decline, give back, report a contact."""
    if actor.organisation.pk != offer.partner_id:
        return no(_("Only the partner to whom this lead was offered can do that."))
    return holds(actor, "leads.work")


def may_accept(actor: Actor, offer: LeadOffer) -> Verdict:
    """Accept, and so see who it is."""
    verdict = may_answer(actor, offer)
    if verdict and offer.partnership.state != Partnership.State.ACTIVE:
        return no(_("The partnership with %(who)s is not active.") % {"who": offer.vendor})
    return verdict
