"""cXML 1.2 requests of the order flow: what a document must at least hold (cxml.org, cXML.dtd and InvoiceDetail.dtd).

Only the parts that are mandatory or that we read are described; what else the DTD allows may stand there too.
"""

from functools import cache

from edi.guides.xml_structure import Shapes, StructureCheck, XmlGuide
from edi.syntax.findings import Findings
from edi.syntax.xml import XmlDocument

VERSION = "1.2"
_TITLES = {
    "OrderRequest": "Order request",
    "ConfirmationRequest": "Order confirmation",
    "ShipNoticeRequest": "Ship notice",
    "InvoiceDetailRequest": "Invoice",
    "Response": "Response",
}

SHAPES = {
    "cXML": "@payloadID! @timestamp! Header<> Request<> Response<> Message …",
    "Header": "From<Party>! To<Party>! Sender<>! …",
    "Party": "Credential<>+ …",
    "Sender": "Credential<>+ …",
    "Credential": "@domain! Identity! …",
    "Request": "OrderRequest<> ConfirmationRequest<> ShipNoticeRequest<> InvoiceDetailRequest<> …",
    "Response": "Status<>! …",
    "Status": "@code! @text! …",
    # orders
    "OrderRequest": "OrderRequestHeader<>! ItemOut<>* …",
    "OrderRequestHeader": "@orderID! @orderDate! Total<Amount>! BillTo …",
    "Amount": "Money<>! …",
    "Money": "@currency!",
    "ItemOut": "@quantity! ItemID<>! ItemDetail<> BlanketItemDetail …",
    "ItemID": "SupplierPartID! …",
    "ItemDetail": "UnitPrice<Amount>! Description+ UnitOfMeasure! Classification<>+ …",
    "Classification": "@domain! …",
    # confirmations
    "ConfirmationRequest": "ConfirmationHeader<>! OrderReference<>! ConfirmationItem<>* …",
    "ConfirmationHeader": "@type! @noticeDate! …",
    "OrderReference": "DocumentReference<>! …",
    "DocumentReference": "@payloadID! …",
    "ConfirmationItem": "@lineNumber! @quantity! UnitOfMeasure! ConfirmationStatus<>+ …",
    "ConfirmationStatus": "@type! @quantity! UnitOfMeasure! …",
    # ship notices
    "ShipNoticeRequest": "ShipNoticeHeader<>! ShipNoticePortion<>+ …",
    "ShipNoticeHeader": "@shipmentID! @noticeDate! …",
    "ShipNoticePortion": "OrderReference<>! ShipNoticeItem<>* …",
    "ShipNoticeItem": "@lineNumber! @quantity! UnitOfMeasure! …",
    # invoices
    "InvoiceDetailRequest": (
        "InvoiceDetailRequestHeader<>! InvoiceDetailOrder<>* InvoiceDetailHeaderOrder* InvoiceDetailSummary<>! …"
    ),
    "InvoiceDetailRequestHeader": (
        "@invoiceID! @purpose! @operation! @invoiceDate! InvoiceDetailHeaderIndicator! InvoiceDetailLineIndicator! …"
    ),
    "InvoiceDetailOrder": "InvoiceDetailOrderInfo! InvoiceDetailItem<>* …",
    "InvoiceDetailItem": (
        "@invoiceLineNumber! @quantity! UnitOfMeasure! UnitPrice<Amount>! InvoiceDetailItemReference<>! …"
    ),
    "InvoiceDetailItemReference": "@lineNumber! …",
    "InvoiceDetailSummary": "SubtotalAmount<Amount>! Tax<>! NetAmount<Amount>! …",
    "Tax": "Money<>! …",
}


KINDS = tuple(_TITLES)
_ANY = "cXML"


@cache
def _guide(kind: str) -> XmlGuide:
    """The guide of one kind of request, or of whatever cXML holds."""
    shapes = Shapes(SHAPES | _narrowed(kind), lambda name, _: name)
    return XmlGuide("cxml", "cXML", kind, VERSION, _TITLES.get(kind, kind), shapes.root("cXML"), shapes)


def _narrowed(kind: str) -> dict[str, str]:
    if kind == _ANY:
        return {}
    inner = "Response<>!" if kind == "Response" else "Request<>!"
    return {"cXML": f"@payloadID! @timestamp! Header<> {inner} …", "Request": f"{kind}<>! …"}


def find_cxml(kind: str) -> XmlGuide | None:
    """The guide of a request by its name ("OrderRequest"); None where there is none."""
    return _guide(kind) if kind in KINDS else None


def check_cxml(document: XmlDocument, findings: Findings) -> None:
    """Compare a whole document with what cXML makes mandatory."""
    StructureCheck(_guide(_ANY), document.place, findings).document(document.root)
