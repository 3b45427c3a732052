"""A connection's own codes: the units that a company's system writes in its own way, beside those of Recommendation 20.

Kept as {"units": {"KOLLO": "CT"}}: theirs on the left, UN/ECE Recommendation 20 on the right. What comes in over the
connection is translated to the right, what goes out over it to the left.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from orders.documents import Document
from orders.units import is_known

UNITS = "units"
OF_UNITS = frozenset({"unit", "weight_unit"})
MOST = 500


def problems_of(rules: object) -> list[str]:
    """What is wrong with the codes that a person typed, a sentence for each."""
    if not isinstance(rules, dict) or set(rules) - {UNITS} or not isinstance(rules.get(UNITS, {}), dict):
        return ['Write {"units": {"their code": "code of Recommendation 20"}}.']
    units = rules.get(UNITS, {})
    if len(units) > MOST:
        return [f"There are {len(units)} codes; at most {MOST} are allowed."]
    wrong = [str(code) for code in units.values() if not isinstance(code, str) or not is_known(code)]
    return [f"“{code[:20]}” is not a unit of Recommendation 20 that is known here." for code in wrong[:20]]


def incoming(document: Document, rules: Mapping[str, Any]) -> Document:
    """The document with the sender's own codes as those of the standard."""
    units = rules.get(UNITS, {})
    return _translated(document, units) if units else document


def outgoing(document: Document, rules: Mapping[str, Any]) -> Document:
    """The document with the codes that the receiver's system knows; where it has two for one, the first."""
    units: dict[str, str] = {}
    for theirs, ours in rules.get(UNITS, {}).items():
        units.setdefault(ours, theirs)
    return _translated(document, units) if units else document


def _translated(value: Any, units: Mapping[str, str]) -> Any:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_translated(item, units) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for field in fields(value):
        old = getattr(value, field.name)
        new = units.get(old, old) if field.name in OF_UNITS else _translated(old, units)
        if new is not old and new != old:
            changes[field.name] = new
    return replace(value, **changes) if changes else value
