"""What other apps' events mean for deals."""

from core.audit import subscribe
from core.models import TrailEntry
from deals.actions import win_deal
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
