"""Amounts that must agree: lines, allowances, taxes and totals, each as the sender states it and as it computes.

Amounts are in the currency of the document, rounded half up at its minor unit; unit prices are never rounded. The
tolerance is half a minor unit for each line (or tax) that was added up, for every one may have been rounded.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from edi.mapping.codes import MINOR_UNITS
from edi.syntax.findings import Findings, Place
from orders.documents import AllowanceDocument, InvoiceDocument, InvoiceLineDocument, OrderDocument, OrderLineDocument

PlaceOf = Callable[[], Place]
_LINE_TOLERANCE = Decimal("0.02")
_ZERO = Decimal(0)
_BEYOND_REASON = Decimal(10) ** 20


class Difference(NamedTuple):
    """A stated amount that is not what the others give. `field` names it, for its place."""

    code: str
    field: str
    name: str
    stated: Decimal
    computed: Decimal


@lru_cache(maxsize=256)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of `currency`: 0.01 for most."""
    return Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up at the minor unit of `currency`; amounts beyond all reason stay as they are."""
    if abs(amount) >= _BEYOND_REASON:
        return amount
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def adjustment(allowances: tuple[AllowanceDocument, ...], base: Decimal) -> Decimal:
    """What `allowances` add to (or take from) an amount of `base`; a percentage is of its own base where it has one."""
    total = _ZERO
    for allowance in allowances:
        amount = allowance.amount
        if amount is None:
            of = allowance.base if allowance.base is not None else base
            amount = of * (allowance.percent or _ZERO) / 100
        total += amount if allowance.charge else -amount
    return total


def gross_amount(line: OrderLineDocument | InvoiceLineDocument) -> Decimal | None:
    """Quantity × price ÷ price base, not rounded; None without a price."""
    if line.unit_price is None or not line.price_base:
        return None
    amount = line.quantity * line.unit_price
    return amount if line.price_base == 1 else amount / line.price_base


def line_amount(line: OrderLineDocument | InvoiceLineDocument, currency: str) -> Decimal | None:
    """Quantity × price ÷ price base ± allowances, rounded half up at the minor unit; None without a price."""
    gross = gross_amount(line)
    return None if gross is None else round_money(gross + adjustment(line.allowances, gross), currency)


def check_line_amount(
    line: OrderLineDocument | InvoiceLineDocument,
    stated: Decimal | None,
    currency: str,
    findings: Findings,
    at: Callable[[], PlaceOf],
) -> None:
    """Compare the stated amount of a line with what quantity and price give. A net price may already hold the
    allowances of its line (PRI AAA), so either sum will do."""
    gross = gross_amount(line)
    if stated is None or gross is None or gross == stated:
        return
    computed = round_money(gross + adjustment(line.allowances, gross), currency)
    if min(abs(computed - stated), abs(gross - stated)) > _LINE_TOLERANCE:
        text = f"Line {line.number} states an amount of {stated}, but quantity and price give {computed}."
        findings.warning("line-amount-mismatch", text, at(), value=str(stated), syntax_error="12")


def check_order_total(order: OrderDocument, findings: Findings, at: PlaceOf) -> None:
    """Compare the stated total of an order with its lines, with or without its allowances and taxes."""
    stated = order.stated_total
    if stated is None:
        return
    amounts = [line_amount(line, order.currency) for line in order.lines]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return
    # As computed, and as the lines state it themselves: a net price may already hold the allowances of its line.
    stated_ones = [line.stated_amount for line in order.lines if line.stated_amount is not None]
    sums = [sum(known, _ZERO)]
    if len(stated_ones) == len(known):
        sums.append(sum(stated_ones, _ZERO))
    tolerance = _LINE_TOLERANCE + minor_unit(order.currency) / 2 * len(order.lines)
    if all(abs(stated - total) > tolerance for lines in sums for total in _totals_of(order, lines)):
        net = sums[0] + adjustment(order.allowances, sums[0])
        text = f"The order states a total of {stated}, but its lines add up to {net}."
        findings.warning("total-mismatch", text, at, value=str(stated), syntax_error="12")


def _totals_of(order: OrderDocument, lines: Decimal) -> tuple[Decimal, ...]:
    """What a total may mean: the lines, the order with its allowances, or that with its taxes."""
    net = lines + adjustment(order.allowances, lines)
    return lines, net, net + _taxes_of(order, net)


def _taxes_of(order: OrderDocument, net: Decimal) -> Decimal:
    amounts = (net * (tax.rate or _ZERO) / 100 if tax.amount is None else tax.amount for tax in order.taxes)
    return sum(amounts, _ZERO)


def invoice_differences(invoice: InvoiceDocument) -> Iterator[Difference]:
    """Every stated total of an invoice that the other figures do not give; what is not stated is not judged."""
    half = minor_unit(invoice.currency) / 2
    for difference, terms in _claims(invoice):
        if abs(difference.stated - difference.computed) > half * max(terms, 2):
            yield difference


def _claims(invoice: InvoiceDocument) -> Iterator[tuple[Difference, int]]:
    """Stated and computed amounts, with the number of rounded terms in each sum."""
    totals, lines = invoice.totals, [line.amount for line in invoice.lines if line.amount is not None]
    if totals.lines is not None and lines and len(lines) == len(invoice.lines):
        total = sum(lines, _ZERO)
        yield Difference("lines-total-mismatch", "totals.lines", "total of lines", totals.lines, total), len(lines)
    for tax in invoice.taxes:
        if tax.amount is not None and tax.taxable is not None and tax.rate is not None:
            name, due = f"{tax.kind} of {tax.rate} %", tax.taxable * tax.rate / 100
            yield Difference("tax-mismatch", "taxes", name, tax.amount, due), len(invoice.lines) + 1
    yield from _tax_claims(invoice)
    if totals.total is not None and totals.taxable is not None and totals.tax is not None:
        with_tax = totals.taxable + totals.tax
        yield Difference("total-mismatch", "totals.total", "total with tax", totals.total, with_tax), 2
    if totals.payable is not None and totals.total is not None:
        due = totals.total - (totals.prepaid or _ZERO) + (totals.rounding or _ZERO)
        yield Difference("payable-mismatch", "totals.payable", "amount to pay", totals.payable, due), 2


def _tax_claims(invoice: InvoiceDocument) -> Iterator[tuple[Difference, int]]:
    """Sums over the breakdown by tax, and what is taxable over lines, allowances and charges."""
    totals, taxes = invoice.totals, invoice.taxes
    amounts = [tax.amount for tax in taxes if tax.amount is not None]
    if totals.tax is not None and amounts and len(amounts) == len(taxes):
        total = sum(amounts, _ZERO)
        yield Difference("tax-total-mismatch", "totals.tax", "total of taxes", totals.tax, total), len(taxes) + 1
    bases = [tax.taxable for tax in taxes if tax.taxable is not None]
    if totals.taxable is not None and bases and len(bases) == len(taxes):
        total = sum(bases, _ZERO)
        name = "taxable amount"
        yield Difference("taxable-mismatch", "totals.taxable", name, totals.taxable, total), len(taxes) + 1
    elif totals.taxable is not None and totals.lines is not None:
        total = totals.lines + adjustment(invoice.allowances, totals.lines)
        name = "taxable amount"
        yield Difference("taxable-mismatch", "totals.taxable", name, totals.taxable, total), len(invoice.lines) + 1
