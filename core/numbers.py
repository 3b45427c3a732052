"""Human numbers with a check digit, and numbers, dates and times written the reader's way."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale, dates
from babel import numbers as babel_numbers
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from stdnum import damm

WIDTH = 6
# Longer ones never start with a nought: Damm alone lets noughts be added in front, or one behind a valid number.
DIGITS = rf"[0-9]{{{WIDTH + 1}}}|[1-9][0-9]{{{WIDTH + 1},17}}"
# "en" alone means the United States to CLDR; our readers of English are European first.
LOCALES = {"en": "en_GB", "it": "it_IT"}


def with_check_digit(prefix: str, serial: int) -> str:
    """`with_check_digit("D-", 4127)` → "D-0041271": six digits or more and a Damm check digit.

    Damm's quasigroup of order 10 finds every single wrong digit and every swap of neighbours, the two slips that
    people make when they copy a number, with one decimal digit (mod 97-10 needs two, Luhn misses 09 for 90).
    The prefix is not part of the sum. Raises ValueError for a negative serial.
    """
    if serial < 0:
        raise ValueError("A number in a series is never negative.")
    digits = f"{serial:0{WIDTH}d}"
    return f"{prefix}{digits}{damm.calc_check_digit(digits)}"


def is_valid_number(number: str, prefix: str) -> bool:
    """True for a number of this prefix whose check digit is right. Case and surrounding space do not matter."""
    digits = _digits_of(number.strip(), prefix)
    return digits is not None and bool(damm.is_valid(digits))


def find_numbers(text: str, prefix: str) -> list[str]:
    """Every valid number of this prefix in free text, in order, once each, in its proper spelling.

    Tolerates lower case and a space or nothing for the hyphen ("d 0041271", "D0041271"), as people and ERPs write it.
    """
    letters = re.escape(prefix.rstrip("-"))
    pattern = rf"(?<![0-9A-Za-z]){letters}[-\s–]?({DIGITS})(?![0-9A-Za-z])"
    found = (match.group(1) for match in re.finditer(pattern, text, re.IGNORECASE | re.ASCII))
    return list(dict.fromkeys(f"{prefix}{digits}" for digits in found if damm.is_valid(digits)))


def _digits_of(number: str, prefix: str) -> str | None:
    if number[: len(prefix)].upper() != prefix.upper():
        return None
    digits = number[len(prefix) :]
    return digits if re.fullmatch(DIGITS, digits, re.ASCII) else None


def locale() -> Locale:
    """The reader's locale: the language of the request, with the region that goes with it."""
    language = get_language() or "en"
    return Locale.parse(LOCALES.get(language, language), sep="-" if "-" in language else "_")


def format_number(value: Decimal | int | float | None, digits: int | None = None) -> str:
    """A number with the reader's separators; every decimal it has, or exactly `digits` of them. Empty for None."""
    if value is None:
        return ""
    if digits is not None:
        return babel_numbers.format_decimal(value, format=f"#,##0.{'0' * digits}".rstrip("."), locale=locale())
    plain = value if isinstance(value, int | float) else _trimmed(Decimal(value))
    return babel_numbers.format_decimal(plain, locale=locale(), decimal_quantization=False)


def format_percent(value: Decimal | int | float | None) -> str:
    """A percentage given as such (7 means 7 %). Empty for None."""
    if value is None:
        return ""
    share = _trimmed(Decimal(str(value))) / 100
    return babel_numbers.format_percent(share, locale=locale(), decimal_quantization=False)


def format_size(octets: int) -> str:
    """A file's size in units of 1000: "2.1 MB"."""
    size = Decimal(octets)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{format_number(size, 0 if unit in ('B', 'kB') else 1)} {unit}"
        size /= 1000
    raise AssertionError("the last unit takes every size")


def _trimmed(value: Decimal) -> Decimal:
    """Without trailing zeros after the point, and never in scientific notation."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def format_day(day: date | datetime | None, *, long: bool = False) -> str:
    """A date: "14 Nov 2026", or "Saturday 14 November 2026" when long. Datetimes count in the reader's time zone."""
    if day is None:
        return ""
    pattern = "EEEE d MMMM y" if long else "d MMM y"
    return dates.format_date(_local(day), format=pattern, locale=locale())


def format_moment(moment: datetime | None) -> str:
    """A date and time in the reader's time zone: "14 Nov 2026, 09:12"."""
    if moment is None:
        return ""
    return dates.format_datetime(_local(moment), format="d MMM y, HH:mm", locale=locale())


def format_clock(moment: datetime) -> str:
    """The time of day in the reader's time zone: "09:12"."""
    return dates.format_time(timezone.localtime(moment), format="HH:mm", locale=locale())


def format_ago(moment: datetime | None, *, now: datetime | None = None) -> str:
    """How far away a moment is: "just now", "in 2 days"; the date itself beyond thirty days. Empty for None."""
    if moment is None:
        return ""
    distance = moment - (now or timezone.now())
    if abs(distance) > timedelta(days=30):
        return format_day(moment)
    if abs(distance) < timedelta(minutes=1):
        return _("just now")
    return dates.format_timedelta(distance, add_direction=True, threshold=1.2, locale=locale())


def _local(day: date) -> date:
    if isinstance(day, datetime) and timezone.is_aware(day):
        return timezone.localtime(day)
    return day
