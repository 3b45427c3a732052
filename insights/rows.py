"""The deals behind a figure, as a list: the same set, the same days, the same filters, so the same number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import Column, Empty, Listing
from core.numbers import format_day
from insights.kept import kept
from insights.models import DealFact
from insights.scopes import Scope
from insights.sets import set_for

KEPT = ("side", "set", "from", "to", "with", "type", "territory", "line", "reviewer", "stage")


def narrowed(rows: QuerySet[DealFact], scope: Scope, code: str) -> QuerySet[DealFact]:
    """The facts of a set."""
    found = rows.filter(**{scope.side: scope.actor.organisation.pk}).filter(scope.condition())
    return found.filter(set_for(scope, code).condition(scope))


def _hours(fact: DealFact) -> Decimal | None:
    return None if fact.minutes is None else (Decimal(fact.minutes) / 60).quantize(Decimal("0.1"))


def _in_time(fact: DealFact) -> tuple[str, str] | None:
    if fact.in_time is None:
        return None
    return (_("in time"), "good") if fact.in_time else (_("late"), "warn")


LIST = Listing(
    key="insights-deals",
    title=gettext_lazy("Deals behind a figure"),
    columns=(
        Column("title", gettext_lazy("Project"), kind="link", get=lambda fact: fact.deal.title, sort="deal__title"),
        Column("number", gettext_lazy("Number"), kind="code", get=lambda fact: fact.deal.number, sort="deal__number"),
        Column("customer", gettext_lazy("End customer"), get=lambda fact: fact.deal.customer_name, phone=False),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False, sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, sort="vendor__name"),
        Column(
            "amount",
            gettext_lazy("Value"),
            kind="money",
            get=lambda fact: (fact.deal.amount, fact.deal.currency),
            sort="deal__amount",
        ),
        Column("state", gettext_lazy("State"), kind="state", get=lambda fact: fact.deal),
        Column("submitted_at", gettext_lazy("Submitted"), kind="day", sort="submitted_at", phone=False, shown=False),
        Column("decided_at", gettext_lazy("First decision"), kind="day", phone=False),
        Column("minutes", gettext_lazy("Business hours"), kind="number", get=_hours, phone=False),
        Column("in_time", gettext_lazy("Promise"), kind="badge", get=_in_time, phone=False),
        Column("returns", gettext_lazy("Returns"), kind="number", phone=False, shown=False),
    ),
    filters=kept(KEPT, narrowed),
    search=("deal__number", "deal__title", "deal__customer_name"),
    default_sort="-submitted_at",
    row_url=lambda fact: fact.deal.get_absolute_url(),
    panel=True,
    live="deal",
    template="insights/rows.html",
    empty=Empty(
        gettext_lazy("No deals stand behind this figure"),
        gettext_lazy("Choose other days, or take a filter away on the dashboard."),
        gettext_lazy("To the dashboard"),
        "insights:deals",
        "chart-column",
    ),
)


def listing_for(scope: Scope, code: str) -> Listing:
    """The list under the heading of its set; a column that would always name oneself is hidden at first."""
    columns = tuple(replace(each, shown=each.shown and each.key != scope.side) for each in LIST.columns)
    return replace(LIST, title=set_for(scope, code).label, columns=columns)


class Days(Protocol):
    """From a day to a day, both included."""

    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date: ...


def days_in_words(scope: Days) -> str:
    """The days of a scope for a heading."""
    return _("%(start)s to %(end)s") % {"start": format_day(scope.start), "end": format_day(scope.end)}
