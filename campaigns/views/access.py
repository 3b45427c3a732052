"""How the pages find a campaign and what is in it: what the actor may see, or 404."""

from django.shortcuts import get_object_or_404

from campaigns.models import Asset, Participant, Step
from campaigns.page import Page, page_of

__all__ = ["asset_of", "page_of", "seat_of", "step_of"]


def seat_of(page: Page, pk: int) -> Participant:
    """A participant of the campaign whose row one may see."""
    rows = Participant.objects.visible_to(page.actor).filter(campaign=page.campaign)
    return get_object_or_404(rows.select_related("organisation", "form"), pk=pk)


def step_of(page: Page, pk: int) -> Step:
    """A step of the campaign."""
    return get_object_or_404(page.campaign.steps.select_related("responsible__organisation"), pk=pk)


def asset_of(page: Page, pk: int) -> Asset:
    """An asset of the campaign."""
    return get_object_or_404(page.campaign.assets.select_related("written_by"), pk=pk)
