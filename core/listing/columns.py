"""Columns: how a value is taken from a row, shown in a cell, and written to CSV."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

Text = str | Promise
RIGHT = frozenset({"money", "number", "percent", "size", "figure"})
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Without `get` the value is the row's attribute `key`.

    kind: text, link (to the row), code, number, percent, size, money (value: (amount, currency)), day, ago,
    state (value: an object with state_tone and get_state_display), badge (value: (text, tone)),
    figure (value: (number, how it is said)), who (value: (person, organisation)), mark (a name with its initials),
    flag (a boolean).
    `sort` names a column of the database that is never null; `phone` keeps the cell on small screens; `joins` are the
    records beside the row that the value is read from: they are read only where the column is shown.
    """

    key: str
    label: Text
    kind: str = "text"
    get: Callable[[Any], Any] | None = None
    sort: str = ""
    phone: bool = True
    shown: bool = True
    joins: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Numbers stand right-aligned."""
        return self.kind in RIGHT

    def value(self, row: Any) -> Any:
        """What the cell shows."""
        if self.get is not None:
            return self.get(row)
        return row if self.kind == "state" else getattr(row, self.key)

    def plain(self, row: Any) -> str:
        """What CSV carries: machine-readable numbers and ISO dates, and no text that a spreadsheet would run."""
        value = self.value(row)
        if value is None:
            return ""
        if self.kind == "state":
            return str(value.get_state_display())
        if self.kind in {"who", "badge", "figure"}:
            value = value[0]
        if self.kind == "money":
            value = value[0]
        return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float):
        return str(value)
    return guarded(str(value))


def guarded(text: str) -> str:
    """Text that a spreadsheet shows instead of running: a leading =, +, -, @, tab or line end gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
