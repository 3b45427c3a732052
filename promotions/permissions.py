"""May I? A promotion is its vendor's to run. States are judged by the table on the model."""

from django.utils.translation import gettext as _

from partners.access import YES, Verdict, holds, no
from partners.actors import Actor
from promotions.models import Promotion


def may_add(actor: Actor) -> Verdict:
    """Write promotions of one's own organisation."""
    return holds(actor, "promotions.manage")


def may_run(actor: Actor, promotion: Promotion) -> Verdict:
    """Change, start, pause, end, hand out codes."""
    if actor.organisation.pk != promotion.vendor_id:
        return no(_("Only the vendor whose promotion this is can do that."))
    return YES if actor.via == "system" else holds(actor, "promotions.manage")


def may_cancel(actor: Actor, promotion: Promotion) -> Verdict:
    """Take it back altogether, as long as no order has used it."""
    verdict = may_run(actor, promotion)
    if verdict and promotion.used:
        return no(_("Orders use it already. End it instead: what they have stays."))
    return verdict
