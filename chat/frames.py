"""What goes down the sockets of a room: each frame rendered and encoded once a language, the same for every reader."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from chat.models import Message, Room
from core import realtime


def room_group(room_id: int) -> str:
    """The group of sockets that listen to a room. Also its topic in the frames."""
    return f"room.{room_id}"


def member_group(membership_id: int) -> str:
    """Every socket of one membership."""
    return f"member.{membership_id}"


def organisation_group(organisation_id: int) -> str:
    """Every socket that acts for one organisation."""
    return f"organisation.{organisation_id}"


def markup(message: Message) -> str:
    """The message in the active language; nothing in it depends on the reader."""
    return render_to_string("chat/message.html", {"message": message})


def message_frame(message: Message, on: str = "message") -> dict[str, Any]:
    """The frame of a message that is new (`message`) or was changed, deleted or reacted to (`edited`)."""
    frame = {"on": on, "topic": message.room.topic, "id": message.seq, "html": markup(message)}
    if on == "message":
        frame |= {"author": message.membership_id, "client_id": message.client_id}
    return frame


def message_texts(message: Message, on: str = "message") -> dict[str, str]:
    """The frame encoded in each language of the portal."""
    return realtime.encode(lambda: message_frame(message, on))


def publish_changed(message_id: int) -> None:
    """Send a stored message, read anew, to whoever listens: it was edited. Called after commit."""
    message = Message.objects.for_display().filter(pk=message_id).first()
    if message is not None:
        _tell(message, 0, "edited")


def publish_new(message: Message) -> None:
    """Send a message that was just stored to whoever listens. Called after commit."""
    _tell(message, message.seq, "message")
    if message.entry_id is None:
        _announce(message)


def _tell(message: Message, number: int, on: str) -> None:
    told = {"topic": message.room.topic, "id": number, "of": message.seq, "text": message_texts(message, on)}
    realtime.control(room_group(message.room_id), do="tell", **told)


def _announce(message: Message) -> None:
    """Tell the organisations of the room that somebody spoke: badges and lists count it, none of the words travel."""
    room = message.room
    order = {"room": room.pk, "needs": room.capability, "seated": _is_open(room), "by": message.membership_id}
    for organisation_id in room.party_ids():
        realtime.control(organisation_group(organisation_id), do="said", **order)


def _is_open(room: Room) -> bool:
    """True where seats belong to organisations; elsewhere only followers may hear."""
    kind = room.parent.kind if room.parent else room.kind
    return kind in {Room.Kind.PARTNERSHIP, Room.Kind.RECORD}


def messages_after(room_id: int, after: int, limit: int) -> list[tuple[int, dict[str, str]]]:
    """What a listener missed: number and encoded frame of each message after `after`, in order, `limit` at most."""
    missed = Message.objects.for_display().filter(room=room_id, seq__gt=after).order_by("seq")[:limit]
    return [(message.seq, message_texts(message)) for message in missed]


def edited_since(room_ids: Iterable[int], moment: datetime, limit: int) -> list[tuple[str, int, dict[str, str]]]:
    """What changed in messages of these rooms since a moment: topic, number and encoded frame, `limit` at most."""
    found = Message.objects.for_display().filter(room__in=list(room_ids), changed_at__gt=moment)
    return [(each.room.topic, each.seq, message_texts(each, "edited")) for each in found.order_by("changed_at")[:limit]]


def last_numbers(room_ids: Iterable[int]) -> Mapping[int, int]:
    """The number of the last message in each room."""
    return dict(Room.objects.filter(pk__in=list(room_ids)).values_list("pk", "last_seq"))


def follow(membership_ids: Iterable[int], room_id: int, *, unread: bool) -> None:
    """Make the open sockets of these members count a room in their badge."""
    for membership_id in membership_ids:
        realtime.control(member_group(membership_id), do="follow", room=room_id, unread=unread)


def recheck(organisation_ids: Iterable[int]) -> None:
    """Make every socket of these organisations ask the database again what it may hear."""
    for organisation_id in organisation_ids:
        realtime.control(organisation_group(organisation_id), do="recheck")
