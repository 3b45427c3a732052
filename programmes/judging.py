"""Which tier figures earn, and what follows from it. Pure: no database, no clock."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Level:
    """A tier by its rank, and the least that each figure has to be. The lowest one asks for nothing."""

    rank: int
    asks: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Gap:
    """One figure of a tier: what is asked, what there is."""

    figure: str
    asked: Decimal
    value: Decimal

    @property
    def missing(self) -> Decimal:
        """How much is missing; never negative."""
        return max(self.asked - self.value, Decimal(0))

    @property
    def percent(self) -> int:
        """How much of it is reached, in whole percent from 0 to 100, rounded down: 100 means all of it."""
        if self.asked <= 0:
            return 100
        return int(min(max(self.value / self.asked, Decimal(0)), Decimal(1)) * 100)


class Step(StrEnum):
    """What a day brings to a partner."""

    STAY = "stay"
    PROMOTE = "promote"
    WARN = "warn"
    RECOVER = "recover"
    DEMOTE = "demote"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What to do, the rank to stand at after it, and the day of the fall where one is announced."""

    step: Step
    rank: int
    falls_on: date | None = None


def gaps(level: Level, values: Values) -> list[Gap]:
    """Each figure that a tier asks for, met or not."""
    return [Gap(figure, asked, values.get(figure, Decimal(0))) for figure, asked in level.asks.items()]


def earned(levels: Sequence[Level], values: Values) -> int:
    """The highest rank whose figures are all reached; the lowest rank where none is.

    A tier above the lowest that asks for nothing is given by hand: figures never earn it.
    """
    reached = [level.rank for level in levels if level.asks and not any(gap.missing for gap in gaps(level, values))]
    return max([min(level.rank for level in levels), *reached])


def next_level(levels: Sequence[Level], rank: int) -> Level | None:
    """The tier above a rank that figures can earn."""
    above = [level for level in levels if level.rank > rank and level.asks]
    return min(above, key=lambda level: level.rank, default=None)


def judge(
    levels: Sequence[Level], *, stands: int | None, earns: int, falls_on: date | None, day: date, grace_days: int
) -> Ruling:
    """Up at once; down only after `grace_days` of warning, and not from a tier that was given by hand."""
    if stands is None or earns > stands:
        return Ruling(Step.PROMOTE, earns)
    by_hand = not any(level.asks for level in levels if level.rank == stands)
    if earns == stands or by_hand:
        return Ruling(Step.RECOVER if falls_on else Step.STAY, stands)
    falls = falls_on or day + timedelta(days=grace_days)
    if day >= falls:
        return Ruling(Step.DEMOTE, earns)
    return Ruling(Step.STAY if falls_on else Step.WARN, stands, falls)


def rolling(day: date) -> tuple[date, date]:
    """The twelve months that end with a day: both ends belong to them."""
    year, month = day.year - 1, day.month
    start = date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=1)
    return start, day


def calendar(day: date) -> tuple[date, date]:
    """The year of a day, as far as it has come."""
    return date(day.year, 1, 1), day


def year_before(day: date) -> tuple[date, date]:
    """The whole calendar year before that of a day."""
    return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)
