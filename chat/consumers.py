"""The one socket of a browser tab: events go down, fleeting signals come up. Rules live elsewhere."""

import asyncio
import json
import logging
import random
import re
import time
from collections.abc import Coroutine
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chat import badges, frames
from chat.hub import Event, hub
from chat.presence import Person
from chat.sessions import live_actor, session_group
from chat.topics import Topic, catch_up, no_longer_heard
from partners.access import membership_of, person_of
from partners.actors import Actor

log = logging.getLogger("filiera.sockets")
QUEUE = 256  # frames that wait for a slow reader before the socket is closed
FRAME = 4096  # octets of an upward frame
TOPICS = 40  # rooms that a tab may listen to
BURST, PER_SECOND, TOLERATED = 60, 10, 200  # upward frames: at once, lasting, refused before the socket is closed
LOOK_AGAIN = 300  # seconds between two checks of session, membership and topics, whatever was heard
TYPING = 1.5  # seconds between two typing signals that are passed on
ROOM_TOPIC = re.compile(r"room\.([1-9][0-9]{0,17})", re.ASCII)
LIST_TOPIC = "rooms"
GONE, OVERLOADED, RESTART, POLICY = 4403, 1013, 1012, 1008


class PortalSocket(AsyncWebsocketConsumer):
    """See the frames in docs; every frame down carries `on`, every frame up `do`."""

    channel_layer_alias = "through the hub"  # no layer of its own: the hub holds one subscription a group
    actor: Actor
    member: int
    language = "en"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the line; whatever ends it, a stopping server included, ends its tasks."""
        self.tasks: set[asyncio.Task] = set()
        try:
            await super().__call__(scope, receive, send)
        finally:
            for task in self.tasks:
                task.cancel()
            hub().drop(self)

    async def connect(self) -> None:
        """Accept, find out who this is, hear one's own streams."""
        self.topics: dict[str, Topic] = {}
        self.streams: list[str] = []
        self.queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self.badge = badges.Badge()
        self.active, self.watches_list, self.ending, self.rechecking = True, False, False, False
        self.tokens, self.refused, self.counted_at = float(BURST), 0, time.monotonic()
        await self.accept()
        self.writer = self._spawn(self._write())
        actor = await self._live_actor()
        if actor is None:
            await self._end(_("You are signed out."))
        else:
            await self._begin(actor)

    async def _begin(self, actor: Actor) -> None:
        self._become(actor)
        for group in (
            frames.member_group(self.member),
            frames.organisation_group(actor.organisation.pk),
            session_group(self.scope["session"].session_key),
        ):
            self.streams.append(group)
            await hub().join(group, self)
        self._say("hello", member=self.member, organisation=actor.organisation.pk)
        await self._load_badge()
        self._spawn(self._look_again())

    def _become(self, actor: Actor) -> None:
        self.actor, self.member, self.language = actor, membership_of(actor).pk, person_of(actor).language

    async def disconnect(self, code: int) -> None:
        """Leave everything."""
        self.ending = True
        for group in [*self.topics, *self.streams]:
            hub().presence.leave(group, self)
            await hub().leave(group, self)

    # Up -----------------------------------------------------------------------------------------------------------
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer one upward frame; what cannot be understood is refused with a reason and otherwise ignored."""
        if self.ending or not self.streams:
            return
        if not self._within_rate():
            return
        frame = _parsed(text_data)
        topic = str(frame.get("topic", ""))
        handler = UPWARD.get(str(frame.get("do")))
        if handler is None:
            self._refuse(topic, _("This frame is not understood."))
        elif handler in NEED_TOPIC and not _is_topic(topic):
            self._refuse(topic, _("There is no such topic."))
        else:
            await getattr(self, handler)(topic, frame)

    def _within_rate(self) -> bool:
        now = time.monotonic()
        self.tokens = min(BURST, self.tokens + (now - self.counted_at) * PER_SECOND)
        self.counted_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        self.refused += 1
        if self.refused == 1:
            self._refuse("", _("Too many signals at once. Some were left out."))
        if self.refused > TOLERATED:
            self._hang_up(POLICY)
        return False

    async def _join(self, topic: str, frame: dict[str, Any]) -> None:
        if topic == LIST_TOPIC:
            self.watches_list = True
            return self._say("joined", topic=topic, last=0)
        if len(self.topics) >= TOPICS and topic not in self.topics:
            return self._refuse(topic, _("This tab listens to too many rooms. Close some."))
        await self._leave(topic, frame)
        state = self.topics[topic] = Topic()
        await hub().join(topic, self)
        after = frame.get("after")
        after = after if isinstance(after, int) and 0 <= after < 2**31 else None
        # Checked after subscribing: whatever changes from here on is heard as an order to check again.
        found = await database_sync_to_async(catch_up)(self.actor, _room_id(topic), after)
        if found.refusal:
            await self._leave(topic, frame)
            return self._refuse(topic, found.refusal)
        if self.topics.get(topic) is not state:
            return None  # left or cut meanwhile
        self._say("joined", topic=topic, last=found.last, **({"behind": True} if found.behind else {}))
        for _number, texts in found.missed:
            self._offer(texts)
        self._release(state, found.last)
        self._show_presence(topic)
        return None

    def _release(self, state: Topic, last: int) -> None:
        """From held to live: what the past already brought is left out."""
        state.last, held, state.held = last, state.held or [], None
        for event in held:
            self._tell(state, event)

    async def _leave(self, topic: str, frame: dict[str, Any]) -> None:
        if topic == LIST_TOPIC:
            self.watches_list = False
        elif self.topics.pop(topic, None):
            hub().presence.leave(topic, self)
            await hub().leave(topic, self)

    async def _typing(self, topic: str, frame: dict[str, Any]) -> None:
        state, now = self.topics.get(topic), time.monotonic()
        if state is None or not self.actor.can("chat.post") or now - state.typed_at < TYPING:
            return
        state.typed_at = now
        shown = {"on": "typing", "topic": topic, "person": self.member, "name": self.actor.name}
        await hub().send(topic, {"do": "typing", "person": shown["person"], "text": _encoded(shown)})

    async def _wake(self, topic: str, frame: dict[str, Any]) -> None:
        self.active = True
        for joined in self.topics:
            self._show_presence(joined)

    async def _rest(self, topic: str, frame: dict[str, Any]) -> None:
        self.active = False
        for joined in self.topics:
            hub().presence.leave(joined, self)

    async def _ping(self, topic: str, frame: dict[str, Any]) -> None:
        self._say("pong")

    # Down ---------------------------------------------------------------------------------------------------------
    def hear(self, group: str, event: Event) -> None:
        """An event of a group that this socket listens to. Never blocks: it is called for every socket in turn."""
        if event["type"] == "frame":
            return self._offer(event["text"])
        getattr(self, DOWNWARD.get(event.get("do", ""), "_on_recheck"))(group, event)
        return None

    def lost(self) -> None:
        """Events may have been lost: have the client come back and catch up."""
        self._hang_up(RESTART)

    def _on_tell(self, group: str, event: Event) -> None:
        state = self.topics.get(group)
        if state is None:
            return
        if state.held is not None:
            state.held.append(event)
        else:
            self._tell(state, event)

    def _tell(self, state: Topic, event: Event) -> None:
        number = event["id"]
        if number and number <= state.last:
            return
        state.last = number or state.last
        self._offer(event["text"])

    def _on_typing(self, group: str, event: Event) -> None:
        if group in self.topics and event["person"] != self.member:
            self._offer(event["text"])

    def _on_changed(self, group: str, event: Event) -> None:
        if not event["needs"] or self.actor.can(event["needs"]):
            self._offer(event["text"])

    def _on_said(self, group: str, event: Event) -> None:
        room_id, topic = event["room"], frames.room_group(event["room"])
        open_to_me = event["seated"] and (not event["needs"] or self.actor.can(event["needs"]))
        if self.watches_list and (open_to_me or room_id in self.badge.followed):
            self._say("changed", what="room", id=room_id, verb="said")
        reading = self.active and topic in self.topics
        if event["by"] != self.member and not reading and self.badge.said(room_id):
            self._say("counts", rooms=self.badge.count)

    def _on_read(self, group: str, event: Event) -> None:
        self._say("read", topic=frames.room_group(event["room"]), id=event["id"])
        if self.watches_list:
            self._say("changed", what="room", id=event["room"], verb="read")
        if event["whole"] and self.badge.read(event["room"]):
            self._say("counts", rooms=self.badge.count)

    def _on_follow(self, group: str, event: Event) -> None:
        reading = self.active and frames.room_group(event["room"]) in self.topics
        if self.badge.follow({**event, "unread": event["unread"] and not reading}):
            self._say("counts", rooms=self.badge.count)
        if self.watches_list:
            self._say("changed", what="room", id=event["room"], verb="followed")

    def _on_end(self, group: str, event: Event) -> None:
        self._spawn(self._end(_("This session was ended.")))

    def _on_recheck(self, group: str, event: Event) -> None:
        if not self.rechecking and not self.ending:
            self.rechecking = True
            self._spawn(self._recheck())

    # Access -------------------------------------------------------------------------------------------------------
    async def _live_actor(self) -> Actor | None:
        return await database_sync_to_async(live_actor)(self.scope["session"].session_key)

    async def _recheck(self) -> None:
        """Ask the database again who this is, and leave every room that may be heard no longer."""
        self.rechecking = False
        actor = await self._live_actor()
        if actor is None or actor.membership != self.actor.membership:
            return await self._end(_("Your access changed."))
        gained_or_lost = actor.capabilities != self.actor.capabilities
        self._become(actor)
        await self._cut_topics()
        await self._load_badge()
        if gained_or_lost:
            self._say("gone", reason=_("Your role changed."))
        return None

    async def _cut_topics(self) -> None:
        by_room = {_room_id(topic): topic for topic in self.topics}
        lost = await database_sync_to_async(no_longer_heard)(self.actor, list(by_room))
        for room_id in lost:
            await self._leave(by_room[room_id], {})
            self._say("cut", topic=by_room[room_id], reason=_("You can no longer hear this room."))

    async def _load_badge(self) -> None:
        self.badge = await database_sync_to_async(badges.load)(self.actor)
        self._say("counts", rooms=self.badge.count)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN * random.uniform(0.8, 1.2))  # noqa: S311
            self._on_recheck("", {})

    async def _end(self, reason: str | Promise) -> None:
        if self.ending:
            return
        self.ending = True
        self.writer.cancel()
        with override(self.language):
            last = _encoded({"on": "gone", "reason": reason})
        await self._part(GONE, last)

    # Writing ------------------------------------------------------------------------------------------------------
    def _show_presence(self, topic: str) -> None:
        if self.active:
            person = Person(self.member, self.actor.name)
            hub().presence.enter(topic, self, person, lambda event: self._offer(event["text"]))

    def _say(self, on: str, **frame: Any) -> None:
        with override(self.language):
            self._offer(_encoded({"on": on, **frame}))

    def _refuse(self, topic: str, reason: str | Promise) -> None:
        self._say("refused", topic=topic[:80], reason=reason)

    def _offer(self, text: str | dict[str, str]) -> None:
        if self.ending:
            return
        if not isinstance(text, str):
            text = text.get(self.language) or text["en"]
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            log.info("a reader is too slow; it will come back and catch up")
            self._hang_up(OVERLOADED)

    async def _write(self) -> None:
        get, send = self.queue.get, self.base_send
        try:
            while True:
                await send({"type": "websocket.send", "text": await get()})
        except OSError:
            return  # the other side is gone: `disconnect` follows

    def _hang_up(self, code: int) -> None:
        if not self.ending:
            self.ending = True
            self.writer.cancel()
            self._spawn(self._part(code))

    async def _part(self, code: int, last: str = "") -> None:
        """Close with a code, after a last frame; the line may be dead already."""
        try:
            if last:
                await self.base_send({"type": "websocket.send", "text": last})
            await self.close(code)
        except (OSError, RuntimeError) as error:
            log.debug("closing a line that was gone: %r", error)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


UPWARD = {"join": "_join", "leave": "_leave", "typing": "_typing", "active": "_wake", "idle": "_rest", "ping": "_ping"}
NEED_TOPIC = {"_join", "_leave", "_typing"}
DOWNWARD = {
    "tell": "_on_tell",
    "typing": "_on_typing",
    "changed": "_on_changed",
    "said": "_on_said",
    "read": "_on_read",
    "follow": "_on_follow",
    "end": "_on_end",
}


def _parsed(text: str | None) -> dict[str, Any]:
    """The frame, or an empty one for what is no JSON object of a sensible size."""
    if not text or len(text) > FRAME:
        return {}
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _is_topic(topic: str) -> bool:
    return topic == LIST_TOPIC or ROOM_TOPIC.fullmatch(topic) is not None


def _room_id(topic: str) -> int:
    return int(topic.partition(".")[2])


def _encoded(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"), default=str)
