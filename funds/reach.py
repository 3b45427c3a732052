"""Over which edge somebody may draw on a fund."""

from funds.models import Fund
from partners.actors import Actor
from partners.models import Partnership


def edge_to(actor: Actor, fund: Fund) -> Partnership | None:
    """The active edge over which the actor's organisation may draw on a fund as its partner, if there is one."""
    mine = Partnership.objects.visible_to(actor).active().filter(partner=actor.organisation, vendor=fund.vendor_id)
    edges = mine.select_related("vendor", "partner").order_by("pk")
    return next((edge for edge in edges if fund.reaches(edge)), None)
