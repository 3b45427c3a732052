"""UBL OrderChange and OrderCancellation as OrderChangeDocument."""

from dataclasses import dataclass, replace
from typing import Any

from edi.mapping.ubl.aggregates import OtherReferences, Reference
from edi.mapping.ubl.document import BUYER, ENVELOPE, ISSUE_DATE, SELLER, DocumentKind
from edi.mapping.ubl.notation import code, day, joined, part, records, text, texts, within
from edi.mapping.ubl.order import CURRENCY, LINE_ITEM, ORDER_TAIL, LineCount, settle_line, settle_totals
from edi.mapping.ubl.parties import parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Shape, into
from orders.documents import ChangeLineDocument, LineChange, OrderChangeDocument, OrderDocument, OrderLineDocument

# UN/EDIFACT 1229 as Peppol uses it in an order change.
_CHANGE = coded({"1": LineChange.ADDED, "2": LineChange.DELETED, "3": LineChange.CHANGED, "4": LineChange.UNCHANGED})
_number, _note, *_rest = LINE_ITEM
_LINE = Shape(
    joined("Note", "note"), within("LineItem", _number, _note, code("LineStatusCode", "change", _CHANGE), *_rest)
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> ChangeLineDocument:
    settle_line(work, draft, node)
    change = draft.values.pop("change", LineChange.CHANGED)
    if not isinstance(change, LineChange):
        draft.extras.append(("LineItem/LineStatusCode", change))
        change = LineChange.CHANGED
    return ChangeLineDocument(draft.whole(OrderLineDocument, place=f"{draft.path}/cac:LineItem"), change)


@dataclass(slots=True)
class _Said:
    """A line and its change as one, the way UBL says it."""

    line: OrderLineDocument
    change: LineChange

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "line"), name)


def _unmake(out: Out, line: ChangeLineDocument) -> _Said:
    return _Said(line.line, line.change)


_PARTIES = parties(
    ("BuyerCustomerParty", "buyer", "sender"),
    ("SellerSupplierParty", "seller", "receiver"),
)
_BILL_TO = parties(("AccountingCustomerParty", "bill_to", ""))
_ORDER_NUMBER = part("order", OrderDocument, within("OrderReference", text("ID", "number")))
_CHANGE_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    text("SequenceNumberID", "sequence"),
    texts("Note", "notes"),
    CURRENCY,
    LineCount(),
    _ORDER_NUMBER,
    Reference("QuotationDocumentReference", "quotation", single=True),
    Reference("OriginatorDocumentReference", "originator", single=True),
    OtherReferences("contract"),
    Reference("Contract", "contract"),
    *_PARTIES,
    *into("order", OrderDocument, _BILL_TO),
    *into("order", OrderDocument, ORDER_TAIL),
    records("OrderLine", "lines", _LINE, _make_line, lines=True, unmake=_unmake),
)
_CANCELLATION_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    joined("CancellationNote", "reason"),
    _ORDER_NUMBER,
    Reference("OriginatorDocumentReference", "originator", single=True),
    OtherReferences("contract"),
    Reference("Contract", "contract"),
    *_PARTIES,
)


def _make(work: Work, draft: XmlDraft, function: str) -> OrderChangeDocument:
    """The change, its order with the parties and the currency that both share."""
    values = draft.values
    values.pop("stated_line_count", None)
    header = draft.part("order", OrderDocument)
    del draft.parts["order"]
    settle_totals(header)
    shared: dict[str, Any] = {name: values[name] for name in ("currency", "buyer", "seller") if name in values}
    shared["references"] = tuple(values.get("references", ()))
    order = header.make(OrderDocument, number="", function=function, **shared)
    change: OrderChangeDocument = draft.whole(OrderChangeDocument, number="", order=order, function=function)
    return change


def make_change(work: Work, draft: XmlDraft) -> OrderChangeDocument:
    """An order change."""
    return _make(work, draft, "change")


def make_cancellation(work: Work, draft: XmlDraft) -> OrderChangeDocument:
    """An order cancellation."""
    return _make(work, draft, "cancel")


def _lay_out(out: Out, change: OrderChangeDocument) -> OrderChangeDocument:
    """Parties and currency of the order where the change itself names none; a sequence, which the schema demands."""
    order = change.order
    return replace(
        change,
        buyer=change.buyer if change.buyer.identifiers or change.buyer.name else order.buyer,
        seller=change.seller if change.seller.identifiers or change.seller.name else order.seller,
        currency=change.currency or order.currency,
        sequence=change.sequence or "1",
        notes=(*change.notes, change.reason) if change.reason else change.notes,
    )


def _lay_out_cancellation(out: Out, change: OrderChangeDocument) -> OrderChangeDocument:
    laid_out = _lay_out(out, replace(change, reason=""))
    if change.lines:
        out.cannot_say("lines", tuple(line.line.number for line in change.lines))
    return replace(laid_out, lines=(), currency="", sequence="", reason=change.reason or "Cancelled")


_ORDER_REFERENCE = ("cac:OrderReference", "reference to the order")
CHANGE = DocumentKind(
    "OrderChange",
    _CHANGE_SHAPE,
    make_change,
    required=(ISSUE_DATE, _ORDER_REFERENCE, BUYER, SELLER),
    lay_out=_lay_out,
    said=frozenset({"function", "reason"}),
    customization="urn:fdc:peppol.eu:poacc:trns:order_change:3",
    profile="urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3",
)
CANCELLATION = DocumentKind(
    "OrderCancellation",
    _CANCELLATION_SHAPE,
    make_cancellation,
    required=(("cbc:ID", "number"), ISSUE_DATE, _ORDER_REFERENCE, BUYER, SELLER),
    lay_out=_lay_out_cancellation,
    said=frozenset({"function", "lines", "currency"}),
    customization="urn:fdc:peppol.eu:poacc:trns:order_cancellation:3",
    profile="urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3",
)
