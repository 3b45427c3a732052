"""What somebody asks of the talk: words, and filters that are typed ("from:luca has:file") or chosen. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from core.fulltext import Query, query_of

HAS = ("file", "link")
OF = ("saved", "mine")
MAX_TEXT = 200
_TYPED = re.compile(r'(?<![\w-])(from|in|before|after|has|is):("[^"]*"?|\S*)', re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """Words, and how they are narrowed. `before` is the first day that is left out, `after` the first that is let in;
    `problems` are sentences about filters that mean nothing."""

    words: str = ""
    sender: str = ""
    room: str = ""
    before: date | None = None
    after: date | None = None
    has: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        """The words and marks for the index."""
        return query_of(self.words, sorted(self.has))

    def __bool__(self) -> bool:
        return bool(self.query or self.sender or self.room or self.before or self.after or self.of)


def asked_of(text: str, chosen: Iterable[tuple[str, str]] = ()) -> Asked:
    """What a typed text asks, and the chosen filters (`from`, `in`, `before`, `after`, `has`, `is`) beside it."""
    text = text[:MAX_TEXT]
    asked = Asked(words=_TYPED.sub(" ", text).lstrip())
    typed = [(match[1].lower(), match[2].strip('"')) for match in _TYPED.finditer(text)]
    for name, value in [*typed, *chosen]:
        if value.strip():
            asked = _narrowed(asked, name, value.strip()[:MAX_TEXT])
    return asked


def _narrowed(asked: Asked, name: str, value: str) -> Asked:
    if name == "from":
        mine = value.lower() == "me"
        return replace(asked, of=asked.of | {"mine"}) if mine else replace(asked, sender=value)
    if name == "in":
        return replace(asked, room=value)
    if name in {"before", "after"}:
        return _dated(asked, name, value)
    known = HAS if name == "has" else OF
    if value.lower() not in known:
        words = {"filter": f"{name}:{value}", "known": ", ".join(f"{name}:{each}" for each in known)}
        return _puzzled(asked, _("“%(filter)s” means nothing here. There is %(known)s.") % words)
    if name == "has":
        return replace(asked, has=asked.has | {value.lower()})
    return replace(asked, of=asked.of | {value.lower()})


def _dated(asked: Asked, name: str, value: str) -> Asked:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        words = {"filter": f"{name}:{value}"}
        return _puzzled(asked, _("“%(filter)s” has no date. Write it as in 2026-11-30.") % words)
    return replace(asked, before=day) if name == "before" else replace(asked, after=day)


def _puzzled(asked: Asked, sentence: str) -> Asked:
    return replace(asked, problems=(*asked.problems, sentence))
