"""What events mean for the figures, and for where revenue came from."""

from core.audit import subscribe
from core.models import TrailEntry
from insights.folding import DECISIONS, ENDINGS, VERBS
from insights.keeping import keep
from insights.tasks import (
    keep_credits_of_deals,
    keep_credits_of_invoice,
    keep_credits_of_lead,
    keep_credits_of_orders,
    keep_credits_of_request,
)
from leads.models import LeadOffer


@subscribe(*sorted(VERBS))
def keep_the_fact(entry: TrailEntry) -> None:
    """Fold the deal's trail anew; entries may come late, twice or out of order."""
    keep([entry.target_id])


@subscribe("invoice.received")
def trace_what_was_billed(entry: TrailEntry) -> None:
    """An invoice or a credit note has a way back as soon as it is there."""
    keep_credits_of_invoice.enqueue(entry.target_id)


@subscribe("order.linked", "order.matched", "order.accepted", "order.accepted_with_changes", "promotion.reserved")
def trace_the_order(entry: TrailEntry) -> None:
    """An order that was invoiced already now names a deal, a product or a promotion."""
    keep_credits_of_orders.enqueue([entry.target_id])
    if deal := entry.data.get("deal") if entry.verb == "order.linked" else None:
        keep_credits_of_deals.enqueue([deal])


@subscribe(*sorted({*DECISIONS, *ENDINGS, "deal.reinstatement_granted"}))
def trace_the_deal(entry: TrailEntry) -> None:
    """What is linked to the deal, and what may be guessed to be its own, depends on its state."""
    keep_credits_of_deals.enqueue([entry.target_id])


@subscribe("lead.converted")
def trace_the_lead(entry: TrailEntry) -> None:
    """The deal of the lead has a beginning now."""
    deals = LeadOffer.objects.filter(pk=entry.target_id, lead__deal__isnull=False).values_list("lead__deal", flat=True)
    keep_credits_of_deals.enqueue(list(deals))


@subscribe("lead.changed", "lead.binned", "lead.restored")
def trace_what_a_lead_may_have_brought(entry: TrailEntry) -> None:
    """Its address or its campaign was corrected, or it was spam."""
    keep_credits_of_lead.enqueue(entry.target_id)


@subscribe("fund_request.approved", "fund_request.cancelled", "fund_request.released")
def trace_what_a_fund_may_have_brought(entry: TrailEntry) -> None:
    """Its activities were granted, or are off."""
    keep_credits_of_request.enqueue(entry.target_id)
