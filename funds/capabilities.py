"""What a role may do with funds, on either side."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Funds")

register(
    "funds.view",
    GROUP,
    _("See funds"),
    _("Read funds, their statements, requests and claims."),
    {"channel_manager", "approver", "sales", "marketing", "finance", "integration", "reader"},
)
register(
    "funds.manage",
    GROUP,
    _("Set up funds"),
    _("Set money aside for partners, and top it up."),
    {"channel_manager", "integration"},
)
register(
    "funds.request",
    GROUP,
    _("Ask for funds"),
    _("Ask a vendor for money of its funds, and claim what was spent."),
    {"channel_manager", "sales", "marketing", "integration"},
)
register(
    "funds.decide",
    GROUP,
    _("Review requests and claims"),
    _("Say which activities are supported, and what of a claim is in order."),
    {"channel_manager", "approver"},
)
register(
    "funds.finance",
    GROUP,
    _("Release money of funds"),
    _("Confirm what was reviewed by somebody else, pay claims and take money back."),
    {"finance"},
)
