"""What follows for campaigns from what happens elsewhere."""

from django.utils.translation import gettext as _

from campaigns.actions import remove_participant
from campaigns.models import Campaign, Participant
from core.audit import subscribe
from core.models import TrailEntry
from partners.actors import system_actor
from partners.models import Organisation, Partnership


@subscribe("partnership.ended")
def leave_what_the_owner_leads(entry: TrailEntry) -> None:
    """Who is no partner any more takes part no longer in campaigns that are planned or run."""
    edge = Partnership.objects.filter(pk=entry.target_id).first()
    if edge is None:
        return
    pair = (edge.vendor_id, edge.partner_id)
    seats = Participant.objects.filter(
        owner__in=pair, organisation__in=pair, state__in=Participant.SEATED, campaign__state__in=Campaign.LIVE
    ).select_related("owner", "organisation")
    for seat in seats.order_by("pk"):
        still = Organisation.objects.partners_of(seat.owner).filter(pk=seat.organisation_id).exists()
        if not seat.is_owner and not still:
            remove_participant(actor=system_actor(seat.owner), seat=seat, reason=_("The partnership ended."))
