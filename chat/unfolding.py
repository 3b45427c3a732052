"""Cards of links to records: each app registers the routes of its own; the reader's own page asks for them.

Nothing of a card stands in the message, which is the same for all its readers.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import Resolver404, resolve
from django.utils.functional import Promise

from partners.actors import Actor

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Card:
    """What a link opens into: title, a line of facts, the state with its tone (info, good, warn, bad, still)."""

    url: str
    title: str
    facts: str = ""
    state: str | Promise = ""
    tone: str = "still"
    icon: str = "link"


CARDS: dict[str, Callable[[Actor, int], Card | None]] = {}


def unfolds(route: str, card: Callable[[Actor, int], Card | None]) -> None:
    """Let links to a route with the key of a record (`pk`) open; `card` answers None for whom it is hidden."""
    CARDS[route] = card


def card_of(actor: Actor, path: str) -> Card | None:
    """The card of an address of the portal as the actor may see it; None for everything else."""
    path = path.partition("#")[0].partition("?")[0]
    if not path.startswith("/") or len(path) > LONGEST:
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return None
    card = CARDS.get(found.view_name)
    pk = found.kwargs.get("pk")
    return card(actor, pk) if card is not None and isinstance(pk, int) and pk < 2**63 else None
