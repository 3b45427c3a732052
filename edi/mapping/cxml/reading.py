"""One cXML document into an `Interchange`. The secret in its header is read by nobody here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from lxml import etree

from edi.guides.cxml_structure import check_cxml
from edi.mapping.checks import check
from edi.mapping.cxml.confirmations import CONFIRMATION, make_confirmation
from edi.mapping.cxml.despatches import DESPATCH, make_despatch
from edi.mapping.cxml.invoices import INVOICE, make_invoice
from edi.mapping.cxml.orders import ORDER, make_order
from edi.mapping.cxml.parties import identifier_of
from edi.mapping.cxml.status import RESPONSE, STATUS_UPDATE, make_status
from edi.mapping.model import Interchange, Message, PartyRef
from edi.mapping.places import by_path
from edi.mapping.unsupported import report_unsupported
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.shape import Shape
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.xml import XmlDocument
from orders.documents import Document, PartyDocument

_Kind = tuple[Shape, Callable[[Work, XmlDraft], Document]]
# What stands in Request (or is Response): its shape, how its document is made; buyers and suppliers send by turns.
KINDS: dict[str, _Kind] = {
    "OrderRequest": (ORDER, make_order),
    "ConfirmationRequest": (CONFIRMATION, make_confirmation),
    "ShipNoticeRequest": (DESPATCH, make_despatch),
    "InvoiceDetailRequest": (INVOICE, make_invoice),
    "StatusUpdateRequest": (STATUS_UPDATE, make_status),
    "Response": (RESPONSE, make_status),
}
_BUYER_SENDS = frozenset({"OrderRequest"})
_REFERENCE = {
    "OrderRequest": "OrderRequestHeader/@orderID",
    "ConfirmationRequest": "ConfirmationHeader/@confirmID",
    "ShipNoticeRequest": "ShipNoticeHeader/@shipmentID",
    "InvoiceDetailRequest": "InvoiceDetailRequestHeader/@invoiceID",
}


def is_cxml(root: Element) -> bool:
    """Whether the document element is cXML, in whatever case senders write it."""
    return str(root.tag).lower() == "cxml"


def read_cxml(document: XmlDocument, start: int, envelope: Findings, findings: Findings, limits: Limits) -> Interchange:
    """The document as an interchange: its control number is the payloadID, its parties those of From and To."""
    root = document.root
    request = root.find("Request")
    message = _message(document, request, findings, limits)
    return Interchange(
        standard="cxml",
        version=root.get("version", "") or "1.2",
        control_number=root.get("payloadID", "").strip(),
        sender=_credential(root, "From"),
        receiver=_credential(root, "To"),
        prepared_at=_moment(root.get("timestamp", "")),
        test=request is not None and request.get("deploymentMode") == "test",
        messages=(message,),
        findings=envelope.freeze(),
        start=start,
        end=len(document.source.data),
    )


def _payload(root: Element, request: Element | None) -> Element | None:
    """What the document is about: the element in Request or Message, else the Response itself."""
    if request is not None:
        return next((child for child in request if isinstance(child.tag, str)), None)
    response = root.find("Response")
    if response is not None:
        return response
    message = root.find("Message")
    return None if message is None else next((child for child in message if child.tag != "Status"), None)


def _message(document: XmlDocument, request: Element | None, findings: Findings, limits: Limits) -> Message:
    root = document.root
    payload = _payload(root, request)
    kind = "" if payload is None else str(etree.QName(payload).localname)
    made = None
    if payload is not None and kind in KINDS:
        made = _document(kind, payload, document, findings, limits)
    else:
        report_unsupported(kind, findings, document.place(payload))
    return Message(
        reference=_reference(root, payload, kind),
        kind=kind,
        version=root.get("version", "") or "1.2",
        document=made,
        findings=findings.freeze(),
        end=len(document.source.data),
    )


def _reference(root: Element, payload: Element | None, kind: str) -> str:
    path, _, name = _REFERENCE.get(kind, "").partition("/@")
    header = payload.find(path) if payload is not None and path else None
    found = header.get(name, "").strip() if header is not None else ""
    return found or root.get("payloadID", "").strip()


def _document(kind: str, payload: Element, document: XmlDocument, findings: Findings, limits: Limits) -> Document:
    shape, make = KINDS[kind]
    money = payload.find(".//Money[@currency]")
    work = Work(document, findings, limits.lines, "" if money is None else money.get("currency", ""))
    check_cxml(document, findings)
    path = f"/cXML/Request/{kind}" if kind != "Response" else "/cXML/Response"
    draft = XmlDraft(payload, path)
    draft.attributes = True
    shape.fill(work, payload, draft, path)
    if kind in _REFERENCE:
        _parties(document.root, draft.values, buyer_sends=kind in _BUYER_SENDS)
    made = make(work, draft)
    check(made, findings, by_path)
    return made


def _parties(root: Element, values: dict[str, Any], *, buyer_sends: bool) -> None:
    """Buyer and seller have the identities of the envelope, before those that the header gives."""
    for path, field in (("From", "buyer"), ("To", "seller")) if buyer_sends else (("From", "seller"), ("To", "buyer")):
        party = values.get(field, PartyDocument())
        known = tuple(
            identifier_of(credential.findtext("Identity", "").strip(), credential.get("domain", ""))
            for credential in root.iterfind(f"Header/{path}/Credential")
            if credential.findtext("Identity", "").strip()
        )
        others = tuple(identifier for identifier in party.identifiers if identifier not in known)
        values[field] = PartyDocument(
            (*known, *others),
            party.name,
            party.street,
            party.city,
            party.postcode,
            party.country,
            party.contact,
            party.email,
            party.phone,
            party.region,
        )


def _credential(root: Element, side: str) -> PartyRef:
    """The first identity of a side; a network's own number before others would be a guess."""
    for credential in root.iterfind(f"Header/{side}/Credential"):
        identity = credential.findtext("Identity", "").strip()
        if identity:
            return PartyRef(identity, credential.get("domain", ""))
    return PartyRef("")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
