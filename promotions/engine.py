"""What a basket costs under the promotions that reach it. Pure: facts in, steps and refusals out.

How promotions meet on one line of a basket:

- `exclusive` ones stand alone; `best` ones of a group send their best to the others; `combines` follow each other, the
  higher priority first, each on the price that the one before has left.
- The buyer gets what saves it most: either one of the exclusive ones, or all that combine. A tie goes to the higher
  priority, then to the older promotion, so that the same basket always costs the same.
- A promotion is applied to a basket whole or not at all: where what is left of its budget does not cover it, it steps
  back, is told as a refusal, and the lines that it had are decided anew without it.

A unit price is never rounded and never below zero. `saving` is what an applied promotion costs its vendor: the line's
rounded amount before less that after, the price of the units given, or the rebate noted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal, localcontext

from core.money import round_money

ZERO = Decimal(0)
PRECISION = 60  # percentages follow each other exactly: nothing is cut off before the amount is rounded
NEAR = Decimal("0.2")  # who lacks at most a fifth of a threshold, or two units, is told so
NEAR_UNITS = Decimal(2)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a basket. `ref` is unique in it; `line` is the product line, case-folded; `unit_price` is what one
    unit costs before promotions."""

    ref: str
    product: int
    line: str
    quantity: Decimal
    unit_price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Break:
    """From so many units on, so many percent."""

    start: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A promotion as it stands for one buyer and one day.

    `kind`: percent, amount (off each unit), fixed (price of a unit), volume (`breaks` over all units it reaches),
    bundle (for each `buy` units, `get` on top, of the same product or of `reward`), rebate (percent, noted only).
    Without `products` and `lines` it reaches everything in its currency. `named`: the buyer asked for it by its code.
    `amount_left` and `uses_left` are what budgets leave this buyer; None is no limit.
    """

    id: int
    kind: str
    currency: str
    value: Decimal = ZERO
    breaks: tuple[Break, ...] = ()
    buy: int = 0
    get: int = 0
    reward: int | None = None
    products: frozenset[int] = frozenset()
    lines: frozenset[str] = frozenset()
    stacking: str = "combines"
    group: str = ""
    priority: int = 0
    min_quantity: Decimal = ZERO
    min_value: Decimal = ZERO
    needs_deal: bool = False
    named: bool = False
    amount_left: Decimal | None = None
    uses_left: int | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Its place among others: the higher priority, then the older."""
        return -self.priority, self.id


@dataclass(frozen=True, slots=True)
class Applied:
    """One promotion on one line: the price of a unit before and after it, the units given on top, what it saves."""

    offer: int
    before: Decimal
    after: Decimal
    given: Decimal
    percent: Decimal | None
    saving: Decimal


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a promotion does not apply, or nearly would: `code` and the figures of its sentence. Codes that begin with
    "near_" are hints; the others concern what was named, or what would apply if its budget were not used up."""

    offer: int
    code: str
    lacks: Decimal = ZERO
    goal: Decimal = ZERO
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applies, by the `ref` of each line that something applies to, and what does not."""

    applied: dict[str, tuple[Applied, ...]]
    refused: tuple[Refused, ...]

    def savings(self) -> dict[int, Decimal]:
        """What each applied promotion costs in all."""
        found: defaultdict[int, Decimal] = defaultdict(Decimal)
        for steps in self.applied.values():
            for step in steps:
                found[step.offer] += step.saving
        return dict(found)


@dataclass(slots=True)
class _Reach:
    """An offer with the places of the lines that it reaches; a bundle says how much each of them is given."""

    offer: Offer
    places: list[int]
    percent: Decimal = ZERO
    given: dict[int, Decimal] = field(default_factory=dict)


def price(items: Sequence[Item], offers: Iterable[Offer], *, deal: bool = False) -> Outcome:
    """Apply the offers to a basket. `deal`: it names a registered deal.

    Costs as much as there are lines and pairs of a line and an offer that reaches it, whatever else is on offer.
    """
    with localcontext(prec=PRECISION):
        shelf, refused = _Shelf(items), []
        on_line: list[list[_Reach]] = [[] for _ in items]
        for offer in sorted(offers, key=lambda each: each.rank):
            reach, said = _reach(offer, shelf, deal)
            refused += said
            if reach is not None:
                for place in reach.places:
                    on_line[place].append(reach)
        return _within_budgets(items, on_line, refused)


