"""UBL Invoice and CreditNote (plain, EN 16931, Peppol BIS Billing 3) as InvoiceDocument."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from edi.mapping.ubl.aggregates import (
    SUBTOTAL,
    TOTALS,
    Allowances,
    OtherReferences,
    PaymentNote,
    Reference,
    TaxTotal,
    line_net,
    make_tax,
)
from edi.mapping.ubl.document import ENVELOPE, ID, ISSUE_DATE, DocumentKind
from edi.mapping.ubl.items import PRICE, item, settle_description, settle_price
from edi.mapping.ubl.notation import (
    amount,
    cac,
    cbc,
    code,
    day,
    joined,
    quantity,
    record,
    records,
    text,
    texts,
    within,
)
from edi.mapping.ubl.order import CURRENCY, LineCount
from edi.mapping.ubl.parties import ADDRESS, LOCATION, PARTY_ELSEWHERE, Party, parties
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import ZERO, Kind
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, ReadOnly, Shape, Within, Written
from orders.documents import InvoiceDocument, InvoiceLineDocument, PartyDocument, TotalsDocument

# UN/EDIFACT 1001 as EN 16931 uses it (UNTDID 1001 subset, BT-3).
_KIND = {
    "380": "invoice",
    "381": "credit_note",
    "383": "debit_note",
    "384": "corrected",
    "386": "prepayment",
    "389": "self_billed",
    "396": "credit_note",
}
_CODE = {word: number for number, word in reversed(_KIND.items())}
_TYPE: Kind = Kind(lambda sent: _KIND.get(sent, sent), lambda kind: _CODE.get(kind, "380"))


class _BuyerReference(Entry):
    """cbc:BuyerReference: the customer's own reference."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cbc("BuyerReference"), "references")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        value = (node.text or "").strip()
        if value:
            draft.add("references", ("customer", value), value, node, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for pair in [pair for pair in out.pending if pair[0] == "customer"][:1]:
            out.pending.remove(pair)
            out.leaf(parent, self.tag, pair[1])


# -- lines ------------------------------------------------------------------------------------------------------------

_ORDER_REFERENCE = within("OrderReference", text("ID", "order_number"))
_DESPATCH_LINE = within(
    "DespatchLineReference",
    Written(cbc("LineID"), lambda out, line: "NA" if line.despatch_number else ""),
    within("DocumentReference", text("ID", "despatch_number")),
)
_LINE_TAX = ReadOnly(within("TaxTotal", record("TaxSubtotal", "tax", SUBTOTAL, make_tax)))


class _OrderLine(Within):
    """cac:OrderLineReference; the schema demands a line number."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("OrderLineReference"), text("LineID", "order_line"), _ORDER_REFERENCE)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.order_line or record.order_number:
            line = record if record.order_line else replace(record, order_line="NA")
            super().write(out, parent, line)


def _line(quantity_name: str, *, credit: bool) -> Shape:
    taxes: tuple[Entry, ...] = (_LINE_TAX, Allowances()) if credit else (Allowances(), _LINE_TAX)
    return Shape(
        text("ID", "number"),
        joined("Note", "note"),
        quantity(quantity_name, "quantity"),
        amount("LineExtensionAmount", "amount"),
        _OrderLine(),
        _DESPATCH_LINE,
        within("Delivery", day("ActualDeliveryDate", "delivered_on")),
        *taxes,
        item(),
        PRICE,
    )


def _make_line(work: Work, draft: XmlDraft, node: Element) -> InvoiceLineDocument:
    """One line; a quantity that is not given is one."""
    settle_description(draft)
    settle_price(draft)
    values = draft.values
    if values.get("order_line") == "NA":
        del values["order_line"]
    line: InvoiceLineDocument = draft.whole(InvoiceLineDocument, number="", quantity=Decimal(1), place=draft.path)
    return line


# -- header -----------------------------------------------------------------------------------------------------------


class _Accounts(Entry):
    """cac:PaymentMeans: how and where to pay. One element for each account; their code is the same."""

    __slots__ = ("_shape",)

    def __init__(self) -> None:
        super().__init__(cac("PaymentMeans"), "payment_means", "accounts", "due_date")
        self._shape = Shape(
            text("PaymentMeansCode", "payment_means"),
            ReadOnly(day("PaymentDueDate", "due_date")),
            within("PayeeFinancialAccount", texts("ID", "accounts"), repeats=True),
        )

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._shape.fill(work, node, draft, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        due = record.due_date if record.kind == "credit_note" else None
        if not (record.payment_means or record.accounts or due):
            return
        for account in record.accounts or ("",):
            with out.element(parent, self.tag) as child:
                out.leaf(child, cbc("PaymentMeansCode"), record.payment_means or "1")
                out.leaf(child, cbc("PaymentDueDate"), due.isoformat() if due else "")
                with out.element(child, cac("PayeeFinancialAccount")) as payee:
                    out.leaf(payee, cbc("ID"), account)


_PARTIES: tuple[Entry, ...] = (
    *parties(("AccountingSupplierParty", "seller", "sender"), ("AccountingCustomerParty", "customer", "receiver")),
    Party("PayeeParty", "payee"),
    *parties(("BuyerCustomerParty", "buyer", "")),
)
_DELIVERY = within(
    "Delivery",
    day("ActualDeliveryDate", "delivered_on"),
    ReadOnly(Into("ship_to", PartyDocument, within("DeliveryAddress", *ADDRESS))),
    Into("ship_to", PartyDocument, within("DeliveryLocation", *LOCATION)),
    Into("ship_to", PartyDocument, within("DeliveryParty", *PARTY_ELSEWHERE)),
)
_PRECEDING = within(
    "BillingReference",
    within("InvoiceDocumentReference", text("ID", "preceding")),
    ReadOnly(within("CreditNoteDocumentReference", text("ID", "preceding"))),
)
_DESPATCH = within("DespatchDocumentReference", text("ID", "despatch_number"))
_TOTALS = Into("totals", TotalsDocument, Within(cac("LegalMonetaryTotal"), *TOTALS))

_INVOICE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    day("DueDate", "due_date"),
    code("InvoiceTypeCode", "kind", _TYPE),
    texts("Note", "notes"),
    day("TaxPointDate", "tax_point"),
    CURRENCY,
    LineCount(),
    _BuyerReference(),
    _ORDER_REFERENCE,
    _PRECEDING,
    _DESPATCH,
    Reference("OriginatorDocumentReference", "originator", single=True),
    Reference("ContractDocumentReference", "contract"),
    OtherReferences("project"),
    Reference("ProjectReference", "project", single=True),
    *_PARTIES,
    _DELIVERY,
    _Accounts(),
    PaymentNote(),
    Allowances(),
    TaxTotal(summed=True),
    _TOTALS,
    records("InvoiceLine", "lines", _line("InvoicedQuantity", credit=False), _make_line, lines=True),
)
_CREDIT_NOTE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    day("TaxPointDate", "tax_point"),
    code("CreditNoteTypeCode", "kind", _TYPE),
    texts("Note", "notes"),
    CURRENCY,
    LineCount(),
    _BuyerReference(),
    _ORDER_REFERENCE,
    _PRECEDING,
    _DESPATCH,
    Reference("ContractDocumentReference", "contract"),
    OtherReferences("originator"),
    Reference("OriginatorDocumentReference", "originator"),
    *_PARTIES,
    _DELIVERY,
    _Accounts(),
    PaymentNote(),
    Allowances(),
    TaxTotal(summed=True),
    _TOTALS,
    records("CreditNoteLine", "lines", _line("CreditedQuantity", credit=True), _make_line, lines=True),
)


def make_invoice(work: Work, draft: XmlDraft) -> InvoiceDocument:
    """The invoice: who is billed is the buyer unless another is named as such."""
    return _make(draft, "invoice")


def make_credit_note(work: Work, draft: XmlDraft) -> InvoiceDocument:
    """The credit note."""
    return _make(draft, "credit_note")


def _make(draft: XmlDraft, kind: str) -> InvoiceDocument:
    values = draft.values
    if values.get("order_number") == "NA":  # Peppol: the element is there for the seller's number only
        del values["order_number"]
    sent = values.get("kind", kind)
    if sent not in _CODE:
        draft.extras.append(("InvoiceTypeCode", sent))
        values["kind"] = kind
    customer = values.pop("customer", None) or PartyDocument()
    if "buyer" in values:
        values["bill_to"] = customer
    values.setdefault("buyer", customer)
    invoice: InvoiceDocument = draft.whole(InvoiceDocument, number="", kind=kind)
    return invoice


class _Laid:
    def __init__(self, document: InvoiceDocument, **more: Any) -> None:
        self._document = document
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def _lay_out(out: Out, document: InvoiceDocument) -> _Laid:
    """Amounts that the schema demands are worked out where they are not stated."""
    money = document.currency
    lines = tuple(
        line if line.amount is not None else replace(line, amount=line_net(line, money)) for line in document.lines
    )
    totals = document.totals
    if totals.payable is None:
        known = totals.total if totals.total is not None else sum((line_net(line, money) for line in lines), ZERO)
        totals = replace(totals, payable=known - (totals.prepaid or ZERO) + (totals.rounding or ZERO))
    return _Laid(
        document,
        lines=lines,
        totals=totals,
        customer=document.bill_to or document.buyer,
        buyer=document.buyer if document.bill_to else None,
    )


_REQUIRED = (
    ID,
    ISSUE_DATE,
    ("cac:AccountingSupplierParty", "seller"),
    ("cac:AccountingCustomerParty", "buyer"),
    ("cac:LegalMonetaryTotal", "total"),
)
_SAID = frozenset({"bill_to"})
_BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_BILLING_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
INVOICE = DocumentKind(
    "Invoice",
    _INVOICE,
    make_invoice,
    required=_REQUIRED,
    lay_out=_lay_out,
    said=_SAID,
    customization=_BILLING,
    profile=_BILLING_PROFILE,
)
CREDIT_NOTE = DocumentKind(
    "CreditNote",
    _CREDIT_NOTE,
    make_credit_note,
    required=_REQUIRED,
    lay_out=_lay_out,
    said=_SAID,
    customization=_BILLING,
    profile=_BILLING_PROFILE,
)
