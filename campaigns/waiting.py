"""What of campaigns waits for an actor: invitations, changed shares, steps that are due."""

from datetime import datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Participant
from core.waiting import Waiting
from partners.actors import Actor

SHOWN = 8
SOON = timedelta(days=3)


def _asked(actor: Actor) -> QuerySet[Participant]:
    """Seats on which one has to answer: an invitation, or a share that was changed."""
    mine = Participant.objects.visible_to(actor).filter(organisation=actor.organisation)
    live = mine.filter(campaign__state__in=Campaign.LIVE)
    changed = Q(state=Participant.State.ACTIVE) & ~Q(agreed=F("share"))
    return live.filter(Q(state=Participant.State.INVITED) | changed)


def counts(actor: Actor) -> dict[str, int]:
    """The badge of campaigns: what one has to answer."""
    return {"campaigns": _asked(actor).count()} if actor.can("campaigns.join") else {}


def waiting(actor: Actor) -> list[Waiting]:
    """Invitations and changed shares to answer, steps that are due soon or late."""
    if not actor.can("campaigns.join"):
        return []
    return [*_answers(actor), *_steps(actor)]


def _answers(actor: Actor) -> list[Waiting]:
    rows = _asked(actor).select_related("campaign", "owner").order_by("invited_at", "pk")[:SHOWN]
    return [
        Waiting(
            title=seat.campaign.name,
            sub=_("%(who)s invites you to a campaign") % {"who": seat.owner}
            if seat.state == Participant.State.INVITED
            else _("%(who)s changed your share of the budget") % {"who": seat.owner},
            url=seat.campaign.get_absolute_url(),
            action_label=_("Answer"),
            tone="info",
        )
        for seat in rows
    ]


def _steps(actor: Actor) -> list[Waiting]:
    today = localdate()
    mine = Q(steps__responsible__organisation=actor.organisation) | Q(steps__responsible=None)
    due = Q(steps__done_at=None, steps__ends__lte=today + SOON)
    rows = (
        Campaign.objects.visible_to(actor)
        .filter(mine & due, state__in=Campaign.LIVE)
        .order_by("steps__ends", "steps__pk")
        .values_list("pk", "name", "steps__title", "steps__ends")[:SHOWN]
    )
    return [
        Waiting(
            title=title,
            sub=_("Step of %(campaign)s") % {"campaign": name},
            url=reverse("campaigns:calendar", args=[pk]),
            action_label=_("Look"),
            due=make_aware(datetime.combine(ends, time(18))),
            tone="bad" if ends < today else "warn",
        )
        for pk, name, title, ends in rows
    ]
