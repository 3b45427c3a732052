"""What a role may do on boards."""

from django.utils.translation import gettext_lazy as _

from partners.capabilities import EVERYONE, register

GROUP = _("Forums")

register("forums.view", GROUP, _("Read forums"), _("Read the boards that are open to the organisation."), EVERYONE)
register(
    "forums.post",
    GROUP,
    _("Write in forums"),
    _("Open topics, answer, vote and take part in surveys, where other organisations may read it."),
    EVERYONE - {"reader", "integration"},
)
register(
    "forums.moderate",
    GROUP,
    _("Moderate forums"),
    _("Keep the organisation's boards in order: hide, lock, move, merge, warn, name experts, write articles."),
    {"channel_manager"},
)
register(
    "forums.manage",
    GROUP,
    _("Manage forums"),
    _("Make boards, say who reads them, and put surveys to partners."),
    {"channel_manager"},
)
