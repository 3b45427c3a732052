"""The forecast: figures, a chart with its table, each figure open to the deals behind it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core.listing.columns import guarded
from core.numbers import locale
from core.web import csv_download, render_partial
from deals.forecast import EARLIER, LATER, Cell, Figures, cells_of, months_from, rounded, total_of
from deals.forms.beside import colleagues_of
from deals.models import Deal, Forecast
from deals.views.dates import month_of
from deals.views.lists import counterparts
from partners.access import MemberRequest, member_required
from partners.actors import Actor

OPEN = tuple(Deal.OPEN)
ALL = (Forecast.PIPELINE, Forecast.BEST_CASE, Forecast.COMMITTED)
KINDS: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "weighted": (gettext_lazy("Weighted"), OPEN, ALL),
    "committed": (gettext_lazy("Committed"), OPEN, (Forecast.COMMITTED,)),
    "best": (gettext_lazy("Best case"), OPEN, (Forecast.COMMITTED, Forecast.BEST_CASE)),
    "open": (gettext_lazy("Open"), OPEN, ALL),
    "won": (gettext_lazy("Won"), (Deal.State.WON,), ()),
}
SHOWN = ("won", "committed", "best", "weighted", "open")
DIMENSIONS = {"vendor": gettext_lazy("Vendor"), "partner": gettext_lazy("Partner"), "seller": gettext_lazy("Sold by")}


@require_GET
@member_required("deals.view")
def forecast(request: MemberRequest) -> HttpResponseBase:
    """What open deals may bring, by month of decision, for one side and one currency at a time."""
    actor, params = request.actor, request.GET
    side = side_of(actor, params.get("side", ""))
    by = dimension_of(side, params.get("by", ""))
    first = month_of(params.get("from", "")) if params.get("from") else quarter_of(localdate())
    cells = cells_of(rows_of(actor, side), first, by)
    if params.get("format") == "csv":
        return _csv(cells, by, names_of(actor, by))
    currencies = sorted({each.currency for each in cells}, key=lambda code: (-_size(cells, code), code))
    currency = params.get("currency", "")
    currency = currency if currency in currencies else currencies[0] if currencies else actor.organisation.currency
    mine = [each for each in cells if each.currency == currency]
    link = Link(side, currency, first)
    context = {
        "side": side,
        "by": by,
        "dimensions": [(name, DIMENSIONS[name]) for name in (_first_dimension(side), "seller") if _offered(name, side)],
        "currencies": currencies,
        "currency": currency,
        "first": first,
        "before": f"{(first - timedelta(days=80)):%Y-%m}",
        "after": f"{(first + timedelta(days=95)):%Y-%m}",
        "kinds": [(name, KINDS[name][0]) for name in SHOWN],
        "totals": _line(_("Sum"), total_of(mine), link, {}),
        "months": _months(mine, first, link),
        "chart": chart_of(mine, first, currency, link),
        "groups": _groups(mine, names_of(actor, by), by, link),
        "csv": f"?{urlencode({'side': side, 'by': by, 'from': f'{first:%Y-%m}', 'format': 'csv'})}",
    }
    return render_partial(request, "deals/forecast.html", "forecast", context)


def _first_dimension(side: str) -> str:
    return "vendor" if side == "partner" else "partner"


def dimension_of(side: str, wanted: str) -> str:
    """By what the figures are parted: `seller` where it is asked for and one's own affair, else the companies."""
    return wanted if wanted == "seller" and _offered(wanted, side) else _first_dimension(side)


def _offered(name: str, side: str) -> bool:
    """Who sells is the partner's own affair."""
    return name != "seller" or side == "partner"


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def _size(cells: Iterable[Cell], currency: str) -> int:
    return sum(each.figures.deals for each in cells if each.currency == currency)


def side_of(actor: Actor, wanted: str) -> str:
    """On which side the actor looks: as asked, else as a vendor where it decides and as a partner where it sells."""
    if wanted in {"partner", "vendor"}:
        return wanted
    sells = Deal.objects.visible_to(actor).filter(partner=actor.organisation).exists()
    return "partner" if sells and not actor.can("deals.decide") else "vendor"


def rows_of(actor: Actor, side: str) -> Any:
    """The deals of one side."""
    return Deal.objects.visible_to(actor).filter(**{side: actor.organisation})


def names_of(actor: Actor, by: str) -> dict[int | None, str]:
    """The names of the companies or colleagues by which the figures are parted."""
    pairs = colleagues_of(actor) if by == "seller" else counterparts(actor)
    return {None: _("Nobody"), **dict(pairs)}


