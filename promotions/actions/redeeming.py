"""Orders use promotions: reserved when an order comes in or changes, committed by its answer, released with it.

Exact under concurrency: whoever reserves holds the order, then every promotion of which this use may be the last, then
the codes for one order that it names, then the other promotions used, each kind by key; what is left is read anew under
these locks, so the promotion's own constraints are never what stops an order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from core.audit import record
from core.money import round_money
from core.states import move
from orders.explaining import Basket
from orders.models import Order, OrderLine, OrderResponseLine, Product
from partners.actors import system_actor
from promotions.engine import Applied
from promotions.models import Promotion, PromotionCode, Redemption
from promotions.offering import Decision, decide
from promotions.ordered import Ordered, correct_prices, tell_refused
from promotions.sharing import write_shares

NONE = frozenset({"draft", "cancelled", "rejected"})
Totals = Mapping[int, Decimal]


@transaction.atomic
def renew(*, order: Order) -> list[Redemption]:
    """Reserve what the order as it stands may use, in the place of what it had. What it was priced with and no longer
    gets is noted at its lines. Harmless when repeated."""
    order = _locked(order)
    _release(order)
    if order.state in NONE:
        return []
    ordered = Ordered.of(order)
    _lock_limited(order, ordered.basket)
    priced = ordered.priced()
    decision = decide(ordered.basket, priced, order_id=order.pk)
    made = _reserve(ordered, decision)
    correct_prices(ordered, priced, decision)
    tell_refused(order, decision)
    return made


@transaction.atomic
def commit(*, order: Order) -> None:
    """The seller has confirmed: what was reserved is spent. Lines that it rejected let go of theirs; of fewer units
    than ordered the part that was confirmed is kept. Harmless when repeated."""
    order = _locked(order)
    response = order.responses.order_by("-pk").first()
    answers = {row.position: row for row in response.lines.all()} if response else {}
    ordered = dict(order.lines.values_list("position", "quantity"))
    back: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in _live(order):
        kept = _part(answers.get(row.position), ordered.get(row.position))
        before = row.amount
        if kept == 0:
            move(row, "release")
            back[row.promotion_id] += before
        else:
            move(row, "commit")
            _keep(row, kept)
            back[row.promotion_id] += before - row.amount
        row.settled_at = now()
        row.save(update_fields=["state", "settled_at", "amount"])
    _give_back(order, back)


@transaction.atomic
def release(*, order: Order) -> None:
    """The order is off: what it had is there for others. Harmless when repeated."""
    _release(_locked(order))


def _locked(order: Order) -> Order:
    rows = Order.objects.select_for_update(of=("self",))
    return rows.select_related("buyer", "seller", "partnership__tier", "partnership__partner").get(pk=order.pk)


def _live(order: Order) -> list[Redemption]:
    return list(Redemption.objects.live().filter(order=order).order_by("pk"))


def _lock_limited(order: Order, basket: Basket) -> None:
    limited = Q(budget__isnull=False) | Q(max_uses__isnull=False) | Q(max_uses_each__isnull=False)
    rows = Promotion.objects.for_partnership(order.partnership).running_on(basket.on).filter(limited)
    keys = list(rows.values_list("pk", flat=True))
    list(Promotion.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    codes = [text.upper() for text in basket.codes]
    list(PromotionCode.objects.select_for_update().filter(vendor=order.seller_id, text__in=codes).order_by("pk"))


def _release(order: Order) -> None:
    back: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in _live(order):
        move(row, "release")
        back[row.promotion_id] += row.amount
        row.settled_at = now()
        row.save(update_fields=["state", "settled_at"])
    PromotionCode.objects.filter(order=order).update(order=None, taken_at=None)
    _give_back(order, back)


def _give_back(order: Order, back: Totals) -> None:
    """Return money to budgets; a use, where nothing of the order is left on a promotion."""
    still = set(Redemption.objects.live().filter(order=order).values_list("promotion_id", flat=True))
    for row in _promotions(back):
        row.spent -= back[row.pk]
        if row.pk not in still:
            row.used -= 1
        row.save(update_fields=["spent", "used"])
    gone = set(back) - still
    PromotionCode.objects.filter(order=order, promotion__in=gone).update(order=None, taken_at=None)


def _promotions(keys: Iterable[int]) -> list[Promotion]:
    rows = Promotion.objects.select_for_update(of=("self",)).filter(pk__in=list(keys))
    return list(rows.order_by("pk"))


def _reserve(ordered: Ordered, decision: Decision) -> list[Redemption]:
    order, applied = ordered.order, decision.outcome.applied
    rows = {row.pk: row for row in _promotions(decision.outcome.savings())}
    made = [
        _redemption(order, line, wanted.product, step, rows[step.offer].currency)
        for line, wanted in zip(ordered.lines, ordered.basket.wanted, strict=True)
        for step in applied.get(wanted.ref, ())
    ]
    made = Redemption.objects.bulk_create(made, batch_size=200)
    write_shares(made)
    for pk, total in decision.outcome.savings().items():
        _spend(rows[pk], total, order, decision.codes.get(pk))
    if made:
        _tell(order, list(rows.values()))
    return made


def _spend(row: Promotion, total: Decimal, order: Order, code: PromotionCode | None) -> None:
    """Count a use on a locked promotion, and take its code."""
    row.spent += total
    row.used += 1
    row.save(update_fields=["spent", "used"])
    if code is not None and code.single:
        PromotionCode.objects.filter(pk=code.pk).update(order=order, taken_at=now())
    if row.left == 0 or row.used == row.max_uses:
        actor = system_actor(row.vendor)
        record(actor=actor, verb="promotion.used_up", target=row, parties=(), number=row.number, name=row.name)


def _tell(order: Order, rows: list[Promotion]) -> None:
    names = ", ".join(row.name for row in rows)[:300]
    record(actor=system_actor(order.seller), verb="promotion.reserved", target=order, number=order.number, names=names)


def _redemption(order: Order, line: OrderLine, product: Product, step: Applied, currency: str) -> Redemption:
    return Redemption(
        promotion_id=step.offer,
        vendor_id=order.seller_id,
        partner_id=order.buyer_id,
        order=order,
        position=line.position,
        line_number=line.number,
        product=product,
        units=line.quantity,
        given=step.given,
        price_before=step.before,
        price_after=step.after,
        reserved=step.saving,
        amount=step.saving,
        currency=currency,
    )


def _part(answer: OrderResponseLine | None, ordered: Decimal | None) -> Decimal:
    """How much of a line was confirmed: 1 is all of it, and never more."""
    if answer is None:
        return Decimal(1)
    if answer.answer == "rejected":
        return Decimal(0)
    if not ordered or answer.quantity is None or answer.quantity >= ordered:
        return Decimal(1)
    return Decimal(answer.quantity) / ordered


def _keep(row: Redemption, part: Decimal) -> None:
    """Keep a part of what was reserved, rounded half up. What was let go of by an earlier answer stays with others."""
    kept = min(row.amount, round_money(row.reserved * part, row.currency))
    if kept != row.amount:
        row.amount = kept
        write_shares([row])
