"""The demo's promotions: six in every state, some of which recent orders use."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.models import Sequence, TrailEntry
from core.numbers import with_check_digit
from orders.amounts import line_amount, order_total
from orders.codec import load_all
from orders.documents import AllowanceDocument
from orders.documents_of import line_document
from orders.models import Order, OrderLine
from orders.price_notes import kept
from promotions import actions
from promotions.models import Promotion, PromotionCode, PromotionShare
from promotions.offering import PREFIX, decide, with_steps
from promotions.ordered import Ordered

# name, sentence, state, started days ago, ends in days, columns
PLAN: tuple[tuple[str, str, str, int, int | None, dict[str, Any]], ...] = (
    ("Booster weeks", "Booster sets at seven per cent less, until the budget is used up.", "active", 20, 25,
     {"value": Decimal(7), "product_lines": ["Booster sets"], "budget": Decimal(25000),
      "stacking": "exclusive", "priority": 5}),
    ("Spare parts by the box", "The more spare parts in one order, the less each costs.", "active", 60, None,
     {"kind": "volume", "breaks": [["20", "4"], ["50", "7"], ["100", "10"]], "product_lines": ["Spare parts"]}),
    ("Cable on top", "For every 200 metres of cable, 20 metres on top.", "active", 30, 60,
     {"kind": "bundle", "buy": 200, "get": 20, "product_lines": ["Accessories"], "max_uses_each": 4}),
    ("Growth rebate", "Three per cent of every pump order comes back at the end of the year.", "active", 120, 40,
     {"kind": "rebate", "value": Decimal(3), "product_lines": ["Pumps"], "min_value": Decimal(5000)}),
    ("Fair in Bologna", "For visitors of our stand: one code, one order, 250 euro off each drive.", "active", 10, 20,
     {"kind": "amount", "value": Decimal(250), "product_lines": ["Drives"], "codes_kind": "many", "max_uses": 40}),
    ("Spring start", "End-suction pumps for the irrigation season.", "draft", -90, 150,
     {"value": Decimal(5), "product_lines": ["Pumps"], "codes_kind": "one", "min_quantity": Decimal(4)}),
    ("Summer clearance", "Phased-out sizes at a last price.", "ended", 150, -60,
     {"value": Decimal(15), "product_lines": ["Accessories"]}),
)  # fmt: skip
OPEN = ("received", "acknowledged")
SETTLED = ("accepted", "shipped", "invoiced", "closed")


def fill(world: Any) -> None:
    """Write Aurora's promotions, and have orders use them."""
    vendor = world.orgs["aurora"]
    made = {row.name: row for row in (_promotion(world, vendor, at) for at in range(len(PLAN)))}
    Sequence.objects.update_or_create(name="promotion", defaults={"last": len(PLAN)})
    _codes(world, made)
    PromotionShare.objects.create(
        promotion=made["Booster weeks"], organisation=world.orgs["helios"], percent=Decimal(40)
    )
    _use(world, vendor)
    manager = world.actor("aurora", "channel_manager")
    for row in made.values():
        _tell(world, manager, row)


def _promotion(world: Any, vendor: Any, at: int) -> Promotion:
    name, sentence, state, ago, ends, columns = PLAN[at]
    today = world.now.date()
    row = Promotion(
        vendor=vendor, number=with_check_digit(PREFIX, at + 1), name=name, sentence=sentence, state=state,
        start=today - timedelta(days=ago), until=None if ends is None else today + timedelta(days=ends),
        created=world.now - timedelta(days=max(ago, 0) + 6),
    )  # fmt: skip
    for column, value in columns.items():
        setattr(row, column, value)
    row.save()
    return row


def _codes(world: Any, made: dict[str, Promotion]) -> None:
    fair, spring = made["Fair in Bologna"], made["Spring start"]
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    texts = {"-".join("".join(world.rng.choices(letters, k=4)) for _part in range(3)) for _code in range(40)}
    PromotionCode.objects.bulk_create(
        PromotionCode(promotion=fair, vendor=fair.vendor, text=text, single=True) for text in sorted(texts)
    )
    PromotionCode.objects.create(promotion=spring, vendor=spring.vendor, text="SPRING-27")


def _use(world: Any, vendor: Any) -> None:
    """Open orders are priced with what runs; of settled ones the rebate alone is noted, as it changes no price."""
    orders = Order.objects.filter(seller=vendor, state__in=(*OPEN, *SETTLED))
    for order in orders.select_related("buyer", "seller", "partnership__partner").order_by("created", "pk"):
        ordered = Ordered.of(order)
        priced = ordered.priced()
        decision = decide(ordered.basket, priced)
        kinds = {decision.running.promotions[pk].kind for pk in decision.outcome.savings()}
        if not kinds or (order.state in SETTLED and kinds != {"rebate"}):
            continue
        if order.state in OPEN:
            _price(order, [(row, with_steps(line, decision)) for row, line in zip(ordered.lines, priced, strict=True)])
        actions.renew(order=order)
        if order.state in SETTLED:
            actions.commit(order=order)
        told = TrailEntry.objects.filter(verb="promotion.reserved", target_id=order.pk)
        told.update(created=order.created + timedelta(minutes=1), fanned_out_at=world.now)
        order.redemptions.update(created=order.created + timedelta(minutes=1))


def _price(order: Order, rows: list[tuple[OrderLine, Any]]) -> None:
    for row, line in rows:
        if line.currency == order.currency and line.steps[-1].kind == "promotion":
            row.expected_price, row.pricing = line.unit_price, kept(line)
            row.unit_price = line.unit_price.quantize(Decimal("0.0001"))
            row.amount = line_amount(line_document(row), order.currency, row.unit_price)
            row.save(update_fields=["expected_price", "pricing", "unit_price", "amount"])
    amounts = order.lines.values_list("amount", flat=True)
    order.total = order_total(amounts, load_all(AllowanceDocument, order.allowances), order.currency)
    order.save(update_fields=["total"])


def _tell(world: Any, manager: Any, row: Promotion) -> None:
    """Its history, as it would have been recorded."""
    facts = {"number": row.number, "name": row.name}
    world.trail(manager, "promotion.saved", row, row.created, (), number=row.number)
    if row.state != "draft":
        start = row.created + timedelta(days=6)
        parties = set(row.vendor.as_vendor.filter(state="active").values_list("partner_id", flat=True))
        world.trail(manager, "promotion.activated", row, min(start, world.now), parties, **facts)
        if row.state == "ended":
            world.trail(manager, "promotion.ended", row, start + timedelta(days=90), parties, **facts)
