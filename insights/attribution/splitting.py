"""How an amount is shared out among what came before it. Pure: no database, no clock.

Each way of sharing gives weights; the amount is cut by them to the smallest unit of the currency, and the units that
are left over go to the largest remainders (Hamilton's method), the earlier one first. So the parts add up exactly.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from core.money import minor_units

Weights = Callable[[int], list[int]]


def first(count: int) -> list[int]:
    """All of it to the first."""
    return [1, *[0] * (count - 1)]


def last(count: int) -> list[int]:
    """All of it to the last."""
    return [*[0] * (count - 1), 1]


def linear(count: int) -> list[int]:
    """The same to each."""
    return [1] * count


def position(count: int) -> list[int]:
    """40 % to the first and to the last, 20 % to all between them together; halves where there are two."""
    if count <= 2:
        return [1] * count
    between = count - 2
    return [2 * between, *[1] * between, 2 * between]


MODELS: dict[str, Weights] = {"first": first, "last": last, "linear": linear, "position": position}


def split(amount: Decimal, weights: Sequence[int], currency: str) -> list[Decimal]:
    """Parts of an amount by whole weights that are not all nought. Their sum is the amount, to its last decimal."""
    unit = Decimal(1).scaleb(-minor_units(currency))
    if amount % unit:  # a line may be stated finer than its currency's minor unit
        unit = Decimal(1).scaleb(int(amount.normalize().as_tuple().exponent))
    units, whole = int(abs(amount) / unit), sum(weights)
    parts = [units * weight // whole for weight in weights]
    remainders = [units * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-remainders[at], at))
    for at in order[: units - sum(parts)]:
        parts[at] += 1
    sign = -1 if amount < 0 else 1
    return [part * unit * sign for part in parts]


def shared(amount: Decimal, count: int, currency: str) -> dict[str, list[Decimal]]:
    """The parts of each of so many touches, in their order, by every model."""
    return {name: split(amount, weights(count), currency) for name, weights in MODELS.items()}
