"""How a standing is shown: the ladder, each figure with what is missing and its rows, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money
from core.numbers import format_number
from partners.actors import Actor
from partners.models import Organisation, Tier
from programmes import judging
from programmes.judging import Gap, Level
from programmes.models import Figure, Reading, Requirement, Scheme, Standing

POINTS = 40  # days that the chart shows
WIDTH = 8  # of a bar and the space beside it


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what there is, what the next tier asks, and where the rows are."""

    label: str
    value: str
    asked: str
    missing: str
    kept: str
    percent: int
    url: str


@dataclass(frozen=True, slots=True)
class Point:
    """One day in the chart: left edge and height in units of the drawing."""

    day: date
    x: int
    height: int
    words: str

    @property
    def top(self) -> int:
        """Where the bar begins, from above."""
        return 100 - self.height


def shown(figure: str, value: Decimal, currency: str) -> str:
    """A figure in words: money for revenue, else a number."""
    return format_money(value, currency) if figure == Figure.REVENUE else format_number(value, 0)


def sentence(figure: str, at_least: Decimal, currency: str) -> str:
    """What a tier asks of one figure, as a sentence."""
    number = int(at_least)
    words = {
        Figure.REVENUE: _("Revenue of at least %(n)s"),
        Figure.REGISTRATIONS: ngettext(
            "at least %(n)s registration approved", "at least %(n)s registrations approved", number
        ),
        Figure.WON: ngettext("at least %(n)s deal won", "at least %(n)s deals won", number),
        Figure.CERTIFICATIONS: ngettext(
            "at least %(n)s certification held", "at least %(n)s certifications held", number
        ),
    }
    return words[Figure(figure)] % {"n": shown(figure, at_least, currency)}


def ladder(vendor: Organisation) -> list[tuple[Tier, list[str], Level]]:
    """The vendor's tiers from the lowest, each with what it asks in sentences."""
    asks: dict[int, dict[str, Decimal]] = {}
    for each in Requirement.objects.filter(vendor=vendor):
        asks.setdefault(each.tier_id, {})[each.figure] = each.at_least
    found = []
    for tier in Tier.objects.filter(programme__vendor=vendor):
        wants = asks.get(tier.pk, {})
        sentences = [sentence(figure, value, vendor.currency) for figure, value in wants.items()]
        found.append((tier, sentences, Level(tier.rank, wants)))
    return found


def window_of(scheme: Scheme | None, day: date) -> tuple[date, date]:
    """The days over which the figures of a day count."""
    calendar = scheme is not None and scheme.window == Scheme.Window.CALENDAR
    return judging.calendar(day) if calendar else judging.rolling(day)


def standing_context(actor: Actor, standing: Standing) -> dict[str, Any]:
    """All that the page of a standing shows beside its acts and its history of events."""
    scheme = Scheme.objects.filter(vendor=standing.vendor_id).first()
    steps = ladder(standing.vendor)
    levels = [level for _tier, _sentences, level in steps]
    tier = standing.partnership.tier
    above = judging.next_level(levels, tier.rank if tier else 0)
    days = window_of(scheme, standing.reckoned_on or localdate())
    names = {level.rank: each.name for each, _sentences, level in steps}
    return {
        "standing": standing,
        "scheme": scheme,
        "tier": tier,
        "days": days,
        "steps": _steps(steps, tier),
        "next_name": names[above.rank] if above else "",
        "rows": _rows(actor, standing, levels, tier, above, days),
        "history": history(standing),
    }


def _steps(steps: list[tuple[Tier, list[str], Level]], tier: Tier | None) -> list[dict[str, str]]:
    rank = tier.rank if tier else 0
    return [
        {
            "label": each.name,
            "note": ", ".join(sentences),
            "status": "now" if each.rank == rank else "done" if each.rank < rank else "todo",
        }
        for each, sentences, _level in steps
    ]


def _rows(
    actor: Actor, standing: Standing, levels: list[Level], tier: Tier | None, above: Level | None, days: Any
) -> list[Row]:
    values = {figure: standing.value(figure) for figure in Figure.values}
    wanted = {gap.figure: gap for gap in judging.gaps(above, values)} if above else {}
    current = next((level for level in levels if tier and level.rank == tier.rank), None)
    kept = {gap.figure: gap for gap in judging.gaps(current, values)} if current else {}
    return [_row(actor, standing, figure, values, wanted.get(figure), kept.get(figure), days) for figure in Figure]


def _row(
    actor: Actor, standing: Standing, figure: Figure, values: Mapping[str, Decimal], wanted: Gap | None,
    kept: Gap | None, days: tuple[date, date],
) -> Row:  # fmt: skip
    currency = standing.vendor.currency

    def words(value: Decimal | None) -> str:
        return "" if value is None else shown(figure, value, currency)

    return Row(
        label=str(figure.label),
        value=words(values[figure]),
        asked=words(wanted.asked if wanted else None),
        missing=words(wanted.missing if wanted and wanted.missing else None),
        kept=words(kept.missing if kept and kept.missing else None),
        percent=wanted.percent if wanted else 100,
        url=rows_url(actor, standing, figure, days),
    )


def rows_url(actor: Actor, standing: Standing, figure: str, days: tuple[date, date]) -> str:
    """The list of the rows that a figure comes from, as far as the actor's role may read it; else nothing."""
    start, end = (day.isoformat() for day in days)
    as_vendor = actor.organisation.pk == standing.vendor_id
    other = standing.partner_id if as_vendor else standing.vendor_id
    if figure == Figure.CERTIFICATIONS:
        return (
            f"{reverse('programmes:certifications')}?{urlencode({'view': 'held', 'state': 'confirmed', 'with': other})}"
        )
    if figure == Figure.REVENUE:
        side = "buyer" if as_vendor else "seller"
        query = {"view": "all", side: other, "dated_from": start, "dated_to": end}
        return f"{reverse('orders:invoices')}?{urlencode(query)}" if actor.can("orders.view") else ""
    which = "decided" if figure == Figure.REGISTRATIONS else "won"
    states = ("approved", "won", "lost", "expired") if figure == Figure.REGISTRATIONS else ("won",)
    side = "vendor" if as_vendor else "partner"
    query = {"view": "all", "with": other, "side": side, "state": states, f"{which}_from": start, f"{which}_to": end}
    return f"{reverse('deals:list')}?{urlencode(query, doseq=True)}" if actor.can("deals.view") else ""


def history(standing: Standing) -> dict[str, Any]:
    """The figures of the last days that were kept: bars of revenue, and a table of all."""
    kept: dict[date, dict[str, Decimal]] = {}
    for row in Reading.objects.filter(standing=standing).order_by("-day")[: POINTS * len(Figure)]:
        kept.setdefault(row.day, {})[row.figure] = row.value
    days = sorted(kept)
    currency = standing.vendor.currency
    top = max((kept[day].get(Figure.REVENUE, Decimal(0)) for day in days), default=Decimal(0))
    points = []
    for at, day in enumerate(days):
        value = kept[day].get(Figure.REVENUE, Decimal(0))
        height = int(max(value, Decimal(0)) / top * 100) if top > 0 else 0
        points.append(Point(day, at * WIDTH + 1, height, format_money(value, currency)))
    table = [
        (day, [shown(figure, kept[day].get(figure, Decimal(0)), currency) for figure in Figure])
        for day in reversed(days)
    ]
    return {
        "points": points,
        "width": max(len(points), 1) * WIDTH,
        "bar": WIDTH - 2,
        "top": format_money(top, currency),
        "table": table,
        "labels": [figure.label for figure in Figure],
    }
