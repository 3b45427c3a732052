"""The badge of Rooms for one socket, kept in memory: which followed rooms have something unread."""

from collections.abc import Iterable, Mapping
from typing import Any

from chat.models import ReadMark, Room
from partners.actors import Actor


class Badge:
    """Followed and unread rooms of one member. Every change method says whether the number changed."""

    def __init__(self, followed: Iterable[int] = (), unread: Iterable[int] = ()) -> None:
        self.followed = set(followed)
        self.unread = set(unread)

    @property
    def count(self) -> int:
        """Rooms with something unread."""
        return len(self.unread)

    def said(self, room_id: int) -> bool:
        """Somebody else spoke in a room."""
        if room_id not in self.followed or room_id in self.unread:
            return False
        self.unread.add(room_id)
        return True

    def read(self, room_id: int) -> bool:
        """The member read a room to its end."""
        self.followed.add(room_id)
        if room_id not in self.unread:
            return False
        self.unread.discard(room_id)
        return True

    def follow(self, order: Mapping[str, Any]) -> bool:
        """The member follows one more room from now on."""
        self.followed.add(order["room"])
        return bool(order["unread"]) and self.said(order["room"])


def load(actor: Actor) -> Badge:
    """The badge as the database has it."""
    if actor.membership is None:
        return Badge()
    visible = Room.objects.visible_to(actor).values("pk")
    marks = ReadMark.objects.of_members([actor.membership.pk]).filter(room__in=visible)
    rows = list(marks.values_list("room_id", "said", "room__said"))
    return Badge((room_id for room_id, *_ in rows), (room_id for room_id, read, said in rows if said > read))


def unread_rooms(actor: Actor) -> int:
    """How many rooms that the actor follows have something unread: the number of the badge."""
    if actor.membership is None:
        return 0
    return Room.objects.visible_to(actor).unread_by(actor.membership.pk).count()
