"""Frames to open sockets: `broadcast` may be called from any thread of any process, embedded or scaled.

Delivery is best effort by design: whoever listens catches up by the last id after a gap, so a lost frame costs nothing.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import transaction
from django.utils.translation import override

log = logging.getLogger("filiera.realtime")
Frame = Mapping[str, Any]

_loop: asyncio.AbstractEventLoop | None = None
_lock = threading.Lock()


def bind(loop: asyncio.AbstractEventLoop) -> None:
    """Use the server's own event loop; the ASGI application calls this once."""
    global _loop  # noqa: PLW0603
    _loop = loop


def _home() -> asyncio.AbstractEventLoop:
    """The server's loop, or in a worker process one background loop (and so one Redis connection) for all calls."""
    global _loop  # noqa: PLW0603
    with _lock:
        if _loop is None or _loop.is_closed():
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="realtime", daemon=True).start()
        return _loop


def encode(build: Callable[[], Frame]) -> dict[str, str]:
    """Encode a frame once in each language of the portal, so that a socket only picks its own."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts[code] = json.dumps(build(), separators=(",", ":"), default=str)
    return texts


def broadcast(group: str, frame: Frame | Callable[[], Frame]) -> None:
    """Send a frame to every socket of `group` once the surrounding transaction commits.

    A frame whose words depend on the language is given as a function; it is rendered once per language.
    """
    text: str | dict[str, str] = (
        encode(frame) if callable(frame) else json.dumps(frame, separators=(",", ":"), default=str)
    )
    transaction.on_commit(lambda: _send(group, {"type": "frame", "text": text}), robust=True)


def control(group: str, **order: Any) -> None:
    """Tell the sockets of `group` themselves (not their users) to re-check or drop access, on commit."""
    transaction.on_commit(lambda: _send(group, {"type": "control", **order}), robust=True)


def _send(group: str, event: dict[str, Any]) -> None:
    future = asyncio.run_coroutine_threadsafe(get_channel_layer().group_send(group, event), _home())
    future.add_done_callback(_report)


def _report(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()):
        log.warning("a frame was not sent: %r", error)


class EmbeddedChannelLayer(InMemoryChannelLayer):
    """In-memory layer for one process, callable from any thread, without a copy or a task per receiver.

    Channels' own layer is not thread-safe: a message queued from a job thread waits for the loop's next tick.
    Receivers must treat events as read-only. A full queue drops the event: listeners catch up by id.
    """

    home: asyncio.AbstractEventLoop | None = None

    async def receive(self, channel: str) -> dict[str, Any]:
        """Wait for the next event of a channel; the first caller's loop becomes the layer's home."""
        if self.home is None or self.home.is_closed():
            self.home = asyncio.get_running_loop()
        return await super().receive(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Queue the event for each channel of the group, on the loop where they are read."""
        home = self.home
        if home is None or home.is_closed() or home is asyncio.get_running_loop():
            self._queue(group, message)
        else:
            home.call_soon_threadsafe(self._queue, group, message)

    def _queue(self, group: str, message: dict[str, Any]) -> None:
        self._clean_expired()
        item = (time.time() + self.expiry, message)
        for channel in list(self.groups.get(group, ())):
            queue = self.channels.get(channel)
            if queue is None:
                queue = self.channels[channel] = asyncio.Queue(maxsize=self.get_capacity(channel))
            try:
                queue.put_nowait(item)
            except asyncio.QueueFull:
                log.warning("a channel of %s is full; its listener will catch up by id", group)
