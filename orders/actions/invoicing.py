"""The seller invoices or credits what was ordered."""

from decimal import Decimal

from django.db import transaction

from core.audit import record
from orders.actions.following import advance, check_follow_up, line_values, orders_of, save_follow_up
from orders.amounts import amount_of, check_number, within
from orders.codec import clean
from orders.documents import InvoiceDocument, InvoiceLineDocument
from orders.models import Invoice, InvoiceLine, InvoiceTax, Order
from orders.permissions import may_invoice
from orders.targets import targets_of
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

BATCH = 200
TOTALS = ("lines", "allowances", "charges", "taxable", "tax", "total", "prepaid", "rounding", "payable")


@transaction.atomic
def receive_invoice(
    *,
    actor: Actor,
    document: InvoiceDocument,
    buyer: Organisation,
    seller: Organisation,
    order: Order | None = None,
    source: str = "edi",
) -> Invoice:
    """Take in an invoice or a credit note as it was stated; what does not agree with order and despatch shows on the
    order's page and refuses nothing. A self-billed invoice is its buyer's to send. Raises UnknownOrder,
    DuplicateDocument and OrderRefused.
    """
    require(may_invoice(actor, buyer.pk if document.kind == Invoice.Kind.SELF_BILLED else seller.pk))
    document = clean(document)
    _check(document)
    targets = targets_of(document, document.lines, buyer_id=buyer.pk, seller_id=seller.pk, order=order)
    currency = (document.currency or orders_of(targets, ())[0].currency)[:3].upper()
    row = _head(document, currency, source)
    save_follow_up(row, document, buyer, seller)
    lines = [
        InvoiceLine(invoice=row, **_line(line, currency), **line_values(targets, document, position, line))
        for position, line in enumerate(document.lines, 1)
    ]
    InvoiceLine.objects.bulk_create(lines, batch_size=BATCH)
    InvoiceTax.objects.bulk_create(_taxes(row, document))
    orders = orders_of(targets, lines)
    row.orders.set(orders)
    numbers = [order.number for order in orders][:20]
    record(actor=actor, verb="invoice.received", target=row, kind=str(row.kind), orders=numbers)
    verb = "order.credited" if row.kind == Invoice.Kind.CREDIT_NOTE else "order.invoiced"
    for each in orders:
        advance(actor, each, verb, row, document=row.number)
    return row


def _check(document: InvoiceDocument) -> None:
    check_follow_up(document, document.lines, numbers=("quantity", "unit_price", "price_base", "amount"))
    for name in TOTALS:
        check_number(getattr(document.totals, name), what=name, negative=True)
    for tax in document.taxes:
        check_number(tax.taxable, what="taxable", negative=True)
        check_number(tax.amount, what="tax", negative=True)
        check_number(tax.rate, what="rate", negative=True)


def _head(document: InvoiceDocument, currency: str, source: str) -> Invoice:
    totals = document.totals
    known = {choice.value for choice in Invoice.Kind}
    net = totals.taxable if totals.lines is None else totals.lines
    return Invoice(
        source=source,
        kind=document.kind if document.kind in known else Invoice.Kind.INVOICE,
        preceding=document.preceding[:70],
        currency=currency,
        due_date=document.due_date,
        net=_kept(net, currency),
        tax=_kept(totals.tax, currency),
        total=_kept(totals.total, currency),
        payable=_kept(totals.total if totals.payable is None else totals.payable, currency),
    )


def _kept(value: Decimal | None, currency: str) -> Decimal | None:
    return None if value is None else within(value, currency)


def _line(line: InvoiceLineDocument, currency: str) -> dict[str, object]:
    """The amount is the stated one, else quantity times price."""
    amount = line.amount
    if amount is None and line.unit_price is not None:
        amount = amount_of(line.quantity, line.unit_price, line.price_base, currency)
    tax = line.tax
    return {
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "price_base": line.price_base or Decimal(1),
        "amount": _kept(amount, currency),
        "tax_category": tax.category[:6] if tax else "",
        "tax_rate": tax.rate if tax else None,
    }


def _taxes(row: Invoice, document: InvoiceDocument) -> list[InvoiceTax]:
    return [
        InvoiceTax(
            invoice=row,
            position=position,
            kind=tax.kind[:20],
            category=tax.category[:6],
            rate=tax.rate,
            taxable=_kept(tax.taxable, row.currency),
            amount=_kept(tax.amount, row.currency),
        )
        for position, tax in enumerate(document.taxes, 1)
    ]
