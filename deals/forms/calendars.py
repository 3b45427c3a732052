"""The hours in which a vendor answers, as typed."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_day_names
from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import locale
from deals.forms.pieces import DayField
from deals.models import BusinessCalendar
from deals.opening import Span, countries_known, hours_read, hours_written, regions_of

SPARE = 2  # empty rows for further closings
CLOCKS = ("opens", "pauses", "resumes", "closes")


class ClockField(forms.TimeField):
    """A time of day to the minute."""

    def __init__(self, label: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(label=label, required=False, widget=widget, input_formats=["%H:%M"])


class ClosingForm(forms.Form):
    """One period in which the company is closed."""

    start = DayField(label=gettext_lazy("From"), required=False)
    end = DayField(label=gettext_lazy("To"), required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)


ClosingFormSet = forms.formset_factory(ClosingForm, extra=SPARE, max_num=60, absolute_max=70)


class CalendarForm(forms.Form):
    """Time zone, public holidays and the hours of each weekday. `closings` is the formset of own closing days."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        help_text=gettext_lazy("Nobody waits for you on them."),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, data: Any = None, *, row: BusinessCalendar) -> None:
        calendar = row.calendar
        first = {"zone": row.zone, "country": row.country, "region": row.region}
        super().__init__(data, initial={**first, **_clocks(calendar.hours)})
        for day in range(7):
            for name, label in zip(CLOCKS, _labels(), strict=True):
                self.fields[f"{name}_{day}"] = ClockField(label)
        _choices(self, "zone", [(name, name) for name in sorted(available_timezones()) if "/" in name])
        names = Locale.parse(str(locale())).territories
        known = sorted(((code, names.get(code, code)) for code in countries_known()), key=lambda pair: pair[1])
        _choices(self, "country", [("", _("None")), *known])
        country = (self.data.get("country", "") if self.is_bound else row.country)[:2]
        _choices(self, "region", [("", _("The whole country")), *regions_of(country).items()])
        said = [{"start": each.start, "end": each.end, "name": each.name} for each in calendar.closings]
        self.closings = ClosingFormSet(data, initial=said, prefix="closings")

    def days(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Each weekday with its four clocks."""
        names = get_day_names(locale=locale())
        for day in range(7):
            yield names[day], [self[f"{name}_{day}"] for name in CLOCKS]

    def is_valid(self) -> bool:
        """With the closings."""
        closed = self.closings.is_valid() if self.is_bound else False
        return super().is_valid() and closed

    def clean(self) -> dict[str, Any]:
        """The hours of each day, in their stored form."""
        said = super().clean() or {}
        hours = []
        for day in range(7):
            try:
                hours.append(_spans(*(said.get(f"{name}_{day}") for name in CLOCKS)))
            except ValueError:
                self.add_error(f"closes_{day}", _("Write from when to when, and the break between, or leave it empty."))
                hours.append(())
        said["hours"] = hours_written(tuple(hours))
        return said

    def parts(self) -> dict[str, Any]:
        """What `set_calendar` takes."""
        said = self.cleaned_data
        closed = [
            {"from": _iso(each.get("start")), "to": _iso(each.get("end") or each.get("start")), "name": each["name"]}
            for each in self.closings.cleaned_data
            if each and (each.get("start") or each.get("end") or each.get("name"))
        ]
        return {**{name: said[name] for name in ("zone", "country", "region", "hours")}, "closings": closed}

    def refuse(self, field: str | None, sentence: str) -> None:
        """Show what the action found at its field, or on top."""
        self.add_error(field if field in self.fields else None, sentence)

    @property
    def all_errors(self) -> ErrorList | dict[str, Any] | list[Any]:
        """Whatever is wrong, here or in a closing."""
        return self.errors or [each for each in self.closings.errors if each]


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _labels() -> tuple[str, ...]:
    return _("Opens"), _("Break from"), _("Break to"), _("Closes")


def _clocks(hours: tuple[tuple[Span, ...], ...]) -> dict[str, time]:
    """The initial values: a second span makes the first one end at the break."""
    found: dict[str, time] = {}
    for day, spans in enumerate(hours):
        if spans:
            found |= {f"opens_{day}": spans[0][0], f"closes_{day}": spans[-1][1]}
        if len(spans) > 1:
            found |= {f"pauses_{day}": spans[0][1], f"resumes_{day}": spans[1][0]}
    return found


def _spans(opens: time | None, pauses: time | None, resumes: time | None, closes: time | None) -> tuple[Span, ...]:
    """The spans of a day. Raises ValueError for a clock too few, and for one before the other."""
    if opens is None and closes is None and pauses is None and resumes is None:
        return ()
    if opens is None or closes is None or (pauses is None) != (resumes is None):
        raise ValueError
    spans: tuple[Span, ...] = ((opens, closes),)
    if pauses is not None and resumes is not None:
        spans = ((opens, pauses), (resumes, closes))
    hours_read([hours_written((spans,))[0], *[[]] * 6])
    return spans


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
