"""Who has a room open now, over all tabs and processes, kept in no store.

Each process tells the others the people of its own sockets when they change and in every round; what is not repeated
expires. A process that opens a room asks the others once.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

GATHER = 0.2  # seconds in which several arrivals become one announcement
EXPIRE = 40.0  # seconds after which a silent process is forgotten; over twice the hub's round
SHOWN = 50  # names that travel; a larger room shows the number alone

Hear = Callable[[Mapping[str, Any]], None]
Send = Callable[[str, Mapping[str, Any]], Awaitable[None]]


class Person(NamedTuple):
    """A member as others see them."""

    id: int
    name: str


class RoomPresence:
    """The people of one room as this process knows them."""

    def __init__(self) -> None:
        self.here: dict[Any, tuple[Person, Hear]] = {}
        self.elsewhere: dict[str, tuple[float, frozenset[Person]]] = {}
        self.shown: frozenset[Person] = frozenset()
        self.announcing: asyncio.Task | None = None
        self.ask = False

    def local(self) -> frozenset[Person]:
        """People of this process."""
        return frozenset(person for person, _hear in self.here.values())

    def everybody(self) -> frozenset[Person]:
        """People of all processes that were heard of lately."""
        now = time.monotonic()
        self.elsewhere = {key: found for key, found in self.elsewhere.items() if found[0] > now}
        return self.local().union(*(people for _until, people in self.elsewhere.values()))


class Presence:
    """The presence of this process (of one event loop). `send` reaches the group in every process."""

    def __init__(self, send: Send) -> None:
        self.process = secrets.token_hex(6)
        self.rooms: dict[str, RoomPresence] = {}
        self.send = send

    def enter(self, group: str, socket: Any, person: Person, hear: Hear) -> None:
        """A socket opened the room; it hears at once who is there."""
        first = group not in self.rooms
        room = self.rooms.setdefault(group, RoomPresence())
        room.here[socket] = (person, hear)
        hear(_event(group, room.everybody()))
        room.ask = room.ask or first
        self._announce_soon(group, room)

    def leave(self, group: str, socket: Any) -> None:
        """A socket closed the room, or its person went away from the screen."""
        room = self.rooms.get(group)
        if room is not None and room.here.pop(socket, None) is not None:
            self._announce_soon(group, room)

    def forget(self, group: str, socket: Any) -> None:
        """Like `leave`, for a socket that ended abruptly; the others hear of it with the next round."""
        if room := self.rooms.get(group):
            room.here.pop(socket, None)

    def heard(self, group: str, event: Mapping[str, Any]) -> None:
        """Another process said who is in the room."""
        room = self.rooms.get(group)
        if room is None or event["process"] == self.process:
            return
        people = frozenset(Person(*each) for each in event["people"])
        room.elsewhere[event["process"]] = (time.monotonic() + EXPIRE, people)
        self._show(group, room)
        if event["ask"]:
            self._announce_soon(group, room)

    async def go_round(self) -> None:
        """Repeat what is known to the others, forget who fell silent."""
        for group, room in list(self.rooms.items()):
            await self._announce(group, room)

    def _announce_soon(self, group: str, room: RoomPresence) -> None:
        if room.announcing is None:
            room.announcing = asyncio.create_task(self._gather(group, room))

    async def _gather(self, group: str, room: RoomPresence) -> None:
        await asyncio.sleep(GATHER)
        room.announcing = None
        await self._announce(group, room)

    async def _announce(self, group: str, room: RoomPresence) -> None:
        self._show(group, room)
        if not room.here:
            self.rooms.pop(group, None)
        ask, room.ask = room.ask, False
        people = [tuple(person) for person in sorted(room.local())]
        await self.send(group, {"do": "here", "process": self.process, "people": people, "ask": ask})

    def _show(self, group: str, room: RoomPresence) -> None:
        """Tell this process's sockets when the picture changed."""
        people = room.everybody()
        if people == room.shown:
            return
        room.shown = people
        event = _event(group, people)
        for _person, hear in tuple(room.here.values()):
            hear(event)


def _event(group: str, people: frozenset[Person]) -> dict[str, Any]:
    known = sorted(people, key=lambda person: (person.name, person.id))
    listed = [person._asdict() for person in known[:SHOWN]]
    frame = {"on": "presence", "topic": group, "people": listed, "count": len(known)}
    return {"type": "frame", "text": json.dumps(frame, separators=(",", ":"))}
