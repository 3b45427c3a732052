"""Search over ordinary columns, the same on SQLite and PostgreSQL: every word typed must begin a word of the row.

"malmo pump" finds "Malmö, booster pumps". A word with a digit in it matches anywhere, so "4127" finds "D-0041271".
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

Row = TypeVar("Row", bound=Model)
Text = str | Promise
MAX_TEXT = 100
MAX_WORDS = 6
WORD = re.compile(r"[^\s,;:\"“”«»]+")
# Letters that Unicode does not decompose, and the plain letter under which people look for them.
STROKED = {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "s", "æ": "a", "œ": "o", "ð": "d", "þ": "t"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: its kind (a heading such as "Deals"), title, a line below, where it opens, and a lucide icon."""

    kind: Text
    title: str
    sub: str
    url: str
    icon: str = "file"


def words_of(text: str) -> list[str]:
    """The words of a search, at most six, without accents or case."""
    plain = "".join(_plain(letter) for letter in text[:MAX_TEXT].lower() if letter.isprintable())
    return WORD.findall(plain)[:MAX_WORDS]


def matching(text: str, *fields: str) -> Q:
    """The condition that every word of `text` begins a word of one of the fields (or is in it, when it has a digit).

    Nothing matches an empty text, so that a door can never show everything by mistake.
    """
    words = words_of(text)
    if not words:
        return Q(pk__in=())
    patterns = [_pattern(word) for word in words]
    return reduce(and_, (reduce(or_, (Q(**{f"{field}__iregex": p}) for field in fields)) for p in patterns))


def found(rows: "QuerySet[Row]", text: str, *fields: str) -> "QuerySet[Row]":
    """`rows` narrowed to those that match `text` in one of the fields (columns, or columns behind to-one joins)."""
    return rows.filter(matching(text, *fields))


def text_of(*values: str) -> str:
    """What is searched of a row, for a column of its own: lower case without accents, a space around each word, and
    once more around the parts of such as "pump-house"."""
    plain = "".join(_plain(letter) for letter in " ".join(values).lower() if letter.isprintable())
    words = WORD.findall(plain)
    parts = [part for word in words if not word.isalnum() for part in re.findall(r"[^\W_]+", word)]
    return f" {' '.join(words + parts)} "


def within(text: str, column: str) -> Q:
    """The condition that each word of `text` is a part of a `column` that `text_of` filled; an empty one holds for all.

    With `core.indexes.TrigramIndex` it costs the same among a million rows as among ten thousand.
    """
    return reduce(and_, (Q(**{f"{column}__contains": word}) for word in words_of(text)), Q())


def beginning(text: str, column: str) -> Q:
    """As `matching` (each word begins a word, or is in it when it has a digit), over a column that `text_of` filled."""
    words = words_of(text)
    if not words:
        return Q(pk__in=())
    parts = [word if any(letter.isdigit() for letter in word) else f" {word}" for word in words]
    return reduce(and_, (Q(**{f"{column}__contains": part}) for part in parts))


@lru_cache(8192)
def folded(letter: str) -> str:
    """What a letter is compared by: lower case without its accent, a space for a blank, nothing for what is unseen."""
    if letter.isprintable():
        return "".join(_plain(each) for each in letter.lower())
    return " " if letter.isspace() else ""


def _pattern(word: str) -> str:
    letters = "".join(_letter(letter) for letter in word)
    return letters if any(letter.isdigit() for letter in word) else rf"(^|\W|_){letters}"


def _letter(letter: str) -> str:
    """A pattern for a plain letter and all its accented forms, in both cases (a regex engine may fold ASCII only)."""
    if letter in ACCENTED:
        forms = "".join(sorted(ACCENTED[letter]))
        return f"[{letter}{letter.upper()}{forms}]"
    return re.escape(letter)


def _plain(letter: str) -> str:
    """The letter without its accent; nothing for an accent that stands alone."""
    if unicodedata.combining(letter):
        return ""
    base = unicodedata.normalize("NFKD", letter)[:1]
    return STROKED.get(base, base)


def _accented() -> dict[str, set[str]]:
    """The accented Latin letters of Europe by their plain letter (U+00C0 to U+024F)."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for code in range(0xC0, 0x250):
        letter = chr(code)
        plain = _plain(letter.lower()[0])
        if letter.isalpha() and plain.isascii() and plain.isalpha():
            forms[plain].add(letter)
    return dict(forms)


ACCENTED = _accented()
