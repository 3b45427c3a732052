"""What of deals waits for an actor."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.waiting import Waiting
from deals.fields import labels_of
from deals.models import Deal
from partners.actors import Actor

SOON = timedelta(hours=3)
ENDS_WITHIN = timedelta(days=14)
SHOWN = 8


def counts(actor: Actor) -> dict[str, int]:
    """The badge of the queue: registrations nobody has taken yet, and those that the actor took."""
    if not actor.can("deals.decide"):
        return {}
    queue = Deal.objects.visible_to(actor).waiting_for_review(actor.organisation.pk)
    free = queue.filter(state=Deal.State.SUBMITTED).count()
    mine = queue.filter(state=Deal.State.IN_REVIEW, owner=actor.user).count() if actor.user else 0
    return {"queue": free + mine}


def waiting(actor: Actor) -> list[Waiting]:
    """Reviews owed, returned deals, drafts, protections about to end."""
    if not actor.can("deals.view"):
        return []
    found = _reviews(actor) if actor.can("deals.decide") else []
    if actor.can("deals.register"):
        found += [*_returned(actor), *_ending(actor), *_drafts(actor)]
    return found


def _reviews(actor: Actor) -> list[Waiting]:
    queue = Deal.objects.visible_to(actor).waiting_for_review(actor.organisation.pk).select_related("partner")
    owed = [
        deal for deal in queue[:50] if deal.owner_id is None or actor.user is None or deal.owner_id == actor.user.pk
    ]
    return [
        Waiting(
            title=deal.title,
            sub=f"{deal.number} · {deal.partner} · {deal.get_state_display()}",
            url=f"{reverse('deals:queue')}?deal={deal.pk}",
            action_label=_("Review"),
            due=deal.sla_due_at,
            tone=_urgency(deal.sla_due_at),
        )
        for deal in owed[:SHOWN]
    ]


def _urgency(due: datetime | None) -> str:
    if due is None:
        return "info"
    return "bad" if due < now() else "warn" if due < now() + SOON else "info"


def _mine(actor: Actor) -> QuerySet[Deal]:
    return Deal.objects.visible_to(actor).filter(partner=actor.organisation.pk).select_related("vendor")


def _returned(actor: Actor) -> list[Waiting]:
    rows = _mine(actor).filter(state=Deal.State.RETURNED).order_by("returned_at")[:SHOWN]
    return [
        Waiting(
            title=_("Correct %(title)s") % {"title": deal.title},
            sub=f"{deal.number} · {deal.vendor} · {', '.join(labels_of(deal.returned_fields))}",
            url=reverse("deals:edit", args=[deal.pk]),
            action_label=_("Correct"),
            tone="warn",
        )
        for deal in rows
    ]


def _ending(actor: Actor) -> list[Waiting]:
    rows = _mine(actor).filter(state=Deal.State.APPROVED, protected_until__lte=localdate() + ENDS_WITHIN)
    return [
        Waiting(
            title=_("The protection of %(title)s ends") % {"title": deal.title},
            sub=f"{deal.number} · {deal.vendor}",
            url=deal.get_absolute_url(),
            action_label=_("Open"),
            due=make_aware(datetime.combine(deal.protected_until, datetime.max.time())),
            tone="warn",
        )
        for deal in rows.order_by("protected_until")[:SHOWN]
        if deal.protected_until
    ]


def _drafts(actor: Actor) -> list[Waiting]:
    drafts = _mine(actor).filter(state=Deal.State.DRAFT, submitter=actor.user).order_by("-pk")
    number = drafts.count() if actor.user else 0
    if number == 0:
        return []
    newest = drafts[0]
    one = number == 1
    return [
        Waiting(
            title=ngettext("Finish %(n)d draft", "Finish %(n)d drafts", number) % {"n": number},
            sub=str(newest),
            url=reverse("deals:edit", args=[newest.pk]) if one else f"{reverse('deals:list')}?view=drafts&state=draft",
            action_label=_("Go on"),
            tone="still",
            count=number,
        )
    ]
