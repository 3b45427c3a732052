"""What a campaign costs: planned, spent and paid back, of oneself and of those who share.

Nobody sees a single cost of another company. Sums of others are shown to who leads the campaign, where both show their
figures; the leader's own to nobody but itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from campaigns.models import Campaign, Expense, Participant
from campaigns.page import Page
from core.money import round_money
from funds.models import Settlement

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one participant: its share of the budget, what it spent, and what funds paid back of it."""

    planned: Decimal
    spent: Decimal = ZERO
    back: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What is left of the spending when what came back is taken off."""
        return self.spent - self.back

    @property
    def left(self) -> Decimal:
        """What of the share is not spent; below nought when more was."""
        return self.planned - self.net


@dataclass(frozen=True, slots=True)
class Spender:
    """A participant with its costs; None where it keeps them to itself."""

    seat: Participant
    costs: Costs | None


def spending_of(page: Page) -> list[Spender]:
    """Who takes part, with the costs that the reader may see: its own, and for who leads those of everybody who shares
    its results where the leader does too."""
    rows = Participant.objects.filter(campaign=page.campaign, state=Participant.State.ACTIVE)
    seats = list(rows.select_related("organisation").order_by("pk"))
    me = page.actor.organisation.pk
    if not page.leads:
        seats = [seat for seat in seats if seat.organisation_id == me]
    shares = page.seat is not None and page.seat.shares_results
    shown = [seat for seat in seats if seat.organisation_id == me or (shares and seat.shares_results)]
    found = _costs(page.campaign, shown)
    return [Spender(seat, found.get(seat.pk)) for seat in seats]


def _costs(campaign: Campaign, seats: Iterable[Participant]) -> dict[int, Costs]:
    """By seat; two queries, however many."""
    rows = Expense.objects.filter(campaign=campaign, participant__in=[seat.pk for seat in seats]).order_by()
    spent = dict(rows.values_list("participant").annotate(sum=Sum("amount")))
    back = _by(Settlement.objects.filter(claim__expense__in=rows), "claim__expense__participant")
    return {
        seat.pk: Costs(seat.share, _exact(spent.get(seat.pk), campaign.currency), back.get(seat.pk, ZERO))
        for seat in seats
    }


def paid_back(rows: Iterable[Expense]) -> dict[int, Decimal]:
    """By key of the cost: what was paid on its claim, less what was taken back. One query."""
    claimed = [row.pk for row in rows if row.claim_id]
    return _by(Settlement.objects.filter(claim__expense__in=claimed), "claim__expense")


def _by(settlements: object, column: str) -> dict[int, Decimal]:
    rows = settlements.order_by().values_list(column).annotate(sum=Sum(Settlement.NET))  # type: ignore[attr-defined]
    return {pk: _exact(amount, "") for pk, amount in rows}


def _exact(amount: Decimal | None, currency: str) -> Decimal:
    return ZERO if amount is None else round_money(Decimal(amount), currency)  # SQLite sums as floating point


def spent_within(organisation_id: int, currency: str, start: date, end: date) -> dict[int, Decimal]:
    """By campaign of this currency on which the organisation wrote down any cost, ever: what it spent within the days,
    less what was paid back in them; 0 where all of it was spent on others. Three queries."""
    rows = Expense.objects.filter(organisation=organisation_id, campaign__currency=currency).order_by()
    found = dict.fromkeys(rows.values_list("campaign", flat=True).distinct(), ZERO)
    within = rows.filter(day__range=(start, end)).values_list("campaign").annotate(sum=Sum("amount"))
    for pk, amount in within:
        found[pk] += _exact(amount, currency)
    paid = Settlement.objects.filter(claim__expense__in=rows, day__range=(start, end))
    for pk, amount in _by(paid, "claim__expense__campaign").items():
        found[pk] -= amount
    return found
