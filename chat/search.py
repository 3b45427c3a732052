"""Rooms and messages for the global search."""

from django.utils.translation import gettext_lazy as _

from chat.models import Message, Room
from core.fulltext import matching, query_of
from core.numbers import format_day
from core.search import Hit, found
from partners.actors import Actor

KIND_ICONS = {"direct": "user-round", "group": "users-round", "partnership": "network", "record": "messages-square"}


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Rooms by title, then messages by their words, newest first; only what the actor may see."""
    rooms = found(Room.objects.visible_to(actor).whole(), text, "title").order_by("-last_at")[:limit]
    hits = [
        Hit(_("Rooms"), room.title, room.get_kind_display(), room.get_absolute_url(), KIND_ICONS.get(room.kind, "hash"))
        for room in rooms
    ]
    messages = matching(Message.objects.visible_to(actor).said(), query_of(text)).order_by("-pk")
    return hits + [_hit(message) for message in messages.select_related("room", "author", "service_account")[:limit]]


def _hit(message: Message) -> Hit:
    where = f"{message.speaker}, {message.room.title}, {format_day(message.created)}"
    return Hit(_("Messages"), message.body[:120], where, message.get_absolute_url(), "message-square")
