"""Global search: each app looks among what the actor may see; here the answers are put in order."""

from dataclasses import dataclass
from itertools import groupby

from core.search import Hit, words_of
from partners.actors import Actor
from portal.home.asking import answers

IN_PALETTE = 5
ON_PAGE = 25
TALK = "chat.search"


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, under its heading."""

    kind: str
    hits: list[Hit]


def search(actor: Actor, text: str, limit: int) -> list[Group]:
    """Hits by kind, at most `limit` of each; first the kind whose best title is nearest to the text.

    Where several are as near, as with the number of a deal that has a room, records come before the talk about them.
    """
    if not words_of(text):
        return []
    asked = sorted(answers("search", "search"), key=lambda ask: ask.__module__ == TALK)
    found = [hit for ask in asked for hit in ask(actor, text, limit)]
    order = {kind: place for place, kind in enumerate(dict.fromkeys(str(hit.kind) for hit in found))}
    ranked = sorted(found, key=lambda hit: (order[str(hit.kind)], *_distance(hit, text)))
    groups = [Group(kind, list(hits)[:limit]) for kind, hits in groupby(ranked, key=lambda hit: str(hit.kind))]
    return sorted(groups, key=lambda group: _distance(group.hits[0], text))


def _distance(hit: Hit, text: str) -> tuple[bool, bool]:
    """Sorts equal titles first, then those that begin with the text; the rest keeps the order of its app."""
    title, wanted = hit.title.casefold(), text.strip().casefold()
    return title != wanted, not title.startswith(wanted)
