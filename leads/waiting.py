"""What of leads waits for an actor."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.waiting import Waiting
from leads.models import Lead, LeadOffer
from leads.teaser import teaser_of
from partners.actors import Actor

SOON = timedelta(hours=3)
SHOWN = 8


def counts(actor: Actor) -> dict[str, int]:
    """The badge of leads: offers that wait for an answer, and one's own leads for which nobody was found."""
    number = 0
    if actor.can("leads.work"):
        number += LeadOffer.objects.visible_to(actor).open().filter(partner=actor.organisation).count()
    if actor.can("leads.manage"):
        number += _stuck(actor).count()
    return {"leads": number} if actor.can("leads.work") or actor.can("leads.manage") else {}


def waiting(actor: Actor) -> list[Waiting]:
    """Offers to answer, first contacts that are due, leads without a partner."""
    found = [*_offers(actor), *_contacts(actor)] if actor.can("leads.work") else []
    if actor.can("leads.manage"):
        found += _without_partner(actor)
    return found


def _offers(actor: Actor) -> list[Waiting]:
    rows = LeadOffer.objects.visible_to(actor).open().filter(partner=actor.organisation)
    return [
        Waiting(
            title=teaser_of(offer.lead).need,
            sub=f"{offer} · {offer.vendor}",
            url=offer.get_absolute_url(),
            action_label=_("Answer"),
            due=offer.expires_at,
            tone="warn" if offer.expires_at < now() + SOON else "info",
        )
        for offer in rows.select_related("lead", "vendor")[:SHOWN]
    ]


def _contacts(actor: Actor) -> list[Waiting]:
    rows = LeadOffer.objects.visible_to(actor).filter(
        lead__holder=actor.organisation, state=LeadOffer.State.ACCEPTED, lead__state__in=("accepted", "working")
    )
    due = [
        each
        for each in rows.select_related("lead", "vendor").order_by("lead__due_at", "pk")[:SHOWN]
        if each.lead.due_at
    ]
    return [
        Waiting(
            title=_("Speak to %(company)s") % {"company": offer.lead.company},
            sub=f"{offer} · {offer.vendor}",
            url=offer.get_absolute_url(),
            action_label=_("Open"),
            due=offer.lead.due_at,
            tone="warn" if offer.lead.due_at and offer.lead.due_at < now() + timedelta(days=1) else "info",
        )
        for offer in due
    ]


def _stuck(actor: Actor) -> QuerySet[Lead]:
    rows = Lead.objects.visible_to(actor).of_vendor(actor.organisation.pk)
    return rows.filter(state__in=(Lead.State.NEW, Lead.State.ROUTED), route_at=None)


def _without_partner(actor: Actor) -> list[Waiting]:
    number = _stuck(actor).count()
    if number == 0:
        return []
    return [
        Waiting(
            title=ngettext("%(n)d lead has no partner", "%(n)d leads have no partner", number) % {"n": number},
            sub=_("Offer it by hand, or let the rules choose."),
            url=f"{reverse('leads:list')}?view=new&state=new&state=routed",
            action_label=_("Look"),
            tone="info",
            count=number,
        )
    ]
