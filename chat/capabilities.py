"""What a role may do in rooms."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import EVERYONE, register

TALK = _("Talk")
register(
    "chat.post",
    TALK,
    _("Write in rooms"),
    _("Write messages, react and attach files in the rooms that the role lets one see."),
    EVERYONE - {"reader"},
)
register(
    "chat.manage",
    TALK,
    _("Manage rooms"),
    _("Open rooms with partners, seat organisations and people, remove messages of colleagues."),
    {"channel_manager"},
)
