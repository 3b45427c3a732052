"""The portal as it is served, and one address more that publishes frames: through core.realtime, the layer, the hub.

`GET /bench/publish/<topic>/<first>/<count>/<per second>/<octets>`; answers when the last one was handed over.
"""

import asyncio
import json
import time

from portal.asgi import application as portal

from core import realtime  # isort: skip  settings are read first


def published(topic: str, number: int, size: int) -> None:
    """One message as `chat.frames.publish_new` sends it."""
    frame = {"on": "message", "topic": topic, "id": number, "at": time.time(), "html": "x" * size}
    text = json.dumps(frame, separators=(",", ":"))
    told = {"do": "tell", "topic": topic, "id": number, "of": number, "text": {"en": text, "it": text}}
    realtime._send(topic, {"type": "control", **told})  # `control` without waiting for a commit


async def paced(publish, first: int, count: int, per_second: float) -> None:
    """Call `publish` for `count` numbers, so many a second, never faster."""
    began = time.perf_counter()
    for turn in range(count):
        publish(first + turn)
        await asyncio.sleep(max(0, began + (turn + 1) / per_second - time.perf_counter()))


def asked(path: str) -> tuple[str, int, int, float, int]:
    """What an address of this benchmark asks for."""
    topic, first, count, per_second, size = path.removeprefix("/bench/publish/").split("/")
    return topic, int(first), int(count), float(per_second), int(size)


async def answer(send) -> None:
    """200, nothing more."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def application(scope, receive, send):
    """The portal, and the address that publishes."""
    if scope["type"] == "http" and scope["path"].startswith("/bench/publish/"):
        topic, first, count, per_second, size = asked(scope["path"])
        realtime.bind(asyncio.get_running_loop())
        await paced(lambda number: published(topic, number, size), first, count, per_second)
        await answer(send)
    else:
        await portal(scope, receive, send)
