"""The arithmetic of an order. Pure: numbers in, numbers out.

A unit price is never rounded. A line is quantity × unit price ÷ price base, rounded half up once at the minor unit of
the currency (ISO 4217), with its discounts and surcharges added; the order is the sum of its rounded lines with its own
discounts and surcharges. Tax is not in it.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import gettext as _

from core.money import minor_units
from orders.documents import AllowanceDocument, OrderLineDocument
from orders.errors import OrderRefused

EXACT_DIGITS = 15  # what every database back end gives back unchanged
MAX_DIGITS = 30
PRECISION = 80


def line_amount(line: OrderLineDocument, currency: str, unit_price: Decimal | None) -> Decimal | None:
    """The line's amount at `unit_price`, or None without a price.

    Senders differ in whether the net price already has the line's discounts in it; when the stated amount is that of
    quantity × price alone, they are in.
    """
    if unit_price is None:
        return None
    plain = amount_of(line.quantity, unit_price, line.price_base, currency)
    if line.stated_amount is not None and line.stated_amount == plain:
        return plain
    return within(plain + adjustments(line.allowances, plain, currency), currency)


def amount_of(quantity: Decimal, unit_price: Decimal, price_base: Decimal, currency: str) -> Decimal:
    """quantity × price ÷ base, rounded half up once. Raises OrderRefused beyond fifteen significant digits."""
    with localcontext(prec=PRECISION):
        return within(_rounded(quantity * unit_price / (price_base or Decimal(1)), currency), currency)


def adjustments(allowances: Iterable[AllowanceDocument], base: Decimal, currency: str) -> Decimal:
    """Surcharges less discounts; a percentage counts of `base` where no amount is given."""
    total = Decimal(0)
    with localcontext(prec=PRECISION):
        for allowance in allowances:
            amount = allowance.amount
            if amount is None:
                amount = base * (allowance.percent or Decimal(0)) / 100
            total += amount if allowance.charge else -amount
        return _rounded(total, currency)


def order_total(amounts: Iterable[Decimal | None], allowances: Iterable[AllowanceDocument], currency: str) -> Decimal:
    """The sum of the lines that have an amount, with the order's own discounts and surcharges."""
    with localcontext(prec=PRECISION):
        lines = sum((amount for amount in amounts if amount is not None), Decimal(0))
        return within(lines + adjustments(allowances, lines, currency), currency)


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def within(amount: Decimal, currency: str) -> Decimal:
    """The amount, unless it is too large to be kept exactly: then OrderRefused("amount_too_large")."""
    if abs(amount) >= Decimal(10) ** (EXACT_DIGITS - minor_units(currency)):
        raise OrderRefused("amount_too_large", _("An amount of this order is larger than the portal can keep exactly."))
    return amount


def check_number(value: Decimal | None, *, what: str, negative: bool = False) -> None:
    """Refuse what is not a number, has more than thirty digits, or is negative where that makes no sense."""
    if value is None:
        return
    sane = value.is_finite() and len(value.as_tuple().digits) <= MAX_DIGITS and abs(value.adjusted()) <= EXACT_DIGITS
    if not sane or (value < 0 and not negative):
        raise OrderRefused("number_out_of_range", _("“%(what)s” is out of range.") % {"what": what}, field=what)
