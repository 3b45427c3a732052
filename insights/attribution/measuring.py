"""What credits add up to: some grouped queries over them, whatever there is to add."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from core.money import round_money
from insights.attribution.models import Confidence, Credit
from insights.attribution.scopes import MoneyScope
from insights.attribution.splitting import MODELS

ZERO = Decimal(0)
Kind = Credit.Kind


class Key(NamedTuple):
    """What money goes back to."""

    kind: str
    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one source is credited with by each model, on how many lines, and how sure that is at least and at most."""

    amounts: dict[str, Decimal]
    lines: int
    sure: Decimal  # the part by the chosen model whose chain is certain

    def plus(self, other: "Part | None") -> "Part":
        """Both together."""
        if other is None:
            return self
        amounts = {name: amount + other.amounts[name] for name, amount in self.amounts.items()}
        return Part(amounts, self.lines + other.lines, self.sure + other.sure)


def exact(value: Decimal | None) -> Decimal:
    """A sum as it was written: SQLite adds up in floating point, and no column has more than four decimals."""
    return ZERO if value is None else value.quantize(Decimal("0.0001")).normalize() + ZERO


def _sums() -> dict[str, Sum]:
    return {f"by_{name}": Sum(name) for name in MODELS}


def by_source(scope: MoneyScope) -> dict[Key, Part]:
    """The sums of each source. One query."""
    rows = scope.credits().order_by().values("kind", "source_id", "source_name")
    certain = Sum(scope.model, filter=Q(confidence=Confidence.CERTAIN))
    return {
        Key(row["kind"], row["source_id"], row["source_name"]): Part(
            {name: exact(row[f"by_{name}"]) for name in MODELS},  # type: ignore[literal-required]
            row["lines"],
            exact(row["sure"]),
        )
        for row in rows.annotate(**_sums(), lines=Count("trace", distinct=True), sure=certain)
    }


def total(scope: MoneyScope) -> tuple[Decimal, int]:
    """What was invoiced less what was credited, and on how many lines."""
    found = scope.credits().aggregate(total=Sum("linear"), lines=Count("trace", distinct=True))
    return exact(found["total"]), found["lines"]


@dataclass(frozen=True, slots=True)
class Month:
    """A month, cut at the ends of the scope: what each kind of source is credited with."""

    start: date
    end: date
    amounts: dict[str, Decimal]


def by_month(scope: MoneyScope) -> list[Month]:
    """Each month's amounts by kind of source, by the chosen model. One query."""
    found: dict[date, dict[str, Decimal]] = {start: {} for start in _months(scope)}
    rows = scope.credits().order_by().values("kind", month=TruncMonth("day"))
    for row in rows.annotate(amount=Sum(scope.model)):
        found[row["month"]][row["kind"]] = exact(row["amount"])
    starts = [*found, scope.end + timedelta(days=1)]
    return [
        Month(max(start, scope.start), after - timedelta(days=1), found[start]) for start, after in pairwise(starts)
    ]


def _months(scope: MoneyScope) -> list[date]:
    starts, day = [], scope.start.replace(day=1)
    while day <= scope.end:
        starts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return starts


def ratio(back: Decimal, spent: Decimal) -> Decimal | None:
    """How many times what was spent came back, with one decimal; None where nothing was."""
    return (back / spent).quantize(Decimal("0.1")) if spent > 0 else None


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount as its currency is paid."""
    return round_money(amount, currency)
