"""What the dashboard of deals shows, put together from measures, sets and charts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing.columns import guarded
from core.numbers import format_day, format_percent
from deals.models import RegistrationType, Stage
from insights.charts import BarChart, bar_chart
from insights.figures import ON_TOP
from insights.measuring import Pile, Row, counts, measure, pipeline, table, trend
from insights.scopes import Scope
from insights.showing import Shown, rows_url, show, written
from orders.models import Product
from partners.models import Partnership

PRESETS = ((30, gettext_lazy("30 days")), (91, gettext_lazy("13 weeks")), (365, gettext_lazy("12 months")))
FUNNEL = ("registered", "cohort_decided", "cohort_protected", "cohort_won")
IN_TABLES = ("sla_hit", "first_time_right", "approval_rate", "win_rate", "decision_median")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: how many got so far of those that began."""

    label: str
    count: int
    of: int
    url: str
    percent: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of figures: each cell is its text and the deals behind it."""

    name: str
    url: str
    cells: list[tuple[str, str]]


def dashboard(scope: Scope) -> dict[str, Any]:
    """Everything on the page. The number of queries does not depend on what there is to count."""
    figures = show(scope, measure(scope), measure(scope.before()))
    top = [figure for code in ON_TOP for figure in figures if figure.code == code]
    others = table(scope, scope.other)
    reviewers = table(scope.narrowed(), "reviewer") if scope.as_vendor else []
    return {
        "figures": figures,
        "top": top,
        "chart": _trend(scope),
        "funnel": _funnel(scope),
        "others": [_line(scope, row, "with", counterpart=True) for row in others],
        "reviewers": [_line(scope, row, "reviewer") for row in reviewers if row.counts["decided"]],
        "piles": _piles(scope),
        "empty": not any(figure.base for figure in figures),
    }


def _trend(scope: Scope) -> BarChart:
    buckets = trend(scope)
    columns = []
    for bucket in buckets:
        days = Scope(scope.actor, scope.side, bucket.start, bucket.end, scope.narrow)
        codes = ("registered", "approved", "won")
        links = [rows_url(days, code) for code in codes]
        columns.append((_label(bucket.start), links[0], [bucket.counts.get(code, 0) for code in codes], links))
    return bar_chart([_("Registered"), _("Approved"), _("Won")], columns)


def _label(day: date) -> str:
    return format_day(day)


def _funnel(scope: Scope) -> list[Step]:
    """How far those that were registered within the days have come by today."""
    counted = counts(scope)[None]
    labels = (_("Registered"), _("Decided"), _("Protected"), _("Won"))
    of = counted["registered"]
    return [
        Step(label, counted[code], of, rows_url(scope, code), format_percent(counted[code] * 100 // of) if of else "")
        for label, code in zip(labels, FUNNEL, strict=True)
    ]


def _line(scope: Scope, row: Row, key: str, *, counterpart: bool = False) -> Line:
    mine = scope.narrowed(**{key: row.key if row.key is not None else 0})
    first = "registered" if counterpart else "decided"
    cells = [(written("registered", row.measures["registered"].value), first)] if counterpart else []
    cells = cells or [(str(row.counts["decided"]), first)]
    bases = {"sla_hit": "answers", "win_rate": "ended"}
    for code in IN_TABLES if counterpart else (*IN_TABLES[:3], "decision_median"):
        cells.append((written(code, row.measures[code].value), bases.get(code, "decided")))
    name = row.name or (_("By rule or by silence") if key == "reviewer" else "")
    return Line(
        name,
        f"?{mine.query()}" if counterpart else rows_url(mine, "decided"),
        [(text, rows_url(mine, code)) for text, code in cells],
    )


def _piles(scope: Scope) -> list[tuple[str, Pile, str]]:
    found = pipeline(scope)
    return [
        (str(label), found[key], rows_url(scope.narrowed(stage=key), "open"))
        for key, label in Stage.choices
        if key in found
    ]


def controls(scope: Scope) -> dict[str, Any]:
    """What can be chosen above the figures."""
    actor = scope.actor
    edges = Partnership.objects.visible_to(actor).filter(**{scope.side: actor.organisation.pk})
    others = edges.order_by(f"{scope.other}__name").values_list(scope.other, f"{scope.other}__name").distinct()
    places = edges.exclude(territory="").order_by("territory").values_list("territory", flat=True).distinct()
    products = Product.objects.visible_to(actor).exclude(product_line="").order_by("product_line")
    types = RegistrationType.objects.visible_to(actor).order_by("name").values_list("pk", "name")
    lines = products.values_list("product_line", flat=True).distinct()[:200]
    label = gettext_lazy("Partner") if scope.as_vendor else gettext_lazy("Vendor")
    chosen = [
        ("with", label, [(str(pk), name) for pk, name in others]),
        ("type", gettext_lazy("Type"), [(str(pk), name) for pk, name in types] if scope.as_vendor else []),
        ("territory", gettext_lazy("Territory"), [(text, text) for text in places]),
        ("line", gettext_lazy("Product line"), [(text, text) for text in lines]),
    ]
    return {
        "selects": [(key, text, rows, scope.narrow.get(key, "")) for key, text, rows in chosen if len(rows) > 1],
        "presets": [(text, _preset(scope, days), scope.days == days) for days, text in PRESETS],
        "sides": sides_of(actor),
    }


def _preset(scope: Scope, days: int) -> str:
    today = localdate()
    return f"?{Scope(scope.actor, scope.side, today - timedelta(days=days - 1), today, scope.narrow).query()}"


def sides_of(actor: Any) -> list[str]:
    """The sides on which the organisation stands: both where it buys and sells."""
    edges = Partnership.objects.visible_to(actor)
    me = actor.organisation
    return [side for side in ("vendor", "partner") if edges.filter(**{side: me}).exists()]


def csv_rows(scope: Scope, figures: list[Shown]) -> list[list[str]]:
    """The figures for a spreadsheet: code, label, value and value before with their unit, numbers behind, days."""
    head = ["figure", "name", "value", "before", "part", "of", "from", "to"]
    days = [scope.start.isoformat(), scope.end.isoformat()]
    rows = [
        [each.code, guarded(str(each.label)), each.value, each.before, _cell(each.part), str(each.base), *days]
        for each in figures
    ]
    return [head, *rows]


def _cell(part: int | None) -> str:
    return "" if part is None else str(part)
