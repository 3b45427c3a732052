"""A campaign as one actor opens it."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Participant
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Page:
    """The campaign, and the seat of the actor's organisation in it."""

    actor: Actor
    campaign: Campaign
    seat: Participant | None

    @property
    def pk(self) -> int:
        """The campaign's key."""
        return self.campaign.pk

    @property
    def leads(self) -> bool:
        """Whether the actor's organisation leads the campaign."""
        return self.campaign.owner_id == self.actor.organisation.pk

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return self.campaign.get_absolute_url()


def page_of(actor: Actor, pk: int) -> Page:
    """A campaign with one's own seat in it."""
    campaign = get_object_or_404(Campaign.objects.visible_to(actor).select_related("owner"), pk=pk)
    seats = Participant.objects.visible_to(actor).filter(campaign=campaign, organisation=actor.organisation)
    seat = seats.select_related("organisation", "form").first()
    if seat is not None:
        seat.campaign, seat.owner = campaign, campaign.owner
    return Page(actor, campaign, seat)
