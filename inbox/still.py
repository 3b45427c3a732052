"""Whether a person is not to be disturbed now: their quiet hours, asked at the moment of sending."""

from datetime import datetime

from inbox.models import QuietHours
from inbox.quiet import quiet_until
from partners.models import User


def quiet_for(user: User, *, urgent: bool, moment: datetime) -> datetime | None:
    """When the quiet of this person is over; None where something may be sent at once. One query."""
    found = QuietHours.objects.filter(user=user).first()
    if found is None or (urgent and found.urgent_through):
        return None
    return quiet_until(moment, found.hours, user.time_zone)
