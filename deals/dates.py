"""What falls on which day for an actor: protections that end, decisions, activities, reviews owed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime, make_aware, now
from django.utils.translation import gettext_lazy as _

from deals.models import Activity, Deal
from partners.actors import Actor

MOST = 400  # of each kind in one answer
KINDS: dict[str, str | Promise] = {
    "protection": _("Protection ends"),
    "decision": _("Decision"),
    "activity": _("Activities"),
    "review": _("Answer due"),
}
TONES = {"protection": "warn", "decision": "info", "activity": "still", "review": "bad"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day, or until another. `at` is None for whole days; `uid` stays the same as long as the thing
    lives."""

    kind: str
    day: date
    title: str
    sub: str
    url: str
    uid: str
    tone: str
    at: datetime | None = None
    minutes: int = 0
    until: date | None = None


def kinds_for(actor: Actor) -> list[str]:
    """The kinds that this actor has: reviews are owed by who decides."""
    return [kind for kind in KINDS if kind != "review" or actor.can("deals.decide")]


def entries(
    actor: Actor,
    first: date,
    last: date,
    *,
    kinds: Collection[str] = (),
    mine: bool = False,
    company: int | None = None,
) -> list[Entry]:
    """What falls between two days, both included, in the order of time; at most MOST of each kind. One query a kind.

    `mine` keeps what is the actor's own: the deals they sell or review, and what is assigned to them.
    """
    rows = Deal.objects.visible_to(actor).select_related("vendor", "partner")
    if company is not None:
        rows = rows.filter(Q(vendor=company) | Q(partner=company))
    if mine:
        rows = rows.filter(Q(seller=actor.user) | Q(owner=actor.user)) if actor.user else rows.none()
    wanted = [kind for kind in kinds_for(actor) if not kinds or kind in kinds]
    found: list[Entry] = []
    if "protection" in wanted:
        found += _of_days(actor, "protection", rows.filter(state=Deal.State.APPROVED), "protected_until", first, last)
    if "decision" in wanted:
        found += _of_days(actor, "decision", rows.open(), "decision_date", first, last)
    if "review" in wanted:
        owed = rows.waiting_for_review(actor.organisation.pk).filter(sla_due_at__range=_span(first, last))
        found += [_review(deal) for deal in owed[:MOST]]
    if "activity" in wanted:
        found += _activities(actor, first, last, mine, company)
    return sorted(found, key=lambda each: (each.day, each.at is not None, each.at or now(), each.uid))


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    end = datetime.combine(last + timedelta(days=1), time.min) - timedelta(microseconds=1)
    return make_aware(datetime.combine(first, time.min)), make_aware(end)


def _other(actor: Actor, deal: Deal) -> str:
    return str(deal.partner if deal.vendor_id == actor.organisation.pk else deal.vendor)


def _of_days(actor: Actor, kind: str, rows: "QuerySet[Deal]", field: str, first: date, last: date) -> Iterable[Entry]:
    within = rows.filter(**{f"{field}__range": (first, last)}).order_by(field, "pk")
    for deal in within[:MOST]:
        day = getattr(deal, field)
        past = kind == "decision" and day < localdate()
        yield Entry(
            kind, day, deal.title, f"{deal.number} · {_other(actor, deal)}", deal.get_absolute_url(),
            f"{kind}-{deal.pk}", "bad" if past else TONES[kind],
        )  # fmt: skip


def _review(deal: Deal) -> Entry:
    at = localtime(deal.sla_due_at)
    url = f"{reverse('deals:queue')}?deal={deal.pk}"
    sub = f"{deal.number} · {deal.partner}"
    tone = "bad" if deal.is_overdue else "warn"
    return Entry("review", at.date(), deal.title, sub, url, f"review-{deal.pk}", tone, at)


def _activities(actor: Actor, first: date, last: date, mine: bool, company: int | None) -> Iterable[Entry]:
    rows = Activity.objects.visible_to(actor).filter(due_at__range=_span(first, last)).select_related("deal")
    if company is not None:
        rows = rows.filter(Q(vendor=company) | Q(partner=company))
    if mine:
        rows = rows.filter(assignee=actor.user) if actor.user else rows.none()
    for row in rows.order_by("due_at", "pk")[:MOST]:
        at = localtime(row.due_at)
        yield Entry(
            "activity", at.date(), row.subject, f"{row.get_kind_display()} · {row.deal.title}",
            row.deal.get_absolute_url(), f"activity-{row.pk}", row.state_tone, at, row.minutes,
        )  # fmt: skip
