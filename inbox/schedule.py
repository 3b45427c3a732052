"""When an e-mail is due, by the member's preference and time zone. No query and no clock here."""

from datetime import datetime, time, timedelta

from inbox.models import Preference
from inbox.quiet import zone_of

MORNING = time(8, 0)
MAX_ATTEMPTS = 6


def due(email: str, *, urgent: bool, moment: datetime, time_zone: str) -> tuple[datetime, bool] | None:
    """(when, whether in a digest), or None when no e-mail is wanted. Standard: urgent at once, the rest daily."""
    if email == Preference.Email.STANDARD:
        email = Preference.Email.NOW if urgent else Preference.Email.DAILY
    if email == Preference.Email.NOW:
        return moment, False
    if email == Preference.Email.HOURLY:
        return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), True
    if email == Preference.Email.DAILY:
        return next_morning(moment, time_zone), True
    return None


def next_morning(moment: datetime, time_zone: str) -> datetime:
    """The next eight o'clock in the morning where the reader is (UTC for a zone that nobody knows)."""
    zone = zone_of(time_zone)
    local = moment.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone)


def back_off(attempts: int) -> timedelta:
    """How long to wait after that many attempts: 1, 4, 16, 64, 256 minutes."""
    return timedelta(minutes=4 ** max(0, attempts - 1))
