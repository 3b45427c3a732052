"""Figures in the reader's words and numbers, with the addresses of the deals behind them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import format_number, format_percent
from insights.figures import BY_CODE, Figure, figures_for
from insights.measuring import Measure, Measures
from insights.scopes import Scope

Text = str | Promise
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure on a page: its value and the one before in words, how it moved, and the deals behind it."""

    code: str
    label: Text
    words: Text
    value: str
    before: str
    change: str
    tone: str
    base: int
    part: int | None
    url: str
    part_url: str

    @property
    def is_share(self) -> bool:
        """True for so many of so many."""
        return self.part is not None


def show(scope: Scope, now: Measures, before: Measures | None = None) -> list[Shown]:
    """All figures of a side, in their order."""
    return [
        _shown(scope, figure, now[figure.code], (before or {}).get(figure.code))
        for figure in figures_for(scope.side, offers=True)
        if figure.code in now
    ]


def _shown(scope: Scope, figure: Figure, now: Measure, before: Measure | None) -> Shown:
    change, tone = _change(figure, now, before)
    return Shown(
        figure.code,
        figure.label,
        figure.words,
        written(figure.code, now.value),
        written(figure.code, before.value if before else None),
        change,
        tone,
        now.base,
        now.part,
        rows_url(scope, figure.base, offers=figure.offers),
        rows_url(scope, figure.part or figure.base, offers=figure.offers),
    )


def rows_url(scope: Scope, code: str, *, offers: bool = False) -> str:
    """The list of exactly the deals (or offers of leads) of a set."""
    return f"{reverse('insights:offers' if offers else 'insights:rows')}?{scope.query(set=code)}"


def written(code: str, value: Decimal | None) -> str:
    """A value with its unit, a dash for none."""
    if value is None:
        return NOTHING
    kind = BY_CODE[code].kind
    if kind == "rate":
        return format_percent(value)
    if kind == "hours":
        return hours(int(value))
    if kind == "days":
        return ngettext("%(n)s day", "%(n)s days", int(value)) % {"n": format_number(int(value))}
    return format_number(int(value))


def hours(minutes: int | None) -> str:
    """Business minutes as hours with one decimal: "3.1 h"."""
    if minutes is None:
        return NOTHING
    return _("%(hours)s h") % {"hours": format_number(Decimal(minutes) / 60, 1)}


def _change(figure: Figure, now: Measure, before: Measure | None) -> tuple[str, str]:
    """How it moved against the days before, in words, and whether that is good."""
    if before is None or now.value is None or before.value is None:
        return "", "still"
    moved = now.value - before.value
    if not moved:
        return _("as before"), "still"
    small = abs(moved) * 20 < abs(before.value)  # less than a twentieth is no news
    tone = "still" if small or not figure.good else "good" if (moved > 0) == (figure.good > 0) else "warn"
    return _("%(change)s against before") % {"change": _signed(figure, moved)}, tone


def _signed(figure: Figure, moved: Decimal) -> str:
    sign, size = ("+" if moved > 0 else "−"), abs(moved)
    if figure.kind == "rate":
        return _("%(sign)s%(n)s points") % {"sign": sign, "n": format_number(size)}
    return f"{sign}{written(figure.code, size)}"


def as_data(now: Measures, before: Measures | None = None) -> list[dict[str, Any]]:
    """The figures as the API gives them: numbers as texts with a point, minutes for hours, None for nothing."""
    return [
        {
            "code": code,
            "label": str(BY_CODE[code].label),
            "definition": str(BY_CODE[code].words),
            "unit": {"rate": "percent", "hours": "business minutes", "days": "days", "count": "deals"}[
                BY_CODE[code].kind
            ],
            "value": _plain(measured.value),
            "before": _plain(before[code].value) if before and code in before else None,
            "base": measured.base,
            "part": measured.part,
        }
        for code, measured in now.items()
    ]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
