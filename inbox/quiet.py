"""When a person is not to be disturbed. No query and no clock here."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of the day to another, on the days on which it begins (1 is Monday); over midnight where the end
    is not after the beginning, so that equal times are a whole day."""

    begins: time
    ends: time
    days: frozenset[int]


def zone_of(name: str) -> ZoneInfo:
    """The time zone, UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def quiet_until(moment: datetime, hours: Hours, time_zone: str) -> datetime | None:
    """When the quiet in which `moment` lies is over; None where it lies in none. Quiet that follows on quiet is one."""
    zone = zone_of(time_zone)
    end = None
    for _each in range(8):  # a week of whole days is quiet without an end; it ends after a week
        found = _end_of(end or moment, hours, zone)
        if found is None:
            break
        end = found
    return end


def _end_of(moment: datetime, hours: Hours, zone: ZoneInfo) -> datetime | None:
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        if day.isoweekday() not in hours.days:
            continue
        begins = datetime.combine(day, hours.begins, tzinfo=zone)
        last = day if hours.ends > hours.begins else day + timedelta(days=1)
        ends = datetime.combine(last, hours.ends, tzinfo=zone)
        if begins.timestamp() <= moment.timestamp() < ends.timestamp():
            return ends
    return None
