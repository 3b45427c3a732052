"""What the page of the money shows, put together from sums, returns and the chart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel import dates
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.listing.columns import guarded
from core.money import format_money, format_short_money
from core.numbers import format_number, format_percent, locale
from insights.attribution.measuring import ZERO, Key, Part, by_month, by_source, ratio, total
from insights.attribution.models import Credit
from insights.attribution.naming import Name, may_name, names_of, plain
from insights.attribution.returns import Return, purses, rebates, returns
from insights.attribution.rows import lines_url
from insights.attribution.scopes import MODEL_NAMES, MODEL_WORDS, MoneyScope, currencies
from insights.attribution.splitting import MODELS
from insights.board import sides_of
from insights.charts import BarChart, stacked_chart
from partners.models import Partnership

Kind = Credit.Kind
Text = str | Promise
ORDER = (Kind.CAMPAIGN, Kind.LEAD, Kind.PROMOTION, Kind.FUND, Kind.MAILING, Kind.NONE)  # as piled in the chart
PRESETS = ((91, gettext_lazy("13 weeks")), (182, gettext_lazy("6 months")), (365, gettext_lazy("12 months")))
MOST_SOURCES = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at the top: its name, what it says, a line about it, and the lines behind it."""

    code: str
    label: Text
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A source and what it is credited with by each model, each with the invoice lines behind it."""

    key: Key
    kind: str
    name: Name
    lines: int
    cells: list[tuple[str, Decimal, str]]
    sure: str


@dataclass(frozen=True, slots=True)
class Column:
    """A month of the chart as its table twin says it."""

    label: str
    url: str
    cells: list[tuple[Decimal, str]]


def page(scope: MoneyScope) -> dict[str, Any]:
    """Everything on the page. The number of queries does not depend on how much was invoiced."""
    sums = readable(scope, by_source(scope))
    whole, lines = total(scope)
    back = returns(scope, sums)
    chart, columns = _chart(scope)
    return {
        "tiles": _tiles(scope, sums, back, whole, lines),
        "chart": chart,
        "columns": columns,
        "legend": _legend(columns),
        "sources": _lines(scope, sums),
        "totals": [(name, whole) for name in MODELS],
        "returns": [(row, lines_url(scope, row.key)) for row in back],
        "purses": purses(scope),
        "models": MODEL_NAMES,
        "words": MODEL_WORDS[scope.model],
        "empty": not lines and not back,
        "all_url": lines_url(scope),
    }


def readable(scope: MoneyScope, sums: dict[Key, Part]) -> dict[Key, Part]:
    """Sources that the reader may not name are one for each kind."""
    found: dict[Key, Part] = {}
    for key, part in sums.items():
        known = key if may_name(scope.actor, key.kind) else Key(key.kind, 0, "")
        found[known] = part.plus(found.get(known))
    return found


def _tiles(scope: MoneyScope, sums: dict[Key, Part], back: list[Return], whole: Decimal, lines: int) -> Iterable[Tile]:
    def money(amount: Decimal) -> str:
        return format_short_money(amount, scope.currency)

    unknown = sum((part.amounts[scope.model] for key, part in sums.items() if key.kind == Kind.NONE), ZERO)
    yield Tile(
        "invoiced",
        gettext_lazy("Invoiced, less credit notes"),
        money(whole),
        ngettext("%(n)s line", "%(n)s lines", lines) % {"n": format_number(lines)},
        lines_url(scope),
    )
    share = format_percent(round((whole - unknown) * 100 / whole)) if whole > 0 else "–"
    yield Tile(
        "traced", gettext_lazy("Of it, something known came before"), share, money(whole - unknown), lines_url(scope)
    )
    spent = sum((row.spent for row in back if row.spent), ZERO)
    came = sum((row.back for row in back if row.spent), ZERO)
    times = ratio(came, spent)
    note = _("%(times)s times as much came back") % {"times": format_number(times, 1)} if times is not None else ""
    label = gettext_lazy("Discounts given, and paid from funds")
    label = label if scope.as_vendor else gettext_lazy("Discounts got, and got from funds")
    yield Tile("spent", label, money(spent), note, "#returns")
    earned = rebates(scope)
    if earned is not None:
        label = gettext_lazy("Rebates that partners earned") if scope.as_vendor else gettext_lazy("Rebates earned")
        yield Tile("rebates", label, money(earned), _("on invoices of these days"), "")


def _lines(scope: MoneyScope, sums: dict[Key, Part]) -> list[Line]:
    names = names_of(scope.actor, sums)
    found = sorted(sums.items(), key=lambda pair: (pair[0].kind == Kind.NONE, -pair[1].amounts[scope.model], pair[0]))
    return [_line(scope, key, part, names[key]) for key, part in found[:MOST_SOURCES]]


def _line(scope: MoneyScope, key: Key, part: Part, name: Name) -> Line:
    cells = [(model, amount, lines_url(scope.by(model), key)) for model, amount in part.amounts.items()]
    amount = part.amounts[scope.model]
    sure = format_percent(round(part.sure * 100 / amount)) if amount > 0 and key.kind != Kind.NONE else "–"
    return Line(key, plain(key.kind), name, part.lines, cells, sure)


def _chart(scope: MoneyScope) -> tuple[BarChart, list[Column]]:
    piles, twin = [], []
    for month in by_month(scope):
        days = scope.within(month.start, month.end)
        amounts = [month.amounts.get(kind, ZERO) for kind in ORDER]
        links = [lines_url(days, kind=kind) for kind in ORDER]
        label = dates.format_date(month.start, format="MMM y", locale=locale())
        piles.append((label, lines_url(days), [round(amount) for amount in amounts], links))
        twin.append(Column(label, lines_url(days), list(zip(amounts, links, strict=True))))
    return stacked_chart([kind.label for kind in ORDER], piles), twin


def _legend(columns: list[Column]) -> list[tuple[int, Text]]:
    """The kinds that there are, with the number of their colour, which a kind always keeps."""
    return [(at + 1, kind.label) for at, kind in enumerate(ORDER) if any(column.cells[at][0] for column in columns)]


def controls(scope: MoneyScope) -> dict[str, Any]:
    """What can be chosen above the numbers."""
    actor = scope.actor
    edges = Partnership.objects.visible_to(actor).filter(**{scope.side: actor.organisation.pk})
    others = edges.order_by(f"{scope.other}__name").values_list(scope.other, f"{scope.other}__name").distinct()
    today = localdate()
    return {
        "presets": [
            (text, f"?{scope.within(today - timedelta(days=days - 1), today).query()}", scope.days == days)
            for days, text in PRESETS
        ],
        "others": [(str(pk), name) for pk, name in others],
        "other_label": gettext_lazy("Partner") if scope.as_vendor else gettext_lazy("Vendor"),
        "chosen": scope.narrow.get("with", ""),
        "all_models": MODEL_NAMES,
        "currencies": currencies(actor, scope.side),
        "sides": sides_of(actor),
    }


def csv_rows(scope: MoneyScope) -> list[list[str]]:
    """Sources for a spreadsheet: what each is credited with by every model, what it cost, the currency and the days."""
    sums = readable(scope, by_source(scope))
    back = {row.key: row for row in returns(scope, sums)}
    spent = {key: row.spent for key, row in back.items()}
    names = names_of(scope.actor, {*sums, *spent})
    head = ["kind", "source", "lines", *MODELS, "spent", "planned", "currency", "from", "to"]
    days = [scope.currency, scope.start.isoformat(), scope.end.isoformat()]
    rows = []
    for key in sorted({*sums, *spent}):
        part = sums.get(key)
        amounts = [f"{part.amounts[model]:f}" if part else "0" for model in MODELS]
        cost = spent.get(key)
        told = [key.kind, guarded(names[key].text), str(part.lines if part else 0), *amounts]
        planned = "yes" if key in back and back[key].planned else ""
        rows.append([*told, "" if cost is None else f"{cost:f}", planned, *days])
    return [head, *rows]


def in_words(scope: MoneyScope, amount: Decimal) -> str:
    """An amount of the scope with its currency."""
    return format_money(amount, scope.currency)
