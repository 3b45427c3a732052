"""The badge of the inbox, and its number on Home."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.numbers import format_number
from core.waiting import Figure
from inbox.frames import unread_count
from partners.actors import Actor


def counts(actor: Actor) -> dict[str, int]:
    """How many notifications are unread."""
    return {"inbox": unread_count(actor)}


def figures(actor: Actor) -> list[Figure]:
    """What was told and not read yet."""
    return [Figure(_("Unread"), format_number(unread_count(actor)), reverse("inbox:list"), _("in your inbox"))]
