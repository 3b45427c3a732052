"""Business time, in which reviews are due: the hours in which a vendor is open, by its own calendar.

`calendar` is a deals.opening.Calendar; without one, Monday to Friday from 9 to 18 in the portal's time zone. Arithmetic
is done in UTC, so that an hour has sixty minutes on the days on which clocks change, too.
"""

from datetime import UTC, date, datetime, time, timedelta

from deals.models import BusinessCalendar
from deals.opening import DAY, Calendar, NeverOpen

USUAL = Calendar()


def calendar_of(vendor_id: int) -> Calendar:
    """The vendor's calendar, or the usual one while it has set none. One query."""
    row = BusinessCalendar.objects.filter(vendor=vendor_id).first()
    return row.calendar if row else USUAL


def add_minutes(start: datetime, minutes: int, calendar: Calendar = USUAL) -> datetime:
    """The moment after `minutes` of business time from `start`, in the calendar's zone.

    Raises deals.opening.NeverOpen for a calendar that does not open any more.
    """
    left = timedelta(minutes=max(minutes, 0))
    for opens, closes in calendar.spans_from(start.astimezone(UTC)):
        if left <= closes - opens:
            return (opens + left).astimezone(calendar.tz)
        left -= closes - opens
    raise NeverOpen


def add_days(start: datetime, days: int, calendar: Calendar = USUAL) -> datetime:
    """The same time of day so many business days later, or where that day is shorter, its nearest open moment."""
    first = add_minutes(start, 0, calendar)
    day, left = first.date(), days
    while left > 0:
        day = add_minutes(_midnight(day + DAY, calendar), 0, calendar).date()
        left -= 1
    return first if day == first.date() else _nearest(datetime.combine(day, first.time(), calendar.tz), calendar)


def minutes_between(start: datetime, end: datetime, calendar: Calendar = USUAL) -> int:
    """Business minutes from `start` to `end`; 0 when `end` is not later."""
    total, end = timedelta(), end.astimezone(UTC)
    if end <= start.astimezone(UTC):
        return 0
    day, last = start.astimezone(calendar.tz).date(), end.astimezone(calendar.tz).date()
    while day <= last:
        for opens, closes in calendar.spans(day):
            total += max(min(closes, end) - max(opens, start.astimezone(UTC)), timedelta())
        day += DAY
    return int(total.total_seconds() // 60)


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), calendar.tz)


def _nearest(moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself where it is open, else the last before it on its day, else the day's opening."""
    spans, wanted = calendar.spans(moment.date()), moment.astimezone(UTC)
    before = [closes for opens, closes in spans if opens <= wanted]
    best = min(wanted, before[-1]) if before else spans[0][0]
    return best.astimezone(calendar.tz)
