"""What of deals waits for an actor."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.waiting import Waiting
from deals.fields import labels_of
from deals.models import Activity, ConflictCase, Deal
from deals.plans import asking
from partners.actors import Actor

SOON = timedelta(hours=3)
ENDS_WITHIN = timedelta(days=14)
SHOWN = 8
COUNTED = 1000  # a badge says no more


def counts(actor: Actor) -> dict[str, int]:
    """The badges: registrations nobody has taken yet and those that the actor took; conflicts to decide."""
    asked = len(asking(actor))
    if not actor.can("deals.decide"):
        return {"queue": asked} if asked else {}
    # A count needs no order.
    queue = Deal.objects.visible_to(actor).waiting_for_review(actor.organisation.pk).order_by()
    free = queue.filter(state=Deal.State.SUBMITTED)[:COUNTED].count()
    taken = queue.filter(state=Deal.State.IN_REVIEW, owner=actor.user).with_pending_approval()
    mine = taken.filter(waits_for_approval=False)[:COUNTED].count() if actor.user else 0
    cases = ConflictCase.objects.visible_to(actor).pending()[:COUNTED].count()
    return {"queue": free + mine + asked, "conflicts": cases}


def waiting(actor: Actor) -> list[Waiting]:
    """Reviews owed, returned deals, drafts, protections about to end."""
    if not actor.can("deals.view"):
        return []
    found = _approvals(actor) + (_reviews(actor) if actor.can("deals.decide") else [])
    if actor.can("deals.register"):
        found += [*_returned(actor), *_ending(actor), *_drafts(actor)]
    return found + _activities(actor)


def _activities(actor: Actor) -> list[Waiting]:
    """What is assigned to the actor and due until tonight."""
    if actor.user is None:
        return []
    tonight = make_aware(datetime.combine(localdate(), datetime.max.time()))
    mine = Activity.objects.visible_to(actor).open().mine(actor.user.pk).filter(due_at__lte=tonight)
    return [
        Waiting(
            title=row.subject,
            sub=f"{row.get_kind_display()} · {row.deal.title}",
            url=row.deal.get_absolute_url(),
            action_label=_("Open"),
            due=row.due_at,
            tone="bad" if row.is_overdue else "warn",
        )
        for row in mine.select_related("deal").order_by("due_at", "pk")[:SHOWN]
    ]


def _approvals(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            title=_("%(title)s waits for your approval") % {"title": asked.deal.title},
            sub=" · ".join((asked.deal.number, str(asked.deal.partner), asked.step.name)),
            url=asked.deal.get_absolute_url(),
            action_label=_("Decide"),
            due=asked.step.due,
            tone=_urgency(asked.step.due),
        )
        for asked in asking(actor)[:SHOWN]
    ]


def _reviews(actor: Actor) -> list[Waiting]:
    queue = Deal.objects.visible_to(actor).waiting_for_review(actor.organisation.pk).with_pending_approval()
    queue = queue.filter(waits_for_approval=False).select_related("partner")
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
    rows = _mine(actor).filter(state=Deal.State.RETURNED).select_related("vendor", "type", "type_version")
    rows = rows.order_by("returned_at")[:SHOWN]
    return [
        Waiting(
            title=_("Correct %(title)s") % {"title": deal.title},
            sub=f"{deal.number} · {deal.vendor} · {', '.join(labels_of(deal, deal.returned_fields))}",
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