class _Shelf:
    """The lines of a basket by product and by product line."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.by_product: defaultdict[int, list[int]] = defaultdict(list)
        self.by_line: defaultdict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(items):
            self.by_product[item.product].append(place)
            self.by_line[item.line].append(place)

    def reached(self, offer: Offer) -> list[int]:
        """The places of the lines that an offer is about, in its currency."""
        if not offer.products and not offer.lines:
            found: Iterable[int] = range(len(self.items))
        else:
            by_product = {place for product in offer.products for place in self.by_product.get(product, ())}
            found = by_product.union(*(self.by_line.get(line, ()) for line in offer.lines))
        return [place for place in found if self.items[place].currency == offer.currency]

    def first_of(self, product: int, currency: str) -> int | None:
        """The line of a product that units are given on: the one with the smallest ref, however lines are sorted."""
        own = [place for place in self.by_product.get(product, ()) if self.items[place].currency == currency]
        return min(own, key=lambda place: self.items[place].ref, default=None)


def _reach(offer: Offer, shelf: _Shelf, deal: bool) -> tuple[_Reach | None, list[Refused]]:
    places = shelf.reached(offer)
    if not places:
        return None, [Refused(offer.id, "no_product")] if offer.named else []
    refusal = _unmet(offer, [shelf.items[place] for place in places], deal)
    if refusal is not None:
        return None, [refusal] if offer.named or refusal.code.startswith(("near_", "budget", "uses")) else []
    if offer.kind == "volume":
        return _volume(offer, places, shelf)
    if offer.kind == "bundle":
        return _bundle(offer, places, shelf)
    return _Reach(offer, places), []


def _unmet(offer: Offer, items: Sequence[Item], deal: bool) -> Refused | None:
    """The first condition that a basket does not meet."""
    quantity = sum((item.quantity for item in items), ZERO)
    value = sum((item.quantity * item.unit_price for item in items), ZERO)
    if offer.needs_deal and not deal:
        return Refused(offer.id, "deal")
    if quantity < offer.min_quantity:
        return _short(offer, "quantity", quantity, offer.min_quantity)
    if value < offer.min_value:
        return _short(offer, "value", value, offer.min_value)
    if offer.uses_left is not None and offer.uses_left <= 0:
        return Refused(offer.id, "uses")
    if offer.amount_left is not None and offer.amount_left <= 0:
        return Refused(offer.id, "budget_gone")
    return None


def _short(offer: Offer, what: str, has: Decimal, goal: Decimal) -> Refused:
    close = _is_near(goal - has, goal, ZERO if what == "value" else NEAR_UNITS)
    return Refused(offer.id, f"near_{what}" if close and not offer.named else what, goal - has, goal)


def _is_near(lacks: Decimal, goal: Decimal, least: Decimal = NEAR_UNITS) -> bool:
    return lacks < goal and lacks <= max(goal * NEAR, least)


def _volume(offer: Offer, places: list[int], shelf: _Shelf) -> tuple[_Reach | None, list[Refused]]:
    """The break that all units together reach, and the next one where little is missing."""
    quantity = sum((shelf.items[place].quantity for place in places), ZERO)
    reached = [each.percent for each in offer.breaks if each.start <= quantity]
    missed = min((each.start for each in offer.breaks if each.start > quantity), default=None)
    said = []
    if missed is not None:
        if _is_near(missed - quantity, missed):
            said.append(Refused(offer.id, "near_tier", missed - quantity, missed))
        elif not reached and offer.named:
            said.append(Refused(offer.id, "quantity", missed - quantity, missed))
    return (_Reach(offer, places, percent=max(reached)) if reached else None), said


def _bundle(offer: Offer, places: list[int], shelf: _Shelf) -> tuple[_Reach | None, list[Refused]]:
    """How many units are given, on which lines."""
    bought: defaultdict[int, Decimal] = defaultdict(Decimal)
    for place in places:
        bought[offer.reward or shelf.items[place].product] += shelf.items[place].quantity
    given, said = {}, []
    for product, quantity in sorted(bought.items()):
        times = (quantity / offer.buy).to_integral_value(ROUND_FLOOR)
        on = shelf.first_of(product, offer.currency)
        if times and on is None:
            said.append(Refused(offer.id, "near_reward", times * offer.get))
        elif times and on is not None:
            given[on] = times * offer.get
        lacks = (times + 1) * offer.buy - quantity
        if _is_near(lacks, Decimal(offer.buy)):
            ref = "" if on is None or offer.reward else shelf.items[on].ref
            said.append(Refused(offer.id, "near_bundle", lacks, Decimal(offer.get), ref))
        elif not times and offer.named:
            said.append(Refused(offer.id, "quantity", lacks, Decimal(offer.buy)))
    return (_Reach(offer, list(given), given=given) if given else None), said


def _within_budgets(items: Sequence[Item], on_line: list[list[_Reach]], refused: list[Refused]) -> Outcome:
    """Decide each line; whatever a budget does not cover steps back, the highest rank first, and is told."""
    chosen = {place: _best(items[place], reaches, place) for place, reaches in enumerate(on_line) if reaches}
    limited = {reach.offer.id: reach for reaches in on_line for reach in reaches if reach.offer.amount_left is not None}
    asked: defaultdict[int, Decimal] = defaultdict(Decimal)
    for steps in chosen.values():
        _count(asked, steps, limited, 1)
    while over := [reach for pk, reach in limited.items() if asked[pk] > (reach.offer.amount_left or ZERO)]:
        reach = min(over, key=lambda each: each.offer.rank)
        left = reach.offer.amount_left or ZERO
        refused.append(Refused(reach.offer.id, "budget", asked[reach.offer.id] - left, left))
        del limited[reach.offer.id]
        for place in reach.places:
            on_line[place].remove(reach)
            _count(asked, chosen[place], limited, -1)
            chosen[place] = _best(items[place], on_line[place], place)
            _count(asked, chosen[place], limited, 1)
    applied = {items[place].ref: steps for place, steps in chosen.items() if steps}
    used = {step.offer for steps in applied.values() for step in steps}
    kept = [each for each in refused if each.offer not in used or each.code.startswith("near_")]
    return Outcome(applied, (*kept, *_outbid(on_line, used)))


def _count(asked: defaultdict[int, Decimal], steps: Sequence[Applied], limited: dict[int, _Reach], sign: int) -> None:
    for step in steps:
        if step.offer in limited:
            asked[step.offer] += sign * step.saving


def _outbid(on_line: list[list[_Reach]], used: set[int]) -> list[Refused]:
    """What was named and could apply, but something else saves the buyer more."""
    named = {reach.offer.id for reaches in on_line for reach in reaches if reach.offer.named}
    return [Refused(offer, "better") for offer in sorted(named - used)]


def _best(item: Item, reaches: Sequence[_Reach], place: int) -> tuple[Applied, ...]:
    """What saves the buyer most on one line, compared before any rounding. `reaches` come by rank."""
    together = [reach for reach in reaches if reach.offer.stacking == "combines"]
    groups: defaultdict[str, list[_Reach]] = defaultdict(list)
    for reach in reaches:
        if reach.offer.stacking == "best":
            groups[reach.offer.group].append(reach)
    # Of equals the first, which has the higher rank.
    together += [max(group, key=lambda each: _worth(item, (each,), place)) for group in groups.values()]
    together.sort(key=lambda each: each.offer.rank)
    alone = [reach for reach in reaches if reach.offer.stacking == "exclusive"]
    best = max(alone, key=lambda each: _worth(item, (each,), place), default=None)
    if best is None:
        return _run(item, together, place)
    ours, theirs = _worth(item, (best,), place), _worth(item, together, place)
    if ours > theirs or (ours == theirs and (not together or best.offer.rank < together[0].offer.rank)):
        return _run(item, (best,), place)
    return _run(item, together, place)


def _worth(item: Item, reaches: Sequence[_Reach], place: int) -> Decimal:
    """What these offers save on a line, not rounded."""
    now, given, back = item.unit_price, ZERO, ZERO
    for reach in reaches:
        now, percent = _after(now, reach)
        given += reach.given.get(place, ZERO)
        if reach.offer.kind == "rebate" and percent is not None:
            back += percent
    return (item.unit_price - now) * item.quantity + now * (given + item.quantity * back / 100)


def _run(item: Item, reaches: Sequence[_Reach], place: int) -> tuple[Applied, ...]:
    """The steps of these offers on a line, those left out that save nothing."""
    price_now, steps = item.unit_price, []
    for reach in reaches:
        after, percent = _after(price_now, reach)
        steps.append((reach, price_now, after, percent))
        price_now = after
    applied = []
    for reach, before, after, percent in steps:
        given = reach.given.get(place, ZERO)
        saving = _saving(item, reach, (before, after, price_now), given)
        if saving > 0 or after < before:  # a price may fall by less than a rounded amount shows
            applied.append(Applied(reach.offer.id, before, after, given, percent, saving))
    return tuple(applied)


def _after(now: Decimal, reach: _Reach) -> tuple[Decimal, Decimal | None]:
    """The price of a unit after an offer, and its percentage where it has one."""
    offer = reach.offer
    if offer.kind == "percent":
        return now * (100 - offer.value) / 100, offer.value
    if offer.kind == "volume":
        return now * (100 - reach.percent) / 100, reach.percent
    if offer.kind == "amount":
        return max(ZERO, now - offer.value), None
    if offer.kind == "fixed":
        return min(now, offer.value), None
    return now, offer.value if offer.kind == "rebate" else None


def _saving(item: Item, reach: _Reach, prices: tuple[Decimal, Decimal, Decimal], given: Decimal) -> Decimal:
    """What an offer costs on a line; `prices` are before it, after it, and after all."""
    before, after, last = prices
    if reach.offer.kind == "bundle":
        return round_money(given * last, item.currency)
    if reach.offer.kind == "rebate":
        return round_money(item.quantity * last * reach.offer.value / 100, item.currency)
    return round_money(before * item.quantity, item.currency) - round_money(after * item.quantity, item.currency)
