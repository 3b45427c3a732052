"""What somebody looks for: words, "phrases", -words to leave out, and the last word while it is still being typed.
Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.fulltext.words import MARK, STEM, Word, stem_of, words_in

MAX_TEXT = 200
MAX_TERMS = 10
SHORTEST_PREFIX = 2
_PIECE = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; `open` when the last of them may be the beginning of a longer one.

    A single word finds its kin too, unless it was put in quotes (`exact`).
    """

    words: tuple[str, ...]
    minus: bool = False
    exact: bool = False
    open: bool = False

    @property
    def kin(self) -> tuple[str, ...]:
        """Under which words of the index a single word is found: itself, its stem, and what has that stem."""
        word = self.words[0]
        if self.exact or len(self.words) > 1:
            return (word,)
        stem = stem_of(word)
        return tuple(dict.fromkeys((word, stem, f"{STEM}{stem}")))

    @property
    def openings(self) -> tuple[str, ...]:
        """With what the last word may begin in the index; a number also without noughts in front."""
        last = self.words[-1]
        if not self.open:
            return ()
        return (last, f"{STEM}{last}") if last.isdecimal() and len(self.words) == 1 else (last,)

    def begins(self, words: list[Word], at: int) -> bool:
        """True when this term stands in a text at its word number `at`."""
        there = words[at : at + len(self.words)]
        if len(there) < len(self.words):
            return False
        last = there[-1].text
        if len(self.words) == 1 and not self.exact and stem_of(last) == stem_of(self.words[0]):
            return True
        if len(self.words) == 1 and self.open and last.isdecimal() and stem_of(last).startswith(self.words[0]):
            return True
        same = all(word.text == wanted for word, wanted in zip(there[:-1], self.words, strict=False))
        return same and (last.startswith(self.words[-1]) if self.open else last == self.words[-1])


@dataclass(frozen=True, slots=True)
class Query:
    """All of the terms, and rows with all of the marks; an empty one finds nothing."""

    terms: tuple[Term, ...] = ()
    marks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.marks)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that have to be there."""
        return tuple(term for term in self.terms if not term.minus)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that must not be there."""
        return tuple(term for term in self.terms if term.minus)


def query_of(text: str, marks: Iterable[str] = ()) -> Query:
    """What a text typed into a search box asks for; whatever is typed is understood somehow."""
    text = text[:MAX_TEXT]
    terms = [term for piece in _PIECE.finditer(text) if (term := _term(piece, len(text)))]
    return Query(tuple(dict.fromkeys(terms))[:MAX_TERMS], tuple(marks))


def _term(piece: re.Match[str], end: int) -> Term | None:
    quoted = piece["phrase"] is not None
    words = tuple(word.text for word in words_in(piece["phrase"] if quoted else piece["word"]))
    if not words:
        return None
    minus = bool(piece["minus"])
    typing = piece.end() == end and not quoted and not minus and len(words[-1]) >= SHORTEST_PREFIX
    return Term(words, minus, quoted, typing)


def for_postgres(query: Query) -> str:
    """The query as a tsquery (documentation of PostgreSQL, 8.11.2)."""
    parts = [_tsquery(term) for term in query.wanted]
    parts += [f"'{MARK}{mark}'" for mark in query.marks]
    parts += [f"!({_tsquery(term)})" for term in query.unwanted]
    return " & ".join(parts)


def _tsquery(term: Term) -> str:
    *before, last = [f"'{word}'" for word in term.words]
    if before:
        return "(" + " <-> ".join([*before, f"{last}:*" if term.open else last]) + ")"
    return "(" + " | ".join([*(f"'{word}'" for word in term.kin), *(f"'{word}':*" for word in term.openings)]) + ")"


def for_fts5(terms: Iterable[Term], marks: Iterable[str] = (), *, joined: str = " AND ") -> str:
    """The terms as an FTS5 query (documentation of SQLite, FTS5, 3)."""
    return joined.join([*(_fts5(term) for term in terms), *(f'"{MARK}{mark}"' for mark in marks)])


def _fts5(term: Term) -> str:
    if len(term.words) > 1:
        return f'("{" ".join(term.words)}"{" *" if term.open else ""})'
    return "(" + " OR ".join([*(f'"{word}"' for word in term.kin), *(f'"{word}" *' for word in term.openings)]) + ")"
