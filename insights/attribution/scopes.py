"""What a reader of the money looks at: side, days, currency, model, and one company on the other side."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.attribution.models import Credit
from insights.attribution.splitting import MODELS
from insights.scopes import SIDES, days_of, is_number, midnight, usual_side
from partners.actors import Actor

DEFAULT_DAYS = 365
DEFAULT_MODEL = "linear"
MODEL_NAMES: dict[str, str | Promise] = {
    "first": _("First touch"),
    "last": _("Last touch"),
    "linear": _("Shared evenly"),
    "position": _("Shared 40 / 20 / 40"),
}
MODEL_WORDS: dict[str, str | Promise] = {
    "first": _("All of a line to what came first: what opens doors."),
    "last": _("All of a line to what came last before the order: what closes a sale."),
    "linear": _("The same part of a line to everything that came before it."),
    "position": _("Two fifths to the first and to the last, one fifth to all between them."),
}


@dataclass(frozen=True, slots=True)
class MoneyScope:
    """The days `start` to `end`, both included, of one side's invoice lines in one currency."""

    actor: Actor
    side: str
    start: date
    end: date
    currency: str
    model: str = DEFAULT_MODEL
    narrow: Mapping[str, str] = field(default_factory=dict)  # `with`: the company on the other side

    @property
    def as_vendor(self) -> bool:
        """True on the side that sells."""
        return self.side == "vendor"

    @property
    def other(self) -> str:
        """The column of the company on the other side."""
        return "partner" if self.as_vendor else "vendor"

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    @property
    def until(self) -> datetime:
        """The moment at which the days are over."""
        return midnight(self.end + timedelta(days=1))

    def within(self, start: date, end: date) -> Self:
        """The same of other days."""
        return replace(self, start=start, end=end)

    def by(self, model: str) -> Self:
        """The same by another model."""
        return replace(self, model=model)

    def query(self, **more: Any) -> str:
        """The parameters of an address that stands for this scope."""
        days = {"side": self.side, "from": self.start.isoformat(), "to": self.end.isoformat()}
        return urlencode({**days, "currency": self.currency, "model": self.model, **self.narrow, **more})

    def condition(self) -> dict[str, Any]:
        """What the filters ask of a row with columns `vendor`, `partner` and `currency`."""
        asked: dict[str, Any] = {self.side: self.actor.organisation.pk, "currency": self.currency}
        return asked | ({self.other: self.narrow["with"]} if "with" in self.narrow else {})

    def credits(self) -> QuerySet[Credit]:
        """The organisation's own credits within the days."""
        mine = Credit.objects.visible_to(self.actor).filter(**self.condition())
        return mine.filter(day__gte=self.start, day__lte=self.end)


def money_scope(actor: Actor, params: QueryDict) -> MoneyScope:
    """The scope that an address names; what it names wrongly is left out, never an error."""
    wanted = params.get("side", "")
    side = wanted if wanted in SIDES else usual_side(actor)
    start, end = days_of(params, DEFAULT_DAYS)
    model = params.get("model", "")
    other = params.get("with", "")
    known = currencies(actor, side)
    currency = params.get("currency", "")
    chosen = currency if currency in known else next(iter(known), actor.organisation.currency)
    narrow = {"with": other} if is_number(other) else {}
    return MoneyScope(actor, side, start, end, chosen, model if model in MODELS else DEFAULT_MODEL, narrow)


def currencies(actor: Actor, side: str) -> list[str]:
    """The currencies in which one side was invoiced, the most used first."""
    mine = Credit.objects.visible_to(actor).filter(**{side: actor.organisation.pk}, place=0)
    counted = mine.order_by().values("currency").annotate(n=Count("pk")).order_by("-n", "currency")
    return [row["currency"] for row in counted]
