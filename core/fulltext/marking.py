"""Showing why something was found: the place in the text, and its words marked. Pure; the result is safe HTML."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.fulltext.query import Query
from core.fulltext.words import Word, words_in

BEFORE, LENGTH = 60, 240


def marked(text: str, query: Query) -> SafeString:
    """The text, escaped, with what the query found in <mark>."""
    pieces: list[str] = []
    end = 0
    for start, stop in _spans(text, query):
        pieces += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join([*pieces, escape(text[end:])]))


def excerpt(text: str, query: Query, length: int = LENGTH) -> SafeString:
    """As `marked`, of about `length` characters around the first find, on one line."""
    text = " ".join(text.split())
    spans = _spans(text[: 200 * length], query)
    first = spans[0][0] if spans else 0
    start = 0 if len(text) <= length or first < length - BEFORE else _after_blank(text, first - BEFORE)
    stop = len(text) if len(text) - start <= length else _before_blank(text, start, start + length)
    shown = marked(text[start:stop], query)
    return mark_safe(f"{'… ' if start else ''}{shown}{' …' if stop < len(text) else ''}")


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    """From where to where each find goes, in order and apart from each other."""
    words: list[Word] = list(words_in(text))
    spans: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        if spans and word.start < spans[-1][1]:
            continue
        lengths = [len(term.words) for term in query.wanted if term.begins(words, at)]
        if lengths:
            spans.append((word.start, words[at + max(lengths) - 1].end))
    return spans


def _after_blank(text: str, at: int) -> int:
    found = text.find(" ", at, at + BEFORE // 2)
    return found + 1 if found >= 0 else at


def _before_blank(text: str, start: int, at: int) -> int:
    found = text.rfind(" ", max(start + 1, at - BEFORE // 2), at)
    return found if found >= 0 else at
