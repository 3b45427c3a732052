"""The forecast: what open deals may bring, by the month in which the customer decides. Per currency, never mixed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from core.money import round_money
from deals.models import Deal, Forecast
from deals.models.stages import category_is

MONTHS = 12
COMMITTED = category_is(Forecast.COMMITTED)
COUNTED = Q(state__in=Deal.OPEN) & ~Q(forecast=Forecast.OMITTED)
BEST = COUNTED & (COMMITTED | category_is(Forecast.BEST_CASE))
EARLIER, LATER = "earlier", "later"


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums in one currency, before tax. `best` holds `committed`, `open` holds `best`; `weighted` is open ×
    probability.

    Won is by the month of decision too, so that a month reads as one story.
    """

    committed: Decimal = Decimal(0)
    best: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    won: Decimal = Decimal(0)
    deals: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Cell:
    """Figures of one period (the first of a month, earlier, or later), currency and company or person."""

    period: date | str
    currency: str
    of: int | None
    figures: Figures


def months_from(first: date) -> list[date]:
    """The firsts of twelve months."""
    found = [first.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def cells_of(rows: "QuerySet[Deal]", first: date, of: str) -> list[Cell]:
    """What the database sums: by month, currency and `of` (vendor, partner or seller). Two queries, no deal is loaded.

    Deals that are still open from before `first` are earlier; what is decided after twelve months is later.
    """
    months = months_from(first)
    end = (months[-1] + timedelta(days=32)).replace(day=1)
    rows = rows.filter(Q(state__in=Deal.OPEN) | Q(state=Deal.State.WON)).exclude(decision_date=None).order_by()
    inside = rows.filter(decision_date__gte=first, decision_date__lt=end).annotate(period=TruncMonth("decision_date"))
    beyond = Case(When(decision_date__lt=first, then=Value(EARLIER)), default=Value(LATER), output_field=CharField())
    outside = rows.filter(Q(decision_date__lt=first) | Q(decision_date__gte=end), state__in=Deal.OPEN)
    return [*_summed(inside, of), *_summed(outside.annotate(period=beyond), of)]


def _summed(rows: "QuerySet[Deal]", of: str) -> Iterable[Cell]:
    sums = rows.values("period", "currency", of).annotate(
        committed=Sum("amount", filter=COUNTED & COMMITTED),
        best=Sum("amount", filter=BEST),
        open_sum=Sum("amount", filter=COUNTED),
        weighted=Sum(F("amount") * F("probability"), filter=COUNTED),
        won=Sum("amount", filter=Q(state=Deal.State.WON)),
        deals=Count("pk", filter=COUNTED),
    )
    for row in sums:
        figures = Figures(
            _exact(row["committed"]), _exact(row["best"]), _exact(row["open_sum"]),
            _exact(row["weighted"], 100), _exact(row["won"]), row["deals"],
        )  # fmt: skip
        yield Cell(row["period"], row["currency"], row[of], figures)


def _exact(value: Any, divisor: int = 1) -> Decimal:
    """Cents times a percentage, to the last digit: SQLite sums in floating point."""
    cents = Decimal(value or 0).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return cents / divisor


def total_of(cells: Iterable[Cell]) -> Figures:
    """The sum of figures in one currency."""
    return sum((each.figures for each in cells), Figures())


def rounded(amount: Decimal, currency: str) -> Decimal:
    """As it is shown."""
    return round_money(amount, currency)
