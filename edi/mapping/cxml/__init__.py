"""cXML 1.2 into documents and back."""

from collections.abc import Sequence

from edi.mapping.cxml.writing import write_document
from edi.mapping.model import Envelope
from edi.syntax.findings import Findings
from orders.documents import Document


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The one document as cXML; what cannot be said goes into `findings`. XML holds one document a file."""
    if len(documents) != 1:
        findings.error("cannot-be-written", f"A cXML file holds one document; {len(documents)} were given.")
    return write_document(documents[0], envelope, findings) if documents else b""
