"""When a trigger may act: quiet hours and full days. No query here, and the clock is the caller's."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from inbox.quiet import Hours, quiet_until, zone_of

DEPTH = 3  # triggers that bring each other about
STALE = timedelta(days=7)  # beyond its delay, after which what waited is left out
WEEK = timedelta(days=7)
ROUNDS = 10


def after_quiet(moment: datetime, quiet: Iterable[Hours], time_zone: str) -> datetime:
    """The first moment from this one on that lies in no quiet."""
    hours = list(quiet)
    for _round in range(ROUNDS):
        ends = [end for each in hours if (end := quiet_until(moment, each, time_zone)) is not None]
        if not ends:
            break
        moment = max(ends)
    return moment


def day_of(moment: datetime, time_zone: str) -> datetime:
    """When the day of this moment began."""
    zone = zone_of(time_zone)
    return datetime.combine(moment.astimezone(zone).date(), time.min, tzinfo=zone)


def next_day(moment: datetime, time_zone: str) -> datetime:
    """When the day after begins."""
    zone = zone_of(time_zone)
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), time.min, tzinfo=zone)
