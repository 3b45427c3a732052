"""What a reader looks at: which side, which days, and what narrows it. Read from an address, written back to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, make_aware

from deals.models import DealLine, Stage
from insights.models import DealFact
from partners.actors import Actor
from partners.models import Partnership

DEFAULT_DAYS = 91  # thirteen weeks
MOST_DAYS = 1096
SIDES = ("vendor", "partner")
ROWS = ("with", "type", "reviewer", "stage")  # filters that name rows or values; territory and line are texts


@dataclass(frozen=True, slots=True)
class Scope:
    """The days `start` to `end`, both included, of one side's deals; `narrow` holds the filters that are on."""

    actor: Actor
    side: str
    start: date
    end: date
    narrow: Mapping[str, str] = field(default_factory=dict)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From when until before when, in the portal's time zone."""
        return midnight(self.start), midnight(self.end + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    @property
    def as_vendor(self) -> bool:
        """True on the side that decides."""
        return self.side == "vendor"

    @property
    def other(self) -> str:
        """The column of the company on the other side."""
        return "partner" if self.as_vendor else "vendor"

    def before(self) -> Self:
        """The same number of days before these."""
        return replace(self, start=self.start - timedelta(days=self.days), end=self.start - timedelta(days=1))

    def narrowed(self, **changes: Any) -> Self:
        """The same with other filters; None takes one away."""
        values = {**self.narrow, **{key: "" if value is None else str(value) for key, value in changes.items()}}
        return replace(self, narrow={key: value for key, value in values.items() if value})

    def query(self, **more: Any) -> str:
        """The parameters of an address that stands for this scope."""
        days = {"side": self.side, "from": self.start.isoformat(), "to": self.end.isoformat()}
        return urlencode({**more, **days, **self.narrow})

    def facts(self) -> QuerySet[DealFact]:
        """The facts of this side that the filters leave, whatever the days."""
        mine = DealFact.objects.visible_to(self.actor).filter(**{self.side: self.actor.organisation.pk})
        return mine.filter(self.condition())

    def condition(self) -> Q:
        """What the filters ask of a fact."""
        asked, found = self.narrow, Q()
        for key, path in (
            ("with", self.other),
            ("type", "deal__type"),
            ("territory", "partnership__territory"),
            ("stage", "deal__stage"),
        ):
            if key in asked:
                found &= Q(**{path: asked[key]})
        if self.as_vendor and "reviewer" in asked:
            found &= Q(reviewer=None) if asked["reviewer"] == "0" else Q(reviewer=asked["reviewer"])
        if "line" in asked:
            found &= Q(Exists(DealLine.objects.filter(deal=OuterRef("deal"), product_line=asked["line"])))
        return found


def scope_of(actor: Actor, params: QueryDict, side: str = "") -> Scope:
    """The scope that an address names; what it names wrongly is left out, never an error."""
    wanted = side or params.get("side", "")
    chosen = wanted if wanted in SIDES else usual_side(actor)
    start, end = days_of(params)
    narrow = {key: params.get(key, "")[:120] for key in ("territory", "line")}
    for key in ROWS:
        value = params.get(key, "")
        narrow[key] = value if key == "stage" and value in Stage.values else value if is_number(value) else ""
    return Scope(actor, chosen, start, end, {key: value for key, value in narrow.items() if value})


def usual_side(actor: Actor) -> str:
    """The side on which the organisation mostly is: the one that decides where it has partners."""
    mine = Partnership.objects.visible_to(actor).filter(vendor=actor.organisation)
    return "vendor" if mine.exists() else "partner"


def is_number(value: str) -> bool:
    """Whether a parameter can be a key."""
    return value.isascii() and value.isdigit() and len(value) < 16


def days_of(params: QueryDict, default: int = DEFAULT_DAYS) -> tuple[date, date]:
    """The days that an address names, never in the future; `default` days up to the last one where it names none."""
    today = localdate()
    end = min(_day(params.get("to", "")) or today, today)
    start = _day(params.get("from", "")) or end - timedelta(days=default - 1)
    start = min(start, end)
    return max(start, end - timedelta(days=MOST_DAYS - 1)), end


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and found.year > 1999 else None


def midnight(day: date) -> datetime:
    """The start of a day in the portal's time zone."""
    return make_aware(datetime.combine(day, time.min))
