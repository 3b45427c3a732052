"""Documents into an X12 interchange, ASC X12 004010 or (by `Envelope.version`) 005010."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from edi.mapping.model import Envelope, PartyRef
from edi.mapping.x12.setwriter import SetWriter
from edi.mapping.x12.write_despatches import write_856
from edi.mapping.x12.write_invoices import write_810, write_820
from edi.mapping.x12.write_orders import write_850, write_855, write_860
from edi.mapping.x12.write_reports import write_824, write_832, write_846, write_864
from edi.syntax.findings import Findings
from edi.syntax.writers import X12Writer
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    RemittanceDocument,
    StockDocument,
    TextDocument,
)

VERSION = "004010"
_VERSION = re.compile(r"00\d{4}[A-Z0-9]{0,6}\Z", re.ASCII)


class Form(NamedTuple):
    """How a document is written: functional group, transaction set, and the function that writes it."""

    group: str
    kind: str
    write: Callable[[SetWriter, Any], None]


_FORMS: dict[type[Document], Form] = {
    OrderDocument: Form("PO", "850", write_850),
    OrderChangeDocument: Form("PC", "860", write_860),
    OrderResponseDocument: Form("PR", "855", write_855),
    DespatchDocument: Form("SH", "856", write_856),
    InvoiceDocument: Form("IN", "810", write_810),
    RemittanceDocument: Form("RA", "820", write_820),
    StockDocument: Form("IB", "846", write_846),
    CatalogueDocument: Form("SC", "832", write_832),
    AcknowledgementDocument: Form("AG", "824", write_824),
    TextDocument: Form("TX", "864", write_864),
}
_CHANGE_ANSWER = Form("CA", "865", write_855)


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """The documents as one interchange, those of a kind in one functional group; what cannot be said goes into
    `findings`. Without any document that has a form in X12 there are no bytes."""
    forms = [(form, document) for document in documents if (form := _form(document, findings))]
    if not forms:
        if not documents:
            findings.error("cannot-be-written", "There is no document to write.")
        return b""
    version = envelope.version if _VERSION.match(envelope.version) else VERSION
    out = X12Writer(findings)
    count = 0
    for position, (form, group) in enumerate(groupby(forms, key=lambda pair: pair[0]), start=1):
        reference = str(int(control(envelope.control_number)) + position - 1)
        parties = (application(envelope.sender), application(envelope.receiver))
        out.open_group(form.group, parties, envelope.prepared_at, reference, version)
        for _, document in group:
            out.open_set(form.kind, set_reference(envelope.message_reference, count))
            count += 1
            form.write(SetWriter(out, envelope, findings, version, form.kind), document)
            out.close_set()
        out.close_group()
    header = isa(envelope, version="00501" if version >= "005" else "00401")
    return out.interchange(header, control(envelope.control_number))


def _form(document: Document, findings: Findings) -> Form | None:
    if isinstance(document, OrderResponseDocument) and document.change:
        return _CHANGE_ANSWER
    form = _FORMS.get(type(document))
    if form is None:
        text = f"X12 has no transaction set here for this document ({type(document).__name__})."
        findings.error("cannot-be-written", text)
    return form


def isa(envelope: Envelope, *, version: str = "00401") -> list[str]:
    """Elements ISA01 to ISA15, each padded to its fixed width. Control numbers are the last nine digits."""

    def party(ref: PartyRef) -> tuple[str, str]:
        qualifier = ref.qualifier if len(ref.qualifier) == 2 else "ZZ"
        return qualifier, ref.id[:15].ljust(15)

    return [
        "00",
        " " * 10,
        "00",
        " " * 10,
        *party(envelope.sender),
        *party(envelope.receiver),
        envelope.prepared_at.strftime("%y%m%d"),
        envelope.prepared_at.strftime("%H%M"),
        "U" if version < "00402" else "^",
        version,
        control(envelope.control_number),
        "1" if envelope.ack_requested else "0",
        "T" if envelope.test else "P",
    ]


def application(ref: PartyRef) -> str:
    """The address in GS02 and GS03: the internal route where there is one."""
    return (ref.routing or ref.id)[:15]


def control(number: str) -> str:
    """A control number as ISA13 wants it: nine digits."""
    digits = "".join(char for char in number if char.isascii() and char.isdigit())
    return digits[-9:].rjust(9, "0")


def set_reference(first: str, offset: int) -> str:
    """ST02 of the set that comes `offset` after the first one: four to nine characters."""
    number = int(first) + offset if first.isascii() and first.isdigit() and len(first) <= 9 else 0
    return str(number).rjust(4, "0") if number else f"{first[:6]}{offset or ''}".rjust(4, "0")
