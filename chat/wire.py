"""What a socket is before it knows rooms: frames read within limits, frames written in order, an end that is told."""

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chat.hub import hub
from chat.outlet import Outlet
from chat.pace import Pace
from chat.plugs import Plug, longest_frame, plug_for
from partners.actors import Actor

log = logging.getLogger("filiera.sockets")
QUEUE = 256  # frames that wait for a slow reader before the socket is closed
PATIENCE = 1500  # fiftieths of a second for which what was asked for waits for its reader
FRAME = 4096  # characters of an upward frame of the socket's own
BURST, PER_SECOND, TOLERATED = 60, 10, 200  # upward frames: at once, lasting, refused before the socket is closed
GONE, OVERLOADED, RESTART, POLICY = 4403, 1013, 1012, 1008
TOO_MANY = _("Too many signals at once. Some were left out.")
NOT_UNDERSTOOD = _("This frame is not understood.")


class Wire(AsyncWebsocketConsumer):
    """See docs/realtime.md; every frame down carries `on`, every frame up `do`."""

    channel_layer_alias = "through the hub"  # no layer of its own: the hub holds one subscription a group
    actor: Actor
    member: int
    language = "en"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the line; whatever ends it, a stopping server included, ends its tasks."""
        self.tasks: set[asyncio.Task] = set()
        self.plugs: dict[str, tuple[Plug, Pace]] = {}
        try:
            await super().__call__(scope, receive, send)
        finally:
            for task in self.tasks:
                task.cancel()
            hub().drop(self)
            await self.unplug()

    async def open(self) -> None:
        """Accept, and start to write."""
        self.streams: list[str] = []
        self.ending, self.greeted = False, False
        self.pace = Pace(BURST, PER_SECOND)
        await self.accept()
        self.outlet = Outlet(self.base_send, QUEUE)
        self.writer = self.spawn(self.outlet.write())

    # Up -----------------------------------------------------------------------------------------------------------
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer one upward frame; what cannot be understood is refused with a reason and otherwise ignored."""
        if self.ending or not self.greeted:
            return
        frame = parsed(text_data, longest_frame(FRAME))
        found = plug_for(str(frame.get("do")))
        if found is None:
            if self._within(self.pace):
                await self.take(frame if text_data and len(text_data) <= FRAME else {})
            return
        prefix, plug = found
        _known, pace = self.plugs.setdefault(prefix, (plug, Pace(plug.burst, plug.per_second)))
        if not self._within(pace):
            return
        if len(text_data or "") > plug.frame:
            self.refuse(str(frame.get("topic", "")), NOT_UNDERSTOOD)
        else:
            await plug.receive(self, frame)

    async def take(self, frame: dict[str, Any]) -> None:
        """Answer a frame of the socket's own."""
        raise NotImplementedError

    def _within(self, pace: Pace) -> bool:
        if pace.allows():
            return True
        if pace.refused == 1:
            self.refuse("", TOO_MANY)
        if pace.refused > TOLERATED:
            self.hang_up(POLICY)
        return False

    async def unplug(self) -> None:
        """Tell the plugs that were used that the socket ended, once."""
        used, self.plugs = self.plugs, {}
        for plug, _pace in used.values():
            try:
                await plug.closed(self)
            except Exception:
                log.exception("a plug did not close")

    # Groups -------------------------------------------------------------------------------------------------------
    async def listen(self, group: str) -> None:
        """Hear a group until the socket ends. Returns once nothing sent from now on can be missed."""
        if group not in self.streams:
            self.streams.append(group)
            await hub().join(group, self)

    async def unlisten(self, group: str) -> None:
        """Hear a group no longer."""
        if group in self.streams:
            self.streams.remove(group)
            await hub().leave(group, self)

    def lost(self) -> None:
        """Events may have been lost: have the client come back and catch up."""
        self.hang_up(RESTART)

    # Down ---------------------------------------------------------------------------------------------------------
    def say(self, on: str, **frame: Any) -> None:
        """Send one frame in the reader's language."""
        with override(self.language):
            self.offer(encoded({"on": on, **frame}))

    def refuse(self, topic: str, reason: str | Promise) -> None:
        """Say why a frame was not taken."""
        self.say("refused", topic=topic[:80], reason=reason)

    def offer(self, text: str | Mapping[str, str]) -> None:
        """Queue an encoded frame (or one for each language). A reader whose queue is full is closed."""
        if self.ending:
            return
        if not isinstance(text, str):
            text = text.get(self.language) or text["en"]
        if not self.outlet.put(text):
            log.info("a reader is too slow; it will come back and catch up")
            self.hang_up(OVERLOADED)

    async def give(self, text: str | Mapping[str, str]) -> None:
        """Queue one of many frames that were asked for: waits for a reader who takes them."""
        for _turn in range(PATIENCE):
            if self.ending or len(self.outlet.waiting) < QUEUE // 2:
                break
            await asyncio.sleep(0.02)
        self.offer(text)

    # The end ------------------------------------------------------------------------------------------------------
    async def end(self, reason: str | Promise) -> None:
        """Say why, and close for good: the page loads anew."""
        if self.ending:
            return
        self.ending = True
        self.writer.cancel()
        with override(self.language):
            last = encoded({"on": "gone", "reason": reason})
        await self._part(GONE, last)

    def hang_up(self, code: int) -> None:
        """Close without a word: the client comes back by itself."""
        if not self.ending:
            self.ending = True
            self.writer.cancel()
            self.spawn(self._part(code))

    async def _part(self, code: int, last: str = "") -> None:
        """Close with a code, after a last frame; the line may be dead already."""
        try:
            if last:
                await self.base_send({"type": "websocket.send", "text": last})
            await self.close(code)
        except (OSError, RuntimeError) as error:
            log.debug("closing a line that was gone: %r", error)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task:
        """Run beside the socket, and no longer than it."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


def parsed(text: str | None, longest: int = FRAME) -> dict[str, Any]:
    """The frame, or an empty one for what is no JSON object of a sensible size."""
    if not text or len(text) > longest:
        return {}
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def encoded(frame: Mapping[str, Any]) -> str:
    """A frame as it travels."""
    return json.dumps(frame, separators=(",", ":"), default=str)
