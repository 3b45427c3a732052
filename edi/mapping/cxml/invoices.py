"""cXML InvoiceDetailRequest as InvoiceDocument."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from edi.mapping.cxml.notation import (
    HANDLING,
    ITEM_ID,
    SHIPPING,
    Basis,
    Comments,
    Extra,
    Fixed,
    Notes,
    References,
    Taxes,
    Terms,
    day,
    money,
    number,
    text,
    write_tax,
)
from edi.mapping.cxml.parties import Contacts
from edi.mapping.sums import line_amount
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, ZERO, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, ReadOnly, Records, Shape, Within
from orders.documents import AllowanceDocument, InvoiceDocument, InvoiceLineDocument, TotalsDocument

_KIND = coded(
    {
        "standard": "invoice",
        "creditMemo": "credit_note",
        "lineLevelCreditMemo": "credit_note",
        "debitMemo": "debit_note",
        "lineLevelDebitMemo": "debit_note",
    }
)
_KINDS = frozenset({"invoice", "credit_note", "debit_note"})


class _OrderInfo(Entry):
    """<InvoiceDetailOrderInfo>: the order (or contract) of the items that follow."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("InvoiceDetailOrderInfo", "order_number")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        for child in node:
            reference = child.find("DocumentReference")
            payload = "" if reference is None else reference.get("payloadID", "").strip()
            order = (child.get("orderID", "") or child.get("agreementID", "")).strip()
            if child.tag in ("OrderReference", "OrderIDInfo"):
                work.order_number = order or payload
            elif child.tag in ("MasterAgreementReference", "MasterAgreementIDInfo") and (order or payload):
                draft.add("references", ("contract", order or payload), order or payload, child, at + self.step)
            else:
                draft.keep(child)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as info, out.element(info, "OrderReference") as child:
            out.attribute(child, "orderID", record.order_number)
            with out.element(child, "DocumentReference") as reference:
                reference.set("payloadID", record.order_number or "NA")


class _LineTax(Entry):
    """<Tax> of a line: its first detail."""

    __slots__ = ("_taxes",)

    def __init__(self) -> None:
        super().__init__("Tax", "tax")
        self._taxes = Taxes()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self._taxes.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        if record.tax is not None:
            base = record.amount or ZERO
            due = record.tax.amount
            if due is None:
                due = round(base * (record.tax.rate or ZERO) / 100, 2)
            write_tax(out, parent, due, (replace(record.tax, taxable=base, amount=due),))


