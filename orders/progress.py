"""How far an order got, line by line: ordered, confirmed, sent off, arrived, invoiced, and what does not agree.

Three-way match of order, despatch and invoice. Quantities are compared in the unit of the order where both use the
same; prices per unit of the order's price base; amounts within half a minor unit a line.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.money import minor_units, round_money
from core.numbers import format_number
from orders.amounts import amount_of
from orders.models import (
    DespatchLine,
    InvoiceLine,
    Order,
    OrderLine,
    OrderResponseLine,
    ReceiptLine,
)
from orders.units import alike

ZERO = Decimal(0)


@dataclass(slots=True)
class LineProgress:
    """One line of an order and what became of it; `differences` are sentences."""

    line: OrderLine
    confirmed: Decimal
    price: Decimal | None
    despatched: Decimal = ZERO
    received: Decimal = ZERO
    rejected: Decimal = ZERO
    invoiced: Decimal = ZERO
    amount: Decimal = ZERO  # invoiced, net
    despatch_known: bool = False
    receipt_known: bool = False
    invoice_known: bool = False
    differences: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Progress:
    """An order against all that followed it."""

    order: Order
    lines: list[LineProgress]
    stray: list[str] = field(default_factory=list)  # about lines that no order line was found for

    @property
    def known(self) -> bool:
        """Whether anything followed the order yet."""
        return bool(self.stray) or any(e.despatch_known or e.receipt_known or e.invoice_known for e in self.lines)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.stray and not any(line.differences for line in self.lines)

    @property
    def has_receipts(self) -> bool:
        """Whether the buyer said what arrived."""
        return any(line.receipt_known for line in self.lines)


def progress_of(order: Order) -> Progress:
    """The match of an order, in six queries."""
    answers = _answers(order)
    lines = {line.pk: _start(line, answers.get(line.pk)) for line in order.lines.select_related("product")}
    found = Progress(order, list(lines.values()))
    for sent in DespatchLine.objects.filter(order=order).select_related("despatch"):
        _add_despatch(found, lines.get(sent.order_line_id or 0), sent)
    for arrived in ReceiptLine.objects.filter(order=order):
        _add_receipt(lines.get(arrived.order_line_id or 0), arrived)
    prices: defaultdict[int, list[InvoiceLine]] = defaultdict(list)
    for billed in InvoiceLine.objects.filter(order=order).select_related("invoice"):
        _add_invoice(found, lines.get(billed.order_line_id or 0), billed)
        prices[billed.order_line_id or 0].append(billed)
    for each in found.lines:
        each.differences = [*_quantities(each), *_prices(each, prices[each.line.pk], order.currency)]
    return found


def step_of(order: Order) -> str:
    """The step of the order's table that its quantities call for, or ""."""
    lines = [line for line in progress_of(order).lines if line.confirmed > 0]
    if not lines:
        return ""
    sent = [line for line in lines if line.despatched > 0]
    shipped = all(line.despatched >= line.confirmed for line in lines)
    if all(line.invoiced >= line.confirmed for line in lines) and (shipped or not sent):
        return "invoice"
    if shipped:
        return "ship"
    return "ship_part" if sent else ""


def _answers(order: Order) -> dict[int, OrderResponseLine]:
    response = order.responses.order_by("-pk").first()
    return {row.line_id: row for row in response.lines.all() if row.line_id} if response else {}


def _start(line: OrderLine, answer: OrderResponseLine | None) -> LineProgress:
    ordered_price = line.expected_price if line.unit_price is None else line.unit_price
    if answer is None:
        return LineProgress(line, line.quantity, ordered_price)
    confirmed = ZERO if answer.answer == OrderResponseLine.Answer.REJECTED else answer.quantity
    return LineProgress(line, confirmed, ordered_price if answer.unit_price is None else answer.unit_price)


