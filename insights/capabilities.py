"""What a role may do with figures."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

# Whoever sells direct never reads what partners registered, in sums neither (deals.capabilities.DIRECT).
register(
    "insights.view",
    _("Insights"),
    _("See figures"),
    _("Read the dashboard of deals, scorecards, and how vendors keep their promises."),
    {"channel_manager", "approver", "sales", "marketing", "finance", "reader", "integration"},
)
