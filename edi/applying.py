"""One message at a time: whose it is, what it is about, and whether it may be applied. Each in its own transaction."""

import logging
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.durability import flush_later
from core.errors import DomainError
from edi import mapping
from edi.answers import note_answers
from edi.consequences import CONSEQUENCES, Applied, apply_document
from edi.identifying import Book, fault
from edi.mapping import Finding, Place, Severity
from edi.models import Connection, Interchange, Message
from edi.own_codes import incoming
from edi.recording import note_findings, order_number_of, storable
from edi.roles import Refused, sides_of
from edi.sharing import Shared
from orders.documents import OrderDocument
from orders.errors import UnknownOrder
from partners.actors import Actor

log = logging.getLogger("filiera.edi")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the messages of one interchange have in common."""

    actor: Actor
    book: Book
    row: Interchange
    interchange: mapping.Interchange
    raw: bytes
    applicable: frozenset[int]  # identities of the messages that are sound
    shared: Shared

    @classmethod
    def of(cls, actor: Actor, book: Book, row: Interchange, interchange: mapping.Interchange, raw: bytes) -> Self:
        """The setting of an interchange as it was judged."""
        applicable = frozenset(map(id, interchange.applicable))
        return cls(actor, book, row, interchange, raw, applicable, Shared(interchange.messages))

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


NOTHING = Applied()


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of a message before it is written down."""

    state: str
    added: tuple[Finding, ...] = ()
    applied: Applied = NOTHING


def settle(setting: Setting, position: int, message: mapping.Message) -> Outcome:
    """Apply one message, park it until its order is named, or refuse it with findings; whatever happens to it, the
    next one has its turn."""
    try:
        with transaction.atomic():
            flush_later()  # a message that is lost is settled again; the verdict on the whole makes all of them last
            return _record(setting, position, message, _apply(setting, position, message))
    except UnknownOrder as missing:
        settled = _Settled(Message.State.PARKED, (_waits(missing),))
    except (DomainError, PermissionDenied) as refusal:
        settled = _Settled(Message.State.REFUSED, (refusal_of(setting.interchange.standard, refusal),))
    except Exception:
        log.exception("message %s of interchange %s could not be applied", message.reference[:40], setting.row.pk)
        text = "The portal failed on this message. It was kept and the operators were told; post it again later."
        settled = _Settled(Message.State.REFUSED, (fault("portal-fault", text, setting.interchange.standard),))
    with transaction.atomic():
        return _record(setting, position, message, settled)


def _apply(setting: Setting, position: int, message: mapping.Message) -> _Settled:
    if message.is_acknowledgement and not setting.interchange.rejected:
        return _Settled(Message.State.NOTED, note_answers(setting.actor, setting.row, message, setting.raw))
    if id(message) not in setting.applicable or message.document is None:
        return _Settled(Message.State.REFUSED)
    if type(message.document) not in CONSEQUENCES:
        return _Settled(Message.State.NOTED)
    connection = setting.row.connection
    document = incoming(message.document, connection.code_rules) if connection else message.document
    sides = sides_of(setting.book, setting.row, setting.actor.organisation, document)
    if setting.only_checks:
        return _Settled(Message.State.CHECKED, (*sides.notes, _rehearsal(setting)))
    around = setting.shared.around(position, sides) if isinstance(document, OrderDocument) else None
    applied = apply_document(setting.actor, document, sides, around=around)
    return _Settled(Message.State.APPLIED, sides.notes, applied)


def _record(setting: Setting, position: int, message: mapping.Message, settled: _Settled) -> Outcome:
    row = Message.objects.create(
        interchange=setting.row,
        position=position,
        reference=storable(message.reference, 100),
        group=storable(message.group, 40),
        kind=storable(message.kind, 40),
        version=storable(message.version, 60),
        document_number=storable(message.document.number if message.document else "", 100),
        order_number=storable(order_number_of(message.document), 70),
        state=settled.state,
        **settled.applied.keys(),
    )
    note_findings(setting.row, row, message.findings)
    note_findings(setting.row, row, settled.added, added=True)
    return Outcome(row, settled.added)


def _waits(missing: UnknownOrder) -> Finding:
    text = f"{missing.message} The message waits until somebody says which order it is about."
    return Finding(Severity.WARNING, "unknown-order", text, Place())


def _rehearsal(setting: Setting) -> Finding:
    why = "it is marked as a test" if setting.interchange.test else "the connection is in test mode"
    text = f"Nothing was applied, as {why}. The document was checked as a real one would be."
    return Finding(Severity.NOTE, "test-only", text)


def refusal_of(standard: str, refusal: DomainError | PermissionDenied) -> Finding:
    """A refusal as a finding."""
    if isinstance(refusal, Refused):
        return refusal.finding
    if isinstance(refusal, DomainError):
        return fault(refusal.code.replace("_", "-"), refusal.message, standard)
    return fault("not-allowed", str(refusal) or "The sender may not do that.", standard, "agreement")