def _add_despatch(found: Progress, each: LineProgress | None, sent: DespatchLine) -> None:
    if each is None:
        words = {"number": sent.despatch.number, "item": sent.title, "quantity": _plain(sent.quantity)}
        found.stray.append(_("Despatch %(number)s brings %(quantity)s × %(item)s, which no line ordered.") % words)
        return
    each.despatched += sent.quantity
    each.despatch_known = True


def _add_receipt(each: LineProgress | None, arrived: ReceiptLine) -> None:
    if each is not None:
        each.received += arrived.quantity
        each.rejected += arrived.rejected or ZERO
        each.receipt_known = True


def _add_invoice(found: Progress, each: LineProgress | None, billed: InvoiceLine) -> None:
    if each is None:
        words = {"number": billed.invoice.number, "item": billed.title, "quantity": _plain(billed.quantity)}
        found.stray.append(_("Invoice %(number)s charges %(quantity)s × %(item)s, which no line ordered.") % words)
        return
    each.invoiced += billed.quantity * billed.invoice.sign
    each.amount += (billed.amount or ZERO) * billed.invoice.sign
    each.invoice_known = True


def _quantities(each: LineProgress) -> Iterable[str]:
    confirmed = each.confirmed
    if each.despatched > confirmed:
        yield _say(_("%(more)s more were sent than confirmed."), more=each.despatched - confirmed)
    if each.receipt_known and each.despatch_known and each.received + each.rejected < each.despatched:
        yield _say(_("%(less)s that were sent did not arrive."), less=each.despatched - each.received - each.rejected)
    if each.rejected:
        yield _say(_("%(rejected)s were refused on arrival."), rejected=each.rejected)
    if not each.invoice_known:
        return
    basis = each.received if each.receipt_known else each.despatched if each.despatch_known else confirmed
    if each.invoiced > basis:
        counted = _("arrived") if each.receipt_known else _("were sent") if each.despatch_known else _("were confirmed")
        text = _("%(invoiced)s are invoiced, but %(basis)s %(counted)s.")
        yield _say(text, invoiced=each.invoiced, basis=basis, counted=counted)


def _prices(each: LineProgress, billed: list[InvoiceLine], currency: str) -> Iterable[str]:
    for row in billed:
        number = row.invoice.number
        if row.invoice.currency and row.invoice.currency != currency:
            text = _("Invoice %(number)s is in %(theirs)s, the order in %(ours)s.")
            yield _say(text, number=number, theirs=row.invoice.currency, ours=currency)
            continue
        if row.unit and each.line.unit and not alike(row.unit, each.line.unit):
            text = _("Invoice %(number)s counts in %(theirs)s, the order in %(ours)s.")
            yield _say(text, number=number, theirs=row.unit, ours=each.line.unit)
            continue
        yield from _price_of(each, row, currency)


def _price_of(each: LineProgress, row: InvoiceLine, currency: str) -> Iterable[str]:
    number, agreed = row.invoice.number, each.price
    if row.unit_price is not None and agreed is not None:
        base, ours = row.price_base or Decimal(1), each.line.price_base or Decimal(1)
        if row.unit_price * ours != agreed * base:
            text = _("Invoice %(number)s charges %(price)s each; %(agreed)s was agreed.")
            yield _say(text, number=number, price=row.unit_price / base, agreed=agreed / ours)
    if row.amount is None or agreed is None:
        return
    expected = amount_of(row.quantity, agreed, each.line.price_base, currency)
    tolerance = Decimal(5).scaleb(-minor_units(currency) - 1)
    if abs(row.amount - expected) > tolerance and row.unit_price in (None, agreed):
        text = _("Invoice %(number)s charges %(amount)s for this line; quantity times price is %(expected)s.")
        shown = {"amount": round_money(row.amount, currency), "expected": expected}
        yield _say(text, number=number, **shown)


def _say(text: str, **words: object) -> str:
    return text % {name: _plain(word) if isinstance(word, Decimal) else word for name, word in words.items()}


def _plain(number: Decimal) -> str:
    return format_number(round(number, 6).normalize())
