"""Who is who in a document: identifiers of an envelope or a party against connections and organisations."""

from dataclasses import dataclass
from typing import Self

from edi.mapping import Finding, PartyRef, Place, Severity
from edi.models import Connection
from orders.documents import PartyDocument
from partners.actors import Actor
from partners.models import Organisation

# Data element 0085 of CONTRL and TA105 of TA1, by what is wrong with the address.
CODES = {
    "sender": {"edifact": "23", "x12": "TA105:006"},
    "receiver": {"edifact": "7", "x12": "TA105:008"},
    "duplicate": {"edifact": "26", "x12": "TA105:025"},
    "agreement": {"edifact": "17"},
}


def plain(identifier: str) -> str:
    """An identifier as it is compared: without spaces, dots and hyphens, in capitals."""
    return "".join(letter for letter in identifier if letter.isalnum()).upper()


def public_ids(organisation: Organisation) -> set[str]:
    """The identifiers that an organisation states of itself: GLN, D-U-N-S, VAT number with and without its country."""
    vat = plain(organisation.vat_id)
    stated = {plain(organisation.gln), plain(organisation.duns), vat}
    if vat[:2].isalpha():
        stated.add(vat[2:])
    return stated - {""}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom an envelope connects: the other company and the connection, or the findings that say why not."""

    counterpart: Organisation | None = None
    connection: Connection | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What one organisation knows of identifiers: its own, those of its connections, those its partners state."""

    organisation: Organisation
    connections: tuple[Connection, ...]
    partners: tuple[Organisation, ...]
    active: frozenset[int]
    own: frozenset[str]

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The book of the acting organisation; three queries."""
        connections = tuple(Connection.objects.visible_to(actor).select_related("counterpart").order_by("pk"))
        partners = Organisation.objects.visible_to(actor).exclude(pk=actor.organisation.pk)
        active = Organisation.objects.partners_of(actor.organisation).values_list("pk", flat=True)
        codes = {plain(code) for each in connections for code in (each.own_id, *each.own_codes)}
        own = frozenset(codes | public_ids(actor.organisation)) - {""}
        return cls(actor.organisation, connections, tuple(partners), frozenset(active), own)

    def is_own(self, identifier: str) -> bool:
        """Whether an identifier is one of the organisation's own."""
        return plain(identifier) in self.own

    def others(self, identifier: str) -> list[Organisation]:
        """The companies an identifier may mean: what a connection says goes before what companies say of themselves."""
        wanted = plain(identifier)
        if not wanted:
            return []
        named = {each.counterpart.pk: each.counterpart for each in self.connections if wanted in _their_codes(each)}
        return list(named.values()) or [each for each in self.partners if wanted in public_ids(each)]

    def identify(self, standard: str, sender: PartyRef, receiver: PartyRef) -> Identity:
        """Prove the sender, find the receiver. The sender of a document must be the organisation that posts it."""
        if not self.is_own(sender.id):
            return Identity(findings=(self._not_yours(standard, sender),))
        found = self.others(receiver.id)
        if len(found) != 1:
            return Identity(findings=(_receiver_fault(standard, receiver, len(found)),))
        if found[0].pk not in self.active:
            text = f"There is no active partnership with {found[0]}. Nothing was taken over."
            return Identity(findings=(fault("no-partnership", text, standard, "agreement", receiver.id),))
        connection = self._connection(found[0], standard, receiver)
        if connection is not None and connection.state == Connection.State.PAUSED:
            text = f"The connection with {found[0]} is paused. Nothing was taken over; resume it and post again."
            return Identity(found[0], connection, (fault("connection-paused", text, standard, "agreement"),))
        return Identity(found[0], connection)

    def _connection(self, counterpart: Organisation, standard: str, receiver: PartyRef) -> Connection | None:
        mine = [each for each in self.connections if each.counterpart.pk == counterpart.pk]
        fitting = [each for each in mine if each.standard == standard]
        exact = [each for each in fitting if plain(each.their_id) == plain(receiver.id)]
        return next(iter([*exact, *fitting]), None)

    def _not_yours(self, standard: str, sender: PartyRef) -> Finding:
        if not sender.id:
            text = "The document does not say who sends it. Nothing was taken over."
            return fault("sender-missing", text, standard, "sender")
        text = (
            f"The sender “{sender.id}” is not an identifier of {self.organisation}. "
            "Nothing was taken over; add it to a connection if it is yours."
        )
        return fault("sender-not-yours", text, standard, "sender", sender.id)

    def party(self, party: PartyDocument) -> list[Organisation]:
        """The companies that a party of a document may be, the organisation itself among them when it may be meant."""
        found: dict[int, Organisation] = {}
        for identifier in party.identifiers:
            if self.is_own(identifier.value):
                found[self.organisation.pk] = self.organisation
            found |= {each.pk: each for each in self.others(identifier.value)}
        return list(found.values())


def fault(code: str, text: str, standard: str, what: str = "", value: str = "") -> Finding:
    """An error of the exchange, with the code that its standard has for it."""
    syntax_error = CODES.get(what, {}).get(standard, "")
    return Finding(Severity.ERROR, code, text, Place(), value[:200], syntax_error)


def _receiver_fault(standard: str, receiver: PartyRef, candidates: int) -> Finding:
    if not receiver.id:
        return fault("receiver-missing", "The document does not say whom it is for.", standard, "receiver")
    if candidates:
        text = f"The receiver “{receiver.id}” may be more than one company. Name it in a connection and post again."
        return fault("receiver-ambiguous", text, standard, "receiver", receiver.id)
    text = f"The receiver “{receiver.id}” is none of your partners. Name it in a connection and post again."
    return fault("receiver-unknown", text, standard, "receiver", receiver.id)


def _their_codes(connection: Connection) -> set[str]:
    return {plain(code) for code in (connection.their_id, *connection.their_codes)} - {""}
