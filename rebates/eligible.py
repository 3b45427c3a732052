"""Which invoice lines an agreement is about."""

from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from orders.billing import billed_lines, signed
from orders.models import Invoice, InvoiceLine
from promotions.models import Redemption
from rebates.models import Accrual, RebateAgreement
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


def waiting_lines(agreement: RebateAgreement, invoice: int | None = None) -> "QuerySet[InvoiceLine]":
    """Those that have not accrued yet: invoiced within the agreement, and credits since it began."""
    done = Accrual.objects.filter(agreement=agreement.pk, invoice_line=OuterRef("pk"))
    within = Q(invoice__issued_on__lte=agreement.ends_on) | Q(invoice__kind=CREDIT)
    rows = lines_of(agreement).filter(within, ~Exists(done), invoice__issued_on__gte=agreement.starts_on)
    return rows.filter(invoice=invoice) if invoice else rows


def base_column(agreement: RebateAgreement) -> str:
    """The column of an invoice line that the agreement reckons on."""
    return "quantity" if agreement.basis == RebateAgreement.Basis.UNITS else "amount"


def volume_before(agreement: RebateAgreement, day: object) -> Decimal:
    """The volume of the period before that of a day, from the lines themselves; credits of those days are taken off."""
    start, end = period_before(agreement.period, day)  # type: ignore[arg-type]
    rows = lines_of(agreement).filter(invoice__issued_on__range=(start, end))
    if agreement.basis == RebateAgreement.Basis.UNITS:
        pairs = rows.annotate(kind=F("invoice__kind")).values_list("kind", "quantity")
        return sum((-many if kind == CREDIT else many for kind, many in pairs.iterator()), Decimal(0))
    total = rows.aggregate(total=Sum(signed("amount")))["total"] or Decimal(0)
    return round(total, 4)  # SQLite sums as floating point
