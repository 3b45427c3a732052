"""One channel-layer subscription a group and process, whatever the number of sockets that listen.

For rooms the hub also keeps the promise of order: listeners get each message once, by number. What the layer brings
out of order waits for the missing one, and what the layer lost is read from the database.
"""

import asyncio
import logging
from collections.abc import Mapping
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from chat import frames
from chat.past import Past, Texts
from chat.presence import Presence
from core.layers import GAP

log = logging.getLogger("filiera.sockets")
Event = Mapping[str, Any]
PATIENCE = 0.25  # seconds that a message waits for the one before it
ROUND = 5.0  # seconds between two looks for messages that nobody told of: their process died after storing them
PRESENCE_ROUNDS = 3  # rounds between two announcements of who is here
TRIES = 12  # times that a missing message is looked for
REPAIR = 100  # messages read and passed on at once: fewer than a socket queues
BREATH = 0.02  # seconds between two such lots, in which the sockets write


class Listener(Protocol):
    """What the hub asks of a socket. `hear` must not block."""

    def hear(self, group: str, event: Event) -> None: ...

    def lost(self) -> None: ...

    def missed(self, group: str, since: float) -> None: ...


class Subscription:
    """The listeners of one group in this process, and for a room the number of the last message passed on."""

    def __init__(self, group: str, presence: Presence) -> None:
        self.group = group
        self.presence = presence
        self.listeners: set[Listener] = set()
        self.ready = asyncio.Event()
        self.last = 0
        self.early: dict[int, Event] = {}
        self.holes = 0
        room_id = self.room_id
        self.past = None if room_id is None else Past(room_id)
        self.repairing: asyncio.Task | None = None
        self.pump: asyncio.Task | None = None
        self.channel = ""

    @property
    def room_id(self) -> int | None:
        """The room behind the group, if there is one."""
        kind, _dot, number = self.group.partition(".")
        return int(number) if kind == "room" else None

    def pass_on(self, event: Event) -> None:
        """Give the event to every listener."""
        for listener in tuple(self.listeners):
            listener.hear(self.group, event)

    def take(self, event: Event) -> None:
        """Pass an event on: messages by number, presence to who gathers it, everything else at once."""
        do = event.get("do")
        number = event["id"] if do == "tell" else 0
        if event["type"] == GAP:
            self._mend(event["since"])
        elif do == "here":
            self.presence.heard(self.group, event)
        elif not number:
            if do == "tell" and self.past:
                self.past.changed(event["of"])
            self.pass_on(event)
        elif number > self.last:
            self.early[number] = event
            self._release()

    def _release(self) -> None:
        while event := self.early.pop(self.last + 1, None):
            self.last, self.holes = self.last + 1, 0
            if self.past:
                self.past.said(self.last, event["text"])
            self.pass_on(event)
        if self.early and self.repairing is None:
            self.repairing = asyncio.create_task(self._repair_soon())

    def _mend(self, since: float) -> None:
        """Events of this group were lost: messages are read again, everything else is for the listeners to ask."""
        if self.past:
            self.past.changed()
            if self.repairing is None:
                self.repairing = asyncio.create_task(self._repair_soon(0))
        for listener in tuple(self.listeners):
            listener.missed(self.group, since)

    async def _repair_soon(self, patience: float = PATIENCE) -> None:
        """Once the one that is missing had time to come; again while the database does not answer."""
        await asyncio.sleep(patience)
        for again in range(TRIES):
            try:
                await self.repair()
            except Exception:
                log.exception("messages of %s could not be read; trying again", self.group)
                await asyncio.sleep(min(2**again * PATIENCE, 5))
            else:
                break
        self.repairing = None
        if self.early:
            self._give_up_on_holes()

    def _give_up_on_holes(self) -> None:
        """A number that is stored nowhere must not hold back those after it for ever."""
        self.holes += 1
        if self.holes > TRIES:
            log.error("%s has no message %d; going on without it", self.group, self.last + 1)
            self.last, self.holes = min(self.early) - 1, 0
        self._release()

    async def repair(self) -> None:
        """Read from the database what was stored and never arrived, lot by lot."""
        while True:
            missed = await database_sync_to_async(frames.messages_after)(self.room_id, self.last, REPAIR)
            for number, text in missed:
                if number > self.last:  # others may have come by themselves meanwhile
                    told = {"topic": self.group, "id": number, "of": number, "text": text}
                    self.early.setdefault(number, {"type": "control", "do": "tell", **told})
            self._release()
            if len(missed) < REPAIR:
                return
            await asyncio.sleep(BREATH)


