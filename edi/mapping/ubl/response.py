"""UBL OrderResponse and OrderResponseSimple as OrderResponseDocument."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from edi.mapping.ubl.aggregates import PERIOD, OtherReferences, Reference
from edi.mapping.ubl.document import BUYER, ENVELOPE, ID, ISSUE_DATE, SELLER, DocumentKind
from edi.mapping.ubl.items import PRICE, item, settle_description, settle_price
from edi.mapping.ubl.notation import code, day, flag, joined, part, quantity, records, text, texts, within
from edi.mapping.ubl.order import LineCount
from edi.mapping.ubl.parties import LOCATION, PARTY_ELSEWHERE, parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import ZERO, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Into, ReadOnly, Shape
from orders.documents import (
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
)

# OrderResponseCode, UNCL 4343 as Peppol narrows it.
_ANSWER = coded({"AP": "accepted", "CA": "accepted_with_changes", "RE": "rejected", "AB": "acknowledged"})
_ANSWERS = frozenset({"accepted", "accepted_with_changes", "rejected", "acknowledged"})
# LineStatusCode, UN/EDIFACT 1229: added, deleted, changed, accepted, not accepted, already delivered.
_LINE_ANSWER = {
    "1": LineAnswer.CHANGED,
    "2": LineAnswer.REJECTED,
    "3": LineAnswer.CHANGED,
    "5": LineAnswer.ACCEPTED,
    "7": LineAnswer.REJECTED,
    "42": LineAnswer.REJECTED,
}
_STATUS = {
    LineAnswer.ACCEPTED: "5",
    LineAnswer.CHANGED: "3",
    LineAnswer.REJECTED: "7",
    LineAnswer.BACKORDERED: "3",
}

_PROMISED = within("PromisedDeliveryPeriod", *PERIOD)
_LINE = Shape(
    joined("Note", "note"),
    within(
        "LineItem",
        text("ID", "number"),
        joined("Note", "reason"),
        text("LineStatusCode", "status"),
        quantity("Quantity", "quantity"),
        quantity("MaximumBackorderQuantity", "backorder"),
        within("Delivery", ReadOnly(within("RequestedDeliveryPeriod", *PERIOD)), _PROMISED),
        PRICE,
        item(),
    ),
    within(
        "SellerSubstitutedLineItem",
        text("ID", "substitute_line"),
        within("Item", within("SellersItemIdentification", text("ID", "substitute"))),
    ),
    within("OrderLineReference", text("LineID", "order_line")),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> ResponseLineDocument:
    """The answer to the line that OrderLineReference names, else to the one of the same number."""
    values = draft.values
    settle_description(draft)
    settle_price(draft)
    _keep_substitute(draft)
    own, status, backorder = values.pop("number", ""), values.pop("status", "5"), values.pop("backorder", None)
    reference = values.pop("order_line", "") or own
    if own and own != reference:
        draft.extras.append(("LineItem/ID", own))
    answer = _LINE_ANSWER.get(status, LineAnswer.CHANGED)
    if status not in _LINE_ANSWER:
        draft.extras.append(("LineItem/LineStatusCode", status))
    if answer is LineAnswer.CHANGED and backorder:
        answer = LineAnswer.BACKORDERED
    confirmed = ZERO if answer is LineAnswer.REJECTED else values.pop("quantity", ZERO)
    ordered = values.pop("quantity", confirmed) + (backorder or ZERO)
    said = {name: values.pop(name) for name in ("delivery_date", "reason", "substitute") if name in values}
    place, origin = f"{draft.path}/cac:LineItem", tuple(draft.origin)
    line = draft.make(OrderLineDocument, number=reference, quantity=ordered, place=place, origin=origin)
    return ResponseLineDocument(
        line, answer, confirmed, line.unit_price, **said, place=place, origin=origin, extras=tuple(draft.extras)
    )


def _keep_substitute(draft: XmlDraft) -> None:
    number = draft.values.pop("substitute_line", "")
    if number and "substitute" not in draft.values:
        draft.extras.append(("SellerSubstitutedLineItem/ID", number))


@dataclass(slots=True)
class _Said:
    """A line answered, the way UBL says it: the confirmed values in the line itself."""

    ordered: OrderLineDocument
    status: str
    reason: str
    quantity: Decimal | None
    backorder: Decimal | None
    unit_price: Decimal | None
    delivery_date: Any
    substitute: str
    order_line: str

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "ordered"), name)

    @property
    def substitute_line(self) -> str:
        """The number of the substituted line, which the schema demands."""
        return self.ordered.number if self.substitute else ""


def _unmake(out: Out, line: ResponseLineDocument) -> _Said:
    ordered, answer = line.ordered, line.answer
    backorder = None
    if answer is LineAnswer.BACKORDERED:
        missing = ordered.quantity - line.quantity
        backorder = missing if missing > 0 else ordered.quantity
    return _Said(
        ordered=ordered,
        status=_STATUS[answer],
        reason=line.reason,
        quantity=None if answer is LineAnswer.REJECTED else line.quantity,
        backorder=backorder,
        unit_price=line.unit_price if line.unit_price is not None else ordered.unit_price,
        delivery_date=line.delivery_date,
        substitute=line.substitute,
        order_line=ordered.number,
    )


_PARTIES = parties(("SellerSupplierParty", "seller", "sender"), ("BuyerCustomerParty", "buyer", "receiver"))
_ORDER_REFERENCE = part("order", OrderDocument, within("OrderReference", text("ID", "number")))
_DELIVERY = within(
    "Delivery",
    Into("ship_to", PartyDocument, within("DeliveryLocation", *LOCATION)),
    ReadOnly(within("RequestedDeliveryPeriod", *PERIOD)),
    _PROMISED,
    Into("ship_to", PartyDocument, within("DeliveryParty", *PARTY_ELSEWHERE)),
)
_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    text("SalesOrderID", "seller_order_number"),
    day("IssueDate", "issued_on"),
    code("OrderResponseCode", "answer", _ANSWER),
    joined("Note", "note"),
    text("DocumentCurrencyCode", "currency"),
    ReadOnly(LineCount()),
    _ORDER_REFERENCE,
    Reference("OrderDocumentReference", "order"),
    OtherReferences("contract"),
    Reference("Contract", "contract"),
    *_PARTIES,
    Into("order", OrderDocument, _DELIVERY),
    records("OrderLine", "lines", _LINE, _make_line, lines=True, unmake=_unmake),
)
_SIMPLE_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    flag("AcceptedIndicator", "is_accepted"),
    joined("RejectionNote", "note"),
    _ORDER_REFERENCE,
    OtherReferences(),
    *_PARTIES,
)


def make_response(work: Work, draft: XmlDraft) -> OrderResponseDocument:
    """The answer; its order has the parties and the currency that both share."""
    values = draft.values
    values.pop("stated_line_count", None)
    if values.get("answer") not in _ANSWERS:
        sent = values.pop("answer", "")
        if sent:
            sentence = f"The answer code {sent[:20]!r} is not known; the lines say what is accepted."
            work.findings.warning("unknown-code", sentence, lambda: work.document.place(None), value=sent)
        values["answer"] = _by_lines(values.get("lines", ()))
    draft.part("order", OrderDocument)
    shared = {name: values[name] for name in ("currency", "buyer", "seller") if name in values}
    order = draft.parts.pop("order")[1].make(OrderDocument, number="", **shared)
    response: OrderResponseDocument = draft.whole(OrderResponseDocument, number="", order=order)
    return response


def _by_lines(lines: Any) -> str:
    answers = {line.answer for line in lines}
    if answers == {LineAnswer.REJECTED}:
        return "rejected"
    return "accepted_with_changes" if answers - {LineAnswer.ACCEPTED} else "accepted" if answers else "acknowledged"


def make_simple(work: Work, draft: XmlDraft) -> OrderResponseDocument:
    """A plain yes or no."""
    draft.values["answer"] = "accepted" if draft.values.pop("is_accepted", False) else "rejected"
    return make_response(work, draft)


def _lay_out(out: Out, response: OrderResponseDocument) -> OrderResponseDocument:
    """Lines are given when something changes (CA), as Peppol asks."""
    order = response.order
    out.currency = response.currency or order.currency or out.currency
    note = "\n".join(filter(None, (response.note, *response.notes)))
    return replace(
        response,
        buyer=response.buyer if response.buyer.identifiers or response.buyer.name else order.buyer,
        seller=response.seller if response.seller.identifiers or response.seller.name else order.seller,
        currency=response.currency or order.currency,
        note=note,
        notes=(),
        lines=response.lines if response.answer == "accepted_with_changes" else (),
    )


_REQUIRED = (ID, ISSUE_DATE, ("cac:OrderReference", "reference to the order"), SELLER, BUYER)
RESPONSE = DocumentKind(
    "OrderResponse",
    _SHAPE,
    make_response,
    required=_REQUIRED,
    lay_out=_lay_out,
    said=frozenset({"notes"}),
    customization="urn:fdc:peppol.eu:poacc:trns:order_response:3",
    profile="urn:fdc:peppol.eu:poacc:bis:ordering:3",
)
SIMPLE_RESPONSE = DocumentKind("OrderResponseSimple", _SIMPLE_SHAPE, make_simple, required=_REQUIRED)
