"""The rules of connections while a file is read: the sender's own, and before them the receiver's."""

from collections.abc import Callable, Mapping
from typing import Any

from edi.guides.own_rules import RuleBook
from edi.identifying import Book
from edi.mapping import PartyRef
from edi.models import Connection


def rules_of(book: Book) -> Callable[[PartyRef, PartyRef], RuleBook | None]:
    """The rules between a sender and a receiver, looked up once for each pair of identifiers."""
    known: dict[tuple[str, str], RuleBook | None] = {}

    def between(sender: PartyRef, receiver: PartyRef) -> RuleBook | None:
        key = (sender.id, receiver.id)
        if key not in known:
            rules = _rules(book, sender, receiver)
            known[key] = RuleBook(rules) if rules else None
        return known[key]

    return between


def _rules(book: Book, sender: PartyRef, receiver: PartyRef) -> Mapping[str, Any]:
    """By kind of message; what the receiver asks for goes before what the sender set itself."""
    found = book.others(receiver.id) if book.is_own(sender.id) else []
    if len(found) != 1 or found[0].pk not in book.active:
        return {}
    mine = [each for each in book.connections if each.counterpart.pk == found[0].pk]
    theirs = Connection.objects.filter(
        organisation=found[0], counterpart=book.organisation, state=Connection.State.ACTIVE
    )
    merged: dict[str, Any] = {}
    for connection in (*mine, *theirs.order_by("pk")):
        merged |= connection.guide_rules or {}
    return merged
