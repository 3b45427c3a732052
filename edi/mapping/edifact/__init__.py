"""EDIFACT into documents and back."""

from collections.abc import Sequence

from edi.mapping.edifact.writing import write_orders, write_ordrsp
from edi.mapping.model import Envelope
from edi.syntax.findings import Findings
from orders.documents import Document, OrderDocument, OrderResponseDocument


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The documents as one interchange; what cannot be said goes into `findings`."""
    for document in documents:
        if isinstance(document, OrderDocument):
            return write_orders(document, envelope)
        if isinstance(document, OrderResponseDocument):
            return write_ordrsp(document, envelope)
    findings.error("cannot-be-written", "These documents have no form in EDIFACT.")
    return b""
