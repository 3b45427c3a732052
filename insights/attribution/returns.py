"""What was spent, and what came back: for promotions, funds and campaigns, each side's own alone.

Spent is what was really given or paid within the days (of a campaign without a recorded cost the planned share); what
came back are the credited parts of invoice lines of the same days. A partner sees its own discounts and its own claims,
the vendor those of all its partners; what something cost to make is in no record, so nothing here is a margin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from campaigns.models import Campaign, Participant
from campaigns.spending import spent_within
from funds.models import Claim, Fund, Settlement
from funds.purses import balances_by_fund
from insights.attribution.measuring import ZERO, Key, Part, exact, ratio
from insights.attribution.models import Credit
from insights.attribution.naming import Name, may_name, names_of
from insights.attribution.scopes import MoneyScope
from insights.scopes import midnight
from promotions.models import Redemption
from rebates.models import Accrual, Statement

Kind = Credit.Kind
SPENDING = (Kind.CAMPAIGN, Kind.PROMOTION, Kind.FUND)


@dataclass(frozen=True, slots=True)
class Return:
    """A campaign, promotion or fund: what it cost (None where nobody wrote that down), and what came back. `planned`
    where that is the share of a budget and not what was spent."""

    key: Key
    name: Name
    spent: Decimal | None
    amounts: dict[str, Decimal]
    lines: int
    back: Decimal
    times: Decimal | None
    planned: bool = False


def returns(scope: MoneyScope, sums: dict[Key, Part]) -> list[Return]:
    """The returns of everything that cost something within the days or is credited with a line of them."""
    recorded, planned = _campaigns(scope)
    spent = planned | recorded | _given(scope)
    keys = {key for key in (*spent, *sums) if key.kind in SPENDING and may_name(scope.actor, key.kind)}
    names = names_of(scope.actor, keys)
    rows = [_return(scope, key, names[key], spent.get(key), sums.get(key), key in planned) for key in keys]
    order: dict[str, int] = {kind: at for at, kind in enumerate(SPENDING)}
    return sorted(rows, key=lambda row: (order[row.key.kind], -row.back, row.name.text, row.key))


def _return(scope: MoneyScope, key: Key, name: Name, spent: Decimal | None, part: Part | None, planned: bool) -> Return:
    amounts = part.amounts if part else {}
    back = amounts.get(scope.model, ZERO)
    return Return(key, name, spent, amounts, part.lines if part else 0, back, ratio(back, spent or ZERO), planned)


def _given(scope: MoneyScope) -> dict[Key, Decimal]:
    """What was given within the days, by source: discounts on accepted orders, and what was paid on claims."""
    found = {Key(Kind.PROMOTION, pk, ""): amount for pk, amount in _discounts(scope)}
    return found | {Key(Kind.FUND, pk, ""): amount for pk, amount in _paid(scope)}


def _campaigns(scope: MoneyScope) -> tuple[dict[Key, Decimal], dict[Key, Decimal]]:
    """What one wrote down of one's own costs within the days, less what funds paid back of them; and of campaigns that
    ran in them without any cost ever written down, one's own share of the budget."""
    costs, shares = _costs(scope), dict(_shares(scope))
    # Of those that ran also where all of it was spent on other days.
    recorded = {Key(Kind.CAMPAIGN, pk, ""): amount for pk, amount in costs.items() if amount or pk in shares}
    return recorded, {Key(Kind.CAMPAIGN, pk, ""): share for pk, share in shares.items() if pk not in costs}


def _costs(scope: MoneyScope) -> dict[int, Decimal]:
    if not may_name(scope.actor, Kind.CAMPAIGN):
        return {}
    return spent_within(scope.actor.organisation.pk, scope.currency, scope.start, scope.end)


def _discounts(scope: MoneyScope) -> Iterable[tuple[int, Decimal]]:
    if not may_name(scope.actor, Kind.PROMOTION):
        return []
    start, end = midnight(scope.start), scope.until
    rows = Redemption.objects.visible_to(scope.actor).filter(
        **scope.condition(), state=Redemption.State.COMMITTED, created__gte=start, created__lt=end
    )
    summed = rows.order_by().values("promotion").annotate(amount=Sum("amount"))
    return [(row["promotion"], exact(row["amount"])) for row in summed]


def _shares(scope: MoneyScope) -> Iterable[tuple[int, Decimal]]:
    """What the organisation itself put in: nobody else's share, whoever owns the campaign."""
    if not may_name(scope.actor, Kind.CAMPAIGN):
        return []
    seats = Participant.objects.visible_to(scope.actor).filter(
        organisation=scope.actor.organisation.pk, state=Participant.State.ACTIVE, share__gt=0
    )
    ran = seats.filter(
        campaign__state__in=(Campaign.State.RUNNING, Campaign.State.FINISHED),
        campaign__currency=scope.currency,
        campaign__starts__lte=scope.end,
        campaign__ends__gte=scope.start,
    )
    return [(pk, exact(share)) for pk, share in ran.values_list("campaign", "share")]


def _paid(scope: MoneyScope) -> Iterable[tuple[int, Decimal]]:
    if not may_name(scope.actor, Kind.FUND):
        return []
    asked = scope.condition()
    currency = asked.pop("currency")
    claims = Claim.objects.visible_to(scope.actor).filter(**asked, request__fund__currency=currency)
    rows = Settlement.objects.filter(claim__in=claims, day__gte=scope.start, day__lte=scope.end)
    summed = rows.order_by().values(fund=F("claim__request__fund")).annotate(paid=Sum(Settlement.NET))
    return [(row["fund"], exact(row["paid"])) for row in summed]


@dataclass(frozen=True, slots=True)
class Purse:
    """A fund with what its accounts hold today, as the reader may see them (None where it may not)."""

    fund: Fund
    held: dict[str, Decimal | None]


PURSE_KINDS = ("available", "reserved", "claimed", "paid")


def purses(scope: MoneyScope) -> list[Purse]:
    """The funds of one side in the currency, the newest first. Four queries."""
    if not scope.actor.can("funds.view"):
        return []
    me = scope.actor.organisation.pk
    rows = Fund.objects.visible_to(scope.actor).filter(currency=scope.currency)
    rows = rows.filter(vendor=me) if scope.as_vendor else rows.exclude(vendor=me)
    if "with" in scope.narrow and not scope.as_vendor:
        rows = rows.filter(vendor=int(scope.narrow["with"]))
    funds = list(rows.select_related("vendor")[:50])
    held = balances_by_fund(scope.actor, funds)
    return [Purse(fund, {kind: held.get(fund.pk, {}).get(kind) for kind in PURSE_KINDS}) for fund in funds]


def rebates(scope: MoneyScope) -> Decimal | None:
    """What accrued as rebates on invoice lines of the days; None for who may not see rebates."""
    if not scope.actor.can("rebates.view"):
        return None
    asked: dict[str, Any] = scope.condition()
    currency = asked.pop("currency")
    mine = Statement.objects.visible_to(scope.actor).filter(**asked, agreement__currency=currency)
    days = {"invoice_line__invoice__issued_on__gte": scope.start, "invoice_line__invoice__issued_on__lte": scope.end}
    found = Accrual.objects.filter(statement__in=mine, **days).aggregate(total=Sum("amount"))
    return exact(found["total"])
