"""UBL DespatchAdvice and ReceiptAdvice as DespatchDocument and ReceiptDocument."""

from dataclasses import replace
from typing import Any

from edi.mapping.ubl.aggregates import OtherReferences
from edi.mapping.ubl.document import ENVELOPE, ID, ISSUE_DATE, DocumentKind
from edi.mapping.ubl.items import item, settle_description
from edi.mapping.ubl.notation import cac, cbc, count, day, joined, quantity, records, text, texts, within
from edi.mapping.ubl.order import LineCount
from edi.mapping.ubl.parties import ADDRESS, LOCATION, PARTY, parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import ZERO
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, ReadOnly, Shape, Texts, Within, Written
from orders.documents import (
    DespatchDocument,
    DespatchLineDocument,
    PackageDocument,
    PartyDocument,
    ReceiptDocument,
    ReceiptLineDocument,
)

_ORDER_REFERENCE = within("OrderReference", text("ID", "order_number"))
_ORDER_LINE = within("OrderLineReference", text("LineID", "order_line"), _ORDER_REFERENCE)

# -- despatch ---------------------------------------------------------------------------------------------------------


def _make_package(work: Work, draft: XmlDraft, node: Element) -> PackageDocument:
    """A handling unit; an identifier of 18 digits is an SSCC."""
    number = draft.values.get("id", "")
    if len(number) == 18 and number.isdigit():
        draft.values["sscc"] = number
    package: PackageDocument = draft.make(PackageDocument, id="")
    return package


_PACKAGE = Shape(
    text("ID", "id"),
    text("TransportHandlingUnitTypeCode", "kind"),
    count("TotalPackageQuantity", "count"),
)


class _Packages(Entry):
    """cac:TransportHandlingUnit of the shipment. A package is named by its SSCC where it has one, for the packages
    of UBL have one identifier; lines then name it the same."""

    __slots__ = ("_records",)

    def __init__(self) -> None:
        super().__init__(cac("TransportHandlingUnit"), "packages")
        self._records = records("TransportHandlingUnit", "packages", _PACKAGE, _make_package)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._records.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for package in record.packages:
            for name in ("parent", "gross_weight"):
                if getattr(package, name):
                    out.cannot_say(f"packages.{name}", getattr(package, name))
            with out.element(parent, self.tag) as child:
                _PACKAGE.write(out, child, replace(package, id=package.sscc or package.id))


_INSTANCE = within(
    "ItemInstance",
    day("BestBeforeDate", "best_before"),
    Texts(cbc("SerialID"), "serials"),
    within("LotIdentification", text("LotNumberID", "batch")),
    repeats=True,
)


