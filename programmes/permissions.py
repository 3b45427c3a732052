"""May I? Which side of a programme one is on, and what one's roles allow."""

from django.utils.translation import gettext as _

from core.states import can_move
from partners.access import Verdict, holds, no
from partners.actors import Actor
from partners.permissions import may_set_terms
from programmes.models import Certification, Standing


def may_run(actor: Actor) -> Verdict:
    """Say what one's own tiers ask."""
    return holds(actor, "programmes.manage")


def may_fix(actor: Actor, standing: Standing) -> Verdict:
    """Set a tier by hand, or give it back to the figures: the vendor's to say."""
    if actor.organisation.pk != standing.vendor_id:
        return no(_("Only %(vendor)s can set the tier.") % {"vendor": standing.vendor})
    return may_run(actor) and may_set_terms(actor, standing.partnership)


def may_report(actor: Actor) -> Verdict:
    """Report certificates of one's own people."""
    return holds(actor, "programmes.certify")


def may_judge(actor: Actor, certification: Certification, step: str) -> Verdict:
    """Confirm or refuse a certificate ("confirm", "refuse"): its vendor's to say."""
    if actor.organisation.pk != certification.vendor_id:
        return no(_("Only %(vendor)s can confirm or refuse this.") % {"vendor": certification.vendor})
    verdict = may_run(actor)
    if verdict and not can_move(certification, step):
        return no(_("This is %(state)s already.") % {"state": certification.get_state_display().lower()})
    return verdict


def may_withdraw(actor: Actor, certification: Certification) -> Verdict:
    """Take a report back: the partner's, until the vendor has confirmed it."""
    if actor.organisation.pk != certification.partner_id:
        return no(_("Only %(partner)s can take this back.") % {"partner": certification.partner})
    if certification.state == Certification.State.CONFIRMED:
        return no(_("%(vendor)s has confirmed this. Ask it to refuse it instead.") % {"vendor": certification.vendor})
    return may_report(actor)
