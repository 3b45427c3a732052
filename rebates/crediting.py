"""Which invoice lines a line of a credit note takes back, and how much of each. Pure: no database, no clock.

A line says what it credits by the number of an invoice, a line of it, the order or its line, or only by a product.
Within an invoice or an order it is shared out in proportion to what is left of the lines that it may mean; by the
product alone it is matched only where it makes no difference to any rebate, or where the amount tells which line.
Of no invoice line more is taken than is left of it; what is left of the credit is told with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.money import minor_units

ZERO = Decimal(0)
FINEST = 4  # decimals to which amounts are kept
UNIT = Decimal("0.000001")  # to which quantities are shared out


class Why(StrEnum):
    """Why something of a credit has found no invoice line."""

    UNKNOWN_INVOICE = "unknown_invoice"
    NOT_INVOICED = "not_invoiced"
    NOT_ON_IT = "not_on_it"
    TOO_MUCH = "too_much"
    SEVERAL = "several"
    NOTHING_SAID = "nothing_said"


@dataclass(frozen=True, slots=True)
class Said:
    """What a line of a credit note says of what it credits; `codes` are the numbers of its product. Where a key or a
    text is missing it says nothing of that kind."""

    amount: Decimal
    units: Decimal
    currency: str
    day: date
    invoice: str = ""
    invoice_line: str = ""
    order: int | None = None
    order_line: int | None = None
    codes: frozenset[str] = frozenset()
    number: str = ""
    title: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to go by."""
        return not (self.invoice or self.order or self.order_line or self.codes)

    @property
    def is_loose(self) -> bool:
        """Whether there is only a product to go by."""
        return not (self.invoice or self.order or self.order_line)


