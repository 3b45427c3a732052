"""A vendor's business time, as deals keep it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from deals import working_time
from deals.opening import Calendar, NeverOpen


@dataclass(frozen=True, slots=True)
class VendorClock:
    """Minutes by the vendor's own calendar."""

    calendar: Calendar

    @classmethod
    def of(cls, vendor_id: int) -> Self:
        """The clock of one vendor."""
        return cls(working_time.calendar_of(vendor_id))

    def between(self, start: datetime, end: datetime) -> int:
        """Business minutes from `start` to `end`."""
        return working_time.minutes_between(start, end, self.calendar)

    def add(self, start: datetime, minutes: int) -> datetime | None:
        """The moment so many business minutes after `start`; None for a vendor that does not open any more."""
        try:
            return working_time.add_minutes(start, minutes, self.calendar)
        except NeverOpen:
            return None
