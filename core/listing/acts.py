"""What a list offers to do: with chosen rows, with one row, and the row that is not there yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act on all chosen rows: posts their `pk`s to a named URL."""

    key: str
    label: Text
    url_name: str
    capability: str = ""
    confirm: Text = ""


@dataclass(frozen=True, slots=True)
class RowAct:
    """An act at the end of a row: posts to a named URL with the row's `pk`. `key` is its letter on the chosen row."""

    key: str
    label: Text
    url_name: str
    icon: str
    shown: Callable[[Any], bool] = lambda _row: True


@dataclass(frozen=True, slots=True)
class Create:
    """The button that makes a new row."""

    label: Text
    url_name: str
    capability: str = ""
    key: str = "c"