@dataclass(slots=True)
class Charged:
    """An invoice line with what is left of it, negative for a line that lowered its invoice. `counts` says for which
    rebates and periods it counts; `replaces` is the number of the invoice in the place of which its own came."""

    pk: int
    rest: Decimal
    units: Decimal
    day: date
    invoice: int
    invoice_number: str
    replaces: str = ""
    order: int | None = None
    order_line: int | None = None
    codes: frozenset[str] = frozenset()
    number: str = ""
    title: str = ""
    counts: frozenset[tuple[int, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """So much is taken back of an invoice line."""

    pk: int
    amount: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """What a credit takes back, and why not all of it has found its place."""

    taken: tuple[Taken, ...]
    why: Why | None


def match(said: Said, lines: Sequence[Charged]) -> Found:
    """Match a credit with the invoice lines between the two companies. `lines` are changed: what is taken is off."""
    if said.is_plain:
        return Found((), Why.NOTHING_SAID)
    near = _near(said, lines)
    if not near:
        return Found((), Why.UNKNOWN_INVOICE if said.invoice else Why.NOT_INVOICED)
    meant = _meant(said, near)
    if not meant:
        return Found((), Why.NOT_ON_IT if said.invoice else Why.NOT_INVOICED)
    amounts = _loosely(said, meant) if said.is_loose else _within(said, meant)
    if amounts is None:
        return Found((), Why.SEVERAL)
    taken = tuple(take(said, row, amount) for row, amount in zip(meant, amounts, strict=True) if amount)
    return Found(taken, Why.TOO_MUCH if sum((each.amount for each in taken), ZERO) != said.amount else None)


def take(said: Said, row: Charged, amount: Decimal) -> Taken:
    """Take an amount off an invoice line, and its part of the credited units: all that are left with the last cent."""
    units = row.units
    if amount != row.rest:
        part = (said.units * amount / said.amount).quantize(UNIT, rounding=ROUND_DOWN) if said.amount else ZERO
        units = max(ZERO, min(row.units, part))
    row.rest -= amount
    row.units -= units
    return Taken(row.pk, amount, units)


def _near(said: Said, lines: Sequence[Charged]) -> list[Charged]:
    """The lines of the invoice or order that is named; all where only a product is."""
    if said.invoice:
        return _of_invoice(said, lines)
    if said.order_line:
        return [row for row in lines if row.order_line == said.order_line]
    return [row for row in lines if row.order == said.order] if said.order else list(lines)


def _of_invoice(said: Said, lines: Sequence[Charged]) -> list[Charged]:
    """Numbers begin anew each year: of several invoices with one number the last before the credit is meant."""
    named = [row for row in lines if said.invoice in (row.invoice_number, row.replaces)]
    before = [row for row in named if row.day <= said.day]
    one = max(before, key=lambda row: (row.day, row.pk)) if before else min(named, key=_age, default=None)
    return [row for row in named if one and row.invoice == one.invoice]


def _age(row: Charged) -> tuple[date, int]:
    return row.day, row.pk


def _meant(said: Said, near: list[Charged]) -> list[Charged]:
    """Of these the ones that it can mean: by line, by product, by number and words, else all."""
    if said.invoice_line:
        return [row for row in near if _bare(row.number) == _bare(said.invoice_line)]
    if said.order_line and (same := [row for row in near if row.order_line == said.order_line]):
        return same
    if said.is_loose or (said.codes and any(row.codes for row in near)):
        return [row for row in near if row.codes & said.codes]
    return _like(said, near) or near


def _like(said: Said, near: list[Charged]) -> list[Charged]:
    """Those with the same words, and of them the one with its amount or its number: credit notes count their lines
    anew, so that neither is more than a hint. None where they have not enough left."""
    alike = [row for row in near if said.title and row.title == said.title]
    exact = [row for row in alike if row.rest == said.amount]
    both = [row for row in alike if _bare(row.number) == _bare(said.number)]
    for hint in (exact, both):
        if len(hint) == 1 and abs(hint[0].rest) >= abs(said.amount) and _usable(said, hint[0]):
            return hint
    left = sum((row.rest for row in alike if _usable(said, row)), ZERO)
    return alike if abs(left) >= abs(said.amount) else []


def _bare(number: str) -> str:
    return number.strip().lstrip("0")


def _within(said: Said, meant: list[Charged]) -> list[Decimal] | None:
    """The line of exactly this amount, else in proportion to what is left of each."""
    exact = [row for row in meant if row.rest == said.amount]
    if len(exact) == 1:
        return [row.rest if row is exact[0] else ZERO for row in meant]
    return _all_of(said, meant) or _in_proportion(said, meant)


def _loosely(said: Said, meant: list[Charged]) -> list[Decimal] | None:
    """None where it makes a difference which line is meant, and nothing tells it."""
    exact = [row for row in meant if row.rest == said.amount]
    if len({row.counts for row in exact}) == 1:
        newest = max(exact, key=_age)
        return [row.rest if row is newest else ZERO for row in meant]
    if whole := _all_of(said, meant):
        return whole
    if len({row.counts for row in meant if _usable(said, row)}) > 1:
        return None
    amounts, left = {}, said.amount
    for row in sorted(meant, key=_age, reverse=True):
        amounts[row.pk] = _least(left, row.rest) if _usable(said, row) else ZERO
        left -= amounts[row.pk]
    return [amounts[row.pk] for row in meant]


def _usable(said: Said, row: Charged) -> bool:
    """Whether anything of the line can be taken by a credit of this sign."""
    return row.rest * said.amount > 0


def _least(one: Decimal, other: Decimal) -> Decimal:
    return min(one, other, key=abs)


def _all_of(said: Said, meant: list[Charged]) -> list[Decimal] | None:
    """All that is left, where the credit is for as much or more."""
    if said.amount == sum((row.rest for row in meant), ZERO):
        return [row.rest for row in meant]
    usable = [row.rest if _usable(said, row) else ZERO for row in meant]
    return usable if abs(said.amount) >= abs(sum(usable, ZERO)) else None


def _in_proportion(said: Said, meant: list[Charged]) -> list[Decimal]:
    """Rounded on the running total, so that the parts are the amount, and none is more than what is left of its
    line."""
    usable = [row.rest if _usable(said, row) else ZERO for row in meant]
    step = _step(said, usable)
    whole, run, paid, parts = sum(usable, ZERO), ZERO, ZERO, []
    for rest in usable:
        run += rest
        part = (said.amount * run / whole / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step - paid
        paid += part
        parts.append(part)
    return parts


def _step(said: Said, usable: Sequence[Decimal]) -> Decimal:
    """The minor unit, or what is as fine as the amounts: a line may be stated finer."""
    for places in range(minor_units(said.currency), FINEST):
        step = Decimal(1).scaleb(-places)
        if not any(each % step for each in (said.amount, *usable)):
            return step
    return Decimal(1).scaleb(-FINEST)
