"""One UBL document into an `Interchange` of its own: sender, receiver and control number come from the document."""

from datetime import datetime

from lxml import etree

from edi.guides.ubl_structure import check_ubl
from edi.mapping.checks import check
from edi.mapping.model import Interchange, Message, PartyRef
from edi.mapping.places import by_path
from edi.mapping.ubl.answers import ANSWER
from edi.mapping.ubl.catalogue import CATALOGUE
from edi.mapping.ubl.change import CANCELLATION, CHANGE
from edi.mapping.ubl.deliveries import DESPATCH, RECEIPT
from edi.mapping.ubl.document import DocumentKind
from edi.mapping.ubl.invoices import CREDIT_NOTE, INVOICE
from edi.mapping.ubl.notation import NS, UBL_PREFIX, text_of
from edi.mapping.ubl.order import ORDER
from edi.mapping.ubl.peppol import check_peppol
from edi.mapping.ubl.response import RESPONSE, SIMPLE_RESPONSE
from edi.mapping.unsupported import report_unsupported
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_iso_date
from edi.syntax.xml import XmlDocument
from orders.documents import Document

KINDS = {
    kind.name: kind
    for kind in (
        ORDER,
        RESPONSE,
        SIMPLE_RESPONSE,
        CHANGE,
        CANCELLATION,
        DESPATCH,
        RECEIPT,
        INVOICE,
        CREDIT_NOTE,
        CATALOGUE,
        ANSWER,
    )
}

# Where a UBL document names its sender and receiver, by root element; Order and what a buyer sends comes first.
_BUYER, _SELLER = "cac:BuyerCustomerParty/cac:Party", "cac:SellerSupplierParty/cac:Party"
_BUYER_SENDS = (_BUYER, _SELLER)
_SELLER_SENDS = (_SELLER, _BUYER)
_BILLS = ("cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party")
_SENDERS = {
    "OrderResponse": _SELLER_SENDS,
    "OrderResponseSimple": _SELLER_SENDS,
    "ApplicationResponse": ("cac:SenderParty", "cac:ReceiverParty"),
    "Invoice": _BILLS,
    "CreditNote": _BILLS,
    "DespatchAdvice": ("cac:DespatchSupplierParty/cac:Party", "cac:DeliveryCustomerParty/cac:Party"),
    "ReceiptAdvice": ("cac:DeliveryCustomerParty/cac:Party", "cac:DespatchSupplierParty/cac:Party"),
    "Catalogue": ("cac:ProviderParty", "cac:ReceiverParty"),
}


def is_ubl(root: Element) -> bool:
    """Whether the document element is of a UBL 2 namespace."""
    return (etree.QName(root).namespace or "").startswith(UBL_PREFIX)


def read_ubl(document: XmlDocument, start: int, envelope: Findings, findings: Findings, limits: Limits) -> Interchange:
    """The document as an interchange; `findings` are those of its one message."""
    root = document.root
    sender, receiver = _SENDERS.get(etree.QName(root).localname, _BUYER_SENDS)
    message = _message(document, findings, limits)
    return Interchange(
        standard="ubl",
        version=message.version,
        control_number=message.reference,
        sender=_endpoint(root.find(sender, NS)),
        receiver=_endpoint(root.find(receiver, NS)),
        prepared_at=_prepared_at(root),
        messages=(message,),
        findings=envelope.freeze(),
        start=start,
        end=len(document.source.data),
        details={
            "customization": text_of(root, "cbc:CustomizationID"),
            "profile": text_of(root, "cbc:ProfileID"),
            "uuid": text_of(root, "cbc:UUID"),
        },
    )


def _message(document: XmlDocument, findings: Findings, limits: Limits) -> Message:
    root = document.root
    name = etree.QName(root)
    kind = KINDS.get(name.localname)
    made = None
    if kind is not None and name.namespace == f"{UBL_PREFIX}{kind.name}-2":
        made = _document(kind, document, findings, limits)
        if kind is ORDER:
            check_peppol(document, findings)
    else:
        report_unsupported(name.localname, findings, document.place(root))
    return Message(
        reference=text_of(root, "cbc:ID"),
        kind=name.localname,
        version=text_of(root, "cbc:UBLVersionID") or "2.1",
        association=text_of(root, "cbc:CustomizationID"),
        document=made,
        findings=findings.freeze(),
        end=len(document.source.data),
    )


def _document(kind: DocumentKind, document: XmlDocument, findings: Findings, limits: Limits) -> Document:
    root = document.root
    for path, name in kind.required:
        child = root.find(path, NS)
        if child is None or (not len(child) and not (child.text or "").strip()):
            text = f"The {kind.name} has no {name} ({path})."
            findings.error("missing-element", text, document.place(root), value=path)
    check_ubl(document, findings, told=frozenset(path.partition(":")[2] for path, _ in kind.required))
    work = Work(document, findings, limits.lines, text_of(root, "cbc:DocumentCurrencyCode"))
    draft = XmlDraft(root, f"/{kind.name}")
    kind.shape.fill(work, root, draft, draft.path)
    made = kind.make(work, draft)
    check(made, findings, by_path)
    return made


def _endpoint(party: Element | None) -> PartyRef:
    """EndpointID, else the first identification, else the VAT number."""
    if party is None:
        return PartyRef("")
    for path in ("cbc:EndpointID", "cac:PartyIdentification/cbc:ID", "cac:PartyTaxScheme/cbc:CompanyID"):
        element = party.find(path, NS)
        if element is not None and element.text and element.text.strip():
            return PartyRef(element.text.strip(), element.get("schemeID", ""))
    return PartyRef("")


def _prepared_at(root: Element) -> datetime | None:
    day = parse_iso_date(text_of(root, "cbc:IssueDate"))
    if day is None:
        return None
    clock = text_of(root, "cbc:IssueTime")[:8]
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock or '00:00:00'}").replace(tzinfo=None)
    except ValueError:
        return datetime(day.year, day.month, day.day)
