"""Numbers, days and units as people write them into tables. Nothing here raises; None means "not one"."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from edi.mapping.tables.fields import UNITS
from edi.syntax.tables import Cell

# How a day may be written. A mapping states one; "" takes ISO 8601 alone (and what a workbook knows to be a day).
DATE_FORMATS = (
    "YYYY-MM-DD",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD.MM.YYYY",
    "DD-MM-YYYY",
    "YYYY/MM/DD",
    "YYYYMMDD",
    "DDMMYYYY",
    "DD/MM/YY",
    "MM/DD/YY",
    "DD.MM.YY",
    "DD-MM-YY",
)
_PARTS = {"YYYY": r"(?P<Y>\d{4})", "YY": r"(?P<y>\d{2})", "MM": r"(?P<M>\d{1,2})", "DD": r"(?P<D>\d{1,2})"}
_TIME = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\Z"
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_MONEY = re.compile(r"\A(?:[€$£]|[A-Z]{3}(?![A-Z]))|(?:[€$£]|(?<![A-Z])[A-Z]{3})\Z")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # days from 1954 to 2119, as spreadsheets count them
_EPOCH = date(1899, 12, 30)
_CENTURY_TURNS = 69


def plain_words(text: str) -> str:
    """A header as it is compared: no accents, no case, no punctuation."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", bare.replace("ß", "ss").lower()))


def as_text(cell: Cell) -> str:
    """A cell as text; whole numbers without a point, as codes in a workbook are meant."""
    if isinstance(cell, Decimal):
        text = format(cell, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return cell.isoformat() if isinstance(cell, date) else cell.strip()


def as_number(cell: Cell, mark: str) -> Decimal | None:
    """A number whose decimal mark is `mark`; the other may only part thousands; a currency beside it is left out."""
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, date) or len(cell) > 60:
        return None
    text = _SPACES.sub("", _MONEY.sub("", cell.strip().upper()).strip())
    other = "." if mark == "," else ","
    pattern = rf"[+-]?(?:\d{{1,3}}(?:{re.escape(other)}\d{{3}})+|\d{{1,35}})?(?:{re.escape(mark)}\d{{0,20}})?"
    if not any(letter.isdigit() for letter in text) or not re.fullmatch(pattern, text, re.ASCII):
        return None
    return Decimal(text.replace(other, "").replace(mark, "."))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    fixed = form in {"YYYYMMDD", "DDMMYYYY"}
    built = re.sub("YYYY|YY|MM|DD", lambda found: _PARTS[found[0]], re.sub(r"[./-]", r"[./-]", form))
    return re.compile((built.replace("{1,2}", "{2}") if fixed else built) + _TIME, re.ASCII)


def as_day(cell: Cell, form: str) -> date | None:
    """A day in one of DATE_FORMATS, a time behind it left out; in a workbook also the number that it counts days by."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal):
        if form == "YYYYMMDD" and 10**7 <= cell < 10**8:
            return as_day(as_text(cell), form)
        return _EPOCH + timedelta(days=int(cell)) if _FIRST_SERIAL <= cell <= _LAST_SERIAL else None
    found = _pattern(form or "YYYY-MM-DD").match(cell.strip()[:40])
    if not found:
        return None
    parts = found.groupdict()
    year = int(parts["Y"]) if "Y" in parts else _with_century(int(parts["y"]))
    try:
        return date(year, int(parts["M"]), int(parts["D"]))
    except ValueError:
        return None


def _with_century(short: int) -> int:
    return short + (1900 if short >= _CENTURY_TURNS else 2000)


_UNIT_OF = {word: code for code, words in UNITS.items() for word in words.split("|")}


def as_unit(cell: Cell, own: dict[str, str]) -> str:
    """The Recommendation 20 code of a unit as it was written, by the mapping's own words first; else unchanged."""
    text = as_text(cell)
    word = text.strip(". ").lower()
    return own.get(text) or own.get(word) or _UNIT_OF.get(plain_words(word) or word, text.upper()[:10])
