"""What is done to many rows at once: which were ticked, and how many took it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from core.errors import DomainError
from core.web import key_of

LIMIT = 100
Row = TypeVar("Row")


def chosen(request: HttpRequest, limit: int = LIMIT) -> list[int]:
    """The keys of the rows that were ticked, as far as they are keys; at most `limit` of them are looked at."""
    found = (key_of(each) for each in request.POST.getlist("pk")[:limit])
    return [key for key in found if key is not None]


def on_each(rows: Iterable[Row], run: Callable[[Row], Any]) -> tuple[int, int]:
    """Do it to each row by itself; return how many took it, and how many refused it and stay as they are."""
    changed = left = 0
    for row in rows:
        try:
            run(row)
            changed += 1
        except (DomainError, PermissionDenied):
            left += 1
    return changed, left
