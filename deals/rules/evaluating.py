"""Whether a rule holds for what is known of a deal."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Facts = Mapping[str, Any]
JOINS: dict[str, Callable[[Iterable[bool]], bool]] = {"all": all, "any": any}


def first_that_holds(rules: Iterable[Any], facts: Facts) -> Any | None:
    """The first active rule that holds, in the order in which they stand; None when none does."""
    return next((rule for rule in rules if holds(rule, facts)), None)


def holds(rule: Any, facts: Facts) -> bool:
    """True when an active rule holds for these facts. False for a rule that is empty, or that nobody can read.

    Facts are by key of the catalogue: money as (Decimal, currency), numbers as Decimal or int, choices and text as str,
    many as a set of str, days as date, yes or no as bool; what is not known is absent or None.
    """
    try:
        if rule["active"] is not True or not rule["groups"]:
            return False
        return JOINS[rule["join"]](_group_holds(group, facts) for group in rule["groups"])
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return False


def _group_holds(group: Any, facts: Facts) -> bool:
    if not group["conditions"]:
        return False
    return JOINS[group["join"]](_condition_holds(condition, facts) for condition in group["conditions"])


def _condition_holds(condition: Any, facts: Facts) -> bool:
    fact, value = facts.get(condition["field"]), condition.get("value")
    if fact is None:
        return False
    return bool(TESTS[condition["op"]](fact, value))


def _compared(test: Callable[[Decimal, Decimal], bool]) -> Callable[[Any, Any], bool]:
    def compare(fact: Any, value: Any) -> bool:
        if isinstance(fact, tuple):  # amounts in another currency are not compared
            return fact[1] == value["currency"] and test(fact[0], _finite(value["amount"]))
        return test(Decimal(fact), _finite(value))

    return compare


def _finite(text: Any) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def folded(text: str) -> str:
    """How texts are compared: without regard to case and to space around them."""
    return str(text).strip().casefold()


def _all(values: Iterable[str]) -> set[str]:
    return {folded(value) for value in values}


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": _compared(lambda fact, value: fact < value),
    "le": _compared(lambda fact, value: fact <= value),
    "gt": _compared(lambda fact, value: fact > value),
    "ge": _compared(lambda fact, value: fact >= value),
    "eq": _compared(lambda fact, value: fact == value),
    "in": lambda fact, value: folded(fact) in _all(value),
    "not_in": lambda fact, value: bool(folded(fact)) and folded(fact) not in _all(value),
    "within": lambda fact, value: bool(fact) and _all(fact) <= _all(value),
    "meets": lambda fact, value: bool(_all(fact) & _all(value)),
    "covers": lambda fact, value: bool(value) and _all(fact) >= _all(value),
    "avoids": lambda fact, value: not _all(fact) & _all(value),
    "starts": lambda fact, value: folded(fact).startswith(tuple(_all(value))),
    "contains": lambda fact, value: any(each in folded(fact) for each in _all(value)),
    "filled": lambda fact, value: bool(folded(fact)),
    "empty": lambda fact, value: not folded(fact),
    "before": lambda fact, value: fact < date.fromisoformat(value),
    "after": lambda fact, value: fact > date.fromisoformat(value),
    "yes": lambda fact, value: fact is True,
    "no": lambda fact, value: fact is False,
}
