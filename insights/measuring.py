"""What the figures come to: a constant number of grouped queries over the facts, whatever there is to count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.timezone import localtime

from insights.figures import Figure, figures_for
from insights.offers import may_see, offer_counts
from insights.percentiles import percentile, percentiles
from insights.scopes import Scope
from insights.sets import IN_ONE_QUERY, SETS, invoice_lines, touched

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure's value: percent, business minutes, days or a count; None where nothing was there to measure.

    `base` and `part` are the numbers of deals (of invoice lines for the coverage).
    """

    value: Decimal | None
    base: int
    part: int | None = None


Measures = dict[str, Measure]


def share(part: int, base: int) -> Decimal | None:
    """Percent with one decimal, rounded half up; None of nothing."""
    return (Decimal(part) * 100 / base).quantize(TENTH, ROUND_HALF_UP) if base else None


def counts(scope: Scope, by: str = "") -> dict[Any, dict[str, int]]:
    """How many facts each set of the scope has: one row a value of `by`, or one under None. One query."""
    # Prefixed, as some sets are called like the column that they count.
    sets = {f"n_{code}": Count("pk", filter=SETS[code].condition(scope)) for code in IN_ONE_QUERY}
    rows = scope.facts().filter(touched(scope)).order_by()
    if not by:
        return {None: _plain(rows.aggregate(**sets))}
    return {row[by]: _plain(row) for row in rows.values(by).annotate(**sets)}


def _plain(row: dict[str, Any]) -> dict[str, int]:
    return {key.removeprefix("n_"): value for key, value in row.items() if key.startswith("n_")}


def measure(scope: Scope) -> Measures:
    """Every figure that the scope's side may know."""
    counted = counts(scope)[None]
    decided = scope.facts().filter(SETS["decided"].condition(scope))
    times = percentiles(decided, "minutes").get(None, (None, None))
    if scope.as_vendor:
        counted["conflicts"] = scope.facts().filter(SETS["conflicts"].condition(scope)).count()
    offers = may_see(scope)
    if offers:
        counted |= offer_counts(scope)
    special = {
        "decision_median": _measured(times[0], counted["decided"]),
        "decision_p90": _measured(times[1], counted["decided"]),
        "registered": _measured(counted["registered"], counted["registered"]),
        "coverage": _coverage(scope),
        "first_deal": _first_deal(scope),
    }
    return {
        figure.code: special.get(figure.code) or _rate(figure, counted)
        for figure in figures_for(scope.side, offers=offers)
    }


def rates(counted: dict[str, int], times: tuple[Any, Any]) -> Measures:
    """The figures of one group (a partner, a reviewer), from its counts and times."""
    found = {
        figure.code: _rate(figure, counted)
        for figure in figures_for("partner")
        if figure.part and figure.part in counted
    }
    found["registered"] = _measured(counted["registered"], counted["registered"])
    found["decision_median"] = _measured(times[0], counted["decided"])
    found["decision_p90"] = _measured(times[1], counted["decided"])
    return found


def _rate(figure: Figure, counted: dict[str, int]) -> Measure:
    base, part = counted[figure.base], counted[figure.part]
    return Measure(share(part, base), base, part)


def _measured(value: Any, base: int) -> Measure:
    return Measure(None if value is None else Decimal(value), base)


def _coverage(scope: Scope) -> Measure:
    """Invoiced lines; with a filter that only deals have, the share cannot be told and is left out."""
    if scope.narrow.keys() - {"with"}:
        return Measure(None, 0, 0)
    found = invoice_lines(scope).aggregate(base=Count("pk"), part=Count("pk", filter=Q(order__deal__isnull=False)))
    return Measure(share(found["part"], found["base"]), found["base"], found["part"])


def _first_deal(scope: Scope) -> Measure:
    firsts = scope.facts().filter(SETS["first_deals"].condition(scope))
    pairs = firsts.values_list("partnership__since", "submitted_at")
    days = sorted(max(0, (localtime(moment).date() - since).days) for since, moment in pairs if since)
    return Measure(None if not days else Decimal(percentile(days, 0.5)), len(days))


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a table: whose it is, its counts and its figures."""

    key: Any
    name: str
    counts: dict[str, int]
    measures: Measures


def names_of(scope: Scope, by: str) -> dict[Any, str]:
    """The names of the rows that a column of the facts refers to within the days."""
    found = scope.facts().filter(touched(scope)).order_by().values_list(by, f"{by}__name").distinct()
    return {key: name or "" for key, name in found}


def table(scope: Scope, by: str) -> list[Row]:
    """The figures by a column of the facts (partner, vendor, reviewer), the busiest first. Three queries."""
    counted, names = counts(scope, by), names_of(scope, by)
    times = percentiles(scope.facts().filter(SETS["decided"].condition(scope)), "minutes", by)
    rows = [
        Row(key, names.get(key, ""), found, rates(found, times.get(key, (None, None))))
        for key, found in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row.counts["registered"], -row.counts["decided"], row.name))


@dataclass(frozen=True, slots=True)
class Pile:
    """Open deals of one stage: how many, and their sums by currency, whole and weighted by probability."""

    key: str
    count: int
    sums: dict[str, Decimal]
    weighted: dict[str, Decimal]


def pipeline(scope: Scope) -> dict[str, Pile]:
    """What is open now by stage, in one query."""
    rows = scope.facts().filter(SETS["open"].condition(scope)).order_by()
    exact = DecimalField(max_digits=20, decimal_places=4)
    weighted = ExpressionWrapper(F("deal__amount") * F("deal__probability") / Decimal(100), output_field=exact)
    found: dict[str, Pile] = {}
    grouped = rows.values("deal__stage", "deal__currency")
    for row in grouped.annotate(n=Count("pk"), sum=Sum("deal__amount"), part=Sum(weighted)):
        pile = found.setdefault(row["deal__stage"], Pile(row["deal__stage"], 0, {}, {}))
        sums = {**pile.sums, row["deal__currency"]: row["sum"]}
        parts = {**pile.weighted, row["deal__currency"]: row["part"]}
        found[pile.key] = Pile(pile.key, pile.count + row["n"], sums, parts)
    return found


TREND = (("registered", "submitted_at"), ("approved", "decided_at"), ("won", "closed_at"))
MOST_WEEKS = 27


@dataclass(frozen=True, slots=True)
class Bucket:
    """A week (from Monday) or a month of the trend, cut at the ends of the scope."""

    start: date
    end: date
    counts: dict[str, int]


def trend(scope: Scope) -> list[Bucket]:
    """How many were registered, approved and won in each week; in each month where there would be over 27 weeks."""
    monthly = scope.days > MOST_WEEKS * 7
    found: dict[date, dict[str, int]] = {start: {} for start in _starts(scope, monthly)}
    for code, column in TREND:
        rows = scope.facts().filter(SETS[code].condition(scope)).order_by()
        cut = (TruncMonth if monthly else TruncWeek)(column)
        for row in rows.values(bucket=cut).annotate(n=Count("pk")):
            found[localtime(row["bucket"]).date()][code] = row["n"]
    starts = [*found, scope.end + timedelta(days=1)]
    return [
        Bucket(max(start, scope.start), after - timedelta(days=1), found[start]) for start, after in pairwise(starts)
    ]


def _starts(scope: Scope, monthly: bool) -> Iterator[date]:
    day = scope.start.replace(day=1) if monthly else scope.start - timedelta(days=scope.start.weekday())
    while day <= scope.end:
        yield day
        day = (day + timedelta(days=32)).replace(day=1) if monthly else day + timedelta(days=7)
