"""Write a document into the rows of an order: recognise products, price the lines, add up, note what is odd."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import is_currency
from django.utils.translation import gettext as _

from orders.amounts import check_number, line_amount, order_total
from orders.checks import check_line, check_order
from orders.codec import dump
from orders.documents import OrderDocument, OrderLineDocument
from orders.documents_of import parties_of
from orders.errors import OrderRefused
from orders.explaining import PricedLine, Refusal
from orders.findings import Noticed, notice
from orders.matching import Match
from orders.models import Order, OrderFinding, OrderLine
from orders.price_notes import kept
from orders.surroundings import Surroundings

MAX_LINES = 5000
MAX_REFUSALS = 50
WIDTHS = {"gtin": 80, "seller_sku": 120, "buyer_sku": 120, "unit": 10, "number": 35, "place": 200}


def check_document(document: OrderDocument) -> None:
    """Refuse what cannot be an order at all, or not be kept exactly. Raises OrderRefused."""
    if not document.number.strip():
        raise OrderRefused("number_missing", _("The order has no number."), field="number")
    if len(document.number) > 70:
        raise OrderRefused("number_too_long", _("The order's number is longer than 70 characters."), field="number")
    if not document.lines:
        raise OrderRefused("no_lines", _("The order has no lines."), field="lines")
    if len(document.lines) > MAX_LINES:
        raise OrderRefused("too_many_lines", _("The order has more than %d lines.") % MAX_LINES, field="lines")
    check_number(document.stated_total, what="stated_total", negative=True)
    for allowance in (*document.allowances, *(a for line in document.lines for a in line.allowances)):
        check_number(allowance.amount, what="allowance", negative=True)
        check_number(allowance.percent, what="allowance", negative=True)
    for line in document.lines:
        _check_line_numbers(line)


def _check_line_numbers(line: OrderLineDocument) -> None:
    for what, width in WIDTHS.items():
        if len(getattr(line, what)) > width:
            text = _("On line %(line)s “%(what)s” is longer than %(width)d characters.")
            words = {"line": line.number[:35], "what": what, "width": width}
            raise OrderRefused("value_too_long", text % words, field=what)
    check_number(line.quantity, what="quantity")
    check_number(line.price_base, what="price_base")
    check_number(line.unit_price, what="unit_price", negative=True)
    check_number(line.stated_amount, what="stated_amount", negative=True)


@dataclass(frozen=True, slots=True)
class Composed:
    """The lines of an order, not saved yet, and what was noticed."""

    lines: Sequence[OrderLine]
    noticed: Sequence[Noticed]

    def save(self, order: Order) -> None:
        """Save a new or emptied order with these lines."""
        order.save()
        OrderLine.objects.bulk_create(self.lines, batch_size=100)


def write_document(
    order: Order, document: OrderDocument, *, today: date, deal_id: int | None = None
) -> Sequence[Noticed]:
    """Fill a new or emptied order from the document and save it; returns what was noticed (not saved yet). `deal_id`
    is the deal that it names: prices may hang on it."""
    parties = {"buyer_id": order.buyer_id, "seller_id": order.seller_id}
    around = Surroundings.of_one(document, partnership=order.partnership, **parties)
    composed = compose(order, document, around, today=today, deal_id=deal_id)
    composed.save(order)
    return composed.noticed


def compose(
    order: Order, document: OrderDocument, around: Surroundings, *, today: date, deal_id: int | None = None
) -> Composed:
    """Fill an order from the document, in memory; no query but for prices of a day that was not asked before."""
    currency = document.currency.upper()
    if not is_currency(currency):
        currency = order.seller.currency
    matches = [around.shelf.match(line) for line in document.lines]
    prices, refusals = around.prices(document, matches, document.issued_on or today, deal_id)
    lines = [
        _line(order, position, line, match, price, currency)
        for position, (line, match, price) in enumerate(zip(document.lines, matches, prices, strict=True), 1)
    ]
    amounts = [line.amount for line in lines]
    order.total = order_total(amounts, document.allowances, currency)
    _fill(order, document, currency)
    noticed = list(check_order(document, currency=currency, amounts=amounts, total=order.total, today=today))
    for row, line, match, price in zip(lines, document.lines, matches, prices, strict=True):
        noticed += check_line(
            line, match, price, position=row.position, currency=currency, amount=row.amount, today=today
        )
    return Composed(lines, [*noticed, *_refused(refusals)])


def _refused(refusals: Iterable[Refusal]) -> list[Noticed]:
    """Why a code that the order names does not apply; what would nearly apply unasked is no finding."""
    named = [each for each in refusals if each.code]
    return [
        notice(
            "code_refused", int(each.ref) if each.ref else None, promotion=each.code[:40], why=str(each.sentence)[:300]
        )
        for each in named[:MAX_REFUSALS]
    ]


def save_findings(
    order: Order, noticed: Sequence[Noticed], *, new: bool = False, saved: Iterable[OrderLine] | None = None
) -> None:
    """Replace the order's findings by these; a `new` order has none yet. `saved` are its lines, where they are at
    hand."""
    if not new:
        OrderFinding.objects.filter(order=order).delete()
    if not noticed:
        return
    lines = {line.position: line for line in (OrderLine.objects.filter(order=order) if saved is None else saved)}
    rows = [
        OrderFinding(
            order=order,
            line=lines[item.position] if item.position else None,
            code=item.code,
            severity=item.severity,
            data=dict(item.data),
        )
        for item in noticed
    ]
    OrderFinding.objects.bulk_create(rows, batch_size=100)


def _fill(order: Order, document: OrderDocument, currency: str) -> None:
    order.number = document.number.strip()
    order.kind = document.kind[:10]
    order.currency = currency
    order.issued_on = document.issued_on
    order.delivery_date = document.delivery_date
    order.parties = parties_of(document)
    order.references = dump(document.references)
    order.notes = dump(document.notes)
    order.allowances = dump(document.allowances)
    order.extras = dump(document.extras)
    order.terms = document.terms
    order.stated_total = document.stated_total
    order.stated_line_count = document.stated_line_count


def _line(
    order: Order, position: int, line: OrderLineDocument, match: Match, price: PricedLine | None, currency: str
) -> OrderLine:
    known = price if price and price.currency == currency else None
    expected = known.unit_price if known else None
    unit_price = expected if line.unit_price is None else line.unit_price
    return OrderLine(
        order=order,
        position=position,
        number=line.number or str(position),
        product=match.product,
        matched_by=match.by,
        gtin=line.gtin,
        seller_sku=line.seller_sku,
        buyer_sku=line.buyer_sku,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_base=line.price_base or Decimal(1),
        stated_amount=line.stated_amount,
        amount=line_amount(line, currency, unit_price),
        list_price=known.list_price if known else None,
        expected_price=expected,
        pricing=kept(known) if known else {},
        delivery_date=line.delivery_date,
        allowances=dump(line.allowances),
        references=dump(line.references),
        note=line.note,
        place=line.place,
    )
