"""What a role may do with leads, on either side."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Leads")

register(
    "leads.view",
    GROUP,
    _("See leads"),
    _("Read the organisation's leads, and those that vendors offer it."),
    {"channel_manager", "approver", "sales", "marketing", "integration"},
)
register(
    "leads.manage",
    GROUP,
    _("Pass leads on"),
    _("Add and import leads, offer them to partners, recall and close them."),
    {"channel_manager", "marketing", "integration"},
)
register(
    "leads.rules",
    GROUP,
    _("Set the rules for leads"),
    _("Say which partner gets which lead, and publish forms in which leads arrive."),
    {"channel_manager"},
)
register(
    "leads.work",
    GROUP,
    _("Work on leads"),
    _("Accept or decline what a vendor offers, and turn it into a registration."),
    {"channel_manager", "sales", "integration"},
)