_LINE = Shape(
    text("@invoiceLineNumber", "number"),
    number("@quantity", "quantity"),
    text("UnitOfMeasure", "unit"),
    money("UnitPrice", "unit_price"),
    Basis(),
    Within(
        "InvoiceDetailItemReference",
        text("@lineNumber", "order_line"),
        ITEM_ID,
        text("Description", "description"),
    ),
    money("SubtotalAmount", "amount"),
    _LineTax(),
    Comments(),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> InvoiceLineDocument:
    """One line, of the order that its group names."""
    taxes = draft.values.pop("taxes", [])
    if taxes:
        draft.values["tax"] = replace(taxes[0], taxable=None, amount=None)
    line: InvoiceLineDocument = draft.whole(
        InvoiceLineDocument, number="", quantity=Decimal(1), order_number=work.order_number, place=draft.path
    )
    return line


_SERVICE = Shape(
    text("@invoiceLineNumber", "number"),
    number("@quantity", "quantity"),
    text("UnitOfMeasure", "unit"),
    money("UnitPrice", "unit_price"),
    Within("InvoiceDetailServiceItemReference", text("@lineNumber", "order_line"), text("Description", "description")),
    money("SubtotalAmount", "amount"),
    _LineTax(),
    Comments(),
)


class _Orders(Entry):
    """<InvoiceDetailOrder>, one for each order."""

    __slots__ = ("_shape",)

    def __init__(self) -> None:
        super().__init__("InvoiceDetailOrder", "lines")
        lines = Records("InvoiceDetailItem", "lines", _LINE, _make_line, lines=True, unmake=_spelled_out)
        services = ReadOnly(Records("InvoiceDetailServiceItem", "lines", _SERVICE, _make_line, lines=True))
        self._shape = Shape(_OrderInfo(), lines, services)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        work.order_number = ""
        self._shape.fill(work, node, draft, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for order_number, lines in _by_order(record):
            with out.element(parent, self.tag) as child:
                self._shape.write(out, child, _Portion(order_number, tuple(lines)))


class _Portion:
    __slots__ = ("lines", "order_number")

    def __init__(self, order_number: str, lines: tuple[InvoiceLineDocument, ...]) -> None:
        self.order_number = order_number
        self.lines = lines


def _by_order(record: Any) -> Iterable[tuple[str, Iterable[InvoiceLineDocument]]]:
    return groupby(record.lines, key=lambda line: line.order_number or record.order_number)


def _spelled_out(out: Out, line: InvoiceLineDocument) -> InvoiceLineDocument:
    """What the DTD demands of a line; its order stands in the group."""
    amount = line.amount if line.amount is not None else line_amount(line, out.currency) or ZERO
    return replace(
        line,
        order_number="",
        unit=line.unit or "EA",
        order_line=line.order_line or line.number,
        amount=amount,
        unit_price=line.unit_price if line.unit_price is not None else ZERO,
    )


class _Discount(Entry):
    """<InvoiceDetailDiscount>: a discount of the document."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("InvoiceDetailDiscount", "allowances")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        amount = NUMBER.parse((node.findtext("Money") or "").strip())
        percent = NUMBER.parse(node.get("percentageRate", ""))
        if amount or percent:
            found = AllowanceDocument(False, amount, percent)
            draft.add("allowances", found, str(amount), node, f"{at}/{self.tag}")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for discount in [each for each in record.allowances if not each.charge and each.amount is not None]:
            with out.element(parent, self.tag) as child:
                if discount.percent is not None:
                    child.set("percentageRate", NUMBER.format(discount.percent))
                out.leaf(child, "Money", NUMBER.format(discount.amount), {"currency": out.currency})


class _Tax(Entry):
    """<Tax> of the summary, which the DTD demands: the sum into the totals, details into `taxes`."""

    __slots__ = ("_sum", "_taxes")

    def __init__(self) -> None:
        super().__init__("Tax", "taxes")
        self._taxes = Taxes()
        self._sum = Into("totals", TotalsDocument, money("Tax", "tax"))

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        totals = draft.part("totals", TotalsDocument)
        stated = NUMBER.parse((node.findtext("Money") or "").strip())
        if stated is not None:
            totals.take("tax", stated, str(stated), node, f"{at}/Tax/Money")
        self._taxes.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        total = record.totals.tax
        if total is None:
            total = sum((tax.amount or ZERO for tax in record.taxes), ZERO)
        write_tax(out, parent, total, record.taxes)


def _total(name: str, field: str) -> Into:
    return Into("totals", TotalsDocument, money(name, field))


INVOICE = Shape(
    Within(
        "InvoiceDetailRequestHeader",
        text("@invoiceID", "number"),
        day("@invoiceDate", "issued_on"),
        text("@purpose", "kind", _KIND),
        Fixed("@operation", "new"),
        Fixed("InvoiceDetailHeaderIndicator"),
        Fixed("InvoiceDetailLineIndicator"),
        Within(
            "InvoicePartner",
            Contacts(
                remitTo="payee",
                soldTo="buyer",
                billTo="bill_to",
                supplierCorporate="seller",
                issuerOfInvoice="seller",
                **{"from": "seller"},
            ),
            repeats=True,
        ),
        Within("InvoiceIDInfo", text("@invoiceID", "preceding")),
        Within("InvoiceDetailShipping", Contacts(shipTo="ship_to")),
        Terms(),
        Notes(),
        References(),
    ),
    _Orders(),
    Within(
        "InvoiceDetailSummary",
        _total("SubtotalAmount", "lines"),
        _Tax(),
        Extra("SpecialHandlingAmount", HANDLING),
        Extra("ShippingAmount", SHIPPING),
        _total("GrossAmount", "total"),
        _Discount(),
        _total("NetAmount", "net"),
        _total("DepositAmount", "prepaid"),
        _total("DueAmount", "payable"),
    ),
)


def make_invoice(work: Work, draft: XmlDraft) -> InvoiceDocument:
    """The invoice. What is due is the net amount unless a DueAmount says otherwise."""
    values = draft.values
    if values.get("kind") not in (None, *_KINDS):
        draft.extras.append(("InvoiceDetailRequestHeader/@purpose", values.pop("kind")))
    totals = draft.part("totals", TotalsDocument).values
    net = totals.pop("net", None)
    if net is not None:
        totals.setdefault("payable", net)
        totals.setdefault("total", net)
    orders = {line.order_number for line in values.get("lines", ())}
    invoice: InvoiceDocument = draft.whole(
        InvoiceDocument, number="", currency=work.currency, order_number=orders.pop() if len(orders) == 1 else ""
    )
    return invoice


class LaidOut:
    """An invoice with the sums that the DTD demands, partners as contacts."""

    def __init__(self, invoice: InvoiceDocument) -> None:
        self._invoice = invoice
        totals = invoice.totals
        lines = totals.lines
        if lines is None:
            amounts = (line.amount or line_amount(line, invoice.currency) or ZERO for line in invoice.lines)
            lines = sum(amounts, ZERO)
        net = totals.total if totals.total is not None else totals.payable
        net = net if net is not None else lines + (totals.tax or ZERO)
        self.totals = _Totals(lines, totals.tax, totals.total, net, totals.prepaid, totals.payable)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._invoice, name)


class _Totals:
    __slots__ = ("lines", "net", "payable", "prepaid", "tax", "total")

    def __init__(
        self,
        lines: Decimal,
        tax: Decimal | None,
        total: Decimal | None,
        net: Decimal,
        prepaid: Decimal | None,
        payable: Decimal | None,
    ) -> None:
        self.lines, self.tax, self.total, self.net = lines, tax, total, net
        self.prepaid, self.payable = prepaid, payable
