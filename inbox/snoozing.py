"""Until when one may put something off. No query and no clock here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.quiet import zone_of

MORNING, EVENING = time(8, 0), time(18, 0)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment to choose: its code in the form, its words, and the moment."""

    code: str
    label: str | Promise
    until: datetime


def choices(moment: datetime, time_zone: str) -> list[Choice]:
    """The moments on offer now where the reader is; those that would be the same or over are left out."""
    return list(_choices(moment, time_zone))


def _choices(moment: datetime, time_zone: str) -> Iterator[Choice]:
    zone = zone_of(time_zone)
    local = moment.astimezone(zone)

    def on(days: int, at: time) -> datetime:
        return datetime.combine(local.date() + timedelta(days=days), at, tzinfo=zone)

    yield Choice("hour", _("In an hour"), moment + timedelta(hours=1))
    if local.hour < EVENING.hour - 1:
        yield Choice("evening", _("This evening"), on(0, EVENING))
    yield Choice("tomorrow", _("Tomorrow"), on(1, MORNING))
    if local.isoweekday() != 7:
        yield Choice("monday", _("Monday"), on(8 - local.isoweekday(), MORNING))


def chosen(code: str, moment: datetime, time_zone: str) -> datetime | None:
    """The moment of a code, or eight o'clock on a date (2026-12-01); None for neither."""
    found = next((choice.until for choice in choices(moment, time_zone) if choice.code == code), None)
    if found is not None:
        return found
    try:
        return datetime.combine(date.fromisoformat(code), MORNING, tzinfo=zone_of(time_zone))
    except ValueError:
        return None
