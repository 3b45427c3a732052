"""Names of places, for people and for comparing."""

from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

from core.numbers import locale

LANGUAGES = ("en", "it", "de", "fr", "es")


@cache
def names_of_country(code: str) -> frozenset[str]:
    """The country's names in the languages in which territories are written, and its two letters (ISO 3166-1)."""
    return frozenset({code, *(name for language in LANGUAGES if (name := Locale(language).territories.get(code)))})


def country_name(code: str) -> str:
    """The country's name in the reader's language; the two letters where there is none."""
    try:
        return str(Locale.parse(str(locale())).territories.get(code, code))
    except UnknownLocaleError:
        return code
