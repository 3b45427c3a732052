"""Documents into one EDIFACT interchange: which message each kind of document becomes, and the envelope around them."""

from collections.abc import Sequence

from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.profiles import WRITERS
from edi.mapping.model import Envelope, PartyRef
from edi.syntax.findings import Findings
from orders.documents import Document


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The documents as one interchange, a message each, in the order given. What a message cannot say is a warning,
    a document that has no form in EDIFACT an error."""
    composer = Composer(envelope, findings)
    kinds = []
    for document in documents:
        kind, write_one = WRITERS.get(type(document), ("", None))
        if write_one is None:
            text = f"A {type(document).__name__.removesuffix('Document').lower()} has no form in EDIFACT."
            findings.error("cannot-be-written", text, value=document.number)
            continue
        kinds.append(kind)
        write_one(composer, document)
    application = kinds[0] if len(set(kinds)) == 1 else ""
    return composer.out.interchange(unb(envelope, application), envelope.control_number) if kinds else b""


def unb(envelope: Envelope, application: str, *, version: str = "3") -> list[str | list[str]]:
    """The elements of UNB (S001 … 0035) for `envelope`."""
    century = "%Y%m%d" if version == "4" else "%y%m%d"
    return [
        [envelope.charset, version],
        party_ref(envelope.sender),
        party_ref(envelope.receiver),
        [envelope.prepared_at.strftime(century), envelope.prepared_at.strftime("%H%M")],
        envelope.control_number,
        "",
        application,
        "",
        "1" if envelope.ack_requested else "",
        "",
        "1" if envelope.test else "",
    ]


def party_ref(party: PartyRef) -> list[str]:
    """S002 / S003: identification, qualifier, internal routing."""
    return [party.id, party.qualifier, party.routing]
