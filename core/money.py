"""Money: decimal amounts with a currency beside them (ISO 4217). Never a float, rounded in one place."""

from decimal import ROUND_HALF_UP, Decimal

from babel import numbers as babel_numbers

from core.numbers import locale


def minor_units(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217): EUR 2, JPY 0, KWD 3; 2 for an unknown code."""
    return babel_numbers.get_currency_precision(currency)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """The amount rounded half up at the currency's minor unit, as line and order totals are. Never for unit prices."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def format_money(amount: Decimal | int | None, currency: str) -> str:
    """An amount with its currency, rounded half up at the minor unit: "€184,200.00". Empty for None."""
    if amount is None:
        return ""
    rounded = round_money(Decimal(amount), currency)
    return babel_numbers.format_currency(rounded, currency, locale=locale())


def format_price(amount: Decimal | int | None, currency: str) -> str:
    """A unit price with every decimal it has, at least those of the minor unit: "€0.00125"."""
    if amount is None:
        return ""
    price = Decimal(amount)
    if price == round_money(price, currency):
        return format_money(price, currency)
    return babel_numbers.format_currency(price.normalize(), currency, locale=locale(), decimal_quantization=False)


def format_short_money(amount: Decimal | int | None, currency: str) -> str:
    """A sum at a glance: whole units below a million ("€184,200"), then "€1.04M" and "€12.3M"."""
    if amount is None:
        return ""
    value = Decimal(amount)
    if abs(value) < 1_000_000:
        whole = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        pattern = locale().currency_formats["standard"].pattern.replace(".00", "")
        return babel_numbers.format_currency(whole, currency, format=pattern, locale=locale(), currency_digits=False)
    digits = 2 if abs(value) < 10_000_000 else 1
    return babel_numbers.format_compact_currency(value, currency, locale=locale(), fraction_digits=digits)
