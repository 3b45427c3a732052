"""The page of a vendor's business calendar: its hours, its days off, a year at a glance, and when something is due."""

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from babel.dates import get_day_names, get_month_names
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.numbers import locale
from core.web import render_partial, wants_partial
from deals import working_time
from deals.actions import set_calendar
from deals.forms import CalendarForm
from deals.models import BusinessCalendar, RegistrationType
from deals.opening import DAY, Calendar
from partners.access import MemberRequest, member_required

FRIDAY = 4


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day of the year as the page shows it: `kind` is open, weekend, off, or out (of another month)."""

    day: date
    kind: str
    name: str


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def calendar(request: MemberRequest) -> HttpResponse:
    """The hours, with `?year=` at a glance and `?at=` (a local moment) for the preview."""
    row = BusinessCalendar.objects.visible_to(request.actor).first()
    row = row or BusinessCalendar(vendor=request.actor.organisation)
    form = CalendarForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            set_calendar(actor=request.actor, fields=form.parts())
        except DomainError as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, _("Saved. What is submitted from now on is due by this calendar."))
            return redirect("deals:calendar")
    wrong = form.is_bound and form.all_errors
    if request.GET.get("part") == "region" and wants_partial(request):
        return render_partial(request, "deals/calendar.html", "region", {"form": CalendarForm(request.GET, row=row)})
    part = "year" if "year" in request.GET else "due"
    context = {"form": form, **_glance(request, row.calendar), **_due(request, row.calendar)}
    return render_partial(request, "deals/calendar.html", part, context, 422 if wrong else 200)


def _glance(request: MemberRequest, of: Calendar) -> dict[str, Any]:
    wanted, this = request.GET.get("year", ""), localdate().year
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else this
    year = min(max(year, this - 1), this + 4)
    names, letters = get_month_names(locale=locale()), get_day_names("narrow", locale=locale())
    months = [(names[month], _weeks(of, year, month)) for month in range(1, 13)]
    return {
        "year": year,
        "years": range(this - 1, this + 5),
        "months": months,
        "weekdays": [letters[day] for day in range(7)],
        "off": _off(of, year),
        "open_days": of.open_days(year),
    }


def _weeks(of: Calendar, year: int, month: int) -> list[list[DayOff]]:
    return [[_day(of, day, month) for day in week] for week in Months().monthdatescalendar(year, month)]


def _day(of: Calendar, day: date, month: int) -> DayOff:
    if day.month != month:
        return DayOff(day, "out", "")
    if of.is_open(day):
        return DayOff(day, "open", "")
    name = of.why_closed(day)
    return DayOff(day, "off" if name else "weekend", name)


def _off(of: Calendar, year: int) -> list[tuple[date, date, str]]:
    """The days off that have a name: first day, last day, name; days of one closing together."""
    days = (date(year, 1, 1) + number * DAY for number in range(366))
    named = [(day, of.why_closed(day)) for day in days if day.year == year]
    found = []
    for name, run in groupby(named, key=lambda each: each[1]):
        together = [day for day, _name in run]
        if name:
            found.append((together[0], together[-1], name))
    return found


def _due(request: MemberRequest, of: Calendar) -> dict[str, Any]:
    """When a registration is due, by the review hours of one's default type."""
    own = RegistrationType.objects.visible_to(request.actor).filter(is_default=True).first()
    hours = (own or RegistrationType()).review_hours
    return {"at": (at := _moment(request.GET.get("at", ""), of)), "hours": hours,
            "due": working_time.add_minutes(at, hours * 60, of)}  # fmt: skip


def _moment(said: str, of: Calendar) -> datetime:
    """The moment asked for in local time, or the next Friday at four in the afternoon."""
    try:
        at = datetime.fromisoformat(said[:16]).replace(tzinfo=of.tz)
    except ValueError:
        at = None
    today = localdate()
    if at is not None and abs(at.year - today.year) < 5:
        return at
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    return datetime.combine(friday, time(16), of.tz)
