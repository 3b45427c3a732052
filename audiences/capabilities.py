"""What a role may do with contacts and mailings. Both are an organisation's own."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Contacts and mailings")

register(
    "audiences.view",
    GROUP,
    _("See contacts and mailings"),
    _("Read contacts, what they agreed to, segments, and the results of mailings."),
    {"channel_manager", "marketing"},
)
register(
    "audiences.manage",
    GROUP,
    _("Keep contacts and segments"),
    _("Add, import, merge and erase contacts, note consent, write segments and drafts of mailings."),
    {"channel_manager", "marketing", "integration"},
)
register(
    "mailings.send",
    GROUP,
    _("Send mailings"),
    _("Start, schedule, pause and stop mailings."),
    {"channel_manager", "marketing"},
)
