"""How the demo's rooms are written: collected first, numbered by time, stored in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chat import markdown
from chat.actions.words import keep_many_words
from chat.models import Message, ReadMark, Room, Seat
from core.models import TrailEntry
from partners.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Word:
    """Something said or noted in a room, before it has its number."""

    when: datetime
    by: Membership | None = None
    body: str = ""
    entry: TrailEntry | None = None


class Rooms:
    """Collects rooms and their words, then writes them with their numbers in a few queries."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.rooms: list[Room] = []
        self.seats: list[Seat] = []
        self.words: dict[int, list[Word]] = defaultdict(list)
        self.unread: dict[tuple[int, int], int] = {}
        self.messages: list[Message] = []

    def open(self, room: Room, organisations: Iterable[Organisation] = (), members: Sequence[Membership] = ()) -> Room:
        """Store a room with its seats and the side threads of its organisations."""
        room.save()
        self.rooms.append(room)
        self.seats += [Seat(room=room, organisation=each) for each in organisations]
        self.seats += [Seat(room=room, organisation_id=each.organisation_id, membership=each) for each in members]
        if room.kind in Room.SHARED:
            owners = [*organisations, *{each.organisation_id: each.organisation for each in members}.values()]
            for owner in owners:
                fields = {"title": room.title, "capability": room.capability, "created": room.created}
                side = Room(kind=Room.Kind.SIDE, parent=room, organisation=owner, last_at=room.created, **fields)
                side.save()
                self.rooms.append(side)
        return room

    def side_of(self, room: Room, organisation_id: int) -> Room:
        """The side thread of an organisation."""
        return next(
            each for each in self.rooms if each.parent_id == room.pk and each.organisation_id == organisation_id
        )

    def say(self, room: Room, by: Membership, when: datetime, body: str) -> None:
        """Let somebody say something, if it is not in the future."""
        if when < self.world.now:
            self.words[room.pk].append(Word(when, by, body))

    def write(self) -> None:
        """Store everything."""
        Seat.objects.bulk_create(self.seats)
        for room in self.rooms:
            self._number(room)
        Room.objects.bulk_update(self.rooms, ["last_seq", "said", "last_said", "last_at"], batch_size=200)
        self.messages.sort(key=lambda each: each.created)  # stored as they were said: the newest has the highest key
        Message.objects.bulk_create(self.messages, batch_size=200)
        keep_many_words(self.messages)
        self._mark()

    def _number(self, room: Room) -> None:
        for word in sorted(self.words[room.pk], key=lambda each: each.when):
            room.last_seq += 1
            room.last_at = word.when
            if word.entry is None:
                room.said, room.last_said = room.said + 1, room.last_seq
            self.messages.append(_message(room, word))

    def _mark(self) -> None:
        """Who spoke or acted has read everything, but for what the demo leaves unread."""
        marks: dict[tuple[int, int], ReadMark] = {}
        members = {(m.user_id, m.organisation_id): m for each in self.world.members.values() for m in each}
        by_room = {room.pk: room for room in self.rooms}
        for room_id, words in self.words.items():
            room = by_room[room_id]
            for word in words:
                who = (
                    word.by or members.get((word.entry.user_id, word.entry.organisation_id)) if word.entry else word.by
                )
                if who is not None:
                    marks[room_id, who.pk] = ReadMark(room=room, membership=who, last_seq=room.last_seq, said=room.said)
        for (room_id, member_id), unread in self.unread.items():
            room = by_room[room_id]
            mark = ReadMark(room=room, membership_id=member_id)
            mark.said, mark.last_seq = max(0, room.said - unread), max(0, room.last_seq - unread)
            marks[room_id, member_id] = mark
        ReadMark.objects.bulk_create(marks.values(), batch_size=400)


def _message(room: Room, word: Word) -> Message:
    names = {str(word.by.user).lower(): word.by.pk} if word.by else {}
    return Message(
        room=room,
        seq=room.last_seq,
        said=room.said,
        membership=word.by,
        author=word.by.user if word.by else None,
        organisation=word.by.organisation if word.by else None,
        entry=word.entry,
        body=word.body,
        html=markdown.render(word.body, names) if word.body else "",
        created=word.when,
    )
