"""What a participant says of itself, as assets show it."""

from django.conf import settings
from django.urls import reverse

from campaigns.models import Asset, Participant


def page_url(seat: Participant, asset: Asset | None = None) -> str:
    """The address of a participant's landing page, with the asset that leads there; empty before it has one."""
    if seat.form is None:
        return ""
    came = f"?a={asset.pk}" if asset is not None and asset.kind != Asset.Kind.PAGE else ""
    return f"{settings.BASE_URL}{reverse('campaigns_public:page', args=[seat.form.code])}{came}"


def values_of(seat: Participant, asset: Asset | None = None) -> dict[str, str]:
    """The fields of `campaigns.writing.OURS` for a participant."""
    return {
        "our_name": str(seat.organisation),
        "our_contact": seat.contact,
        "our_email": seat.email,
        "our_phone": seat.phone,
        "our_address": seat.address,
        "our_city": seat.organisation.city,
        "our_page": page_url(seat, asset),
    }
