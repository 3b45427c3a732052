"""Cursor pages: a page starts after a row, not at a count, so nothing shifts while rows arrive.

What one sees of a table is often two parts, each with an index of its own (what one's organisation sells, and what it
buys). Those are its `sides`: disjoint conditions, one of which holds for each row. Read one after the other they cost
the same however long the table is; read as one condition, every row of both parts would be sorted first.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

COUNTED = 1000  # beyond it a list says "more than"


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and the cursor of the next (empty at the end)."""

    rows: list[Any]
    next_cursor: str


def page_of(rows: QuerySet, sort: str, cursor: str, size: int, sides: Sequence[Q] = ()) -> Page:
    """One page of `rows` in the order of `sort` ("-created" is descending), after `cursor`."""
    path, descending = sort.lstrip("-"), sort.startswith("-")
    sign = "-" if descending else ""
    ordered = rows.order_by(f"{sign}{path}", f"{sign}pk")
    if after := _read_cursor(rows.model, path, cursor):
        ordered = ordered.filter(_beyond(path, descending, *after))
    if len(sides) == 1:
        ordered = ordered.filter(sides[0])
    elif sides:
        first = [pk for side in sides for pk in ordered.filter(side).values_list("pk", flat=True)[: size + 1]]
        ordered = rows.filter(pk__in=first).order_by(f"{sign}{path}", f"{sign}pk")
    found = list(ordered[: size + 1])
    shown = found[:size]
    return Page(shown, _write_cursor(shown[-1], path) if len(found) > size else "")


def count_of(rows: QuerySet, sides: Sequence[Q] = ()) -> int:
    """How many rows there are, counted up to one more than COUNTED: nobody waits while a million are counted."""
    parts = [rows.filter(side) for side in sides] or [rows]
    return min(sum(part.order_by()[: COUNTED + 1].count() for part in parts), COUNTED + 1)


def _beyond(path: str, descending: bool, value: Any, pk: Any) -> Q:
    way = "lt" if descending else "gt"
    return Q(**{f"{path}__{way}": value}) | Q(**{path: value, f"pk__{way}": pk})


def _write_cursor(row: Model, path: str) -> str:
    value = reduce(getattr, path.split("__"), row)
    text = json.dumps([value, row.pk], default=_exact)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _exact(value: Any) -> str:
    """Dates to the microsecond and decimals in full, so that the row itself is found again."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read_cursor(model: type[Model], path: str, cursor: str) -> tuple[Any, Any] | None:
    """The sort value and key of the row a page starts after; None for no cursor, or one that is not ours."""
    if not cursor:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return _field(model, path).to_python(value), model._meta.pk.to_python(pk)
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None


def _field(model: type[Model], path: str) -> Field:
    *relations, last = path.split("__")
    for name in relations:
        model = cast(type[Model], model._meta.get_field(name).related_model)
    return cast(Field, model._meta.pk if last == "pk" else model._meta.get_field(last))
