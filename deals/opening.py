"""When a company is open: weekdays with their hours and break, public holidays, own closing days. Pure, no database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils.translation import get_language

Span = tuple[time, time]
Moments = tuple[datetime, datetime]
NINE_TO_SIX: tuple[Span, ...] = ((time(9), time(18)),)
LANGUAGES = {"it": "it", "en": "en_US"}
MAX_CLOSED_DAYS = 400  # in a row; a calendar that stays closed for longer gives nobody an answer
DAY = timedelta(days=1)


class NeverOpen(ValueError):
    """A calendar that does not open within MAX_CLOSED_DAYS days."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Days on which a company is closed on its own account; both days are included."""

    start: date
    end: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours in local time of `zone` (an IANA name): seven weekdays from Monday on, each with its spans.

    `country` and `region` are codes of ISO 3166-1 and 3166-2 (the part behind the country) whose public holidays count;
    an empty country has none.
    """

    zone: str = ""
    hours: tuple[tuple[Span, ...], ...] = (*(NINE_TO_SIX,) * 5, (), ())
    country: str = ""
    region: str = ""
    closings: tuple[Closing, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """Its time zone, or the portal's."""
        return ZoneInfo(self.zone or settings.TIME_ZONE)

    def why_closed(self, day: date) -> str:
        """The name of the holiday or of the own closing; empty on any other day, a weekend included."""
        own = next((each.name for each in self.closings if each.start <= day <= each.end), "")
        return own or holidays_of(self.country, self.region, day.year, _language()).get(day, "")

    def is_open(self, day: date) -> bool:
        """Whether the company opens at all on this day."""
        if not self.hours[day.weekday()] or any(each.start <= day <= each.end for each in self.closings):
            return False
        return day not in holidays_of(self.country, self.region, day.year, "")

    def spans(self, day: date) -> list[Moments]:
        """The open hours of a day as moments in UTC, in order."""
        if not self.is_open(day):
            return []
        zone = self.tz
        found = [(_moment(day, opens, zone), _moment(day, closes, zone)) for opens, closes in self.hours[day.weekday()]]
        return [(opens, closes) for opens, closes in found if opens < closes]

    def spans_from(self, moment: datetime) -> Iterator[Moments]:
        """What is open from a moment on, without end, in UTC. Raises NeverOpen where nothing opens any more."""
        day = first = moment.astimezone(self.tz).date()
        while day - first <= MAX_CLOSED_DAYS * DAY:
            for opens, closes in self.spans(day):
                if closes > moment:
                    first = day
                    yield max(opens, moment), closes
            day += DAY
        raise NeverOpen

    def open_days(self, year: int) -> int:
        """How many days of a year it opens."""
        days = (date(year, 1, 1) + number * DAY for number in range(366))
        return sum(self.is_open(day) for day in days if day.year == year)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local time in UTC. One that a change of clocks skips is the first that exists after it; of two, the first."""
    local = datetime.combine(day, clock)
    while (found := local.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != local:
        local += timedelta(minutes=1)
    return found


@lru_cache(maxsize=512)
def holidays_of(country: str, region: str, year: int, language: str) -> dict[date, str]:
    """The public holidays of a year with their names; none for a country or region that is not known."""
    if country not in countries_known() or (region and region not in regions_of(country)):
        return {}
    kinds = getattr(holidays, country)
    spoken = language if language in (kinds.supported_languages or ()) else None
    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=spoken)
    return {day: name for day, name in found.items() if day.year == year}


@lru_cache(maxsize=1)
def countries_known() -> frozenset[str]:
    """The countries whose public holidays are known, by ISO 3166-1."""
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=64)
def regions_of(country: str) -> dict[str, str]:
    """The regions of a country that have holidays of their own: code of ISO 3166-2 and name."""
    if country not in countries_known():
        return {}
    kinds = getattr(holidays, country)
    names = {code: next(iter(other), "") for code, other in kinds.get_subdivision_aliases().items()}
    return {code: f"{names[code]} ({code})" if names.get(code) else code for code in kinds.subdivisions}


def hours_read(rows: Iterable[Iterable[Iterable[str]]]) -> tuple[tuple[Span, ...], ...]:
    """Hours from their stored form, [[["09:00", "18:00"]], …]. Raises ValueError for what is no such thing."""
    read = tuple(
        tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans) for spans in rows
    )
    if len(read) != 7:
        raise ValueError("seven weekdays")
    for spans in read:
        clocks = list(chain.from_iterable(spans))
        if clocks != sorted(clocks) or len(set(clocks)) != len(clocks):
            raise ValueError("each opens before it closes, one after the other")
    return read


def hours_written(hours: tuple[tuple[Span, ...], ...]) -> list[list[list[str]]]:
    """Hours in the form in which they are stored."""
    return [[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans] for spans in hours]


def _language() -> str:
    return LANGUAGES.get((get_language() or "")[:2], "")
