"""X12 into documents and back."""

from collections.abc import Sequence

from edi.mapping.model import Envelope
from edi.mapping.x12.writing import write_850, write_855
from edi.syntax.findings import Findings
from orders.documents import Document, OrderDocument, OrderResponseDocument


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The documents as one interchange; what cannot be said goes into `findings`."""
    for document in documents:
        if isinstance(document, OrderDocument):
            return write_850(document, envelope)
        if isinstance(document, OrderResponseDocument):
            return write_855(document, envelope)
    findings.error("cannot-be-written", "These documents have no form in X12.")
    return b""
