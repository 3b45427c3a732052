"""How a vendor keeps its promise, as all its partners may know it, without one learning of another's deals.

What is published is the same for every partner of the vendor, and

- over answers to at least MIN_PARTNERS partners, of which at least MIN_ANSWERS are left whichever single partner takes
  its own away (k-anonymity against whoever knows their own deals);
- rounded against the vendor: the number down to a step, the share down to 5 %, the median up to half an hour;
- renewed at most once a week, and only when at least MIN_ANSWERS new answers to MIN_PARTNERS partners have come, and
  none or as many have left the window. So the difference of two publications is never about a single deal.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate, localtime, now

from deals.models import RegistrationType
from insights.models import DealFact, VendorRecord
from insights.percentiles import percentile
from insights.scopes import midnight
from partners.actors import Actor
from partners.models import Partnership

MIN_PARTNERS, MIN_ANSWERS = 3, 5
WEEKS = 13
STALE_DAYS = 120
STEP_SMALL, STEP_LARGE, SMALL_UNTIL = 5, 10, 50


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that was due: to whom, on which day, whether in time, and in how many business minutes."""

    partner: int
    day: date
    in_time: bool
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Publication:
    """What is said of a window, rounded."""

    answers: int
    kept_percent: int
    median_minutes: int


def publication_of(answers: list[Answer]) -> Publication | None:
    """What may be said of these answers; None where they are too few, or too many of them one partner's."""
    if not is_safe(answers):
        return None
    kept = sum(answer.in_time for answer in answers) * 100 // len(answers)
    times = sorted(answer.minutes for answer in answers if answer.minutes is not None)
    if not times:
        return None
    step = STEP_LARGE if len(answers) >= SMALL_UNTIL else STEP_SMALL
    median = percentile(times, 0.5)
    return Publication(len(answers) // step * step, kept // 5 * 5, -(-median // 30) * 30)


def is_safe(answers: list[Answer]) -> bool:
    """True when nobody who takes their own away is left with fewer than MIN_ANSWERS, or with one partner's alone."""
    mine: dict[int, int] = {}
    for answer in answers:
        mine[answer.partner] = mine.get(answer.partner, 0) + 1
    return len(mine) >= MIN_PARTNERS and len(answers) - max(mine.values()) >= MIN_ANSWERS


def window_of(answers: list[Answer], until: date, last: tuple[date, date] | None) -> date | None:
    """The first day of the next window that ends on `until`, after the window `last`; None where it is too early.

    `answers` are all of the vendor's, at least from the start of the last window on.
    """
    start = until - timedelta(days=WEEKS * 7 - 1)
    if last is None:
        return start
    last_start, last_until = last
    joined = [answer for answer in answers if last_until < answer.day <= until]
    if len(joined) < MIN_ANSWERS or len({answer.partner for answer in joined}) < MIN_PARTNERS:
        return None
    left = [answer for answer in answers if last_start <= answer.day < start]
    enough = len(left) >= MIN_ANSWERS and len({answer.partner for answer in left}) >= MIN_PARTNERS
    return start if enough else min(last_start, start)


def publish(vendor_id: int, today: date) -> VendorRecord | None:
    """Publish the record of the weeks that are over, if it is time and there is enough to say."""
    until = today - timedelta(days=today.weekday() + 1)
    newest = VendorRecord.objects.filter(vendor=vendor_id).order_by("-until").first()
    if newest is not None and newest.until >= until:
        return None
    last = (newest.start, newest.until) if newest else None
    floor = min(until - timedelta(days=WEEKS * 7), newest.start if newest else until)
    answers = answers_of(vendor_id, floor, until)
    start = window_of(answers, until, last)
    said = None if start is None else publication_of([answer for answer in answers if answer.day >= start])
    if said is None or start is None:
        return None
    return VendorRecord.objects.create(
        vendor_id=vendor_id,
        start=start,
        until=until,
        answers=said.answers,
        kept_percent=said.kept_percent,
        median_minutes=said.median_minutes,
    )


def answers_of(vendor_id: int, start: date, until: date) -> list[Answer]:
    """The answers that were due in these days: first decisions, and time that ran out without one."""
    span = (midnight(start), midnight(until + timedelta(days=1)))
    due = DealFact.objects.filter(vendor=vendor_id).filter(
        Q(decided_at__gte=span[0], decided_at__lt=span[1]) | Q(due_at__gte=span[0], due_at__lt=span[1])
    )
    rows = due.annotate(day=Coalesce("decided_at", "due_at")).values_list("partner", "day", "in_time", "minutes")
    return [Answer(partner, localtime(moment).date(), bool(kept), took) for partner, moment, kept, took in rows]


def publish_all() -> int:
    """Publish what is due for every vendor with an active partnership; how many records that made."""
    vendors = Partnership.objects.filter(state=Partnership.State.ACTIVE).order_by().values_list("vendor").distinct()
    today = localdate()
    return sum(publish(pk, today) is not None for (pk,) in vendors.iterator())


def newest_for(actor: Actor, vendor_ids: list[int] | None = None) -> dict[int, VendorRecord]:
    """The newest record of each vendor (of these, or of all) that the actor may see and that is not out of date."""
    fresh = localdate() - timedelta(days=STALE_DAYS)
    rows = VendorRecord.objects.visible_to(actor).filter(until__gte=fresh)
    if vendor_ids is not None:
        rows = rows.filter(vendor__in=vendor_ids)
    return {row.vendor_id: row for row in rows.order_by("until")}


def promises_of(vendor_ids: list[int]) -> dict[int, int]:
    """The business hours within which each of these vendors promises its first decision, by its default type."""
    rows = RegistrationType.objects.filter(vendor__in=vendor_ids, is_default=True)
    return dict(rows.values_list("vendor", "review_hours"))


def own_records(actor: Actor, vendor_ids: list[int]) -> dict[int, dict[str, Any]]:
    """How each vendor answered the actor's own registrations in the last thirteen weeks. Exact: they are its own.

    Each has `answers` (that were due), `kept` (in time) and `median` (business minutes, None of none).
    """
    start = midnight(localdate() - timedelta(days=WEEKS * 7 - 1))
    mine = DealFact.objects.visible_to(actor).filter(vendor__in=vendor_ids, partner=actor.organisation)
    due = mine.filter(Q(decided_at__gte=start) | Q(due_at__gte=start, due_at__lt=now()))
    found: dict[int, list[tuple[bool | None, int | None]]] = {pk: [] for pk in vendor_ids}
    for vendor, in_time, minutes in due.values_list("vendor", "in_time", "minutes"):
        found[vendor].append((in_time, minutes))
    return {pk: _summed(rows) for pk, rows in found.items()}


def _summed(rows: list[tuple[bool | None, int | None]]) -> dict[str, Any]:
    times = sorted(minutes for _kept, minutes in rows if minutes is not None)
    return {"answers": len(rows), "kept": sum(bool(kept) for kept, _took in rows), "median": percentile(times, 0.5)}
