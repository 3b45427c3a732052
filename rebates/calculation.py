"""What a rule earns. Pure: no database, no clock.

A rule is a function of the volume of a period: `earned(rule, volume)`. A line that moves the volume from V to V + b
earns earned(V + b) − earned(V), and a credit note moves it back. So the amounts of any lines, in any order, add up to
what the rule says of their sum; what was invoiced and credited again leaves nothing, to the last cent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.money import round_money

ZERO = Decimal(0)


class Kind(StrEnum):
    """How volume becomes money."""

    PERCENT = "percent"
    FIXED = "fixed"
    TIERS = "tiers"
    GROWTH = "growth"


class Part(StrEnum):
    """Why an amount was accrued on a line."""

    LINE = "line"
    RERATED = "rerated"
    REVERSED = "reversed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Step:
    """From this volume of a period on, this rate."""

    start: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. Rates are percent of net amounts, or money for each unit (`of_units`); `baseline` is the volume of the
    former period, above which growth begins. `retroactive`: a step holds for the whole volume, not what is above it."""

    kind: Kind
    currency: str
    rate: Decimal = ZERO
    steps: Sequence[Step] = ()
    retroactive: bool = False
    of_units: bool = False
    baseline: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Running:
    """How far a period has come: its volume, and what was accrued on it."""

    volume: Decimal = ZERO
    accrued: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Accrued:
    """An amount on a line: of which base, at which rate, why."""

    part: Part
    base: Decimal
    rate: Decimal
    amount: Decimal


def earned(rule: Rule, volume: Decimal) -> Decimal:
    """What a volume earns in all, rounded half up at the currency's minor unit; negative for less than nothing."""
    return round_money(_exact(rule, volume), rule.currency)


def _exact(rule: Rule, volume: Decimal) -> Decimal:
    if rule.kind == Kind.GROWTH:
        return _money(rule, max(volume - rule.baseline, ZERO), rule.rate)
    if rule.kind != Kind.TIERS:
        return _money(rule, volume, rule.rate)
    if rule.retroactive or volume <= 0:
        return _money(rule, volume, rate_at(rule, volume))
    return sum((_money(rule, some, rate) for some, rate in _slices(rule, volume)), ZERO)


def _slices(rule: Rule, volume: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """The parts of a volume that fall between the steps, each with its rate."""
    steps = sorted(rule.steps, key=lambda step: step.start)
    ends = [step.start for step in steps[1:]] + [max(volume, steps[-1].start)] if steps else []
    for step, end in zip(steps, ends, strict=True):
        if volume > step.start:
            yield min(volume, end) - step.start, step.rate


def _money(rule: Rule, volume: Decimal, rate: Decimal) -> Decimal:
    return volume * rate if rule.of_units else volume * rate / 100


def rate_at(rule: Rule, volume: Decimal) -> Decimal:
    """The rate that holds at a volume; of steps, that of the highest one reached, 0 below the first."""
    if rule.kind != Kind.TIERS:
        return rule.rate
    reached = [step for step in rule.steps if step.start <= max(volume, ZERO)]
    return max(reached, key=lambda step: step.start).rate if reached else ZERO


def accrue(rule: Rule, running: Running, base: Decimal) -> tuple[Running, list[Accrued]]:
    """What a line of this base (negative on a credit note) accrues, and how far the period has come with it.

    Where a step holds for the whole volume and the line crosses it, what was accrued before is rated anew: a second
    amount, on the volume before the line, at the difference of the rates.
    """
    volume = running.volume + base
    total = earned(rule, volume)
    rate, before = rate_at(rule, volume), rate_at(rule, running.volume)
    parts = [Accrued(Part.LINE, base, rate, total - running.accrued)]
    if rule.kind == Kind.TIERS and rule.retroactive and rate != before and running.volume:
        own = round_money(_money(rule, base, rate), rule.currency)
        rest = total - running.accrued - own
        parts = [Accrued(Part.LINE, base, rate, own), Accrued(Part.RERATED, running.volume, rate - before, rest)]
    return Running(volume, total), parts


def total_of(rule: Rule, bases: Iterable[Decimal]) -> Decimal:
    """What lines earn together; anybody who has the lines can check a statement by it."""
    return earned(rule, sum(bases, ZERO))


def late_credit(closed: Running, credited: Decimal, base: Decimal, currency: str) -> Accrued:
    """What a credit of `base` (positive) takes back of a period that is closed, after `credited` was taken already.

    In proportion to its volume: when all of it is credited, all that it had earned is taken back, to the cent.
    """
    if closed.volume <= 0:
        return Accrued(Part.LATE, -base, ZERO, ZERO)

    def taken(volume: Decimal) -> Decimal:
        return round_money(closed.accrued * min(volume, closed.volume) / closed.volume, currency)

    rate = (closed.accrued / closed.volume * 100).quantize(Decimal("0.0001"))
    return Accrued(Part.LATE, -base, rate, taken(credited) - taken(credited + base))
