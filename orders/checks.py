"""Business checks of an order: what differs from the catalogue, the price list and from itself. It refuses nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from core.money import round_money
from orders.documents import OrderDocument, OrderLineDocument
from orders.explaining import PricedLine
from orders.findings import Noticed, notice
from orders.matching import Match
from orders.models import Product
from orders.units import alike, is_known

PRICE_TOLERANCE_PERCENT = Decimal("0.5")
TOTAL_TOLERANCE = Decimal("0.01")  # per line: senders round each line their own way


def check_order(
    document: OrderDocument, *, currency: str, amounts: Sequence[Decimal | None], total: Decimal, today: date
) -> Iterator[Noticed]:
    """What is odd about the order as a whole."""
    if document.currency != currency:
        code = "currency_unknown" if document.currency else "currency_missing"
        yield notice(code, stated=document.currency[:20], currency=currency)
    if document.stated_line_count not in (None, len(document.lines)):
        yield notice("line_count_differs", stated=document.stated_line_count, computed=len(document.lines))
    if _is_past(document.delivery_date, today):
        yield notice("delivery_past", day=document.delivery_date)
    for number, times in Counter(line.number for line in document.lines).items():
        if times > 1:
            yield notice("line_number_repeated", number=number)
    if document.stated_total is not None and None not in amounts:
        tolerance = TOTAL_TOLERANCE * max(1, len(amounts))
        if abs(document.stated_total - total) > tolerance:
            yield notice("total_differs", stated=document.stated_total, computed=round_money(total, currency))


def check_line(
    line: OrderLineDocument,
    match: Match,
    price: PricedLine | None,
    *,
    position: int,
    currency: str,
    amount: Decimal | None,
    today: date,
) -> Iterator[Noticed]:
    """What is odd about one line."""
    if line.quantity == 0:
        yield notice("quantity_zero", position)
    if line.unit and not is_known(line.unit):
        yield notice("unit_unknown", position, unit=line.unit[:20])
    if _is_past(line.delivery_date, today):
        yield notice("delivery_past", position, day=line.delivery_date)
    if line.stated_amount is not None and amount is not None and abs(line.stated_amount - amount) > TOTAL_TOLERANCE:
        computed = round_money(amount, currency)
        yield notice("line_amount_differs", position, stated=line.stated_amount, computed=computed)
    if match.product is None:
        codes = line.seller_sku or line.gtin or line.buyer_sku or line.description
        yield notice("product_unknown", position, codes=f"“{codes[:80]}”")
    else:
        yield from _check_product(line, match, match.product, position)
    yield from _check_price(line, match.product, price, position, currency)


def _check_product(line: OrderLineDocument, match: Match, product: Product, position: int) -> Iterator[Noticed]:
    if match.contradicts is not None:
        yield notice("product_conflict", position, sku=product.sku, written=line.seller_sku[:80])
    if product.lifecycle == Product.Lifecycle.ENDED:
        if product.replacement:
            yield notice("product_replaced", position, sku=product.sku, replacement=product.replacement.sku)
        else:
            yield notice("product_ended", position, sku=product.sku)
    if not alike(line.unit, product.unit):
        yield notice("unit_differs", position, stated=line.unit[:20], sku=product.sku, unit=product.unit)
    elif product.pack_size > 1 and line.quantity % product.pack_size:
        pack, quantity = product.pack_size, format(line.quantity.normalize(), "f")
        yield notice("pack_size", position, sku=product.sku, pack=pack, quantity=quantity)


def _check_price(
    line: OrderLineDocument, product: Product | None, price: PricedLine | None, position: int, currency: str
) -> Iterator[Noticed]:
    if product is None or price is None:
        if line.unit_price is None:
            yield notice("price_unknown", position)
        return
    if price.currency != currency:
        yield notice("currency_differs", position, stated=currency, sku=product.sku, currency=price.currency)
        return
    expected = format(price.unit_price.normalize(), "f")
    if line.unit_price is None:
        yield notice("price_missing", position, expected=expected, currency=currency)
    elif alike(line.unit, product.unit) and differs(line.unit_price, line.price_base, price.unit_price):
        stated = format(line.unit_price, "f")
        yield notice("price_differs", position, stated=stated, expected=expected, currency=currency, basis=price.basis)


def differs(unit_price: Decimal, price_base: Decimal, expected: Decimal) -> bool:
    """True when the price of one unit lies beyond the tolerance around the expected one."""
    return abs(unit_price / (price_base or 1) - expected) > expected * PRICE_TOLERANCE_PERCENT / 100


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day < today
