"""Documents into UBL 2.1, elements in the sequence of the OASIS schemas."""

from dataclasses import replace
from typing import cast

from lxml import etree

from edi.mapping.model import Envelope
from edi.mapping.ubl.answers import ANSWER
from edi.mapping.ubl.catalogue import CATALOGUE
from edi.mapping.ubl.change import CANCELLATION, CHANGE
from edi.mapping.ubl.deliveries import DESPATCH, RECEIPT
from edi.mapping.ubl.document import DocumentKind
from edi.mapping.ubl.invoices import CREDIT_NOTE, INVOICE
from edi.mapping.ubl.notation import NO_CURRENCY, NS, UBL_PREFIX, cbc
from edi.mapping.ubl.order import ORDER
from edi.mapping.ubl.parties import scheme_id
from edi.mapping.ubl.response import RESPONSE
from edi.mapping.xml.draft import Element
from edi.mapping.xml.out import Out, dump
from edi.mapping.xml.shape import unsaid
from edi.syntax.findings import Findings
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    ReceiptDocument,
)

_KINDS: dict[type[Document], DocumentKind] = {
    OrderDocument: ORDER,
    OrderChangeDocument: CHANGE,
    OrderResponseDocument: RESPONSE,
    DespatchDocument: DESPATCH,
    ReceiptDocument: RECEIPT,
    InvoiceDocument: INVOICE,
    CatalogueDocument: CATALOGUE,
    AcknowledgementDocument: ANSWER,
}


def new_root(name: str) -> Element:
    """The document element `name` with its namespaces."""
    namespace = f"{UBL_PREFIX}{name}-2"
    prefixes: dict[str | None, str] = {None: namespace}
    prefixes.update(NS)
    return etree.Element(f"{{{namespace}}}{name}", nsmap=cast("dict[str, str]", prefixes))


def kind_of(document: Document) -> DocumentKind | None:
    """The UBL document that says what `document` does, None when there is none."""
    if isinstance(document, OrderChangeDocument) and document.function == "cancel":
        return CANCELLATION
    if isinstance(document, InvoiceDocument) and document.kind == "credit_note":
        return CREDIT_NOTE
    return _KINDS.get(type(document))


def write_document(kind: DocumentKind, document: Document, envelope: Envelope, findings: Findings) -> bytes:
    """`document` as `kind`. It claims to follow Peppol only when both addresses are Peppol ones."""
    out = Out(envelope, findings, "UBL", document.currency or NO_CURRENCY)
    root = new_root(kind.name)
    if kind.customization and scheme_id(envelope.sender) and scheme_id(envelope.receiver):
        out.claims_peppol = True
        out.leaf(root, cbc("CustomizationID"), kind.customization)
        out.leaf(root, cbc("ProfileID"), kind.profile)
    document = replace(document, issued_on=document.issued_on or envelope.prepared_at.date())
    out.pending = list(document.references)
    for name, value in unsaid(document, kind.shape.fields | kind.said):
        out.cannot_say(name, value)
    kind.shape.write(out, root, kind.lay_out(out, document))
    if out.pending:
        out.cannot_say("references", tuple(f"{word} {value}" for word, value in out.pending))
    return dump(root)
