"""UBL Order (plain, Peppol BIS Order 3, Italian NSO) as OrderDocument, and what other orders share with it."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from edi.mapping.codes import CODE_1001, KIND_OF_1001
from edi.mapping.sums import line_amount
from edi.mapping.ubl.aggregates import (
    PERIOD,
    Allowances,
    OtherReferences,
    PaymentNote,
    Reference,
    TaxTotal,
    Terms,
    line_net,
    spelled_out,
)
from edi.mapping.ubl.document import BUYER, ENVELOPE, ID, ISSUE_DATE, SELLER, DocumentKind
from edi.mapping.ubl.items import PRICE, item, settle_description, settle_price
from edi.mapping.ubl.notation import (
    NS,
    Quantity,
    amount,
    cac,
    cbc,
    code,
    count,
    day,
    joined,
    quantity,
    records,
    text,
    texts,
    within,
)
from edi.mapping.ubl.parties import ADDRESS, LOCATION, PARTY_ELSEWHERE, parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, ZERO, Kind
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, ReadOnly, Shape, Within, Written
from orders.documents import OrderDocument, OrderLineDocument, PartyDocument, ScheduleDocument

# -- lines ------------------------------------------------------------------------------------------------------------


class LineDelivery(Entry):
    """cac:Delivery of a line: one with a quantity is part of the schedule, one without gives the delivery date."""

    __slots__ = ("_date", "_quantity")

    def __init__(self, period: str = "RequestedDeliveryPeriod") -> None:
        super().__init__(cac("Delivery"), "delivery_date", "schedule")
        self._date = within("Delivery", within(period, *PERIOD))
        self._quantity = Quantity(cbc("Quantity"), "quantity", "unit")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        if node.find(cbc("Quantity")) is None:
            self._date.read(work, node, draft, at)
            return
        path = f"{at}{self.step}[{len(draft.values.get('schedule', ())) + 1}]"
        child = XmlDraft(node, path, draft, "schedule.")
        _SCHEDULE.fill(work, node, child, path)
        child.values.setdefault("quantity", ZERO)
        draft.values.setdefault("schedule", []).append(child.make(ScheduleDocument))

    def write(self, out: Out, parent: Element, record: Any) -> None:
        self._date.write(out, parent, record)
        for delivery in record.schedule:
            with out.element(parent, self.tag) as child:
                _SCHEDULE.write(out, child, delivery)


_SCHEDULE = Shape(
    quantity("Quantity", "quantity"),
    within("DeliveryLocation", text("ID", "location")),
    within("RequestedDeliveryPeriod", day("StartDate", "on")),
)

LINE_ITEM: tuple[Entry, ...] = (
    text("ID", "number"),
    ReadOnly(joined("Note", "note")),
    quantity("Quantity", "quantity"),
    amount("LineExtensionAmount", "stated_amount"),
    LineDelivery(),
    Allowances(),
    PRICE,
    item(),
)


def settle_line(work: Work, draft: XmlDraft, node: Element) -> None:
    """What a line must have: a number, and a quantity (Peppol takes one where none is given)."""
    values = draft.values
    work.line_nodes.append(node)
    settle_description(draft)
    settle_price(draft)
    values.setdefault("number", "")
    if "quantity" not in values:
        if node.find("cac:LineItem/cbc:Quantity", NS) is not None:
            values["quantity"] = ZERO
            return
        values["quantity"] = Decimal(1)
        sentence = f"Line {values['number']} has no quantity; 1 was assumed, as Peppol does."
        work.findings.warning("quantity-missing", sentence, partial(work.document.place, node))


def make_line(work: Work, draft: XmlDraft, node: Element) -> OrderLineDocument:
    """One order line."""
    settle_line(work, draft, node)
    line: OrderLineDocument = draft.whole(OrderLineDocument, place=f"{draft.path}/cac:LineItem")
    return line


def priced(out: Out, line: OrderLineDocument) -> OrderLineDocument:
    """`line` with the amount that Peppol demands."""
    if line.stated_amount is not None or not out.claims_peppol:
        return line
    return replace(line, stated_amount=line_amount(line, out.currency))


ORDER_LINE = Shape(joined("Note", "note"), within("LineItem", *LINE_ITEM))

# -- header -----------------------------------------------------------------------------------------------------------

# Country of a delivery: the place, then the one who receives there, are one party.
DELIVERY = within(
    "Delivery",
    ReadOnly(Into("ship_to", PartyDocument, within("DeliveryAddress", *ADDRESS))),
    Into("ship_to", PartyDocument, within("DeliveryLocation", *LOCATION)),
    within("RequestedDeliveryPeriod", *PERIOD),
    Into("ship_to", PartyDocument, within("DeliveryParty", *PARTY_ELSEWHERE)),
)
KIND: Kind = Kind(lambda sent: KIND_OF_1001.get(sent, "other"), lambda kind: CODE_1001.get(kind, "220"))


class OrderTotals(Within):
    """cac:AnticipatedMonetaryTotal: the stated total is that without tax, else that of the lines; written when every
    line has a price, without taxes, which an order need not know."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(
            cac("AnticipatedMonetaryTotal"),
            amount("LineExtensionAmount", "lines_total"),
            amount("TaxExclusiveAmount", "stated_total"),
        )
        self.fields = frozenset({"stated_total"})

    def write(self, out: Out, parent: Element, record: Any) -> None:
        lines = getattr(record, "lines", ())
        if not lines or any(getattr(line, "unit_price", None) is None for line in lines):
            return
        net = sum((line_net(line, out.currency) for line in lines), ZERO)
        sums = {True: ZERO, False: ZERO}
        for allowance in record.allowances:
            sums[allowance.charge] += spelled_out(allowance, net, out.currency).amount or ZERO
        exclusive = net - sums[False] + sums[True]
        money = {"currencyID": out.currency}
        with out.element(parent, self.tag) as child:
            out.leaf(child, cbc("LineExtensionAmount"), NUMBER.format(net), money)
            out.leaf(child, cbc("TaxExclusiveAmount"), NUMBER.format(exclusive), money)
            for name, value in (("AllowanceTotalAmount", sums[False]), ("ChargeTotalAmount", sums[True])):
                out.leaf(child, cbc(name), NUMBER.format(value) if value else "", money)
            out.leaf(child, cbc("PayableAmount"), NUMBER.format(exclusive), money)


