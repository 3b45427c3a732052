"""What waits is accrued: at once for the lines of an invoice that came in, and every hour for what was missed."""

import logging

from django_tasks import task

from orders.models import Invoice
from rebates.actions.accruing import accrue_lines
from rebates.models import RebateAgreement

log = logging.getLogger("filiera.rebates")


@task()
def accrue_invoice(pk: int) -> None:
    """Accrue the lines of one invoice under every agreement between its sides."""
    invoice = Invoice.objects.get(pk=pk)
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
    for agreement in RebateAgreement.objects.accruing().order_by("pk").iterator(chunk_size=200):
        try:
            accrue_lines(agreement=agreement)
        except Exception:
            log.exception("agreement %s was not accrued", agreement.number)
