"""One message at a time: who ordered from whom, and whether it may become an order. Each in its own transaction."""

import logging
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.errors import DomainError
from edi import mapping
from edi.answers import note_answers
from edi.identifying import Book, fault
from edi.mapping import Finding, Place, Severity
from edi.models import Connection, Interchange, Message
from edi.recording import note_findings, storable
from orders.actions import receive_order
from orders.documents import OrderDocument
from orders.models import Order
from partners.actors import Actor
from partners.models import Organisation

log = logging.getLogger("filiera.edi")


class Refused(DomainError):
    """A message that cannot be applied, with the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Setting:
    """What the messages of one interchange have in common."""

    actor: Actor
    book: Book
    row: Interchange
    interchange: mapping.Interchange
    raw: bytes
    applicable: frozenset[int]  # identities of the messages that are sound

    @classmethod
    def of(cls, actor: Actor, book: Book, row: Interchange, interchange: mapping.Interchange, raw: bytes) -> Self:
        """The setting of an interchange as it was judged."""
        return cls(actor, book, row, interchange, raw, frozenset(map(id, interchange.applicable)))

    @property
    def only_checks(self) -> bool:
        """Whether this is a rehearsal: the sender's test flag, or a connection that is not live yet."""
        connection = self.row.connection
        return self.interchange.test or (connection is not None and connection.mode == Connection.Mode.TEST)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settled message, and the findings that the portal added to those of the file."""

    message: Message
    added: tuple[Finding, ...] = ()


def settle(setting: Setting, position: int, message: mapping.Message) -> Outcome:
    """Apply one message, or refuse it with findings; whatever happens to it, the next one has its turn."""
    try:
        with transaction.atomic():
            state, order, added = _apply(setting, message)
            return _record(setting, position, message, state, order, added)
    except (DomainError, PermissionDenied) as refusal:
        finding = _refusal(setting.interchange.standard, refusal)
    except Exception:
        log.exception("message %s of interchange %s could not be applied", message.reference[:40], setting.row.pk)
        text = "The portal failed on this message. It was kept and the operators were told; post it again later."
        finding = fault("portal-fault", text, setting.interchange.standard)
    with transaction.atomic():
        return _record(setting, position, message, Message.State.REFUSED, None, (finding,))


def _apply(setting: Setting, message: mapping.Message) -> tuple[str, Order | None, tuple[Finding, ...]]:
    if message.is_acknowledgement and not setting.interchange.rejected:
        return Message.State.NOTED, None, note_answers(setting.actor, setting.row, message, setting.raw)
    if id(message) not in setting.applicable or message.document is None:
        return Message.State.REFUSED, None, ()
    if not isinstance(message.document, OrderDocument):
        return Message.State.NOTED, None, ()
    buyer, seller, notes = parties(setting, message.document)
    if setting.only_checks:
        return Message.State.CHECKED, None, (*notes, _rehearsal(setting))
    order = receive_order(
        actor=setting.actor, document=message.document, buyer=buyer, seller=seller, source=Order.Source.EDI
    )
    return Message.State.APPLIED, order, notes


def _record(
    setting: Setting,
    position: int,
    message: mapping.Message,
    state: str,
    order: Order | None,
    added: tuple[Finding, ...],
) -> Outcome:
    row = Message.objects.create(
        interchange=setting.row,
        position=position,
        reference=storable(message.reference, 100),
        group=storable(message.group, 40),
        kind=storable(message.kind, 40),
        version=storable(message.version, 60),
        document_number=storable(message.document.number if message.document else "", 100),
        state=state,
        order=order,
    )
    note_findings(setting.row, row, message.findings)
    note_findings(setting.row, row, added, added=True)
    return Outcome(row, added)


def parties(setting: Setting, document: OrderDocument) -> tuple[Organisation, Organisation, tuple[Finding, ...]]:
    """Buyer and seller, from the parties of the document; where it names none that is known, from the envelope.

    Raises Refused when the document names another company than the envelope does: an order is placed by its buyer,
    with the company it is addressed to.
    """
    standard, me, other = setting.interchange.standard, setting.actor.organisation, setting.row.counterpart
    if other is None:
        raise Refused(fault("receiver-unknown", "The receiver of the document is not known.", standard, "receiver"))
    buyers, sellers = setting.book.party(document.buyer), setting.book.party(document.seller)
    if buyers and me not in buyers:
        text = f"The buyer named in the order is {buyers[0]}, but {me} sent it. Only the buyer can place an order."
        raise Refused(fault("buyer-not-sender", text, standard))
    if sellers and other not in sellers:
        text = f"The seller named in the order is {sellers[0]}, but the document is addressed to {other}."
        raise Refused(fault("seller-not-receiver", text, standard))
    notes = [_assumed("buyer", document, me)] * (not buyers) + [_assumed("seller", document, other)] * (not sellers)
    return me, other, tuple(notes)


def _assumed(role: str, document: OrderDocument, taken: Organisation) -> Finding:
    party = document.buyer if role == "buyer" else document.seller
    named = ", ".join(identifier.value for identifier in party.identifiers) or party.name
    text = (
        f"The {role} “{named}” is not an identifier that is known; {taken} was taken from the envelope."
        if named
        else f"The order names no {role}; {taken} was taken from the envelope."
    )
    return Finding(Severity.NOTE, f"{role}-from-envelope", text, Place(), named[:200])


def _rehearsal(setting: Setting) -> Finding:
    why = "it is marked as a test" if setting.interchange.test else "the connection is in test mode"
    text = f"No order was made, as {why}. The document was checked as a real one would be."
    return Finding(Severity.NOTE, "test-only", text)


def _refusal(standard: str, refusal: DomainError | PermissionDenied) -> Finding:
    if isinstance(refusal, Refused):
        return refusal.finding
    if isinstance(refusal, DomainError):
        return fault(refusal.code.replace("_", "-"), refusal.message, standard)
    return fault("not-allowed", str(refusal) or "The sender may not place orders.", standard, "agreement")
