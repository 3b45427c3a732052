"""Who is buyer and who is seller in a document: what it says of its parties, held against its envelope."""

from dataclasses import dataclass

from core.errors import DomainError
from edi.identifying import Book, fault
from edi.mapping import Finding, Place, Severity
from edi.models import Interchange
from orders.documents import (
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderDocument,
    OrderResponseDocument,
    PartyDocument,
)
from partners.models import Organisation

OF_SELLERS = (OrderResponseDocument, DespatchDocument, InvoiceDocument, CatalogueDocument)


class Refused(DomainError):
    """A message that cannot be applied, with the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Sides:
    """The two companies of a document, and what was assumed to find them."""

    buyer: Organisation
    seller: Organisation
    notes: tuple[Finding, ...] = ()


def author_of(document: Document) -> str:
    """Who sends such a document: "buyer" or "seller". A buyer that bills itself sends the invoice."""
    if isinstance(document, InvoiceDocument) and document.kind == "self_billed":
        return "buyer"
    return "seller" if isinstance(document, OF_SELLERS) else "buyer"


def sides_of(book: Book, row: Interchange, me: Organisation, document: Document) -> Sides:
    """Buyer and seller, from the parties of the document; where it names none that is known, from the envelope.

    Raises Refused when the document names another company than the envelope does: an order is placed by its buyer with
    the company it is addressed to, an invoice is sent by its seller.
    """
    other = row.counterpart
    if other is None:
        raise Refused(fault("receiver-unknown", "The receiver of the document is not known.", row.standard, "receiver"))
    author, reader = ("buyer", "seller") if author_of(document) == "buyer" else ("seller", "buyer")
    notes = (
        *_held(book, row.standard, document, author, me, "sent it", f"{author}-not-sender"),
        *_held(book, row.standard, document, reader, other, "receives it", f"{reader}-not-receiver"),
    )
    return Sides(me, other, notes) if author == "buyer" else Sides(other, me, notes)


def _held(
    book: Book, standard: str, document: Document, role: str, by_envelope: Organisation, does: str, code: str
) -> tuple[Finding, ...]:
    """The company of one role is that of the envelope, or the document is refused; an assumption is noted."""
    party: PartyDocument = getattr(document, role)
    found = book.party(party)
    if found and by_envelope not in found:
        text = f"The {role} named in the document is {found[0]}, but {by_envelope} {does}."
        raise Refused(fault(code, text, standard))
    if found:
        return ()
    named = ", ".join(identifier.value for identifier in party.identifiers) or party.name
    if not named and not isinstance(document, OrderDocument):
        return ()  # most answers and despatches leave the parties to the envelope
    text = (
        f"The {role} “{named}” is not an identifier that is known; {by_envelope} was taken from the envelope."
        if named
        else f"The document names no {role}; {by_envelope} was taken from the envelope."
    )
    return (Finding(Severity.NOTE, f"{role}-from-envelope", text, Place(), named[:200]),)
