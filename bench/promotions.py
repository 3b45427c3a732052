"""500 promotions on 1,000 lines: how long the engine takes beside the loop that prices the lines alone, and its growth.

Pure Python, no database. Every tenth promotion reaches every line, the others one product or one product line each.
"""

import gc
import random
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from bench import Row
from core.money import round_money
from promotions.engine import Break, Item, Offer, price

PROMOTIONS = 500
PRODUCTS, LINES = 400, 20
KINDS = ("percent", "amount", "fixed", "volume", "bundle", "rebate")
STACKING = ("combines", "best", "exclusive")


def run() -> list[Row]:
    """Time for 1,000 lines with and without promotions; time for 10,000; both with 500 promotions."""
    offers = _offers()
    few, many = _basket(1_000), _basket(10_000)
    bare = _best_of(lambda: _alone(few), 7)
    ours = _best_of(lambda: price(few, offers), 5)
    big = _best_of(lambda: price(many, offers), 3)
    narrow = [offer for offer in offers if offer.products or offer.lines]
    most = _best_of(lambda: price(few, narrow), 5)
    pairs = sum(_reaches(offer, item) for offer in offers for item in few)
    return [
        Row("1,000 lines, 500 promotions", _rate(1_000, ours), _rate(1_000, bare), "the loop without", ours / bare),
        Row("the 450 that reach a part alone", _rate(1_000, most), _rate(1_000, bare), "the loop without", most / bare),
        Row(f"a line and a promotion on it, {pairs:,}", _rate(pairs, ours), _rate(1_000, bare), "a line alone",
            ours / pairs / (bare / 1_000)),
        Row("10,000 lines to 1,000", f"{big:.3f} s", f"{10 * ours:.3f} s", "ten times 1,000", big / (10 * ours)),
    ]  # fmt: skip


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s"


def _best_of(work: Callable[[], object], times: int) -> float:
    found = []
    for _each in range(times):
        gc.collect()
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def _alone(basket: Sequence[Item]) -> Decimal:
    """What pricing does without promotions: each line's rounded amount."""
    return sum((round_money(item.quantity * item.unit_price, item.currency) for item in basket), Decimal(0))


def _reaches(offer: Offer, item: Item) -> bool:
    return not (offer.products or offer.lines) or item.product in offer.products or item.line in offer.lines


def _basket(size: int) -> list[Item]:
    rng = random.Random(size)
    return [
        Item(
            str(at),
            product := rng.randrange(PRODUCTS),
            f"line {product % LINES}",
            Decimal(rng.randint(1, 60)),
            Decimal(rng.randint(100, 900_000)) / 100,
            "EUR",
        )
        for at in range(size)
    ]


def _offers() -> list[Offer]:
    rng = random.Random(7)
    found = []
    for pk in range(1, PROMOTIONS + 1):
        wide, by_line = pk % 10 == 0, pk % 10 == 5
        found.append(
            Offer(
                id=pk,
                kind=KINDS[pk % len(KINDS)],
                currency="EUR",
                value=Decimal(rng.randint(1, 15)),
                breaks=(Break(Decimal(10), Decimal(3)), Break(Decimal(50), Decimal(6))),
                buy=10,
                get=1,
                products=frozenset() if wide or by_line else frozenset({rng.randrange(PRODUCTS)}),
                lines=frozenset({f"line {rng.randrange(LINES)}"}) if by_line else frozenset(),
                stacking=rng.choice(STACKING),
                group=rng.choice("abc"),
                priority=rng.randrange(5),
                amount_left=Decimal(10**9) if pk % 4 == 0 else None,
            )
        )
    return found
