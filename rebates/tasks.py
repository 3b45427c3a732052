"""What waits is accrued: at once for the lines of an invoice that came in, and every hour for what was missed. Periods
close when their days for late invoices are over."""

import logging

from django.utils.timezone import localdate
from django_tasks import task

from orders.models import Invoice
from partners.actors import system_actor
from rebates.actions import accrue_lines, close_statement, follow_promotions
from rebates.models import RebateAgreement, Statement

log = logging.getLogger("filiera.rebates")


@task()
def accrue_invoice(pk: int) -> None:
    """Accrue the lines of one invoice under every agreement between its sides."""
    invoice = Invoice.objects.get(pk=pk)
    follow_promotions(orders=invoice.orders.values_list("pk", flat=True))
    agreements = RebateAgreement.objects.accruing().filter(vendor=invoice.seller_id, partner=invoice.buyer_id)
    for agreement in agreements.order_by("pk"):
        accrue_lines(agreement=agreement, invoice=pk)


@task()
def accrue_agreement(pk: int) -> None:
    """Accrue all that waits under one agreement."""
    for agreement in RebateAgreement.objects.accruing().filter(pk=pk):
        accrue_lines(agreement=agreement)


@task()
def catch_up() -> None:
    """Accrue what waits under any agreement. One that fails leaves the others alone until the next run."""
    follow_promotions()
    for agreement in RebateAgreement.objects.accruing().order_by("pk").iterator(chunk_size=200):
        try:
            accrue_lines(agreement=agreement)
        except Exception:
            log.exception("agreement %s was not accrued", agreement.number)


@task()
def close_due() -> None:
    """Close the periods that are over, their days for late invoices too, the earliest first: what one owes back is
    taken off the next. One that fails leaves the others alone until the next run."""
    today = localdate()
    for statement in Statement.objects.over(today).select_related("agreement", "vendor").iterator(chunk_size=200):
        if statement.closes_on > today:
            continue
        try:
            close_statement(actor=system_actor(statement.vendor), statement=statement)
        except Exception:
            log.exception("statement %s was not closed", statement.pk)
