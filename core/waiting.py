"""What waits for somebody: each app says it in `<app>/waiting.py`, Home shows it, most urgent first.

def waiting(actor) -> list[Waiting]     what this actor can act on now
def counts(actor) -> dict[str, int]     optional: the badges of the navigation, such as {"queue": 4}
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise

Text = str | Promise
URGENCY = {"bad": 0, "warn": 1, "info": 2, "good": 3, "still": 3}
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what, about what, where it opens, the verb of its button, until when, how urgent.

    `tone` is bad (overdue), warn (soon), info (to do) or still (when there is time); `count` says how many rows stand
    behind one line.
    """

    title: Text
    sub: Text
    url: str
    action_label: Text
    due: datetime | None = None
    tone: str = "info"
    count: int = 1


def most_urgent_first(items: Iterable[Waiting]) -> list[Waiting]:
    """By tone, then by what is due first; what has no date comes last."""
    return sorted(items, key=lambda item: (URGENCY.get(item.tone, 2), item.due or NEVER))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on Home that opens its rows; an app may give some with `figures(actor) -> list[Figure]`."""

    label: Text
    value: str
    url: str
    note: Text = ""
    tone: str = "still"
