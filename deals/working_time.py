"""Business time, in which reviews are due: Monday to Friday, 9 to 18, in the portal's time zone. Holidays count."""

from datetime import datetime, time, timedelta

from django.utils.timezone import get_default_timezone, localtime, make_aware

OPENS, CLOSES = time(9), time(18)
MINUTES_A_DAY = 9 * 60


def add_minutes(start: datetime, minutes: int) -> datetime:
    """The moment after `minutes` of business time from `start`."""
    moment = _into_hours(start)
    left = timedelta(minutes=max(minutes, 0))
    while (room := _closing(moment) - moment) < left:
        left -= room
        moment = _into_hours(_closing(moment))
    return moment + left


def add_days(start: datetime, days: int) -> datetime:
    """The moment after so many full business days from `start`."""
    return add_minutes(start, days * MINUTES_A_DAY)


def minutes_between(start: datetime, end: datetime) -> int:
    """Business minutes from `start` to `end`; 0 when `end` is not later."""
    moment, total = _into_hours(start), timedelta()
    while moment < end:
        total += min(_closing(moment), end) - moment
        moment = _into_hours(_closing(moment))
    return int(total.total_seconds() // 60)


def _at(moment: datetime, clock: time) -> datetime:
    return make_aware(datetime.combine(moment.date(), clock), get_default_timezone())


def _closing(moment: datetime) -> datetime:
    return _at(moment, CLOSES)


def _into_hours(moment: datetime) -> datetime:
    """The moment itself within business hours, else the next opening."""
    moment = localtime(moment, get_default_timezone())
    if moment.time() >= CLOSES:
        moment = _at(moment + timedelta(days=1), OPENS)
    elif moment.time() < OPENS:
        moment = _at(moment, OPENS)
    while moment.weekday() > 4:
        moment = _at(moment + timedelta(days=1), OPENS)
    return moment
