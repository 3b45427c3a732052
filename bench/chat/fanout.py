"""One room of 200 sockets: what a delivery costs the server, and how late it is, beside a tutorial and a bare server.

Frames as `chat.frames.publish_new` sends them are published inside the server, through core.realtime (see `served.py`):
what storing a message costs is not in it. Every socket must hear every frame once, in order, else nothing is told.
"""

import asyncio
import contextlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles

from websockets.asyncio.client import connect

from bench.chat.stage import Stage, Web, free_port, processor_seconds

SOCKETS, MESSAGES, PER_SECOND, SIZE = 200, 100, 20, 900
KIND = re.compile(rb'\{"on": ?"(\w+)"')
Publish = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """Processor time of a delivery in µs, lateness from publishing to hearing in ms."""

    cpu_us: float
    p50_ms: float
    p95_ms: float


async def listen(
    port: int, session: str, topic: str, last: int, ready: asyncio.Semaphore, stall: float = 0
) -> list[tuple[int, float]]:
    """Join and hear until message `last`: number and lateness in seconds of each. `stall`: read nothing for so long."""
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    heard: list[tuple[int, float]] = []
    url, origin = f"ws://127.0.0.1:{port}/ws/", f"http://127.0.0.1:{port}"
    options = {"additional_headers": headers, "compression": None, "open_timeout": 120, "ping_interval": None}
    async with connect(url, origin=origin, max_queue=None, **options) as line:
        await line.send(json.dumps({"do": "join", "topic": topic}))
        while not heard or heard[-1][0] < last:
            text = await line.recv(decode=False)
            kind = KIND.match(text)
            if kind and kind[1] == b"message":
                frame = json.loads(text)
                heard.append((frame["id"], time.time() - frame["at"]))
            elif kind and kind[1] == b"joined":
                ready.release()
                if stall:
                    line.transport.pause_reading()
                    await asyncio.sleep(stall)
                    return heard
    return heard


async def measure(ports: list[int], pids: list[int], sessions: list[str], topic: str, publish: Publish) -> Found:
    """Publish once to warm up, then measured, to sockets spread over the ports."""
    ready, warm = asyncio.Semaphore(0), 20
    last = warm + MESSAGES
    joining = [(ports[n % len(ports)], sessions[n % len(sessions)] if sessions else "") for n in range(SOCKETS)]
    listeners = [asyncio.create_task(listen(port, session, topic, last, ready)) for port, session in joining]
    for _ in listeners:
        await ready.acquire()
    await asyncio.to_thread(publish, 1, warm)
    await asyncio.sleep(1)
    before = sum(map(processor_seconds, pids))
    await asyncio.to_thread(publish, warm + 1, MESSAGES)
    heard = await asyncio.gather(*listeners)
    busy = sum(map(processor_seconds, pids)) - before
    assert all([number for number, _late in each] == list(range(1, last + 1)) for each in heard), "lost or disordered"
    late = sorted(late for each in heard for _number, late in each[warm:])
    cut = quantiles(late, n=100)
    return Found(busy / (SOCKETS * MESSAGES) * 1e6, cut[49] * 1e3, cut[94] * 1e3)


def by_http(web: Web, topic: str, per_second: float = PER_SECOND, size: int = SIZE) -> Publish:
    """Ask a server of `served.py` or `naive.py` to publish."""

    def publish(first: int, count: int) -> None:
        connection = HTTPConnection("127.0.0.1", web.port, timeout=300)
        connection.request("GET", f"/bench/publish/{topic}/{first}/{count}/{per_second}/{size}")
        assert connection.getresponse().read() == b"ok"

    return publish


def ours(here: Stage, server: str, processes: int = 1) -> Found:
    """The portal with one of the servers, in one process or more."""
    made = here.call("prepare", 40)
    webs = [here.serve(server, "bench.chat.served:application") for _ in range(processes)]
    topic = f"room.{made['rooms'][0]}"
    try:
        ports, pids = [web.port for web in webs], [web.pid for web in webs]
        return asyncio.run(measure(ports, pids, made["sessions"], topic, by_http(webs[0], topic)))
    finally:
        here.stop_webs()


def tutorial(here: Stage, server: str = "Daphne") -> Found:
    """The consumer of the tutorials."""
    web = here.serve(server, "bench.chat.naive:application")
    try:
        return asyncio.run(measure([web.port], [web.pid], [], "room.1", by_http(web, "room.1")))
    finally:
        here.stop_webs()


@contextlib.contextmanager
def bare_server(here: Stage) -> Iterator[Web]:
    """A bare server that answers."""
    web = Web([], here.env, free_port())
    web.command = [sys.executable, "-m", "bench.chat.bare", str(web.port)]
    web.start_bare()
    try:
        yield web
    finally:
        web.stop()


def bare(here: Stage) -> Found:
    """The library alone."""
    from websockets.sync.client import connect as connect_sync

    with bare_server(here) as web:

        def publish(first: int, count: int) -> None:
            with connect_sync(f"ws://127.0.0.1:{web.port}/", compression=None) as line:
                line.send(f"publish {first} {count} {PER_SECOND} {SIZE}")
                while json.loads(line.recv()).get("id", 0) < first + count - 1:
                    pass

        return asyncio.run(measure([web.port], [web.pid], [], "room", publish))