class _Instances(Within):
    """cac:ItemInstance: one for each serial number, one at least for a batch or a best-before date."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("ItemInstance"), *_INSTANCE.shape.entries, repeats=True)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for serial in record.serials or ("",):
            one = replace(record, serials=(serial,) if serial else ())
            with out.element(parent, self.tag) as child:
                self.shape.write(out, child, one)


def _not_available(out: Out, record: Any) -> str:
    return "NA" if record.package else ""


_DESPATCH_LINE = Shape(
    text("ID", "number"),
    joined("Note", "note"),
    quantity("DeliveredQuantity", "quantity"),
    ReadOnly(quantity("BackorderQuantity", "outstanding")),
    quantity("OutstandingQuantity", "outstanding"),
    _ORDER_LINE,
    item(_Instances(), tax=False),
    within(
        "Shipment",
        Written(cbc("ID"), _not_available),
        within(
            "TransportHandlingUnit",
            text("ID", "package"),
            ReadOnly(text("TransportHandlingUnitTypeCode", "package_kind")),
        ),
    ),
)


def _make_despatch_line(work: Work, draft: XmlDraft, node: Element) -> DespatchLineDocument:
    settle_description(draft)
    values = draft.values
    kind = values.pop("package_kind", "")
    if "package" in values:
        work.packages.setdefault(values["package"], kind)
    line: DespatchLineDocument = draft.whole(DespatchLineDocument, number="", quantity=ZERO, place=draft.path)
    return line


_DESPATCH_PARTIES = parties(
    ("DespatchSupplierParty", "despatcher", "sender"),
    ("DeliveryCustomerParty", "receiver", "receiver"),
    ("BuyerCustomerParty", "buyer", ""),
    ("SellerSupplierParty", "seller", ""),
)
_CARRIER = Into("carrier", PartyDocument, within("CarrierParty", *PARTY))
_DESPATCH_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    LineCount(),
    _ORDER_REFERENCE,
    OtherReferences(),
    *_DESPATCH_PARTIES,
    within(
        "Shipment",
        Written(cbc("ID"), lambda out, record: "1"),
        quantity("GrossWeightMeasure", "gross_weight", "weight_unit"),
        ReadOnly(within("Consignment", _CARRIER)),
        ReadOnly(within("ShipmentStage", _CARRIER)),
        within(
            "Delivery",
            ReadOnly(day("ActualDeliveryDate", "delivery_date")),
            text("TrackingID", "tracking"),
            ReadOnly(Into("place", PartyDocument, within("DeliveryAddress", *ADDRESS))),
            ReadOnly(Into("place", PartyDocument, within("DeliveryLocation", *LOCATION))),
            ReadOnly(within("RequestedDeliveryPeriod", day("StartDate", "requested_date"))),
            within(
                "EstimatedDeliveryPeriod", day("StartDate", "delivery_date"), ReadOnly(day("EndDate", "delivery_date"))
            ),
            _CARRIER,
            within(
                "Despatch",
                day("ActualDespatchDate", "shipped_on"),
                ReadOnly(Into("origin_place", PartyDocument, within("DespatchAddress", *ADDRESS))),
            ),
        ),
        _Packages(),
    ),
    records("DespatchLine", "lines", _DESPATCH_LINE, _make_despatch_line, lines=True),
)


def make_despatch(work: Work, draft: XmlDraft) -> DespatchDocument:
    """The despatch: who despatches is the seller unless another is named as such; so it is with who receives."""
    values = draft.values
    despatcher, receiver = values.pop("despatcher", None), values.pop("receiver", None)
    place, origin_place = (_popped(draft, name) for name in ("place", "origin_place"))
    if "seller" in values:
        values.setdefault("ship_from", despatcher)
    values.setdefault("seller", despatcher or PartyDocument())
    if "buyer" in values:
        values["ship_to"] = receiver
    values.setdefault("buyer", receiver or PartyDocument())
    if origin_place and values.get("ship_from") is None:
        values["ship_from"] = origin_place
    if place and values.get("ship_to") is None:
        values["ship_to"] = place
    requested = values.pop("requested_date", None)
    if requested:
        values.setdefault("delivery_date", requested)
    known = {package.id for package in values.get("packages", ())}
    for number, kind in work.packages.items():
        if number not in known:
            sscc = number if len(number) == 18 and number.isdigit() else ""
            values.setdefault("packages", []).append(PackageDocument(number, kind=kind, sscc=sscc))
    despatch: DespatchDocument = draft.whole(DespatchDocument, number="")
    return despatch


def _popped(draft: XmlDraft, name: str) -> PartyDocument | None:
    found = draft.parts.pop(name, None)
    return found[1].make(PartyDocument) if found and found[1].values else None


class _Laid:
    """A document with the parties of UBL beside its own."""

    def __init__(self, document: Any, **more: Any) -> None:
        self._document = document
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def _lay_out(out: Out, document: DespatchDocument) -> _Laid:
    """Who despatches is the seller, unless the goods leave from elsewhere; and so on."""
    named = {package.id: package.sscc or package.id for package in document.packages}
    lines = tuple(replace(line, package=named.get(line.package, line.package)) for line in document.lines)
    for line in document.lines:
        if line.ordered is not None:
            out.cannot_say("lines.ordered", line.ordered)
            break
    return _Laid(
        document,
        lines=tuple(replace(line, ordered=None) for line in lines),
        despatcher=document.ship_from or document.seller,
        seller=document.seller if document.ship_from else None,
        receiver=document.ship_to or document.buyer,
        buyer=document.buyer if document.ship_to else None,
    )


DESPATCH = DocumentKind(
    "DespatchAdvice",
    _DESPATCH_SHAPE,
    make_despatch,
    required=(
        ID,
        ISSUE_DATE,
        ("cac:DespatchSupplierParty", "party that despatches"),
        ("cac:DeliveryCustomerParty", "party that receives"),
    ),
    lay_out=_lay_out,
    said=frozenset({"ship_from", "ship_to"}),
    customization="urn:fdc:peppol.eu:poacc:trns:despatch_advice:3",
    profile="urn:fdc:peppol.eu:poacc:bis:despatch_advice:3",
)

# -- receipt ----------------------------------------------------------------------------------------------------------

_RECEIPT_LINE = Shape(
    text("ID", "number"),
    joined("Note", "note"),
    quantity("ReceivedQuantity", "received"),
    quantity("ShortQuantity", "short"),
    quantity("RejectedQuantity", "rejected"),
    ReadOnly(text("RejectReasonCode", "reason_code")),
    joined("RejectReason", "reason"),
    _ORDER_LINE,
    within("DespatchLineReference", text("LineID", "despatch_line")),
    item(tax=False),
)


def _make_receipt_line(work: Work, draft: XmlDraft, node: Element) -> ReceiptLineDocument:
    settle_description(draft)
    reason = draft.values.pop("reason_code", "")
    line: ReceiptLineDocument = draft.whole(
        ReceiptLineDocument, number="", received=ZERO, reason=reason, place=draft.path
    )
    return line


_RECEIPT_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    LineCount(),
    _ORDER_REFERENCE,
    within("DespatchDocumentReference", text("ID", "despatch_number")),
    OtherReferences(),
    *parties(
        ("DeliveryCustomerParty", "receiver", "sender"),
        ("DespatchSupplierParty", "despatcher", "receiver"),
        ("BuyerCustomerParty", "buyer", ""),
        ("SellerSupplierParty", "seller", ""),
    ),
    within(
        "Shipment",
        Written(cbc("ID"), lambda out, record: "1" if record.received_on else ""),
        within("Delivery", day("ActualDeliveryDate", "received_on")),
    ),
    records("ReceiptLine", "lines", _RECEIPT_LINE, _make_receipt_line, lines=True),
)


def make_receipt(work: Work, draft: XmlDraft) -> ReceiptDocument:
    """The receipt."""
    values = draft.values
    despatcher, receiver = values.pop("despatcher", None), values.pop("receiver", None)
    values.setdefault("seller", despatcher or PartyDocument())
    if "buyer" in values:
        values["ship_to"] = receiver
    values.setdefault("buyer", receiver or PartyDocument())
    receipt: ReceiptDocument = draft.whole(ReceiptDocument, number="")
    return receipt


def _lay_out_receipt(out: Out, document: ReceiptDocument) -> _Laid:
    return _Laid(
        document,
        despatcher=document.seller,
        seller=None,
        receiver=document.ship_to or document.buyer,
        buyer=document.buyer if document.ship_to else None,
    )


RECEIPT = DocumentKind(
    "ReceiptAdvice",
    _RECEIPT_SHAPE,
    make_receipt,
    required=(
        ID,
        ISSUE_DATE,
        ("cac:DeliveryCustomerParty", "party that receives"),
        ("cac:DespatchSupplierParty", "party that despatches"),
    ),
    lay_out=_lay_out_receipt,
    said=frozenset({"ship_to"}),
)
