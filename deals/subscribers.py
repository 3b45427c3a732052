"""What other apps' events mean for deals."""

from core.audit import subscribe
from core.models import TrailEntry
from deals.actions import win_deal
from deals.actions.closing import wake_waiting
from deals.actions.conflicts import settle_moot
from deals.actions.probing import look_at_misses
from deals.models import Deal
from partners.actors import system_actor


@subscribe("order.accepted", "order.accepted_with_changes")
def win_the_deal_of_an_order(entry: TrailEntry) -> None:
    """An accepted order that carries a deal of its own seller wins it; anything else leaves the deal as it is."""
    deal = Deal.objects.filter(pk=entry.data.get("deal"), vendor=entry.organisation).select_related("vendor").first()
    if deal is None or deal.state != Deal.State.APPROVED:
        return
    if not entry.readers.filter(organisation=deal.partner_id).exists():
        return  # an order of somebody else that merely quotes the number
    win_deal(
        actor=system_actor(deal.vendor),
        deal=deal,
        order_number=str(entry.data.get("number") or entry.title),
        related=[[entry.target, entry.target_id]],
    )


@subscribe(
    "deal.withdrawn", "deal.rejected", "deal.lost", "deal.expired", "deal.revoked", "deal.won", "deal.won_by_hand"
)
def look_after_the_cases_of_what_ended(entry: TrailEntry) -> None:
    """A case with one registration left has nothing to decide; who waited behind a rejected one waits no more."""
    deal = Deal.objects.filter(pk=entry.target_id).select_related("vendor").first()
    if deal is None:
        return
    settle_moot(deal)
    look_at_misses(deal)
    if deal.state == Deal.State.REJECTED:
        wake_waiting(deal)