class Hub:
    """All subscriptions of this process (of one event loop)."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self.lock = asyncio.Lock()
        self.rounds: asyncio.Task | None = None
        self.presence = Presence(self.send)

    async def join(self, group: str, listener: Listener) -> None:
        """Let the listener hear the group. Returns once nothing sent from now on can be missed."""
        async with self.lock:
            subscription = self.subscriptions.get(group)
            if subscription is None:
                subscription = self.subscriptions[group] = Subscription(group, self.presence)
                subscription.pump = asyncio.create_task(self._pump(subscription))
            subscription.listeners.add(listener)
            if self.rounds is None:
                self.rounds = asyncio.create_task(self._go_rounds())
        await subscription.ready.wait()

    async def leave(self, group: str, listener: Listener) -> None:
        """The listener hears the group no longer; the last one to leave ends the subscription."""
        if subscription := self.subscriptions.get(group):
            subscription.listeners.discard(listener)
            await self._end_if_empty(group)

    async def _end_if_empty(self, group: str) -> None:
        async with self.lock:
            subscription = self.subscriptions.get(group)
            if subscription is not None and not subscription.listeners:
                del self.subscriptions[group]
                await self._end(subscription)

    def drop(self, listener: Listener) -> None:
        """Forget a listener that ended without leaving; subscriptions left empty end in the next round."""
        for group, subscription in self.subscriptions.items():
            subscription.listeners.discard(listener)
            self.presence.forget(group, listener)

    def listeners_of(self, group: str) -> set[Listener]:
        """Who listens here."""
        subscription = self.subscriptions.get(group)
        return set(subscription.listeners) if subscription else set()

    async def past(self, group: str, after: int, last: int) -> list[tuple[int, Texts]]:
        """What was said in a room that is listened to, from number `after`+1 to `last`."""
        subscription = self.subscriptions.get(group)
        if subscription is None or subscription.past is None or after >= last:
            return []
        return await subscription.past.between(after, last)

    async def send(self, group: str, event: Event) -> None:
        """Send a fleeting signal to the group in all processes."""
        await get_channel_layer().group_send(group, {"type": "control", **event})

    async def _end(self, subscription: Subscription) -> None:
        for task in (subscription.pump, subscription.repairing):
            if task is not None:
                task.cancel()
        if not self.subscriptions and self.rounds is not None:
            self.rounds.cancel()
            self.rounds = None
        if subscription.channel:
            await get_channel_layer().group_discard(subscription.group, subscription.channel)

    async def _subscribe(self, subscription: Subscription) -> None:
        layer = get_channel_layer()
        subscription.channel = await layer.new_channel()
        await layer.group_add(subscription.group, subscription.channel)
        if subscription.room_id is not None and not subscription.ready.is_set():
            found = await database_sync_to_async(frames.last_numbers)([subscription.room_id])
            subscription.last = found.get(subscription.room_id, 0)
        subscription.ready.set()

    async def _pump(self, subscription: Subscription) -> None:
        pause = 0.1
        while True:
            try:
                await self._subscribe(subscription)
                while True:
                    event = await get_channel_layer().receive(subscription.channel)
                    subscription.take(event)
                    pause = 0.1
            except Exception:
                log.exception("the events of %s stopped; subscribing again in %.1f s", subscription.group, pause)
                for listener in tuple(subscription.listeners):
                    listener.lost()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    async def _go_rounds(self) -> None:
        """Now and then compare with the database: the last frame of a room may have been the one that was lost."""
        turn = count(1)
        while True:
            await asyncio.sleep(ROUND)
            try:
                await self.check_rooms()
                if next(turn) % PRESENCE_ROUNDS == 0:
                    await self.presence.go_round()
                    await self.prune()
            except Exception:
                log.exception("the round through the open rooms failed")

    async def prune(self) -> None:
        """End the subscriptions that nobody listens to any more."""
        for group, subscription in list(self.subscriptions.items()):
            if subscription.past:
                subscription.past.rest()
            await self._end_if_empty(group)

    async def check_rooms(self) -> None:
        """Repair every open room whose stored messages went further than what was passed on."""
        open_rooms = {sub.room_id: sub for sub in self.subscriptions.values() if sub.room_id and sub.ready.is_set()}
        if not open_rooms:
            return
        before = {room_id: sub.last for room_id, sub in open_rooms.items()}
        stored = await database_sync_to_async(frames.last_numbers)(open_rooms)
        for room_id, subscription in open_rooms.items():
            if stored.get(room_id, 0) > before[room_id] == subscription.last:
                await subscription.repair()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
