"""What everybody may reach without an account: the pages of participants, by the code of their form alone."""

from django.db.models import QuerySet

from campaigns.models import Asset, Participant


def published() -> QuerySet[Participant]:
    """Seats with a page. The caller looks one up by its code (120 bits), and never lists them."""
    return Participant.objects.exclude(form=None).select_related("organisation", "campaign", "form__vendor")


def page_text(seat: Participant) -> Asset | None:
    """The text of the campaign's landing page."""
    return Asset.objects.filter(campaign=seat.campaign, kind=Asset.Kind.PAGE).first()


def came_from(seat: Participant, key: int | None) -> Asset | None:
    """The asset of this campaign that led somebody to the page."""
    if key is None:
        return None
    return Asset.objects.filter(campaign=seat.campaign, pk=key).exclude(kind=Asset.Kind.PAGE).first()
