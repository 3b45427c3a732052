"""Kinds of values in XML: how a text becomes a value and a value a text (W3C XML Schema part 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from edi.syntax.numbers import parse_count, parse_iso_date, parse_xml_decimal, plain


@dataclass(frozen=True, slots=True)
class Kind:
    """`parse` gives None for what is not of this kind; `code` and `what` are said of that."""

    parse: Callable[[str], Any]
    format: Callable[[Any], str] = str
    code: str = ""
    what: str = ""


_FLAGS = {"true": True, "1": True, "false": False, "0": False, "yes": True, "no": False}


def _same(text: str) -> str:
    return text


def _flag(text: str) -> bool:
    return _FLAGS.get(text.lower(), False)


def _count(text: str) -> int | None:
    return parse_count(text.partition(".")[0])


def coded(table: Mapping[str, Any]) -> Kind:
    """Codes that stand for words of ours; a code that is not listed stays as it is."""
    back: dict[Any, str] = {}
    for code, word in table.items():
        back.setdefault(word, code)
    return Kind(lambda text: table.get(text, text), lambda value: back.get(value, str(value)))


TEXT = Kind(_same)
UPPER = Kind(str.upper)
# Numbers repeat in a file: each is worked out once while it is among the last of these.
NUMBER: Kind = Kind(lru_cache(maxsize=4096)(parse_xml_decimal), plain, "invalid-number", "a decimal number")
COUNT = Kind(_count, str, "invalid-number", "a whole number")
DATE = Kind(parse_iso_date, date.isoformat, "invalid-date", "a date YYYY-MM-DD")
FLAG = Kind(_flag, lambda value: "true" if value else "false")

ZERO = Decimal(0)