def settle_totals(draft: XmlDraft) -> None:
    """One stated total of the two; the other is kept."""
    lines = draft.values.pop("lines_total", None)
    if lines is not None and draft.values.setdefault("stated_total", lines) != lines:
        draft.extras.append(("AnticipatedMonetaryTotal/LineExtensionAmount", str(lines)))


def line_count(out: Out, record: Any) -> str:
    """LineCountNumeric, which Peppol does not know."""
    return "" if out.claims_peppol else str(len(record.lines))


class LineCount(Written):
    """cbc:LineCountNumeric: read as stated, written as counted."""

    __slots__ = ("_leaf",)

    def __init__(self) -> None:
        super().__init__(cbc("LineCountNumeric"), line_count)
        self._leaf = count("LineCountNumeric", "stated_line_count")
        self.fields = frozenset({"stated_line_count"})

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._leaf.read(work, node, draft, at)


ORDER_TAIL: tuple[Entry, ...] = (
    DELIVERY,
    Terms(),
    PaymentNote(),
    Allowances(),
    TaxTotal(summed=False),
    OrderTotals(),
)
CURRENCY = text("DocumentCurrencyCode", "currency")

_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    code("OrderTypeCode", "kind", KIND),
    texts("Note", "notes"),
    CURRENCY,
    LineCount(),
    Reference("QuotationDocumentReference", "quotation", single=True),
    Reference("OrderDocumentReference", "order"),
    Reference("OriginatorDocumentReference", "originator", single=True),
    OtherReferences("contract"),
    Reference("Contract", "contract"),
    *parties(
        ("BuyerCustomerParty", "buyer", "sender"),
        ("SellerSupplierParty", "seller", "receiver"),
        ("AccountingCustomerParty", "bill_to", ""),
    ),
    *ORDER_TAIL,
    records("OrderLine", "lines", ORDER_LINE, make_line, lines=True, unmake=priced),
)


def _function(draft: XmlDraft) -> str:
    """NSO says that an order revokes or replaces another by a status after the reference: id#date#endpoint#…"""
    for kind, value in draft.values.get("references", ()):
        status = value.rpartition("#")[2].lower()
        if kind == "order" and status in ("cancelled", "revised"):
            return "cancel" if status == "cancelled" else "replace"
    return "original"


def make_order(work: Work, draft: XmlDraft) -> OrderDocument:
    """The order."""
    settle_totals(draft)
    order: OrderDocument = draft.whole(OrderDocument, number="", function=_function(draft))
    return order


ORDER = DocumentKind(
    "Order",
    _SHAPE,
    make_order,
    required=(ID, ISSUE_DATE, BUYER, SELLER),
    customization="urn:fdc:peppol.eu:poacc:trns:order:3",
    profile="urn:fdc:peppol.eu:poacc:bis:ordering:3",
)
