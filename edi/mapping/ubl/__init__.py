"""UBL into documents and back."""

from collections.abc import Sequence

from edi.mapping.model import Envelope
from edi.mapping.ubl.writing import kind_of, write_document
from edi.syntax.findings import Findings
from orders.documents import Document


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The one document as UBL; what cannot be said goes into `findings`. XML holds one document a file."""
    if len(documents) != 1:
        text = f"A UBL file holds one document; {len(documents)} were given."
        findings.error("cannot-be-written", text)
    for document in documents[:1]:
        kind = kind_of(document)
        if kind is not None:
            return write_document(kind, document, envelope, findings)
        text = f"UBL has no form for a {type(document).__name__} here."
        findings.error("cannot-be-written", text, value=type(document).__name__)
    return b""
