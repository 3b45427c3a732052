"""What a role may do with the partner programme, on either side."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Programme")

register(
    "programmes.view",
    GROUP,
    _("See standings"),
    _("Read what each tier asks, which figures count, and what is missing to the next tier."),
    {"channel_manager", "approver", "sales", "marketing", "finance", "reader", "integration"},
)
register(
    "programmes.manage",
    GROUP,
    _("Run the programme"),
    _("Say what each tier asks, set a partner's tier by hand, confirm certifications."),
    {"channel_manager"},
)
register(
    "programmes.certify",
    GROUP,
    _("Report certifications"),
    _("Tell a vendor which of the organisation's people are certified."),
    {"channel_manager", "support", "integration"},
)
