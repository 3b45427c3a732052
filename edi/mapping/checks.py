"""What must hold of any order, whatever standard it came in: numbers, totals, dates, identifiers.

Amounts are in the currency of the order, rounded half up at its minor unit; unit prices are never rounded.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from stdnum import ean

from edi.mapping.codes import MINOR_UNITS
from edi.syntax.findings import NOWHERE, Findings, Place, Severity
from orders.documents import AllowanceDocument, OrderDocument, OrderLineDocument, Scheme

_CURRENCY = re.compile(r"[A-Z]{3}\Z", re.ASCII)
PlaceOf = Callable[[], Place]
_TOLERANCE = Decimal("0.02")


def _nowhere() -> Place:
    return NOWHERE


def check_order(
    order: OrderDocument,
    findings: Findings,
    places: Sequence[PlaceOf],
    header: PlaceOf | None = None,
    stated_quantity: Decimal | None = None,
) -> None:
    """Judge `order`; `places` are where its lines stand, in the same order, `header` where its number stands."""
    at = header or _nowhere
    _check_header(order, findings, at)
    _check_line_numbers(order, findings, places)
    for line, place in zip(order.lines, places, strict=True):
        _check_line(order, line, findings, place)
    _check_counts(order, findings, at, stated_quantity)
    _check_total(order, findings, at)


def _check_header(order: OrderDocument, findings: Findings, at: PlaceOf) -> None:
    if not order.number:
        findings.error("order-number-missing", "The order has no number.", at, syntax_error="13")
    if order.issued_on is None:
        findings.warning("order-date-missing", "The order has no date of issue.", at, syntax_error="13")
    for name, party in (("buyer", order.buyer), ("seller", order.seller)):
        if not party.identifiers and not party.name:
            findings.warning("party-missing", f"The order does not name its {name}.", at, syntax_error="13")
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.GLN and not ean.is_valid(identifier.value):
                text = f"The GLN {identifier.value!r} of the {name} is not valid (check digit)."
                findings.warning("gln-check-digit", text, at, value=identifier.value)
    if order.currency and not _CURRENCY.match(order.currency):
        text = f"The currency {order.currency[:20]!r} is not a code of three letters (ISO 4217)."
        findings.warning("currency-code", text, at, value=order.currency, syntax_error="12")
    if order.issued_on and order.delivery_date and order.delivery_date < order.issued_on:
        text = f"The delivery date {order.delivery_date} is before the order date {order.issued_on}."
        findings.warning("delivery-before-order", text, at, value=str(order.delivery_date))
    if not order.lines:
        severity = Severity.WARNING if order.function == "cancel" else Severity.ERROR
        findings.add(severity, "no-lines", "The order has no lines.", at, syntax_error="13")


def _check_line_numbers(order: OrderDocument, findings: Findings, places: Sequence[PlaceOf]) -> None:
    if len({line.number for line in order.lines}) == len(order.lines):
        return
    counts = Counter(line.number for line in order.lines)
    for line, place in zip(order.lines, places, strict=True):
        if counts[line.number] > 1:
            text = f"Line number {line.number!r} is used {counts[line.number]} times; answers could not refer to it."
            findings.error("duplicate-line-number", text, place, value=line.number, syntax_error="26")
            counts[line.number] = 1  # told once for each number


def _check_line(order: OrderDocument, line: OrderLineDocument, findings: Findings, at: PlaceOf) -> None:
    if line.quantity < 0 or (not line.quantity and order.function in ("original", "duplicate")):
        text = f"Line {line.number} orders a quantity of {line.quantity}; it must be more than zero."
        findings.error("quantity-not-positive", text, at, value=str(line.quantity), syntax_error="12")
    if line.unit_price is not None and line.unit_price < 0:
        text = f"Line {line.number} has a negative price ({line.unit_price})."
        findings.error("price-negative", text, at, value=str(line.unit_price), syntax_error="12")
    if line.gtin and not ean.is_valid(line.gtin):
        text = f"Line {line.number}: {line.gtin[:30]!r} is not a valid GTIN (check digit)."
        findings.warning("gtin-check-digit", text, at, value=line.gtin, syntax_error="12")
    if order.issued_on and line.delivery_date and line.delivery_date < order.issued_on:
        text = f"Line {line.number} is to be delivered on {line.delivery_date}, before the order date."
        findings.warning("delivery-before-order", text, at, value=str(line.delivery_date))
    computed = line_amount(line, order.currency)
    if computed is not None and line.stated_amount is not None and abs(computed - line.stated_amount) > _TOLERANCE:
        text = f"Line {line.number} states an amount of {line.stated_amount}, but quantity and price give {computed}."
        findings.warning("line-amount-mismatch", text, at, value=str(line.stated_amount), syntax_error="12")


def _check_counts(order: OrderDocument, findings: Findings, at: PlaceOf, stated_quantity: Decimal | None) -> None:
    if order.stated_line_count is not None and order.stated_line_count != len(order.lines):
        text = f"The order states {order.stated_line_count} lines, but has {len(order.lines)}; some may be lost."
        findings.error("line-count", text, at, value=str(order.stated_line_count), syntax_error="29")
    total = sum((line.quantity for line in order.lines), Decimal(0))
    if stated_quantity is not None and stated_quantity != total:
        text = f"The control total of quantities is {stated_quantity}, but the lines add up to {total}."
        findings.warning("quantity-total", text, at, value=str(stated_quantity), syntax_error="29")


def _check_total(order: OrderDocument, findings: Findings, at: PlaceOf) -> None:
    if order.stated_total is None:
        return
    amounts = [line_amount(line, order.currency) for line in order.lines]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return
    lines = sum(known, Decimal(0))
    net = lines + _adjustment(order.allowances, lines)
    tolerance = _TOLERANCE + Decimal("0.01") * len(order.lines)
    if all(abs(order.stated_total - total) > tolerance for total in (lines, net)):
        text = f"The order states a total of {order.stated_total}, but its lines add up to {net}."
        findings.warning("total-mismatch", text, at, value=str(order.stated_total), syntax_error="12")


def line_amount(line: OrderLineDocument, currency: str) -> Decimal | None:
    """Quantity × price ÷ price base ± allowances, rounded half up at the minor unit; None without a price."""
    if line.unit_price is None or not line.price_base:
        return None
    gross = line.quantity * line.unit_price / line.price_base
    return round_money(gross + _adjustment(line.allowances, gross), currency)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up at the minor unit of `currency`; amounts beyond all reason stay as they are."""
    if abs(amount) >= Decimal(10) ** 20:
        return amount
    return amount.quantize(Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2)), rounding=ROUND_HALF_UP)


def _adjustment(allowances: tuple[AllowanceDocument, ...], base: Decimal) -> Decimal:
    total = Decimal(0)
    for allowance in allowances:
        amount = allowance.amount
        if amount is None:
            amount = base * (allowance.percent or Decimal(0)) / 100
        total += amount if allowance.charge else -amount
    return total
