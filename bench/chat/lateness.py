"""How late: from posting to another's screen in 50 rooms, with a reader that stalls, and 1,000 sockets at once."""

import asyncio
import json
import time
from statistics import quantiles

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.chat.browser import Browser
from bench.chat.fanout import bare_server, by_http, listen
from bench.chat.stage import Stage, Web

ROOMS, POSTS, PER_SECOND = 50, 200, 20
AT_ONCE = 1000


def p95(values: list[float]) -> float:
    """The 95th percentile, in ms."""
    return quantiles(sorted(values), n=100)[94] * 1e3


class Screen(Browser):
    """A tab that notes when each message came."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.seen: dict[str, float] = {}

    def _read(self, number: int, html: str) -> None:
        super()._read(number, html)
        self.seen[self.log[-1][1]] = time.perf_counter()


async def post_to_screen(port: int, rooms: list[int], sessions: list[str]) -> list[float]:
    """Post 20 messages a second, each in the next room; seconds until the other side has it."""
    screens = [Screen(f"s{n}", sessions[n % len(sessions)], room, port) for n, room in enumerate(rooms)]
    listening = [asyncio.create_task(each.listen()) for each in screens]
    await asyncio.gather(*(each.joined.wait() for each in screens))
    sent: dict[str, float] = {}

    async def one(number: int) -> None:
        room = rooms[number % len(rooms)]
        author = Browser("a", sessions[(number + number // len(rooms)) % len(sessions)], room, port)
        sent[f"p-{number}"] = time.perf_counter()
        await author.post(f"p-{number}", "The pumps are ready; which flange do you want? " * 3)

    posts, began = [], time.perf_counter()
    for number in range(POSTS):
        posts.append(asyncio.create_task(one(number)))
        await asyncio.sleep(max(0, began + (number + 1) / PER_SECOND - time.perf_counter()))
    await asyncio.gather(*posts)
    while sum(len(each.seen) for each in screens) < POSTS:
        await asyncio.sleep(0.05)
    for task in listening:
        task.cancel()
    return [at - sent[mark] for each in screens for mark, at in each.seen.items()]


async def echoed(port: int) -> list[float]:
    """The same pace through a bare server to one other socket: seconds from asking to hearing."""
    url, late = f"ws://127.0.0.1:{port}/", []
    async with connect(url, compression=None) as here, connect(url, compression=None) as there:
        for line in (here, there):
            await line.recv()
        for number in range(POSTS):
            began = time.perf_counter()
            await here.send(f"publish {number} 1 1000 200")
            await there.recv()
            late.append(time.perf_counter() - began)
            await here.recv()
            await asyncio.sleep(max(0, 1 / PER_SECOND - late[-1]))
    return late


def in_rooms(here: Stage) -> tuple[float, float]:
    """p95 in ms: post to the other's screen over the portal, and a bare echo."""
    made = here.call("prepare", 40, ROOMS)
    web = here.serve("uvicorn")
    try:
        ours = p95(asyncio.run(post_to_screen(web.port, made["rooms"], made["sessions"])))
    finally:
        here.stop_webs()
    with bare_server(here) as bare:
        return ours, p95(asyncio.run(echoed(bare.port)))


async def beside(web: Web, topic: str, sessions: list[str], *, stalled: bool) -> float:
    """p95 in ms over 40 readers of large frames, with or without one that reads nothing."""
    ready, last = asyncio.Semaphore(0), 60
    readers = [asyncio.create_task(listen(web.port, sessions[n % 40], topic, last, ready)) for n in range(40)]
    lazy = [asyncio.create_task(listen(web.port, sessions[0], topic, last, ready, stall=60))] if stalled else []
    for _ in [*readers, *lazy]:
        await ready.acquire()
    await asyncio.to_thread(by_http(web, topic, 20, 60_000), 1, last)
    heard = await asyncio.gather(*readers)
    for task in lazy:
        task.cancel()
    assert all([number for number, _late in each] == list(range(1, last + 1)) for each in heard)
    return p95([late for each in heard for _number, late in each])


def stalled(here: Stage) -> tuple[float, float]:
    """p95 in ms of the others beside a stalled reader, and without one."""
    made = here.call("prepare", 40, 3)
    web = here.serve("uvicorn", "bench.chat.served:application")
    first, with_one, without = (f"room.{room}" for room in made["rooms"])
    try:
        asyncio.run(beside(web, first, made["sessions"], stalled=False))  # to warm up
        alone = asyncio.run(beside(web, without, made["sessions"], stalled=False))
        return asyncio.run(beside(web, with_one, made["sessions"], stalled=True)), alone
    finally:
        here.stop_webs()


async def opened(port: int, sessions: list[str], room: int) -> tuple[float, int]:
    """Open all at once; seconds until the last has joined, and how many were refused or lost."""

    async def one(number: int) -> bool:
        cookie, origin = {"Cookie": f"sessionid={sessions[number % len(sessions)]}"}, f"http://127.0.0.1:{port}"
        options = {"additional_headers": cookie, "compression": None, "open_timeout": 300, "ping_interval": None}
        try:
            async with connect(f"ws://127.0.0.1:{port}/ws/", origin=origin, **options) as line:
                await line.send(json.dumps({"do": "join", "topic": f"room.{room}"}))
                while b'"on":"joined"' not in await line.recv(decode=False):
                    pass
                joined.release()
                await everybody.wait()
                return True
        except (OSError, WebSocketException, TimeoutError):
            joined.release()
            return False

    joined, everybody = asyncio.Semaphore(0), asyncio.Event()
    began = time.perf_counter()
    lines = [asyncio.create_task(one(number)) for number in range(AT_ONCE)]
    for _ in lines:
        await joined.acquire()
    seconds = time.perf_counter() - began
    everybody.set()
    return seconds, AT_ONCE - sum(await asyncio.gather(*lines))


def at_once(here: Stage) -> tuple[float, int]:
    """1,000 sockets of 100 members opened at once."""
    made = here.call("prepare", 100)
    web = here.serve("uvicorn")
    try:
        return asyncio.run(opened(web.port, made["sessions"], made["rooms"][0]))
    finally:
        here.stop_webs()
