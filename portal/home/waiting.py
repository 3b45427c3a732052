"""What waits for an actor, over all apps."""

from collections import Counter

from core.waiting import Figure, Waiting, most_urgent_first
from partners.actors import Actor
from portal.home.asking import answers


def waiting_for(actor: Actor) -> list[Waiting]:
    """Everything that the actor can act on now, most urgent first."""
    return most_urgent_first(item for ask in answers("waiting", "waiting") for item in ask(actor))


def counts_for(actor: Actor) -> dict[str, int]:
    """The badges of the navigation, by name."""
    total: Counter[str] = Counter()
    for ask in answers("waiting", "counts"):
        total.update(ask(actor))
    return dict(total)


def figures_for(actor: Actor) -> list[Figure]:
    """The numbers that the apps offer for Home."""
    return [figure for ask in answers("waiting", "figures") for figure in ask(actor)]
