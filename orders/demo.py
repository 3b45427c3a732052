"""The demo's trade: a catalogue of 120 products, agreed prices, and 90 orders in every state with their answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from stdnum import ean

from core.numbers import with_check_digit
from core.sequences import next_number
from orders import demo_cast as cast
from orders import demo_quotes
from orders.demo_fulfilment import fulfil
from orders.demo_history import tell
from orders.documents import OrderDocument, OrderLineDocument, PartyDocument
from orders.models import CrossReference, Order, PriceList, PriceListItem, Product
from orders.pricing import prices_for
from orders.writing import save_findings, write_document
from partners.models import Partnership


def catalogue(world: Any) -> None:
    """Products with GTINs, some on their way out, and two agreed price lists."""
    for key, families in cast.FAMILIES.items():
        made = [product for family in families for product in _products(world, key, family)]
        for serial, product in enumerate(made, 1):
            body = f"{cast.PREFIXES[key]}{serial:04d}"
            product.gtin = body + ean.calc_check_digit(body)
        Product.objects.bulk_create(made)
        world.products[key] = made
        _retire(world.rng, made)
    _price_lists(world)


def _products(world: Any, key: str, family: cast.Family) -> list[Product]:
    return [
        Product(
            vendor=world.orgs[key],
            sku=sku,
            name=name,
            unit=family.unit,
            pack_size=family.pack,
            product_line=family.line,
            list_price=price,
            description=f"{name}. {family.line}.",
            created=world.now - timedelta(days=360),
        )
        for sku, name, price in family.products()
    ]


def _retire(rng: Any, made: list[Product]) -> None:
    """The smallest of two families ends and is replaced by the next, another is phased out."""
    old, new, fading = made[0], made[1], made[6]
    old.lifecycle, old.replacement = Product.Lifecycle.ENDED, new
    fading.lifecycle = Product.Lifecycle.PHASE_OUT
    Product.objects.bulk_update([old, fading], ["lifecycle", "replacement"])


def _price_lists(world: Any) -> None:
    """Dollars for the American distributor of each vendor; quantity prices of Aurora for Brenta."""
    start = (world.now - timedelta(days=250)).date()
    for edge in world.partnerships:
        key = world.key_of(edge.vendor)
        if edge.state == Partnership.State.ACTIVE and edge.partner.currency == "USD":
            dollars = PriceList.objects.create(
                vendor=edge.vendor, name="Export, US dollars", currency="USD", partnership=edge, valid_from=start
            )
            rate = Decimal("0.98")
            _items(dollars, ((product, 1, product.list_price * rate) for product in world.products[key]))
        elif key == "aurora" and world.key_of(edge.partner) == "brenta":
            agreed = PriceList.objects.create(
                vendor=edge.vendor, name="Frame contract", partnership=edge, valid_from=start
            )
            spares = [product for product in world.products[key] if product.product_line == "Spare parts"]
            _items(agreed, ((product, 20, product.list_price * Decimal("0.8")) for product in spares))


def _items(price_list: PriceList, rows: Iterator[tuple[Product, int, Decimal]]) -> None:
    PriceListItem.objects.bulk_create(
        PriceListItem(
            price_list=price_list, product=product, min_quantity=least, price=price.quantize(Decimal("0.0001"))
        )
        for product, least, price in rows
    )


@dataclass(slots=True)
class Plan:
    """An order to be written: between whom, when, how far it got, and the deal it came from."""

    edge: Partnership
    when: datetime
    state: str
    deal: Any = None


def fill(world: Any) -> None:
    """Write the orders in the order of their time, then what happened to them."""
    plans = sorted(_plans(world), key=lambda plan: plan.when)
    world.orders = [_write(world, plan, serial) for serial, plan in enumerate(plans)]
    _part_numbers(world)
    tell(world, world.orders)
    fulfil(world, world.orders)
    demo_quotes.fill(world)


def _plans(world: Any) -> Iterator[Plan]:
    rng = world.rng
    active = [edge for edge in world.partnerships if edge.state == Partnership.State.ACTIVE]
    edges = [edge for edge in active if world.products.get(world.key_of(edge.vendor))]
    weights = [3 if world.key_of(edge.vendor) == "aurora" else 2 for edge in edges]
    won = [deal for deal in world.deals if deal.state == "won"]
    rng.shuffle(won)
    for state, number, newest, oldest in cast.PLAN:
        for _ in range(number):
            when = _office_hour(world, rng.uniform(newest, oldest))
            deal = _deal_before(won, when) if state in ("closed", "invoiced", "shipped", "accepted") else None
            yield Plan(deal.partnership if deal else rng.choices(edges, weights)[0], when, state, deal)


def _deal_before(won: list[Any], when: datetime) -> Any:
    """A won deal that was decided before, each once."""
    for deal in won:
        if deal.decided_at and deal.decided_at < when and deal.partnership.state == Partnership.State.ACTIVE:
            won.remove(deal)
            return deal
    return None


def _office_hour(world: Any, days_ago: float) -> datetime:
    moment: datetime = world.now - timedelta(days=days_ago)
    moment = moment.replace(hour=world.rng.randint(8, 17), minute=world.rng.randint(0, 59))
    latest: datetime = world.now - timedelta(minutes=world.rng.randint(15, 200))
    return min(moment, latest)


def _write(world: Any, plan: Plan, serial: int) -> Order:
    edge = plan.edge
    source = world.rng.choice(("edi", "edi", "web", "api")) if world.key_of(edge.partner) in world.accounts else "web"
    order = Order(
        buyer=edge.partner,
        seller=edge.vendor,
        partnership=edge,
        source="web" if plan.state == "draft" else source,
        state=plan.state,
        created=plan.when,
        deal=plan.deal,
        deal_basis=Order.Basis.NUMBER if plan.deal else "",
    )
    if plan.state != "draft":
        order.received_at = plan.when
        order.seller_number = with_check_digit("SO-", next_number(f"orders.{edge.vendor_id}"))
    document = _document(world, plan, serial)
    noticed = write_document(order, document, today=plan.when.date())
    save_findings(order, [] if plan.state == "draft" else noticed)
    return order


def _document(world: Any, plan: Plan, serial: int) -> OrderDocument:
    rng, buyer, seller = world.rng, plan.edge.partner, plan.edge.vendor
    street, postcode, city = cast.PLACES.get(buyer.country, cast.PLACES["IT"])
    lines, currency = _lines(world, plan)
    note = rng.choice(cast.NOTES)
    return OrderDocument(
        number=plan.deal.closure_note if plan.deal else f"45000{86000 + serial * 7 + len(buyer.name)}",
        issued_on=plan.when.date(),
        currency=currency,
        buyer=PartyDocument(name=buyer.name, city=buyer.city, country=buyer.country),
        seller=PartyDocument(name=seller.name, city=seller.city, country=seller.country),
        ship_to=PartyDocument((), f"{buyer.name}, warehouse", street, city, postcode, buyer.country),
        delivery_date=(plan.when + timedelta(days=rng.randint(12, 60))).date(),
        references=(("deal", plan.deal.number),) if plan.deal else (),
        notes=(note,) if note else (),
        lines=lines,
    )


def _lines(world: Any, plan: Plan) -> tuple[tuple[OrderLineDocument, ...], str]:
    rng = world.rng
    chosen = [(row.product, row.quantity) for row in plan.deal.lines.all() if row.product] if plan.deal else []
    if not chosen:
        own = [product for product in world.products[world.key_of(plan.edge.vendor)] if product.lifecycle != "ended"]
        picked = rng.sample(own, min(len(own), rng.choice((1, 2, 2, 3, 3, 4, 6))))
        chosen = [(product, Decimal(rng.choice((1, 2, 4, 6, 10, 12)) * product.pack_size)) for product in picked]
    prices = prices_for(chosen, plan.edge, plan.when.date())
    lines = [
        _line(rng, n, product, quantity, price.amount)
        for n, ((product, quantity), price) in enumerate(zip(chosen, prices, strict=True), 1)
    ]
    if rng.random() < 0.06 and plan.state in ("received", "acknowledged", "closed"):
        lines[-1] = replace(lines[-1], gtin="", seller_sku="OLD-7734", description="Adapter, see drawing 7734")
    return tuple(lines), prices[0].currency


def _line(rng: Any, n: int, product: Product, quantity: Decimal, price: Decimal) -> OrderLineDocument:
    stated = (price * Decimal("0.96")).quantize(Decimal("0.01")) if rng.random() < 0.08 else price
    return OrderLineDocument(
        number=str(n * 10),
        quantity=quantity.normalize() + 0,
        unit=product.unit,
        gtin=product.gtin if rng.random() < 0.6 else "",
        seller_sku=product.sku,
        buyer_sku=f"M{crc32(product.sku.encode()) % 90000 + 10000}" if rng.random() < 0.5 else "",
        description=product.name,
        unit_price=stated.normalize() + 0,
    )


def _part_numbers(world: Any) -> None:
    """The buyers' own numbers of lines that were accepted."""
    known: dict[tuple[int, int, str], CrossReference] = {}
    for order in world.orders:
        if order.state in ("accepted", "shipped", "invoiced", "closed"):
            for line in order.lines.exclude(buyer_sku="").exclude(product=None):
                key = (order.seller_id, order.buyer_id, line.buyer_sku)
                known[key] = CrossReference(
                    vendor=order.seller, partner=order.buyer, number=line.buyer_sku, product_id=line.product_id
                )
    CrossReference.objects.bulk_create(known.values())
