"""What a role may do with triggers. They are an organisation's own."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import register

GROUP = _("Triggers")

register(
    "automation.view",
    GROUP,
    _("See triggers"),
    _("Read what follows by itself on what happens, and what came of it."),
    {"channel_manager", "marketing"},
)
register(
    "automation.manage",
    GROUP,
    _("Write and run triggers"),
    _("Write, try, start and pause triggers. What a trigger does asks for the same right as doing it by hand."),
    {"channel_manager", "marketing"},
)
