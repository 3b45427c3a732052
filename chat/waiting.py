"""What waits for somebody in rooms: mentions and direct messages that they have not read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.badges import unread_rooms
from chat.models import Room
from chat.own import marks_of, mentions_of
from core.waiting import Waiting
from partners.actors import Actor

MOST = 5


def waiting(actor: Actor) -> list[Waiting]:
    """Unread mentions one by one, then direct rooms with something unread."""
    if actor.membership is None:
        return []
    me = actor.membership.pk
    mentions = mentions_of(actor).select_related("message__room", "message__author", "message__service_account")
    items = [
        Waiting(
            _("%(who)s mentioned you") % {"who": mention.message.speaker},
            f"{mention.message.room.title}: {mention.message.body[:100]}",
            mention.message.get_absolute_url(),
            _("Answer"),
        )
        for mention in mentions.order_by("-pk")[:MOST]
    ]
    return items + _direct(actor, me)


def _direct(actor: Actor, me: int) -> list[Waiting]:
    unread = Room.objects.visible_to(actor).filter(kind=Room.Kind.DIRECT).unread_by(me)
    rows = marks_of(actor).filter(room__in=unread).select_related("room").order_by("-room__last_at")[:MOST]
    return [
        Waiting(
            mark.room.title_for(str(actor.user)),
            ngettext("%(n)s unread message", "%(n)s unread messages", mark.room.said - mark.said)
            % {"n": mark.room.said - mark.said},
            mark.room.get_absolute_url(),
            _("Read"),
            count=mark.room.said - mark.said,
        )
        for mark in rows
    ]


def counts(actor: Actor) -> dict[str, int]:
    """The badge of Rooms."""
    return {"rooms": unread_rooms(actor)}
