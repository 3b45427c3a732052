"""What a role may do with campaigns, as their owner and as a participant."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Campaigns")

register(
    "campaigns.view",
    GROUP,
    _("See campaigns"),
    _("Read the campaigns that the organisation leads or takes part in."),
    {"channel_manager", "approver", "sales", "marketing", "finance", "integration", "reader"},
)
register(
    "campaigns.manage",
    GROUP,
    _("Lead campaigns"),
    _("Plan campaigns, invite companies, share the budget, write steps and assets."),
    {"channel_manager", "marketing", "integration"},
)
register(
    "campaigns.join",
    GROUP,
    _("Take part in campaigns"),
    _("Answer invitations, agree to a share of the budget, leave, use assets."),
    {"channel_manager", "marketing", "integration"},
)
