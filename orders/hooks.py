"""What other apps show on an order's page. Filled from their `ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from orders.models import Order
from partners.actors import Actor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an order, such as the file it came in: its name, address, a line about it, and its state."""

    label: Text
    url: str
    note: Text = ""
    state: Text = ""
    tone: str = "still"


DOCUMENTS: list[Callable[[Actor, Order], Iterable[Document]]] = []


def documents_of(actor: Actor, order: Order) -> list[Document]:
    """All documents of an order that the actor may see."""
    return [document for source in DOCUMENTS for document in source(actor, order)]
