"""What a participant says of itself, as assets show it."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from audiences.letters import LOGO_BOX
from campaigns.models import Asset, Participant
from partners.models import Organisation
from partners.templatetags.network import logo_picture


def page_url(seat: Participant, asset: Asset | None = None) -> str:
    """The address of a participant's landing page, with the asset that leads there; empty before it has one."""
    if seat.form is None:
        return ""
    came = f"?a={asset.pk}" if asset is not None and asset.kind != Asset.Kind.PAGE else ""
    return f"{settings.BASE_URL}{reverse('campaigns_public:page', args=[seat.form.code])}{came}"


def logo_in_text(organisation: Organisation | None) -> Callable[[str], str]:
    """What `{{our_logo}}` becomes on a page, given what the text says where there is no logo: else it is the name."""

    def shown(otherwise: str) -> str:
        if organisation is None or not organisation.logo_code:
            return format_html("<strong>{}</strong>", otherwise or organisation or "")
        picture = logo_picture(organisation, str(organisation), *LOGO_BOX)
        return format_html('<span class="emblem logo-text">{}</span>', picture)

    return shown


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
