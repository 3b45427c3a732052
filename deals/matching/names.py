"""Company names in normal form, and how like two of them are."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from deals.matching.words import ALIASES, GENERIC, LEGAL_PHRASES, LEGAL_WORDS, STOP_WORDS

LONGEST = 200
MOST_WORDS = 12
LITTLE, HALF = 0.3, 0.6  # what a word of trade, and a very short word, weigh beside a word that names
ALIKE = 0.86  # from here on two words are one, spelt differently
ACRONYM = 0.86
# Letters that NFKD does not take apart; Greek and Cyrillic by sound (near ELOT 743 and GOST 7.79, for comparison only).
_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "a", "œ": "o", "ı": "i", "ħ": "h", "ŋ": "n",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i",
    "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
FOLDED = str.maketrans(_LETTERS)
# "Müller", "Mueller" and "Muller" are one: German writes ä ö ü as ae oe ue where there are no dots, Danish å as aa.
_DIGRAPHS = re.compile(r"(?<![aeiouq])([aou])e+|(a)a+")
_PHRASES: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(LEGAL_PHRASES, key=len, reverse=True):
    _PHRASES.setdefault(_phrase[0], []).append(_phrase)
_DOUBLED = re.compile(r"(.)\1+")
_DOTTED = re.compile(r"\b((?:\w[./]\s?){1,5}\w)\b\.?")
_SHORTENED = re.compile(r"\b(f|fr|gebr|s)[.'’]\s?(lli)\b")


def fold(text: str) -> str:
    """Lower case, without accents, compatibility forms and signs that take no room: "Ｍüller\u200b" → "muller"."""
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).casefold()
    spelt = unicodedata.normalize("NFKD", plain).translate(FOLDED)
    # Cc and Cf (control, zero width, direction) are no letters; Mn are the accents that NFKD took off.
    kept = "".join(
        " " if letter in "\t\n\r" else letter
        for letter in spelt
        if unicodedata.category(letter) not in {"Mn", "Cf", "Cs", "Co", "Cn"}
    )
    return "".join(letter for letter in kept if letter == " " or unicodedata.category(letter) != "Cc")


def _digraph(found: re.Match[str]) -> str:
    return found.group()[0]


@lru_cache(maxsize=20_000)
def _all_words(name: str) -> tuple[str, ...]:
    """Every word of a name in normal form, legal form included."""
    plain = _SHORTENED.sub(r"\1\2", fold(name))
    joined = _DOTTED.sub(lambda match: re.sub(r"[.\s/]", "", match.group(1)), plain)
    found = re.findall(r"[^\W_]+", joined.replace("'", " ").replace("’", " "))
    return tuple(_DIGRAPHS.sub(_digraph, word) for word in found)


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in their order, without legal form: "Fa. Gebr. Müller GmbH & Co. KG" → gebruder, muller.

    A name that is nothing but a legal form ("SPA") keeps it.
    """
    found = list(_all_words(name))
    kept = _without_phrases(found)
    kept = [word for word in kept if word not in LEGAL_WORDS] or kept or found
    return tuple(ALIASES.get(word, word) for word in kept)


def _without_phrases(words: list[str]) -> list[str]:
    for start in range(len(words) - 1, -1, -1):
        for phrase in _PHRASES.get(words[start], ()) if start < len(words) else ():
            size = len(phrase)
            if len(words) > size and tuple(words[start : start + size]) == phrase:
                del words[start : start + size]
                break
    return words


def name_key(name: str) -> str:
    """The name in its normal form, at most 200 letters: "Società Adige S.p.A." → "societa adige".

    Idempotent: the key of a key is that key.
    """
    key = _key(name)
    for _round in range(12):  # what one legal form hid may be another: "Sa. S.p.A."
        again = _key(key)
        if again == key:
            break
        key = again
    return key


def _key(name: str) -> str:
    return " ".join(words_of(name))[:LONGEST].strip()


def telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that tell a company from others; all but the joining ones where there are none."""
    kept = tuple(word for word in words if word not in STOP_WORDS)
    return tuple(word for word in kept if word not in GENERIC) or kept or words


def weight(word: str) -> float:
    """How much it says that two names have this word in common, from 0 to 1."""
    if word in GENERIC:
        return LITTLE
    return HALF if len(word) <= 2 and not word.isdigit() else 1.0


def initials(name: str) -> set[str]:
    """The acronyms by which a name may be called, of three letters or more, with and without its legal form."""
    found = set()
    for words in (_all_words(name), words_of(name)):
        spoken = [word for word in words if word not in STOP_WORDS]
        for some in (words, spoken):
            letters = "".join(word[0] for word in some[:MOST_WORDS])
            if 3 <= len(letters) <= 8:
                found.add(letters)
    return found


def similarity(one: str, other: str) -> float:
    """How like two names are, from 0 (nothing in common) to 1 (the same but for spelling and legal form). Symmetric.

    Words are paired whatever their order, each counting as much as it tells; words written together or apart are tried
    as well, and so is the acronym.
    """
    one, other = sorted((name_key(one), name_key(other)))
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    return round(_alike(one, other), 4)


@lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> float:
    mine = tuple(word for word in one.split()[:MOST_WORDS] if word not in STOP_WORDS) or tuple(one.split())
    theirs = tuple(word for word in other.split()[:MOST_WORDS] if word not in STOP_WORDS) or tuple(other.split())
    if sorted(mine) == sorted(theirs):
        return 0.99
    best = max(_paired(mine, theirs), _together(telling(mine), telling(theirs), mine, theirs))
    return min(max(best, _called(one, other)), 0.98)


def _paired(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """The share of weight in words that pair; each word pairs once, the likest first."""
    pairs = ((word_likeness(a, b), a, b, i, j) for i, a in enumerate(mine) for j, b in enumerate(theirs))
    ranked = sorted((pair for pair in pairs if pair[0] >= ALIKE), key=lambda pair: (-pair[0], *pair[1:]))
    used_mine: set[int] = set()
    used_theirs: set[int] = set()
    shared = 0.0
    for alike, a, b, i, j in ranked:
        if i not in used_mine and j not in used_theirs:
            used_mine.add(i)
            used_theirs.add(j)
            shared += alike * (weight(a) + weight(b))
    everything = sum(map(weight, mine)) + sum(map(weight, theirs))
    return shared / everything


def word_likeness(a: str, b: str) -> float:
    """How like two words are: 1 for the same; typing errors lower it, and short words forgive none."""
    if a == b:
        return 1.0
    a, b = _DOUBLED.sub(r"\1", a), _DOUBLED.sub(r"\1", b)
    shorter = min(len(a), len(b))
    if a.isdigit() or b.isdigit() or shorter < 4:
        return 0.97 if a == b and not a.isdigit() else 0.0
    slips = DamerauLevenshtein.distance(a, b, score_cutoff=2)
    if slips > (1 if shorter < 6 else 2):
        return 0.0
    if slips <= 1:
        return max(0.9, JaroWinkler.similarity(a, b)) if shorter > 4 else 0.87
    return max(ALIKE, min(0.92, JaroWinkler.similarity(a, b)))


def holds(one: str, other: str) -> bool:
    """True when each word of one name pairs with a word of the other, a word that names among them: "Adige" and "Adige
    Pompe". Words written together count from five letters on."""
    short, long = sorted((one.split()[:MOST_WORDS], other.split()[:MOST_WORDS]), key=lambda words: (len(words), words))
    short = [word for word in short if word not in STOP_WORDS] or short
    naming = set(telling(tuple(short)))
    if short and all(any(word_likeness(word, each) >= ALIKE for each in long) for word in short):
        return bool(naming - GENERIC) or len(short) == len(long)
    joined, whole = "".join(short), "".join(long)
    return 5 <= len(joined) < len(whole) and len(short) == 1 and whole.startswith(joined)


def _together(a: tuple[str, ...], b: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """As one word: "Euro Pumpen" and "Europumpen", "Stadtwerke Ulm" and "Stadtwerkeulm"."""
    best = 0.0
    for left, right in ((a, b), (mine, theirs)):
        if len(left) == len(right) == 1:
            continue  # those were compared already
        whole, other = "".join(left), "".join(right)
        if whole == other or whole == "".join(reversed(right)) or "".join(reversed(left)) == other:
            best = max(best, 0.97)
        elif min(len(whole), len(other)) >= 8 and len(left) != len(right):
            slips = DamerauLevenshtein.distance(whole, other, score_cutoff=2)
            best = max(best, 0.9 if slips <= 1 else 0.87 if slips == 2 and len(whole) >= 12 else 0.0)
    return best


def _called(one: str, other: str) -> float:
    """One is the acronym of the other."""
    short, long = sorted((one, other), key=lambda name: (name.count(" "), name))
    alone = short.split()[0] if short.count(" ") == 0 else ""
    return ACRONYM if 3 <= len(alone) <= 8 and long.count(" ") >= 2 and alone in initials(long) else 0.0
