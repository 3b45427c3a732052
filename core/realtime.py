"""Frames to open sockets: `broadcast` may be called from any thread of any process, embedded or scaled.

Delivery is best effort by design: whoever listens catches up by the last id after a gap, so a lost frame costs nothing.
"""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from django.utils.translation import override

log = logging.getLogger("filiera.realtime")
Frame = Mapping[str, Any]

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between two tries to send while the layer is away
WAITING = 5000  # events that wait for it at most; what is dropped is found by whoever looks into the database

_loop: asyncio.AbstractEventLoop | None = None
_waiting = 0
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
    asyncio.run_coroutine_threadsafe(_deliver(group, event), _home())


async def _deliver(group: str, event: dict[str, Any]) -> None:
    """Hand the event to the layer, and again for a while when it is away."""
    global _waiting  # noqa: PLW0603
    for pause in (*PAUSES, None):
        try:
            return await get_channel_layer().group_send(group, event)
        except Exception as error:
            if pause is None or _waiting >= WAITING:
                log.warning("a frame was not sent: %r", error)
                return None
        _waiting += 1
        try:
            await asyncio.sleep(pause)
        finally:
            _waiting -= 1
    return None
