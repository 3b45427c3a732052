"""Numbers and dates as they stand in a file. Nothing here raises; None means "not one"."""

import re
from datetime import date, datetime
from decimal import Decimal

_DECIMAL = re.compile(r"-?(?:\d{1,35}(?:[.,]\d{0,20})?|[.,]\d{1,20})\Z", re.ASCII)
_XML_DECIMAL = re.compile(r"[+-]?(?:\d{1,35}(?:\.\d{0,20})?|\.\d{1,20})\Z", re.ASCII)
_COUNT = re.compile(r"\d{1,18}\Z", re.ASCII)

# EDIFACT 2379: how the value of a date is written. Y is the year with century, y without.
DATE_FORMATS = {
    "101": "yymmdd",
    "102": "YYYYmmdd",
    "203": "YYYYmmddHHMM",
    "204": "YYYYmmddHHMMSS",
    "201": "yymmddHHMM",
    "2": "ddmmyy",
    "3": "mmddyy",
    "610": "YYYYmm",
    "718": "YYYYmmdd",
}
_BY_LENGTH = {6: "yymmdd", 8: "YYYYmmdd", 12: "YYYYmmddHHMM", 14: "YYYYmmddHHMMSS"}
_CENTURY_TURNS = 69  # POSIX: two digits up to 68 are of this century


def parse_decimal(text: str) -> Decimal | None:
    """A number of ISO 9735 section 10 or X12 type R: optional leading minus, comma or point, no exponent, no blanks."""
    if not _DECIMAL.match(text):
        return None
    return Decimal(text.replace(",", "."))


def parse_xml_decimal(text: str) -> Decimal | None:
    """An xsd:decimal, at most 35 digits before the point."""
    text = text.strip()
    return Decimal(text) if _XML_DECIMAL.match(text) else None


def parse_count(text: str) -> int | None:
    """A control count of at most 18 digits; longer ones are refused before they cost anything."""
    return int(text) if _COUNT.match(text) else None


def parse_moment(text: str, form: str) -> datetime | None:
    """`text` by a format of DATE_FORMATS: digits only, exact length, a day that exists."""
    if len(text) != len(form) or not text.isdigit() or not text.isascii():
        return None

    def part(mark: str, default: int) -> int:
        start = form.find(mark)
        return int(text[start : start + len(mark)]) if start >= 0 else default

    year = part("YYYY", 0)
    if "yy" in form:
        short = part("yy", 0)
        year = short + (1900 if short >= _CENTURY_TURNS else 2000)
    try:
        return datetime(year, part("mm", 1), part("dd", 1), part("HH", 0), part("MM", 0), part("SS", 0))
    except ValueError:
        return None


def parse_edifact_date(text: str, code: str) -> date | None:
    """A date by its 2379 code; without one the length decides. 718 is a period: its first day. 616 is an ISO week."""
    if code in ("615", "616") and text.isascii() and text.isdigit():
        return _week(text if code == "616" else "20" + text)
    if code == "718":
        text = text[:8]
    moment = parse_moment(text, DATE_FORMATS.get(code) or _BY_LENGTH.get(len(text), "YYYYmmdd"))
    return moment.date() if moment else None


def parse_x12_date(text: str) -> date | None:
    """CCYYMMDD (type DT), or YYMMDD up to version 003070."""
    moment = parse_moment(text, "yymmdd" if len(text) == 6 else "YYYYmmdd")
    return moment.date() if moment else None


def parse_iso_date(text: str) -> date | None:
    """An xsd:date, its zone ignored."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _week(text: str) -> date | None:
    try:
        return date.fromisocalendar(int(text[:4]), int(text[4:6]), 1)
    except ValueError:
        return None


def plain(number: Decimal) -> str:
    """`number` without exponent and without trailing zeros after the point: 12.50 → 12.5, 1E+3 → 1000."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
