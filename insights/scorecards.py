"""Partners beside each other as their vendor sees them, and vendors as their partner does."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.utils.timezone import localtime

from core.listing.columns import guarded
from insights.measuring import Measures, counts, rates
from insights.models import DealFact, VendorRecord
from insights.percentiles import percentiles
from insights.records import newest_for, promises_of
from insights.remarks import Remark, remark_on
from insights.scopes import Scope
from insights.sets import SETS
from orders.models import Order
from partners.models import Organisation, Partnership

NOUGHT: dict[str, int] = dict.fromkeys(SETS, 0)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One company on the other side: what was registered, how it went, how it moves."""

    partnership: Partnership
    other: Organisation
    counts: dict[str, int]
    before: int
    measures: Measures
    remark: Remark
    first_days: int | None
    last_deal: datetime | None
    last_order: date | None
    record: VendorRecord | None
    promised: int | None

    @property
    def moved(self) -> int:
        """Registrations more (or fewer) than in the days before."""
        return self.counts["registered"] - self.before


def scorecards(scope: Scope) -> list[Scorecard]:
    """A card for every active partnership of the side, by name. A constant number of queries."""
    edges = _partnerships(scope)
    others = [getattr(edge, f"{scope.other}_id") for edge in edges]
    now, before = counts(scope, "partnership"), counts(scope.before(), "partnership")
    times = percentiles(scope.facts().filter(SETS["decided"].condition(scope)), "minutes", "partnership")
    ever = _first_and_last(scope)
    context = _Context(now, before, times, ever, _last_orders(scope, others), *_promises(scope, others))
    return [_card(scope, edge, context) for edge in edges]


def _partnerships(scope: Scope) -> list[Partnership]:
    mine = Partnership.objects.visible_to(scope.actor).filter(**{scope.side: scope.actor.organisation.pk})
    shown = mine.filter(state__in=(Partnership.State.ACTIVE, Partnership.State.SUSPENDED))
    if "with" in scope.narrow:
        shown = shown.filter(**{scope.other: scope.narrow["with"]})
    return list(shown.select_related("vendor", "partner", "tier").order_by(f"{scope.other}__name", "pk"))


@dataclass(frozen=True, slots=True)
class _Context:
    """What all cards are made from."""

    now: dict[Any, dict[str, int]]
    before: dict[Any, dict[str, int]]
    times: dict[Any, tuple[Any, Any]]
    ever: dict[int, tuple[datetime, datetime]]
    orders: dict[int, date]
    promised: dict[int, int]
    records: dict[int, VendorRecord]


def _promises(scope: Scope, others: list[int]) -> tuple[dict[int, int], dict[int, VendorRecord]]:
    """Only a partner is shown them: a vendor knows its own."""
    return ({}, {}) if scope.as_vendor else (promises_of(others), newest_for(scope.actor, others))


def _first_and_last(scope: Scope) -> dict[int, tuple[datetime, datetime]]:
    mine = DealFact.objects.visible_to(scope.actor).filter(**{scope.side: scope.actor.organisation.pk}).order_by()
    spans = mine.values("partnership").annotate(first=Min("submitted_at"), last=Max("submitted_at"))
    return {row["partnership"]: (row["first"], row["last"]) for row in spans}


def _last_orders(scope: Scope, others: list[int]) -> dict[int, date]:
    seller, buyer = ("seller", "buyer") if scope.as_vendor else ("buyer", "seller")
    mine = Order.objects.visible_to(scope.actor).filter(**{seller: scope.actor.organisation.pk, f"{buyer}__in": others})
    last = mine.exclude(state="draft").order_by().values(buyer).annotate(last=Max("created"))
    return {row[buyer]: localtime(row["last"]).date() for row in last}


def _card(scope: Scope, edge: Partnership, context: _Context) -> Scorecard:
    other = edge.partner if scope.as_vendor else edge.vendor
    now = context.now.get(edge.pk, NOUGHT)
    before = context.before.get(edge.pk, NOUGHT)["registered"]
    first, last = context.ever.get(edge.pk, (None, None))
    remark = remark_on(
        now=now["registered"], before=before, ever=first is not None, decided=now["decided"],
        first_time=now["first_time"],
    )  # fmt: skip
    return Scorecard(
        edge,
        other,
        now,
        before,
        rates(now, context.times.get(edge.pk, (None, None))),
        remark,
        max(0, (localtime(first).date() - edge.since).days) if first and edge.since else None,
        last,
        context.orders.get(other.pk),
        context.records.get(other.pk),
        context.promised.get(other.pk),
    )


SORTS = {
    "name": lambda card: str(card.other).casefold(),
    "registered": lambda card: card.counts["registered"],
    "moved": lambda card: card.moved,
    "approved": lambda card: card.counts["approved"],
    "won": lambda card: card.counts["won"],
    "approval_rate": lambda card: _number(card, "approval_rate"),
    "win_rate": lambda card: _number(card, "win_rate"),
    "sla_hit": lambda card: _number(card, "sla_hit"),
    "decision_median": lambda card: _number(card, "decision_median"),
}


def _number(card: Scorecard, code: str) -> float:
    value = card.measures[code].value
    return -1.0 if value is None else float(value)


def arranged(cards: list[Scorecard], sort: str) -> list[Scorecard]:
    """The cards in the order of a column ("-won": most first), by name otherwise."""
    key = SORTS.get(sort.lstrip("-"))
    return sorted(cards, key=key, reverse=sort.startswith("-")) if key else cards


HEADS = (
    "company", "state", "registered", "registered_before", "approved", "won", "approval_percent", "win_percent",
    "answered_in_time_percent", "median_business_minutes", "first_time_right_percent", "days_to_first_deal",
    "last_deal", "last_order", "remark",
)  # fmt: skip


def plain_row(card: Scorecard) -> list[str]:
    """The card as a row of CSV, under HEADS."""
    rate = {code: "" if each.value is None else f"{each.value:f}" for code, each in card.measures.items()}
    cells = [
        guarded(str(card.other)), card.partnership.state, card.counts["registered"], card.before,
        card.counts["approved"], card.counts["won"], rate["approval_rate"], rate["win_rate"], rate["sla_hit"],
        rate["decision_median"], rate["first_time_right"], card.first_days,
        localtime(card.last_deal).date().isoformat() if card.last_deal else "",
        card.last_order.isoformat() if card.last_order else "", str(card.remark.word),
    ]  # fmt: skip
    return ["" if cell is None else str(cell) for cell in cells]
