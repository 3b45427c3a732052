"""What a seller really billed: the invoice lines that count where revenue is reckoned, once each."""

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression

from orders.models import Invoice, InvoiceLine

Kind = Invoice.Kind
CREDIT = Kind.CREDIT_NOTE
# A prepayment is charged once more with the goods; counting both would count the money twice.
COUNTED = (Kind.INVOICE, Kind.DEBIT_NOTE, Kind.SELF_BILLED, Kind.CORRECTED, Kind.CREDIT_NOTE)


def counted_lines() -> "QuerySet[InvoiceLine]":
    """Lines of all invoices and credit notes that count; what a corrected one replaced is out."""
    corrections = Invoice.objects.filter(
        seller=OuterRef("invoice__seller"),
        buyer=OuterRef("invoice__buyer"),
        kind=Kind.CORRECTED,
        preceding=OuterRef("invoice__number"),
    )
    lines = InvoiceLine.objects.filter(invoice__kind__in=COUNTED, amount__isnull=False)
    return lines.exclude(Exists(corrections.exclude(pk=OuterRef("invoice"))))


def billed_lines(seller_id: int, currency: str) -> "QuerySet[InvoiceLine]":
    """Those of one seller in one currency."""
    return counted_lines().filter(invoice__seller=seller_id, invoice__currency=currency)


def signed(column: str) -> CombinedExpression:
    """A column of an invoice line, negative on a credit note, for sums in the database."""
    sign = Case(When(invoice__kind=Kind.CREDIT_NOTE, then=Value(-1)), default=Value(1))
    return F(column) * sign