class Link:
    """The address of the list with exactly the deals behind a figure."""

    def __init__(self, side: str, currency: str, first: date) -> None:
        self.fixed = [("view", "all"), ("side", side), ("currency", currency)]
        months = months_from(first)
        self.first, self.end = first, (months[-1] + timedelta(days=32)).replace(day=1)

    def to(self, kind: str, period: date | str | None, **more: Any) -> str:
        """The deals of one figure (a key of KINDS), of one period or of all."""
        _label, states, counted = KINDS[kind]
        found = [*self.fixed, *(("state", state) for state in states), *(("counted", each) for each in counted)]
        found += [(key, str(value)) for key, value in more.items() if value is not None]
        return f"{reverse('deals:list')}?{urlencode(found + self._days(period, kind))}"

    def _days(self, period: date | str | None, kind: str) -> list[tuple[str, str]]:
        day = timedelta(days=1)
        if period == EARLIER:
            return [("decision_to", str(self.first - day))]
        if period == LATER:
            return [("decision_from", str(self.end))]
        if isinstance(period, date):
            following = (period + timedelta(days=32)).replace(day=1)
            return [("decision_from", str(period)), ("decision_to", str(following - day))]
        within = [("decision_from", str(self.first)), ("decision_to", str(self.end - day))]
        return within if kind == "won" else [("dated", "1")]


def _line(label: str, figures: Figures, link: Link, more: dict[str, Any], period: Any = None) -> dict[str, Any]:
    currency = dict(link.fixed)["currency"]
    cells = [
        {
            "kind": kind,
            "label": KINDS[kind][0],
            "amount": rounded(getattr(figures, kind), currency),
            "url": link.to(kind, period, **more) if getattr(figures, kind) else "",
        }
        for kind in SHOWN
        if not (kind == "won" and period in (EARLIER, LATER))
    ]
    if len(cells) < len(SHOWN):
        cells.insert(0, {"kind": "won", "label": KINDS["won"][0], "amount": None, "url": ""})
    return {"label": label, "cells": cells, "deals": figures.deals, "period": period}


def _months(cells: list[Cell], first: date, link: Link) -> list[dict[str, Any]]:
    found = []
    periods: list[Any] = [EARLIER, *months_from(first), LATER]
    for period in periods:
        figures = total_of(each for each in cells if each.period == period)
        if period in (EARLIER, LATER) and not figures.deals:
            continue
        found.append(_line(_label(period), figures, link, {}, period))
    return found


def _label(period: date | str) -> str:
    if period == EARLIER:
        return _("Decision was due earlier")
    if period == LATER:
        return _("Later")
    return format_date(period, "LLL y", locale=locale()).capitalize()  # type: ignore[arg-type]


def _groups(cells: list[Cell], names: dict[int | None, str], by: str, link: Link) -> list[dict[str, Any]]:
    key = "seller" if by == "seller" else "with"
    of = {each.of for each in cells}
    found = [
        _line(
            names.get(pk, _("Somebody else")), total_of(each for each in cells if each.of == pk), link, {key: pk or 0}
        )
        for pk in of
    ]
    return sorted(found, key=lambda line: (-line["cells"][3]["amount"], line["label"]))


WIDTH, HEIGHT, FOOT, GAP = 720, 200, 22, 8


def chart_of(cells: list[Cell], first: date, currency: str, link: Link) -> dict[str, Any]:
    """Bars of a month each (won, committed, weighted beside each other) in a box of 720 × 200 units."""
    months = months_from(first)
    sums = [total_of(each for each in cells if each.period == month) for month in months]
    top = max([max(each.won, each.committed, each.weighted) for each in sums] + [rounded(total_of([]).won, currency)])
    if not top:
        return {}
    step = WIDTH / len(months)
    wide = (step - GAP) / 3
    bars = []
    for index, (month, figures) in enumerate(zip(months, sums, strict=True)):
        for place, kind in enumerate(("won", "committed", "weighted")):
            amount = getattr(figures, kind)
            tall = float(amount / top) * (HEIGHT - FOOT - 6)
            bars.append(
                {
                    "kind": kind,
                    "x": f"{index * step + GAP / 2 + place * wide:.1f}",
                    "width": f"{wide - 1:.1f}",
                    "y": f"{HEIGHT - FOOT - tall:.1f}",
                    "height": f"{tall:.1f}",
                    "amount": rounded(amount, currency),
                    "label": KINDS[kind][0],
                    "month": _label(month),
                    "url": link.to(kind, month) if amount else "",
                }
            )
    ticks = [
        {"x": f"{(index + 0.5) * step:.1f}", "label": format_date(month, "LLL", locale=locale())}
        for index, month in enumerate(months)
    ]
    return {"bars": bars, "ticks": ticks, "width": WIDTH, "height": HEIGHT, "base": HEIGHT - FOOT, "top": top}


def _csv(cells: list[Cell], by: str, names: dict[int | None, str]) -> StreamingHttpResponse:
    """Every figure in every currency: a month, a currency and a company or person a line. Amounts with a point."""
    heads = [_("Month"), "ISO 4217", str(DIMENSIONS[by]), *(str(KINDS[kind][0]) for kind in SHOWN), _("Deals")]

    def lines() -> Iterable[list[str]]:
        yield heads
        for each in sorted(cells, key=lambda cell: (str(cell.period), cell.currency, str(cell.of))):
            period = each.period if isinstance(each.period, str) else f"{each.period:%Y-%m}"
            sums = [f"{rounded(getattr(each.figures, kind), each.currency):f}" for kind in SHOWN]
            name = guarded(names.get(each.of, _("Somebody else")))
            yield [period, each.currency, name, *sums, str(each.figures.deals)]

    return csv_download(lines(), "forecast")
