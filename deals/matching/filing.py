"""Under which keys a company is filed, so that whoever may be the same is found without looking at everybody.

Strong keys are equal values (a tax number, a domain). Name keys survive what people do to names: words swapped, written
together, one of them left out or misspelt. Two companies that are alike share at least one key in practice;
`bench/deals` measures how often.
"""

import re
from itertools import combinations
from typing import NamedTuple

from deals.matching.company import Company
from deals.matching.names import MOST_WORDS, initials, telling
from deals.matching.words import STOP_WORDS

STRONG = ("vat", "lei", "duns", "gln", "project", "domain", "email", "phone")
MOST_PAIRED = 3
LONGEST_WORD = 12


class Filed(NamedTuple):
    """A key: its kind, and a value that is compared as it is."""

    kind: str
    value: str


def keys(company: Company) -> list[Filed]:
    """Every key of a company, the most telling first; at most some sixty, however long its name is."""
    strong = [Filed(kind, value) for kind in STRONG if (value := getattr(company, kind))]
    return list(dict.fromkeys([*strong, *_of_name(company)]))


def _of_name(company: Company) -> list[Filed]:
    words = tuple(word for word in company.key.split()[:MOST_WORDS] if word not in STOP_WORDS) or tuple(
        company.key.split()[:MOST_WORDS]
    )
    if not words:
        return []
    naming = telling(words)
    found = [("same", " ".join(sorted(words)))]
    for some in dict.fromkeys((naming, words)):
        found += [("joined", _sounds("".join(order))) for order in {some, some[::-1]}]
    found += _paired(words)
    # A word alone files everybody who bears it, so a place goes with it where one is known.
    found += [("word", _sounds(word)) for word in sorted(set(naming), key=len, reverse=True)[:3] if len(word) > 2]
    for place in filter(None, (company.postcode[:5], company.city)):
        found += [("near", f"{end} {place}") for word in naming[:2] for end in (word[:3], word[-3:])]
    if len(naming) == 1:
        found += _slips(naming[0])
    letters = {"".join(words)} if len(words) == 1 and 3 <= len(words[0]) <= 8 else initials(company.name)
    found += [("short", each) for each in sorted(letters)]
    return [Filed(kind, f"{company.country} {value}"[:80]) for kind, value in dict.fromkeys(found)]


def _paired(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Two words together, whatever their order; each also by its beginning or its end, one of which a slip leaves
    whole."""
    found = []
    for pair in combinations(sorted(set(words[:MOST_PAIRED])), 2):
        for one, other in (pair, pair[::-1]):
            found.append(("pair", " ".join(sorted((_sounds(one), _sounds(other))))))
            found += [("part", f"{end} {_sounds(other)}") for end in (one[:3], one[-3:])]
    return found


def _slips(word: str) -> list[tuple[str, str]]:
    """The word with each of its letters left out: two words with one slip between them share one of these."""
    if len(word) < 4:
        return []
    short = word[:LONGEST_WORD]
    return [("slip", short), *(("slip", short[:at] + short[at + 1 :]) for at in range(len(short)))]


def _sounds(word: str) -> str:
    """The consonants, doubles once, with those that are confused taken together: "Bianchi" and "Bianci" → "pnk"."""
    rough = word.replace("ph", "f").replace("ck", "k").replace("ch", "k").replace("th", "t").replace("sch", "s")
    rough = rough.translate(_CONFUSED)
    bare = rough[:1] + re.sub(r"[aeiouyh]", "", rough[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


_CONFUSED = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "w": "f", "j": "i", "d": "t", "b": "p", "g": "k"})
