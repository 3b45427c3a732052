"""The badge of Rooms for one socket, kept in memory: which followed rooms have something unread."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.timezone import now

from chat.models import ReadMark, Room, TalkPolicy
from partners.actors import Actor


class Badge:
    """Followed, muted and unread rooms of one member. Every change method says whether the number changed.

    `kept_out` is true for whom the organisation keeps out of shared rooms.
    """

    def __init__(
        self,
        followed: Iterable[int] = (),
        unread: Iterable[int] = (),
        muted: Mapping[int, datetime] | None = None,
        *,
        kept_out: bool = False,
    ) -> None:
        self.followed = set(followed)
        self.unread = set(unread)
        self.muted = dict(muted or {})
        self.kept_out = kept_out

    @property
    def count(self) -> int:
        """Rooms with something unread."""
        return len(self.unread)

    def said(self, room_id: int) -> bool:
        """Somebody else spoke in a room."""
        if room_id not in self.followed or room_id in self.unread or self._is_muted(room_id):
            return False
        self.unread.add(room_id)
        return True

    def _is_muted(self, room_id: int) -> bool:
        return room_id in self.muted and self.muted[room_id] > now()

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
    rows = list(marks.values_list("room_id", "said", "room__said", "muted_until"))
    muted = {room_id: until for room_id, _read, _said, until in rows if until is not None and until > now()}
    unread = (room_id for room_id, read, said, _until in rows if said > read and room_id not in muted)
    kept_out = TalkPolicy.objects.keeping_out(actor).exists()
    return Badge((row[0] for row in rows), unread, muted, kept_out=kept_out)


def unread_rooms(actor: Actor) -> int:
    """How many rooms that the actor follows have something unread: the number of the badge."""
    if actor.membership is None:
        return 0
    # Most have read everything: only who has not pays for asking which of the rooms may still be seen.
    behind = ReadMark.objects.of_members([actor.membership.pk]).filter(room__said__gt=F("said")).unmuted()
    rooms = list(behind.values_list("room", flat=True))
    return Room.objects.visible_to(actor).filter(pk__in=rooms).count() if rooms else 0
