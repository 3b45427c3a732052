"""The hours in which a vendor answers."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from deals.models import BusinessCalendar
from deals.opening import countries_known, hours_read, hours_written, regions_of
from deals.permissions import may_set_terms
from partners.access import require
from partners.actors import Actor

PARTS = ("zone", "hours", "country", "region", "closings")
LONGEST = timedelta(days=92)
MOST_CLOSINGS = 60
FEWEST_DAYS = 100  # open in each year that a closing touches: less is a calendar by which nobody is ever answered
YEARS_AHEAD = 5
LONGEST_NAME = 60


@transaction.atomic
def set_calendar(*, actor: Actor, fields: Mapping[str, Any]) -> BusinessCalendar:
    """Change any of PARTS of one's own calendar, in their stored form (see BusinessCalendar).

    What is due already stays due when it was: a promise made is kept. Raises DomainError, naming the field, for what is
    no calendar, and for one that leaves fewer than FEWEST_DAYS open days in a year.
    """
    require(may_set_terms(actor))
    me = actor.organisation
    row = BusinessCalendar.objects.visible_to(actor).select_for_update(of=("self",)).get_or_create(vendor=me)[0]
    before = {name: getattr(row, name) for name in PARTS}
    for name in PARTS:
        setattr(row, name, fields.get(name, before[name]))
    _require_possible(row)
    changed = {name: [before[name], getattr(row, name)] for name in PARTS if before[name] != getattr(row, name)}
    if changed:
        row.save(update_fields=list(changed))
        record(actor=actor, verb="calendar.changed", target=row, parts=list(changed))
    return row


def _require_possible(row: BusinessCalendar) -> None:
    if row.zone not in available_timezones():
        raise DomainError(_("That is no time zone. Choose one of the list, such as Europe/Rome."), field="zone")
    try:
        row.hours = hours_written(hours_read(row.hours))
    except (ValueError, TypeError) as error:
        raise DomainError(_("Each day opens before it closes, and the break lies between."), field="hours") from error
    if row.country and row.country not in countries_known():
        raise DomainError(_("The public holidays of this country are not known."), field="country")
    if row.region and row.region not in regions_of(row.country):
        raise DomainError(_("That is no region of this country."), field="region")
    row.closings = _closings(row.closings)
    _require_open(row)


def _closings(rows: Any) -> list[dict[str, str]]:
    """The closings in order, checked one by one."""
    if not isinstance(rows, list) or len(rows) > MOST_CLOSINGS:
        raise DomainError(_("A calendar has %(n)d closings at most.") % {"n": MOST_CLOSINGS}, field="closings")
    try:
        return sorted((_closing(**each) for each in rows), key=lambda each: each["from"])
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DomainError(_("Write the first and the last day of each closing."), field="closings") from error


def _closing(**said: str) -> dict[str, str]:
    start, end, name = date.fromisoformat(said["from"]), date.fromisoformat(said["to"]), said["name"].strip()
    latest = localdate() + timedelta(days=366 * YEARS_AHEAD)
    if end < start or end - start >= LONGEST or end > latest:
        raise DomainError(
            _("A closing ends after it begins, lasts %(days)d days at most and lies in the next %(years)d years.")
            % {"days": LONGEST.days, "years": YEARS_AHEAD},
            field="closings",
        )
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("Give each closing a short name, so that others know why."), field="closings")
    return {"from": start.isoformat(), "to": end.isoformat(), "name": name}


def _require_open(row: BusinessCalendar) -> None:
    """A year with too few open days is refused: whoever waits by such a calendar waits for ever."""
    this = localdate().year
    calendar = row.calendar
    years = (
        {this, this + 1}
        | {each.start.year for each in calendar.closings}
        | {each.end.year for each in calendar.closings}
    )
    for year in sorted(years):
        if calendar.open_days(year) < FEWEST_DAYS:
            raise DomainError(
                _("By this calendar you would work on fewer than %(days)d days in %(year)d. Open more days.")
                % {"days": FEWEST_DAYS, "year": year},
                field="hours",
            )
