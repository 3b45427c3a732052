"""Filters: what narrows a list, read from the address and shown as controls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise

from core.listing import cells

Text = str | Promise
Choices = Iterable[tuple[Any, Text]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One or more values of a field. `choices` is a list of (value, label), or a function of the actor giving one."""

    key: str
    label: Text
    choices: Choices | Callable[[Any], Choices]
    field: str = ""
    kind: str = "choice"

    def options(self, params: QueryDict, actor: Any) -> dict[str, Any]:
        """What can be chosen (`boxes`, as HTML), what is (`on`), and how many are beside the first (`more`)."""
        chosen = set(params.getlist(self.key))
        choices = self.choices(actor) if callable(self.choices) else self.choices
        offered = [{"value": str(value), "label": label, "on": str(value) in chosen} for value, label in choices]
        on = [option for option in offered if option["on"]]
        return {"boxes": cells.choices(self.key, offered), "on": on, "more": len(on) - 1}

    def apply(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """Keep the rows with a chosen value; values that are not on offer choose nothing."""
        if not params.getlist(self.key):
            return rows
        values = [option["value"] for option in self.options(params, actor)["on"]]
        return rows.filter(**{f"{self.field or self.key}__in": values})


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no filter with a condition of its own."""

    key: str
    label: Text
    condition: Q
    kind: str = "flag"

    def options(self, params: QueryDict, actor: Any) -> bool:
        """Whether it is on."""
        return params.get(self.key) == "1"

    def apply(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """Keep the rows that meet the condition."""
        return rows.filter(self.condition) if params.get(self.key) == "1" else rows


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included, in the reader's time zone. `moment` says that the field holds a time too."""

    key: str
    label: Text
    field: str = ""
    moment: bool = True
    kind: str = "period"

    def options(self, params: QueryDict, actor: Any) -> dict[str, Any]:
        """The two days, as written in the address."""
        start, end = params.get(f"{self.key}_from", ""), params.get(f"{self.key}_to", "")
        return {"start": start, "end": end, "on": bool(start or end)}

    def apply(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """Keep the rows within; a day that is no day narrows nothing."""
        field = self.field or self.key
        if start := _day(params.get(f"{self.key}_from", "")):
            rows = rows.filter(**{f"{field}__gte": self._bound(start)})
        if end := _day(params.get(f"{self.key}_to", "")):
            rows = rows.filter(**{f"{field}__lt": self._bound(end + timedelta(days=1))})
        return rows

    def _bound(self, day: date) -> date | datetime:
        return timezone.make_aware(datetime.combine(day, time.min)) if self.moment else day


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


Filter = Choice | Flag | Period
