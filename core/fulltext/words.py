"""What is a word, and which words are akin. Pure.

A word is a run of letters and digits, in lower case and without accents. Akin are words with the same stem: Snowball's
English one, and of that the Italian one, whatever the language of the text ("valves" and "valve", "offerte" and
"offerta"). A number is akin to itself without noughts in front, so "41271" finds "D-0041271".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from core.search import folded

STEM = "\ue000"  # stands before a stem; nobody can type it, as it is neither a letter nor a digit
MARK = "\ue001"  # stands before a mark such as "file"
LONGEST = 60
MOST_WORDS = 8000  # of one text; positions of PostgreSQL's vectors end at 16,383
MOST_STEMMED = 500  # different words of one text: stemming what was made to be slow stays below a tenth of a second
_RUN = re.compile(r"[^\W_]+")
_ENGLISH, _ITALIAN = snowballstemmer.stemmer("english"), snowballstemmer.stemmer("italian")


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be found of a row: its text, and marks such as "file" that a query may ask for."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    text: str
    start: int
    end: int


def words_in(text: str) -> Iterator[Word]:
    """The words of a text, in order; what is unseen belongs to the word before it."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for each in folded(letter):
            letters.append(each)
            places.append(place)
    places.append(len(text))
    for run in _RUN.finditer("".join(letters)):
        yield Word(run.group()[:LONGEST], places[run.start()], places[run.end()])


@lru_cache(65_536)
def stem_of(word: str) -> str:
    """What akin words have in common; short words and those with a digit in them keep to themselves."""
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if len(word) < 4 or not word.isalpha() or not word.isascii():
        return word
    return str(_ITALIAN.stemWord(_ENGLISH.stemWord(word)))


def indexed(content: Content) -> list[tuple[str, str]]:
    """The words of a text in order, each with its stem where that differs ("" where it does not)."""
    found: list[tuple[str, str]] = []
    stems: dict[str, str] = {}
    for word in words_in(content.text):
        if len(found) == MOST_WORDS:
            break
        if word.text not in stems:
            stems[word.text] = stem_of(word.text) if len(stems) < MOST_STEMMED else word.text
        stem = stems[word.text]
        found.append((word.text, "" if stem == word.text else stem))
    return found
