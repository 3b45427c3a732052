"""The one socket of a browser tab: events go down, fleeting signals come up. Rules live elsewhere."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from typing import Any

from channels.db import database_sync_to_async
from django.utils.translation import gettext_lazy as _

from chat import badges, frames
from chat.changes import changed_since, edits_since
from chat.hub import Event, hub
from chat.past import LOT
from chat.plugs import plug_for
from chat.presence import Person
from chat.sessions import live_actor, session_group
from chat.topics import Topic, catch_up, no_longer_heard
from chat.wire import NOT_UNDERSTOOD, OVERLOADED, Wire, encoded
from partners.access import membership_of, person_of
from partners.actors import Actor

HELD = 1000  # live events that wait while the past of a room is read
SPREAD = 1.0  # seconds over which sockets ask again after a gap
TOPICS = 40  # rooms that a tab may listen to
LOOK_AGAIN = 300  # seconds between two checks of session, membership and topics, whatever was heard
TYPING = 1.5  # seconds between two typing signals that are passed on
ROOM_TOPIC = re.compile(r"room\.([1-9][0-9]{0,17})", re.ASCII)
LIST_TOPIC = "rooms"
Count = Callable[[badges.Badge], bool]


class PortalSocket(Wire):
    """A signed-in tab: its own streams, the rooms it opened, its badge."""

    async def connect(self) -> None:
        """Accept, find out who this is, hear one's own streams."""
        self.topics: dict[str, Topic] = {}
        self.badge = badges.Badge()
        self.counting: list[list[Count]] = []
        self.active, self.watches_list, self.rechecking = True, False, False
        await self.open()
        actor = await self._live_actor()
        if actor is None:
            await self.end(_("You are signed out."))
        else:
            await self._begin(actor)

    async def _begin(self, actor: Actor) -> None:
        self._become(actor)
        for group in (
            frames.member_group(self.member),
            frames.organisation_group(actor.organisation.pk),
            session_group(self.scope["session"].session_key),
        ):
            await self.listen(group)
        self.greeted = True
        self.say("hello", member=self.member, organisation=actor.organisation.pk, at=int(time.time()))
        await self._load_badge()
        self.spawn(self._look_again())

    def _become(self, actor: Actor) -> None:
        self.actor, self.member, self.language = actor, membership_of(actor).pk, person_of(actor).language

    async def disconnect(self, code: int) -> None:
        """Leave everything."""
        self.ending = True
        for group in [*self.topics, *self.streams]:
            hub().presence.leave(group, self)
            await hub().leave(group, self)
        await self.unplug()

    # Up -----------------------------------------------------------------------------------------------------------
    async def take(self, frame: dict[str, Any]) -> None:
        """Answer one frame of the socket's own."""
        topic = str(frame.get("topic", ""))
        handler = UPWARD.get(str(frame.get("do")))
        if handler is None:
            self.refuse(topic, NOT_UNDERSTOOD)
        elif handler in NEED_TOPIC and not _is_topic(topic):
            self.refuse(topic, _("There is no such topic."))
        else:
            await getattr(self, handler)(topic, frame)

    async def _join(self, topic: str, frame: dict[str, Any]) -> None:
        if topic == LIST_TOPIC:
            self.watches_list = True
            return self.say("joined", topic=topic, last=0)
        if len(self.topics) >= TOPICS and topic not in self.topics:
            return self.refuse(topic, _("This tab listens to too many rooms. Close some."))
        await self._leave(topic, frame)
        state = self.topics[topic] = Topic()
        await hub().join(topic, self)
        after = frame.get("after")
        after = after if isinstance(after, int) and 0 <= after < 2**31 else None
        # Checked after subscribing: whatever changes from here on is heard as an order to check again.
        found = await database_sync_to_async(catch_up)(self.actor, _room_id(topic), after)
        if found.refusal:
            await self._leave(topic, frame)
            return self.refuse(topic, found.refusal)
        if self.topics.get(topic) is not state:
            return None  # left or cut meanwhile
        state.hidden = found.hidden
        self.say("joined", topic=topic, last=found.last, **({"behind": True} if found.behind else {}))
        for start in range(found.after, found.last, LOT):
            for _number, texts in await hub().past(topic, start, min(start + LOT, found.last)):
                if self.topics.get(topic) is not state:
                    return None
                await self.give(texts)
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
        await hub().send(topic, {"do": "typing", "person": shown["person"], "text": encoded(shown)})

    async def _wake(self, topic: str, frame: dict[str, Any]) -> None:
        self.active = True
        for joined in self.topics:
            self._show_presence(joined)

    async def _rest(self, topic: str, frame: dict[str, Any]) -> None:
        self.active = False
        for joined in self.topics:
            hub().presence.leave(joined, self)

    async def _ping(self, topic: str, frame: dict[str, Any]) -> None:
        self.say("pong", at=int(time.time()))

    async def _since(self, topic: str, frame: dict[str, Any]) -> None:
        """Tell what changed since the page was rendered, or since the line broke."""
        moment = frame.get("at")
        await self._tell_changes(moment if isinstance(moment, int | float) else 0)

    async def _tell_changes(self, moment: float) -> None:
        texts = await database_sync_to_async(changed_since)(self.actor, moment)
        if texts is None:
            self.say("again")
        for text in texts or ():
            self.offer(text)
        await self._tell_edits(moment)

    async def _tell_edits(self, moment: float) -> None:
        """What was edited, deleted, pinned or reacted to in the joined rooms; new messages came with joining."""
        joined = list(self.topics)
        edits = await database_sync_to_async(edits_since)([_room_id(topic) for topic in joined], moment)
        for topic in joined if edits is None else ():
            if state := self.topics.get(topic):
                self.say("joined", topic=topic, last=state.last, behind=True)
        for topic, number, texts in edits or ():
            state = self.topics.get(topic)
            if state is not None and number > state.hidden:
                await self.give(texts)

    # Down ---------------------------------------------------------------------------------------------------------
    def hear(self, group: str, event: Event) -> None:
        """An event of a group that this socket listens to. Never blocks: it is called for every socket in turn."""
        do = event.get("do", "")
        if do == "tell":
            self._on_tell(group, event)
        elif event["type"] == "frame":
            self.offer(event["text"])
        elif found := plug_for(do):
            found[1].hear(self, group, event)
        else:
            getattr(self, DOWNWARD.get(do, "_on_recheck"))(group, event)

    def _on_tell(self, group: str, event: Event) -> None:
        state = self.topics.get(group)
        if state is None:
            return
        if state.held is not None:
            state.held.append(event)
            if len(state.held) > HELD:
                self.hang_up(OVERLOADED)
        else:
            self._tell(state, event)

    def _tell(self, state: Topic, event: Event) -> None:
        number = event["id"]
        if (number and number <= state.last) or 0 < event.get("of", 0) <= state.hidden:
            return
        state.last = number or state.last
        self.offer(event["text"])

    def _on_typing(self, group: str, event: Event) -> None:
        if group in self.topics and event["person"] != self.member:
            self.offer(event["text"])

    def _on_changed(self, group: str, event: Event) -> None:
        if not event["needs"] or self.actor.can(event["needs"]):
            self.offer(event["text"])

    def _on_said(self, group: str, event: Event) -> None:
        room_id, topic = event["room"], frames.room_group(event["room"])
        open_to_me = (
            event["seated"] and not self.badge.kept_out and (not event["needs"] or self.actor.can(event["needs"]))
        )
        if self.watches_list and (open_to_me or room_id in self.badge.followed):
            self.say("changed", what="room", id=room_id, verb="said")
        reading = self.active and topic in self.topics
        if event["by"] != self.member and not reading:
            self._count(lambda badge: badge.said(room_id))

    def _on_read(self, group: str, event: Event) -> None:
        self.say("read", topic=frames.room_group(event["room"]), id=event["id"])
        if self.watches_list:
            self.say("changed", what="room", id=event["room"], verb="read")
        if event["whole"]:
            self._count(lambda badge: badge.read(event["room"]))

    def _on_follow(self, group: str, event: Event) -> None:
        reading = self.active and frames.room_group(event["room"]) in self.topics
        self._count(lambda badge: badge.follow({**event, "unread": event["unread"] and not reading}))
        if self.watches_list:
            self.say("changed", what="room", id=event["room"], verb="followed")

    def _on_end(self, group: str, event: Event) -> None:
        self.spawn(self.end(_("This session was ended.")))

    def _on_recheck(self, group: str, event: Event) -> None:
        if not self.rechecking and not self.ending:
            self.rechecking = True
            self.spawn(self._recheck())

    def missed(self, group: str, since: float) -> None:
        """Events of a group were lost: ask who this still is and tell what changed, each socket in its own time."""
        if not self.rechecking and not self.ending:
            self.rechecking = True
            self.spawn(self._make_good(since))

    async def _make_good(self, since: float) -> None:
        await asyncio.sleep(random.uniform(0, SPREAD))  # noqa: S311
        await self._recheck()
        if not self.ending:
            await self._tell_changes(since)

    # Access -------------------------------------------------------------------------------------------------------
    async def _live_actor(self) -> Actor | None:
        return await database_sync_to_async(live_actor)(self.scope["session"].session_key)

    async def _recheck(self) -> None:
        """Ask the database again who this is, and leave every room that may be heard no longer."""
        self.rechecking = False
        actor = await self._live_actor()
        if actor is None or actor.membership != self.actor.membership:
            return await self.end(_("Your access changed."))
        gained_or_lost = actor.capabilities != self.actor.capabilities
        self._become(actor)
        await self._cut_topics()
        for plug, _pace in list(self.plugs.values()):
            await plug.rechecked(self)
        await self._load_badge()
        if gained_or_lost:
            self.say("gone", reason=_("Your role changed."))
        return None

    async def _cut_topics(self) -> None:
        by_room = {_room_id(topic): topic for topic in self.topics}
        lost = await database_sync_to_async(no_longer_heard)(self.actor, list(by_room))
        for room_id in lost:
            await self._leave(by_room[room_id], {})
            self.say("cut", topic=by_room[room_id], reason=_("You can no longer hear this room."))

    async def _load_badge(self) -> None:
        meanwhile: list[Count] = []
        self.counting.append(meanwhile)
        try:
            badge = await database_sync_to_async(badges.load)(self.actor)
        finally:
            self.counting.remove(meanwhile)
        for count in meanwhile:  # heard while the database was read, perhaps before it
            count(badge)
        self.badge = badge
        self.say("counts", rooms=self.badge.count)

    def _count(self, count: Count) -> None:
        """Change the badge, and tell its number when it changed."""
        for meanwhile in self.counting:
            meanwhile.append(count)
        if count(self.badge):
            self.say("counts", rooms=self.badge.count)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN * random.uniform(0.8, 1.2))  # noqa: S311
            self._on_recheck("", {})

    # Writing ------------------------------------------------------------------------------------------------------
    def _show_presence(self, topic: str) -> None:
        if self.active:
            person = Person(self.member, self.actor.name)
            hub().presence.enter(topic, self, person, lambda event: self.offer(event["text"]))


UPWARD = {
    "join": "_join",
    "leave": "_leave",
    "typing": "_typing",
    "active": "_wake",
    "idle": "_rest",
    "ping": "_ping",
    "since": "_since",
}
NEED_TOPIC = {"_join", "_leave", "_typing"}
DOWNWARD = {
    "typing": "_on_typing",
    "changed": "_on_changed",
    "said": "_on_said",
    "read": "_on_read",
    "follow": "_on_follow",
    "end": "_on_end",
}


def _is_topic(topic: str) -> bool:
    return topic == LIST_TOPIC or ROOM_TOPIC.fullmatch(topic) is not None


def _room_id(topic: str) -> int:
    return int(topic.partition(".")[2])
