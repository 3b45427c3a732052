"""What a role may do with promotions, on either side."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import EVERYONE, register

GROUP = _("Promotions")

register(
    "promotions.view",
    GROUP,
    _("See promotions"),
    _("Read the organisation's promotions, and those that vendors offer it."),
    EVERYONE,
)
register(
    "promotions.manage",
    GROUP,
    _("Run promotions"),
    _("Write, start, pause and end promotions, and hand out their codes."),
    {"channel_manager", "marketing"},
)
