"""How events travel between the processes of the portal: over Redis publish and subscribe (see `core/layers.py`)."""

import asyncio
import json
import logging
import time
import uuid
from collections import defaultdict
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import BaseChannelLayer
from redis import asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.layers import Event, gap, put

log = logging.getLogger("filiera.realtime")
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between two tries to reach Redis; the last one lasts
STALE = 60.0  # seconds; no event waits longer for a reader of this process
ALIVE = 5.0  # seconds without a word after which Redis is asked whether it is there


class RedisLayer(BaseChannelLayer):
    """Groups over Redis publish and subscribe, one connection to hear and one pool to speak for each event loop."""

    extensions = ["groups"]

    def __init__(self, url: str, prefix: str = "filiera", capacity: int = 2000, expiry: int = 60) -> None:
        super().__init__(expiry=expiry, capacity=capacity)
        self.url, self.prefix = url, prefix
        self._ears: WeakKeyDictionary[asyncio.AbstractEventLoop, _Ear] = WeakKeyDictionary()

    def _ear(self) -> "_Ear":
        loop = asyncio.get_running_loop()
        if loop not in self._ears:
            self._ears[loop] = _Ear(self.url, self.prefix, self.capacity)
        return self._ears[loop]

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A name for one reader of this process."""
        name = f"{prefix}{uuid.uuid4().hex}"
        self._ear().queues[name] = asyncio.Queue(self.capacity)
        return name

    async def group_add(self, group: str, channel: str) -> None:
        """Let the channel hear the group. Returns once Redis confirmed it, however long it is away."""
        self.require_valid_group_name(group)
        await self._ear().add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        """The reader of the channel ended."""
        await self._ear().discard(group, channel)

    async def group_send(self, group: str, message: Event) -> None:
        """Publish the event, which is anything that JSON can say. Raises RedisError or OSError where Redis is away."""
        await self._ear().redis.publish(f"{self.prefix}.{group}", json.dumps(message, separators=(",", ":")))

    async def receive(self, channel: str) -> Event:
        """The next event of a channel."""
        return await self._ear().queues[channel].get()

    async def close(self) -> None:
        """End the connections of this loop."""
        if ear := self._ears.pop(asyncio.get_running_loop(), None):
            await ear.close()


class _Ear:
    """What one event loop hears of Redis: its groups, the channels of each, the connection."""

    def __init__(self, url: str, prefix: str, capacity: int) -> None:
        self.redis = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 1), socket_connect_timeout=5)
        # Not redis-py's PubSub: it comes back by itself without a word, and hides that events were lost meanwhile.
        self.pool = redis.ConnectionPool.from_url(
            url, protocol=2, retry=Retry(NoBackoff(), 0), socket_connect_timeout=5
        )
        self.prefix, self.capacity = prefix, capacity
        self.queues: dict[str, asyncio.Queue[Event]] = {}
        self.groups: defaultdict[str, set[str]] = defaultdict(set)
        self.confirmed: dict[str, asyncio.Event] = {}
        self.line: Any = None
        self.sure = time.time()  # until then nothing was lost
        self.tries = 0
        self.listening: asyncio.Task | None = None

    async def add(self, group: str, channel: str) -> None:
        """Subscribe and wait for the confirmation."""
        name = f"{self.prefix}.{group}"
        self.groups[name].add(channel)
        known = self.confirmed.get(name)
        if known is None:
            known = self.confirmed[name] = asyncio.Event()
            if self.listening is None:
                self.listening = asyncio.create_task(self._listen())
            await self._ask("SUBSCRIBE", name)
        await known.wait()

    async def discard(self, group: str, channel: str) -> None:
        """Forget a channel, and the group with its last one."""
        name = f"{self.prefix}.{group}"
        self.queues.pop(channel, None)
        if name not in self.groups:
            return
        self.groups[name].discard(channel)
        if not self.groups[name]:
            del self.groups[name]
            self.confirmed.pop(name, None)
            await self._ask("UNSUBSCRIBE", name)

    async def _ask(self, what: str, *names: str) -> None:
        """Tell an open connection; one that is being opened asks for all groups by itself."""
        if self.line is None:
            return
        try:
            await self.line.send_command(what, *names, check_health=False)
        except (RedisError, OSError):
            log.debug("%s: the connection is gone and will be opened anew", what)

    async def _listen(self) -> None:
        """Hear for as long as the loop runs; each new connection subscribes anew and tells that there was a gap."""
        while True:
            line = self.pool.make_connection()
            try:
                await line.connect()
                self.line = line
                await line.send_command("SUBSCRIBE", f"{self.prefix}:alive", *self.groups, check_health=False)
                await self._read(line, {name for name in self.groups if self.confirmed[name].is_set()})
            except (RedisError, OSError) as error:
                log.log(logging.DEBUG if self.tries else logging.WARNING, "Redis is away: %r", error)
            finally:
                self.line = None
                await line.disconnect(nowait=True)
            await asyncio.sleep(PAUSES[min(self.tries, len(PAUSES) - 1)])
            self.tries += 1

    async def _read(self, line: Any, waiting: set[str]) -> None:
        """Take what comes until the connection breaks, or says nothing although it was asked.

        `waiting`: the groups that were heard before; once each is heard again, its readers are told of the gap.
        """
        asked = False
        while True:
            answer = await line.read_response(timeout=ALIVE)
            if answer is None:
                if asked:
                    raise OSError("no answer")
                asked = True
                await line.send_command("PING", check_health=False)
                continue
            asked, kind, name = False, answer[0], answer[1].decode()
            if kind == b"message":
                self._hear(name, json.loads(answer[2]))
            elif kind == b"subscribe":
                self._confirm(name, waiting)
            if not waiting:
                self.sure = time.time()

    def _confirm(self, name: str, waiting: set[str]) -> None:
        if self.tries:
            log.warning("Redis is back; what it did not carry meanwhile is read from the database")
            self.tries = 0
        if known := self.confirmed.get(name):
            known.set()
        if name in waiting:
            waiting.discard(name)
            self._hear(name, gap(self.sure))

    def _hear(self, name: str, event: Event) -> None:
        for channel in self.groups.get(name, ()):
            if queue := self.queues.get(channel):
                put(queue, event, gap(self.sure - STALE))

    async def close(self) -> None:
        """End both connections."""
        if self.listening is not None:
            self.listening.cancel()
            await asyncio.gather(self.listening, return_exceptions=True)
        await self.redis.aclose()
        await self.pool.disconnect()
