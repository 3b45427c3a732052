"""When a vendor works."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from deals.opening import Calendar, Closing, hours_read, hours_written


def _usual_hours() -> list[list[list[str]]]:
    return hours_written(Calendar().hours)


class BusinessCalendar(ScopedModel):
    """The hours in which a vendor answers, and the days on which it is closed."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.OneToOneField("partners.Organisation", on_delete=models.CASCADE, related_name="business_calendar")
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/Rome")
    # Seven weekdays from Monday, each [["09:00", "13:00"], ["14:00", "18:00"]], local time.
    hours = models.JSONField(default=_usual_hours)
    country = models.CharField(_("public holidays of"), max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=40, blank=True)
    # [{"from": "2027-08-09", "to": "2027-08-20", "name": "August"}], both days included.
    closings = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.vendor)

    @property
    def calendar(self) -> Calendar:
        """What is stored, to reckon with."""
        closed = (
            Closing(date.fromisoformat(each["from"]), date.fromisoformat(each["to"]), each["name"])
            for each in self.closings
        )
        return Calendar(self.zone, hours_read(self.hours), self.country, self.region, tuple(closed))
