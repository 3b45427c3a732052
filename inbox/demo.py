"""The demo's notifications: what the rules would have told of the last weeks, the older of it read."""

from datetime import timedelta
from typing import Any

from core.models import TrailEntry, TrailReader
from inbox.models import Notification
from inbox.rules import RULES, rules_for
from inbox.subscribers import may_be_told

WEEKS = timedelta(days=21)
FRESH = timedelta(days=2)
MOST = 600


def fill(world: Any) -> None:
    """Tell the demo's people what the demo's history holds for them. The same world gives the same inboxes."""
    verbs = {verb for verb, _kind in RULES}
    recent = TrailEntry.objects.filter(verb__in=verbs, created__gte=world.now - WEEKS).order_by("-created", "-pk")[
        :MOST
    ]
    rows = [row for entry in sorted(recent, key=lambda each: (each.created, each.pk)) for row in _told(world, entry)]
    Notification.objects.bulk_create(rows)


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
