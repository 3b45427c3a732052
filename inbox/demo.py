"""The demo's notifications: what the rules would have told of the last weeks, the older of it read."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from core.models import TrailEntry, TrailReader
from inbox.models import Notification, Subject
from inbox.rules import RULES, rules_for
from inbox.subscribers import may_be_told

WEEKS = timedelta(days=21)
FRESH = timedelta(days=2)
MOST = 600


def fill(world: Any) -> None:
    """Tell the demo's people what the demo's history holds for them. The same world gives the same inboxes."""
    verbs = {verb for verb, _kind in RULES}
    past = TrailEntry.objects.exclude(fanned_out_at=None)  # the others are told by the portal itself, in a moment
    recent = past.filter(verb__in=verbs, created__gte=world.now - WEEKS).order_by("-created", "-pk")[:MOST]
    rows = [row for entry in sorted(recent, key=lambda each: (each.created, each.pk)) for row in _told(world, entry)]
    _put_together(rows)
    Notification.objects.bulk_create(rows)
    _put_off(world)


def _put_together(rows: list[Notification]) -> None:
    """The subjects under which they stand, with what each counts."""
    _leave_together(rows)
    subjects: dict[tuple, Subject] = {}
    for row in rows:
        key = (row.membership_id, row.entry.target, row.entry.target_id)
        subject = subjects.setdefault(key, Subject(membership=row.membership, target=key[1], target_id=key[2]))
        subject.title, subject.kind, subject.moved_at = row.entry.title, row.kind, row.created
        subject.unread += row.read_at is None
        row.subject = subject
    Subject.objects.bulk_create(subjects.values())


def _leave_together(rows: list[Notification]) -> None:
    """Each member has not read anything yet about the two records of which they were last told more than once."""
    told: defaultdict[int, dict[tuple, list[Notification]]] = defaultdict(dict)
    for row in reversed(rows):
        told[row.membership_id].setdefault((row.entry.target, row.entry.target_id), []).append(row)
    for records in told.values():
        several = [items for items in records.values() if len(items) > 1]
        for item in [item for items in several[:2] for item in items]:
            item.read_at = None


def _put_off(world: Any) -> None:
    """Somebody of each organisation has put one record off until Monday morning."""
    waiting = Subject.objects.filter(unread__gt=0).order_by("membership__organisation", "membership", "pk")
    first: dict[int, Subject] = {}
    for subject in waiting.select_related("membership"):
        first.setdefault(subject.membership.organisation_id, subject)
    monday = world.now + timedelta(days=8 - world.now.isoweekday())
    Subject.objects.filter(pk__in=[each.pk for each in first.values()]).update(snoozed_until=monday)


def _told(world: Any, entry: TrailEntry) -> list[Notification]:
    readers = set(TrailReader.objects.filter(entry=entry).values_list("organisation_id", flat=True))
    rows: dict[int, Notification] = {}
    for rule in rules_for(entry.verb):
        for member in may_be_told(entry, rule.to(entry), readers):
            rows.setdefault(
                member.pk,
                Notification(
                    membership=member, entry=entry, kind=rule.kind, url=rule.url(entry), created=entry.created
                ),
            )
    for row in rows.values():
        unread = entry.created > world.now - FRESH or world.rng.random() < 0.03
        row.read_at = None if unread else entry.created + timedelta(minutes=world.rng.randint(5, 600))
    return list(rows.values())
