"""One UBL document into an `Interchange` of its own: sender, receiver and control number come from the document."""

from datetime import datetime

from lxml import etree

from edi.guides.ubl_order import NS, ORDER, UBL_PREFIX
from edi.mapping.model import Interchange, Message, PartyRef
from edi.mapping.ubl.orders import Element, OrderReader, text_of
from edi.mapping.ubl.peppol import check_peppol
from edi.mapping.unsupported import report_unsupported
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_iso_date
from edi.syntax.source import Source
from edi.syntax.xml import XmlDocument, parse_xml

# Where a UBL document names its sender and receiver, by root element; Order and what a buyer sends comes first.
_BUYER, _SELLER = "cac:BuyerCustomerParty/cac:Party", "cac:SellerSupplierParty/cac:Party"
_BUYER_SENDS = (_BUYER, _SELLER)
_SELLER_SENDS = (_SELLER, _BUYER)
_SENDERS = {
    "OrderResponse": _SELLER_SENDS,
    "ApplicationResponse": ("cac:SenderParty", "cac:ReceiverParty"),
    "Invoice": ("cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"),
    "CreditNote": ("cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"),
    "DespatchAdvice": ("cac:DespatchSupplierParty/cac:Party", "cac:DeliveryCustomerParty/cac:Party"),
    "Catalogue": ("cac:ProviderParty", "cac:ReceiverParty"),
}


def read_ubl(source: Source, start: int, limits: Limits) -> Interchange:
    """The document from byte `start` on; an Interchange without messages when it cannot be read at all."""
    envelope, findings = source.findings(limits), source.findings(limits)
    document = parse_xml(source, start, envelope)
    end = len(source.data)
    if document is None:
        return Interchange("ubl", findings=envelope.freeze(), start=start, end=end)
    root = document.root
    name = etree.QName(root)
    if not (name.namespace or "").startswith(UBL_PREFIX):
        space = name.namespace or "(none)"
        text = f"The document element is {name.localname!r} of namespace {space!r}, which is not UBL 2."
        envelope.error("unsupported-document", text, document.place(root), value=str(root.tag))
        return Interchange("ubl", findings=envelope.freeze(), start=start, end=end)
    sender, receiver = _SENDERS.get(name.localname, _BUYER_SENDS)
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
        end=end,
        details={
            "customization": text_of(root, "cbc:CustomizationID"),
            "profile": text_of(root, "cbc:ProfileID"),
            "uuid": text_of(root, "cbc:UUID"),
        },
    )


def _message(document: XmlDocument, findings: Findings, limits: Limits) -> Message:
    root = document.root
    kind = etree.QName(root).localname
    order = None
    if root.tag == f"{{{ORDER}}}Order":
        order = OrderReader(document, findings, limits.lines).read()
        check_peppol(document, findings)
    else:
        report_unsupported(kind, findings, document.place(root))
    return Message(
        reference=text_of(root, "cbc:ID"),
        kind=kind,
        version=text_of(root, "cbc:UBLVersionID") or "2.1",
        association=text_of(root, "cbc:CustomizationID"),
        document=order,
        findings=findings.freeze(),
        end=len(document.source.data),
    )


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
