"""What the night does for the figures, and what events leave to a job."""

import logging
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Mod
from django.utils.timezone import localdate, now
from django_tasks import task

from core.models import TrailEntry
from insights.attribution.following import keep_lead, keep_read_since, keep_request
from insights.attribution.keeping import keep_deals, keep_invoice, keep_lines, keep_orders
from insights.keeping import keep
from insights.models import DealFact
from insights.records import publish_all
from orders.models import InvoiceLine

log = logging.getLogger("filiera.insights")
SLICES = 30  # every fact is proved once in so many nights
LETTERS_EVERY = timedelta(minutes=10)
FRESH = timedelta(days=30)  # invoices so young are traced anew each night: what no event told of shows here


@task()
def nightly() -> None:
    """Prove the facts of the last days and a thirtieth of all others against the trail, then publish what is due."""
    recent = TrailEntry.objects.filter(target="deals.deal", created__gte=now() - timedelta(days=2))
    part = DealFact.objects.annotate(part=Mod(F("deal_id"), SLICES)).filter(part=localdate().toordinal() % SLICES)
    ids = set(recent.values_list("target_id", flat=True)) | set(part.values_list("deal_id", flat=True))
    kept = keep(ids)
    if kept.mended:
        log.warning("%s of %s facts were not what the trail says, and were mended", len(kept.mended), kept.facts)
    prove_credits()
    publish_all()


def prove_credits() -> None:
    """Trace the lines of young invoices and a thirtieth of all others anew."""
    young = Q(invoice__created__gte=now() - FRESH)
    lines = InvoiceLine.objects.annotate(part=Mod(F("pk"), SLICES)).order_by("pk")
    chosen = lines.filter(young | Q(part=localdate().toordinal() % SLICES))
    kept = keep_lines(chosen.values_list("pk", flat=True).iterator(chunk_size=5000))
    if kept.mended:
        log.info("%s of %s invoice lines were traced anew", len(kept.mended), kept.facts)


@task()
def keep_credits_of_invoice(pk: int) -> None:
    """Trace the lines of an invoice."""
    keep_invoice(pk)


@task()
def keep_credits_of_orders(pks: list[int]) -> None:
    """Trace the lines of orders."""
    keep_orders(pks)


@task()
def keep_credits_of_deals(pks: list[int]) -> None:
    """Trace the lines of deals."""
    keep_deals(pks)


@task()
def keep_credits_of_lead(pk: int) -> None:
    """Trace the lines of the deals that a lead may have brought."""
    keep_lead(pk)


@task()
def keep_credits_of_request(pk: int) -> None:
    """Trace the lines that a request for a fund's money may have brought."""
    keep_request(pk)


@task()
def follow_letters() -> None:
    """Trace the lines of customers who have read a letter of late. Each is looked at in three runs, so that one that
    did not come costs nothing; what a longer standstill misses is made good at night."""
    keep_read_since(now() - 3 * LETTERS_EVERY)
