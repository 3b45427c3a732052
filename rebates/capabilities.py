"""What a role may do with rebates, on either side."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Rebates")

register(
    "rebates.view",
    GROUP,
    _("See rebates"),
    _("Read agreements on rebates, and the statements of what was earned."),
    {"channel_manager", "finance", "sales", "reader", "integration"},
)
register(
    "rebates.manage",
    GROUP,
    _("Agree on rebates"),
    _("Propose agreements to partners and end them; accept what vendors propose."),
    {"channel_manager"},
)
register(
    "rebates.settle",
    GROUP,
    _("Settle rebates"),
    _("Close periods and report what was paid or set off; confirm or dispute the statements of vendors."),
    {"finance"},
)
