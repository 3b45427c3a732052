"""How events travel inside one process, and what stands for those that were lost (over Redis: `core/redis_layer.py`).

Both layers promise the same: events of a group arrive in the order of the layer, and where some may have been lost
every channel receives `GAP` in their place, so that its reader asks the database. Nobody has to guess.
"""

import asyncio
import logging
import time
from typing import Any

from channels.layers import InMemoryChannelLayer

log = logging.getLogger("filiera.realtime")
Event = dict[str, Any]
GAP = "gap"  # the type of the event that stands for whatever was lost


def gap(since: float) -> Event:
    """The event that stands for whatever was lost after a moment, in seconds since 1970."""
    return {"type": GAP, "since": since}


def put(queue: "asyncio.Queue[Any]", item: object, instead: object) -> None:
    """Queue an event; a reader that is too far behind gets the gap instead of everything that waits."""
    try:
        queue.put_nowait(item)
    except asyncio.QueueFull:
        log.warning("a reader of events is %d behind; it will ask the database", queue.qsize())
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(instead)


class EmbeddedChannelLayer(InMemoryChannelLayer):
    """In-memory layer for one process, callable from any thread, without a copy or a task per receiver.

    Channels' own layer is not thread-safe: a message queued from a job thread waits for the loop's next tick.
    Receivers must treat events as read-only.
    """

    home: asyncio.AbstractEventLoop | None = None

    async def receive(self, channel: str) -> Event:
        """Wait for the next event of a channel; the first caller's loop becomes the layer's home."""
        if self.home is None or self.home.is_closed():
            self.home = asyncio.get_running_loop()
        return await super().receive(channel)

    async def group_send(self, group: str, message: Event) -> None:
        """Queue the event for each channel of the group, on the loop where they are read."""
        home = self.home
        if home is None or home.is_closed() or home is asyncio.get_running_loop():
            self._queue(group, message)
        else:
            home.call_soon_threadsafe(self._queue, group, message)

    def _queue(self, group: str, message: Event) -> None:
        self._clean_expired()
        until = time.time() + self.expiry
        for channel in list(self.groups.get(group, ())):
            queue = self.channels.get(channel)
            if queue is None:
                queue = self.channels[channel] = asyncio.Queue(maxsize=self.get_capacity(channel))
            put(queue, (until, message), (until, gap(time.time() - self.expiry)))
