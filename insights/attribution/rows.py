"""The invoice lines behind a number: the same side, days and filters, so the same sum."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import Column, Empty, Listing
from insights.attribution.measuring import Key, exact
from insights.attribution.models import TONES, Confidence, Credit
from insights.attribution.naming import may_name, names_of
from insights.attribution.scopes import MODEL_NAMES, MoneyScope, money_scope
from insights.scopes import is_number
from partners.actors import Actor

KEPT = ("side", "from", "to", "currency", "model", "with", "kind", "source", "name")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One parameter that stays in the address while the list is searched and sorted; the side narrows for all."""

    key: str
    label: str = ""
    kind: str = "kept"

    def options(self, params: QueryDict, actor: Any) -> dict[str, Any]:
        """Its value."""
        return {"value": params.get(self.key, ""), "on": bool(params.get(self.key))}

    def apply(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """The credits of the scope and the source that the address names."""
        return rows if self.key != "side" else narrowed(rows, money_scope(actor, params), params)


def narrowed(rows: QuerySet[Credit], scope: MoneyScope, params: QueryDict) -> QuerySet[Credit]:
    """The credits of a kind, or of one source of it; a source that the reader may not name is none."""
    rows = rows.filter(**scope.condition(), day__gte=scope.start, day__lte=scope.end)
    kind, source, name = (params.get(key, "") for key in ("kind", "source", "name"))
    if kind not in Credit.Kind.values:
        return rows
    rows = rows.filter(kind=kind)
    if not (source or name):
        return rows
    if not may_name(scope.actor, kind):
        return rows.none()
    return rows.filter(source_id=source if is_number(source) else 0, source_name=name[:120])


def lines_url(scope: MoneyScope, key: Key | None = None, kind: str = "") -> str:
    """The address of the invoice lines of a source, of a kind, or of everything."""
    more: dict[str, Any] = {"kind": kind} if kind else {}
    if key is not None:
        more = {"kind": key.kind, "source": key.pk or "", "name": key.name}
    return f"{reverse('insights:money_lines')}?{scope.query(**{name: value for name, value in more.items() if value})}"


def listing_for(scope: MoneyScope) -> Listing:
    """The list of a scope, in which each line stands with what it is credited by the chosen model."""
    keys = scope.credits().order_by().values_list("kind", "source_id", "source_name").distinct()
    names = names_of(scope.actor, {Key(*key) for key in keys})
    return replace(LIST, columns=tuple(_columns(scope, lambda row: names.get(_key(row)))))


def credited(scope: MoneyScope, rows: QuerySet[Credit]) -> Decimal:
    """What these credits come to by the chosen model."""
    return exact(rows.aggregate(total=Sum(scope.model))["total"])


def _key(row: Credit) -> Key:
    return Key(row.kind, row.source_id, row.source_name)


def _columns(scope: MoneyScope, name: Callable[[Credit], Any]) -> Iterable[Column]:
    yield Column("invoice", gettext_lazy("Invoice"), kind="link", get=_invoice, sort="trace__invoice__number")
    yield Column("day", gettext_lazy("Date"), kind="day", sort="day")
    yield Column("title", gettext_lazy("Line"), get=lambda row: row.trace.line.title, phone=False)
    yield Column(scope.other, gettext_lazy("Company"), kind="mark", sort=f"{scope.other}__name", phone=False)
    yield Column("order", gettext_lazy("Order"), kind="code", get=_order_number, phone=False, shown=False)
    yield Column("deal", gettext_lazy("Deal"), kind="code", get=_deal_number, phone=False)
    yield Column("source", gettext_lazy("Source"), get=lambda row: getattr(name(row), "text", ""), phone=False)
    yield Column("touch", gettext_lazy("What happened"), get=_touch, phone=False, shown=False)
    yield Column("confidence", gettext_lazy("How sure"), kind="badge", get=sureness)
    yield Column(
        "amount", gettext_lazy("Line amount"), kind="money", get=_amount, sort="trace__amount", phone=False, shown=False
    )
    yield Column(
        "credited",
        MODEL_NAMES[scope.model],
        kind="money",
        get=lambda row: (getattr(row, scope.model), row.currency),
        sort=scope.model,
    )


def _invoice(row: Credit) -> str:
    return str(row.trace.invoice)


def _order_number(row: Credit) -> str:
    return str(row.trace.order or "")


def _touch(row: Credit) -> str:
    return row.get_touch_display()


def _deal_number(row: Credit) -> str:
    return row.trace.deal.number if row.trace.deal else ""


def _amount(row: Credit) -> tuple[Decimal, str]:
    return row.trace.amount, row.currency


def sureness(row: Credit) -> tuple[str, str] | None:
    """How sure a chain is, in a word with its tone; nothing where nothing is known."""
    if row.kind == Credit.Kind.NONE:
        return None
    level = Confidence(row.confidence)
    return str(level.label), TONES[level]


def rows_for(actor: Actor) -> QuerySet[Credit]:
    """The credits of the actor's organisation with what their columns read."""
    related = ("trace__invoice", "trace__order", "trace__deal", "trace__line", "vendor", "partner")
    return Credit.objects.visible_to(actor).select_related(*related)


def heading(scope: MoneyScope, params: QueryDict) -> str:
    """What the list is of: a source by name, a kind, or everything."""
    kind, source, name = (params.get(key, "") for key in ("kind", "source", "name"))
    if kind not in Credit.Kind.values:
        return _("All invoice lines")
    key = Key(kind, int(source) if is_number(source) else 0, name[:120])
    if source or name:
        return names_of(scope.actor, [key])[key].text
    return str(Credit.Kind(kind).label)


LIST = Listing(
    key="insights-money",
    title=gettext_lazy("Invoice lines behind a number"),
    columns=(),
    filters=tuple(Chosen(key) for key in KEPT),  # type: ignore[misc]
    search=("trace__invoice__number", "trace__order__number", "trace__deal__number", "trace__line__title"),
    default_sort="-day",
    row_url=lambda row: row.trace.get_absolute_url(),
    template="insights/money_lines.html",
    empty=Empty(
        gettext_lazy("No invoice lines stand behind this number"),
        gettext_lazy("Choose other days, or take a filter away on the page of the money."),
        gettext_lazy("To the money"),
        "insights:money",
        "chart-column",
    ),
)
