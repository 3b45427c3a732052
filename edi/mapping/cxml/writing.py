"""Documents into cXML 1.2: the envelope, and what stands in its Request."""

from dataclasses import replace
from typing import Any, NamedTuple

from lxml import etree

from edi.mapping.cxml.confirmations import CONFIRMATION
from edi.mapping.cxml.confirmations import LaidOut as LaidOutResponse
from edi.mapping.cxml.despatches import DESPATCH
from edi.mapping.cxml.invoices import INVOICE
from edi.mapping.cxml.invoices import LaidOut as LaidOutInvoice
from edi.mapping.cxml.orders import ORDER
from edi.mapping.cxml.status import STATUS_UPDATE
from edi.mapping.model import Envelope, PartyRef
from edi.mapping.xml.out import Out, safe
from edi.mapping.xml.shape import Shape, unsaid
from edi.syntax.findings import Findings
from orders.documents import (
    AcknowledgementDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderDocument,
    OrderResponseDocument,
)

_DTD = "http://xml.cxml.org/schemas/cXML/1.2.050/{}.dtd"
_AGENT = "Filiera"


class _Kind(NamedTuple):
    """An element of Request, the DTD that describes it, its shape, and fields that are said otherwise."""

    name: str
    dtd: str
    shape: Shape
    said: frozenset[str] = frozenset()


_SAID = frozenset({"currency", "stated_line_count", "order_number", "packages"})
_KINDS: dict[type[Document], _Kind] = {
    OrderDocument: _Kind("OrderRequest", "cXML", ORDER, _SAID | ORDER.entries[0].fields),
    OrderResponseDocument: _Kind(
        "ConfirmationRequest", "Fulfill", CONFIRMATION, _SAID | {"notes"} | CONFIRMATION.entries[0].fields
    ),
    DespatchDocument: _Kind("ShipNoticeRequest", "Fulfill", DESPATCH, _SAID | {"carrier"} | DESPATCH.entries[0].fields),
    InvoiceDocument: _Kind("InvoiceDetailRequest", "InvoiceDetail", INVOICE, _SAID),
    AcknowledgementDocument: _Kind("StatusUpdateRequest", "cXML", STATUS_UPDATE, frozenset({"verdicts", "notes"})),
}


def write_document(document: Document, envelope: Envelope, findings: Findings) -> bytes:
    """`document` as a cXML Request; nothing when cXML has no form for it."""
    kind = _KINDS.get(type(document))
    if kind is None:
        name = type(document).__name__
        text = f"cXML has no form for a {name} here; a change is sent as the whole order that replaces the old one."
        findings.error("cannot-be-written", text, value=name)
        return b""
    out = Out(envelope, findings, "cXML", _currency(document))
    document = replace(document, issued_on=document.issued_on or envelope.prepared_at.date())
    out.pending = list(document.references)
    for field, value in unsaid(document, kind.shape.fields | kind.said | {"buyer", "seller", "references"}):
        out.cannot_say(field, value)
    root = etree.Element("cXML", payloadID=safe(envelope.control_number), timestamp=envelope.prepared_at.isoformat())
    _header(out, root)
    request = etree.SubElement(root, "Request", deploymentMode="test" if envelope.test else "production")
    payload = etree.SubElement(request, kind.name)
    kind.shape.write(out, payload, _laid_out(out, document))
    if out.pending:
        out.cannot_say("references", tuple(f"{word} {value}" for word, value in out.pending))
    etree.indent(root)
    doctype = f'<!DOCTYPE cXML SYSTEM "{_DTD.format(kind.dtd)}">'
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)


def _currency(document: Document) -> str:
    order = getattr(document, "order", None)
    return document.currency or (order.currency if order is not None else "") or "XXX"


def _laid_out(out: Out, document: Document) -> Any:
    if isinstance(document, OrderResponseDocument):
        return LaidOutResponse(document)
    if isinstance(document, InvoiceDocument):
        _leftover_charges(out, document)
        return LaidOutInvoice(document)
    if isinstance(document, DespatchDocument):
        out.packages = {package.id: package.kind for package in document.packages}
    elif isinstance(document, OrderDocument):
        for allowance in document.allowances:
            if not (allowance.charge and allowance.code == "SHIPPING"):
                out.cannot_say("allowances", allowance.reason or allowance.code or str(allowance.amount))
        for line in document.lines:
            if line.allowances:
                out.cannot_say("lines.allowances", line.number)
    return document


def _leftover_charges(out: Out, document: InvoiceDocument) -> None:
    for allowance in document.allowances:
        known = allowance.code in ("SHIPPING", "HANDLING") if allowance.charge else allowance.amount is not None
        if not known:
            out.cannot_say("allowances", allowance.reason or allowance.code or str(allowance.amount))


def _header(out: Out, root: etree._Element) -> None:
    header = etree.SubElement(root, "Header")
    envelope = out.envelope
    for name, ref in (("From", envelope.sender), ("To", envelope.receiver), ("Sender", envelope.sender)):
        side = etree.SubElement(header, name)
        credential = etree.SubElement(side, "Credential", domain=_domain(ref))
        etree.SubElement(credential, "Identity").text = safe(ref.id)
        if name == "Sender":
            etree.SubElement(side, "UserAgent").text = _AGENT


def _domain(ref: PartyRef) -> str:
    return {"": "NetworkID", "14": "GLN", "0088": "GLN", "1": "DUNS", "0060": "DUNS"}.get(ref.qualifier, ref.qualifier)
