"""What waits for somebody: agreements to accept, applications to review, invitations that ran out."""

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.waiting import Waiting
from partners.actors import Actor
from partners.agreements import agreements_due
from partners.models import Invitation, Partnership


def waiting(actor: Actor) -> list[Waiting]:
    """Nothing for who may neither manage partnerships nor people."""
    items = [*_agreements(actor), *_applications(actor)] if actor.can("partnerships.manage") else []
    return [*items, *_expired(actor)]


def _agreements(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            _("Accept %(what)s") % {"what": due.agreement},
            str(due.partnership.vendor),
            due.url,
            _("Read and accept"),
            due=due.agreement.accept_by,
            tone="bad" if due.agreement.accept_by < now() else "warn",
        )
        for due in agreements_due(actor)
    ]


def _applications(actor: Actor) -> list[Waiting]:
    coming = (Partnership.State.APPLIED, Partnership.State.IN_REVIEW)
    edges = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation, state__in=coming)
    return [
        Waiting(
            _("%(who)s applied to become a partner") % {"who": edge.partner},
            str(edge.get_state_display()),
            reverse("partners:partnership", args=[edge.pk]),
            _("Review"),
        )
        for edge in edges.select_related("partner").order_by("created")[:20]
    ]


def _expired(actor: Actor) -> list[Waiting]:
    if not actor.can("members.manage"):
        return []
    rows = Invitation.objects.visible_to(actor).unanswered().filter(expires_at__lte=now(), company_name="")
    count = rows.count()
    if not count:
        return []
    text = _("Invitations ran out before they were answered")
    url = reverse("partners:invitations")
    return [Waiting(text, _("Send them again or take them back"), url, _("Look"), tone="still", count=count)]
