"""The parameters of a figure, kept while the list behind it is searched and sorted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from insights.scopes import Scope, scope_of

Narrowing = Callable[[QuerySet, Scope, str], QuerySet]


@dataclass(frozen=True, slots=True)
class Kept:
    """One parameter that stays in the address. The one that names the set narrows for all of them."""

    key: str
    narrow: Narrowing
    label: str = ""
    kind: str = "kept"

    def options(self, params: QueryDict, actor: Any) -> dict[str, Any]:
        """Its value."""
        return {"value": params.get(self.key, ""), "on": bool(params.get(self.key))}

    def apply(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """The rows of the set, of the days and under the filters that the address names."""
        return rows if self.key != "set" else self.narrow(rows, scope_of(actor, params), params.get("set", ""))


def kept(keys: Iterable[str], narrow: Narrowing) -> tuple[Any, ...]:
    """The parameters of a list, narrowed to a set of its own."""
    return tuple(Kept(key, narrow) for key in keys)
