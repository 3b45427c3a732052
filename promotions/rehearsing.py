"""What a promotion would have done to the orders of the last weeks, had it run: a dry run that changes nothing."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import now

from orders.models import Order, OrderLine
from partners.actors import Actor
from promotions import engine
from promotions.audience import audience
from promotions.models import Promotion
from promotions.offering import Running

DAYS = 90
MOST_ORDERS = 2000
SETTLED = ("draft", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class Touched:
    """An order that it would have changed, what its recognised lines came to, and what it would have cost."""

    order: Order
    before: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The orders touched, the latest first, among how many, and what could be said of the whole."""

    touched: list[Touched]
    looked_at: int
    cost: Decimal
    turnover: Decimal
    stopped: int  # orders that its budget would no longer have covered

    @property
    def share(self) -> Decimal:
        """The cost in percent of the turnover touched."""
        return (self.cost * 100 / self.turnover).quantize(Decimal("0.1")) if self.turnover else Decimal(0)


def rehearse(actor: Actor, promotion: Promotion) -> Rehearsal:
    """Apply the promotion alone to the orders of its partners in the last ninety days, the oldest first, as if each
    had named its code; its budget is spent as it would have been. Three queries and those of its audience."""
    orders = Order.objects.visible_to(actor).filter(
        seller=promotion.vendor_id,
        currency=promotion.currency,
        partnership__in=audience(promotion).values("pk"),
        created__gte=now() - timedelta(days=DAYS),
    )
    found = list(orders.exclude(state__in=SETTLED).select_related("buyer").order_by("-created")[:MOST_ORDERS])
    lines: dict[int, list[OrderLine]] = {order.pk: [] for order in found}
    for row in OrderLine.objects.filter(order__in=found).select_related("product"):
        lines[row.order_id].append(row)
    products = frozenset(promotion.products.values_list("pk", flat=True))
    facts = Running({promotion.pk: promotion}, {promotion.pk: products}, {}).facts(promotion.pk, named=True)
    return _run(promotion, facts, [(order, _items(order, lines[order.pk])) for order in reversed(found)])


def _run(promotion: Promotion, facts: engine.Offer, baskets: list[tuple[Order, list[engine.Item]]]) -> Rehearsal:
    left, uses, stopped = promotion.budget, promotion.max_uses, 0
    each_used: dict[int, int] = {}
    touched = []
    for order, items in baskets:
        used = each_used.get(order.buyer_id, 0)
        limits = [limit for limit in (uses, _less(promotion.max_uses_each, used)) if limit is not None]
        now_left = replace(facts, amount_left=left, uses_left=min(limits, default=None))
        outcome = engine.price(items, [now_left], deal=order.deal_id is not None)
        stopped += any(each.code in ("budget", "budget_gone", "uses") for each in outcome.refused)
        cost = outcome.savings().get(promotion.pk)
        if cost is None:
            continue
        left, uses = (None if left is None else left - cost), _less(uses, 1)
        each_used[order.buyer_id] = used + 1
        before = sum((item.quantity * item.unit_price for item in items), Decimal(0))
        touched.append(Touched(order, before, cost))
    touched.reverse()
    return Rehearsal(
        touched,
        len(baskets),
        sum((each.cost for each in touched), Decimal(0)),
        sum((each.before for each in touched), Decimal(0)),
        stopped,
    )


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else limit - used


def _items(order: Order, rows: list[OrderLine]) -> list[engine.Item]:
    found = []
    for row in rows:
        price = row.expected_price if row.unit_price is None else row.unit_price / row.price_base
        if row.product is not None and price is not None and price >= 0:
            line = row.product.product_line.casefold()
            found.append(engine.Item(str(row.position), row.product.pk, line, row.quantity, price, order.currency))
    return found
