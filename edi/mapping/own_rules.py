"""The rules of connections while a file is read: sender and receiver of an interchange name the connection."""

from collections.abc import Callable

from edi.guides.guide import Guide
from edi.guides.own_rules import RuleBook
from edi.mapping.model import PartyRef

# Sender and receiver → the rules between them, None when there are none. Asked once for each message: keep the books.
OwnRules = Callable[[PartyRef, PartyRef], RuleBook | None]


def judging(guide: Guide, sender: PartyRef, receiver: PartyRef, own_rules: OwnRules | None) -> Guide:
    """The guide that judges a message: that of its standard, narrowed by the rules of the connection."""
    book = own_rules(sender, receiver) if own_rules else None
    return book.guide(guide) if book else guide
