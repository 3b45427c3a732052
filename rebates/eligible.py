"""Which invoice lines an agreement is about."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.billing import billed_lines
from orders.models import Invoice, InvoiceLine
from promotions.models import Redemption
from rebates.calculation import Part
from rebates.models import Accrual, CreditPart, RebateAgreement
from rebates.periods import period_before

CREDIT = Invoice.Kind.CREDIT_NOTE


def lines_of(agreement: RebateAgreement) -> "QuerySet[InvoiceLine]":
    """Lines of the vendor to the partner in the agreement's currency, of its products; of any day."""
    rows = billed_lines(agreement.vendor_id, agreement.currency).filter(invoice__buyer=agreement.partner_id)
    if agreement.promotion_id is not None:
        return rows.filter(Exists(_uses(agreement.promotion_id)))
    products = list(agreement.products.values_list("pk", flat=True)) if agreement.pk else []
    if not products and not agreement.product_lines:
        return rows
    named = Q(order_line__product__in=products) | Q(order_line__product__product_line__in=agreement.product_lines)
    return rows.filter(named)


def _uses(promotion: int) -> "QuerySet[Redemption]":
    """What an invoice line's order uses of a promotion on the line."""
    return Redemption.objects.live().filter(
        promotion=promotion, order=OuterRef("order_line__order"), position=OuterRef("order_line__position")
    )


def bought_lines(agreement: RebateAgreement) -> "QuerySet[InvoiceLine]":
    """Those of them that were charged: all but credit notes."""
    return lines_of(agreement).exclude(invoice__kind=CREDIT)


def is_on_everything(agreement: RebateAgreement) -> bool:
    """Whether every invoice line counts: then a credit counts, whatever it was for."""
    if agreement.promotion_id is not None or agreement.product_lines:
        return False
    return agreement.pk is None or not agreement.products.exists()


def waiting_lines(agreement: RebateAgreement, invoice: int | None = None) -> "QuerySet[InvoiceLine]":
    """Those that have not accrued yet: invoiced within the agreement; and where it is on everything, credits since it
    began that do not say what they are for. All other credits take back what the lines earned that they credit."""
    done = Accrual.objects.filter(agreement=agreement.pk, invoice_line=OuterRef("pk"))
    within = Q(invoice__issued_on__lte=agreement.ends_on) & ~Q(invoice__kind=CREDIT)
    if is_on_everything(agreement):
        within |= Q(credited__plain=True, credited__parts=None)
    rows = lines_of(agreement).filter(within, ~Exists(done), invoice__issued_on__gte=agreement.starts_on)
    return rows.filter(invoice=invoice) if invoice else rows


def waiting_parts(agreement: RebateAgreement) -> "QuerySet[CreditPart]":
    """What credits take back of lines that have accrued, and have not taken back yet."""
    line = Accrual.objects.filter(agreement=agreement.pk, invoice_line=OuterRef("invoice_line"))
    of_it = Q(of_line=None) | Q(of_line=OuterRef("invoice_line"))
    done = Accrual.objects.filter(of_it, agreement=agreement.pk, invoice_line=OuterRef("credited__line"))
    rows = CreditPart.objects.filter(credited__vendor=agreement.vendor_id, credited__partner=agreement.partner_id)
    return rows.filter(Exists(line.filter(part=Part.LINE)), ~Exists(line.filter(part=Part.REVERSED)), ~Exists(done))


def base_column(agreement: RebateAgreement) -> str:
    """The column of an invoice line that the agreement reckons on."""
    return "quantity" if agreement.basis == RebateAgreement.Basis.UNITS else "amount"


def moves(agreement: RebateAgreement, start: date, end: date) -> Iterator[tuple[date, Decimal]]:
    """What moved the volume on which of these days, from the lines themselves; credits on their own day."""
    column, days = base_column(agreement), {"invoice__issued_on__range": (start, end)}
    for day, base in bought_lines(agreement).filter(**days).values_list("invoice__issued_on", column).iterator():
        yield day, base
    untold = Q(credited=None) | Q(credited__plain=True, credited__parts=None)
    whole = lines_of(agreement).filter(untold, invoice__kind=CREDIT, **days)
    for day, base in whole.values_list("invoice__issued_on", column).iterator():
        yield day, -base
    column = "units" if column == "quantity" else column
    parts = CreditPart.objects.filter(
        credited__vendor=agreement.vendor_id,
        credited__partner=agreement.partner_id,
        credited__line__invoice__issued_on__range=(start, end),
        invoice_line__in=bought_lines(agreement).values("pk"),
    )
    for day, base in parts.values_list("credited__line__invoice__issued_on", column).iterator():
        yield day, -base


def volume_before(agreement: RebateAgreement, day: date) -> Decimal:
    """The volume of the period before that of a day."""
    return sum((base for _day, base in moves(agreement, *period_before(agreement.period, day))), Decimal(0))
