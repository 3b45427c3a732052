"""What carries events between processes: order, and a gap wherever something may have been lost."""

import asyncio
import os
import time

import pytest
import pytest_asyncio

from core import realtime
from core.layers import GAP, EmbeddedChannelLayer
from core.redis_layer import RedisError, RedisLayer

pytestmark = pytest.mark.asyncio
needs_redis = pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="needs TEST_REDIS_URL")


async def heard(layer, channel, count, timeout=5):
    async with asyncio.timeout(timeout):
        return [await layer.receive(channel) for _ in range(count)]


async def test_a_reader_that_is_too_far_behind_gets_the_gap_instead():
    layer = EmbeddedChannelLayer(capacity=3)
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)
    for number in range(5):
        await layer.group_send("room.1", {"type": "frame", "n": number})
    first, second = await heard(layer, channel, 2)
    assert first["type"] == GAP
    assert first["since"] < time.time()
    assert second["n"] == 4


class Relay:
    """A port before Redis that can be closed: Redis as the portal sees it."""

    def __init__(self, host, port):
        self.target, self.server, self.lines = (host, port), None, set()

    async def open(self, port=0):
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def connected(self, reader, writer):
        there_reader, there_writer = await asyncio.open_connection(*self.target)
        self.lines |= {writer, there_writer}
        await asyncio.gather(self.pipe(reader, there_writer), self.pipe(there_reader, writer))

    async def pipe(self, reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def break_down(self):
        self.server.close()
        for line in self.lines:
            line.transport.abort()
        self.lines.clear()
        await asyncio.sleep(0.05)


@pytest_asyncio.fixture
async def relay():
    host, _colon, port = os.environ["TEST_REDIS_URL"].removeprefix("redis://").partition("/")[0].partition(":")
    made = Relay(host, int(port))
    await made.open()
    yield made
    await made.break_down()


@pytest_asyncio.fixture
async def layer(relay):
    made = RedisLayer(f"redis://127.0.0.1:{relay.port}/0", prefix=f"test-{os.getpid()}")
    yield made
    await made.close()


@needs_redis
async def test_events_arrive_in_order_at_every_channel_of_the_group(layer):
    one, two, other = [await layer.new_channel() for _ in range(3)]
    await layer.group_add("room.1", one)
    await layer.group_add("room.1", two)
    await layer.group_add("room.2", other)
    for number in range(50):
        await layer.group_send("room.1", {"type": "frame", "n": number, "text": "pumpe è ready"})
    for channel in (one, two):
        assert [event["n"] for event in await heard(layer, channel, 50)] == list(range(50))
    await layer.group_discard("room.1", one)
    await layer.group_send("room.1", {"type": "frame", "n": 50})
    assert (await heard(layer, two, 1))[0]["n"] == 50
    await layer.group_send("room.2", {"type": "frame", "n": 1})
    assert (await heard(layer, other, 1)) == [{"type": "frame", "n": 1}]


@needs_redis
async def test_a_connection_that_broke_comes_back_and_says_that_there_was_a_gap(layer, relay):
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)
    before = time.time()
    await relay.break_down()
    with pytest.raises((RedisError, OSError)):
        await layer.group_send("room.1", {"type": "frame", "n": 1})
    await relay.open(relay.port)
    gap = (await heard(layer, channel, 1))[0]
    assert gap["type"] == GAP
    assert gap["since"] <= before + 1
    await layer.group_send("room.1", {"type": "frame", "n": 2})
    assert (await heard(layer, channel, 1))[0]["n"] == 2


@needs_redis
async def test_who_joins_while_redis_is_away_hears_once_it_is_back(layer, relay):
    first, late = await layer.new_channel(), await layer.new_channel()
    await layer.group_add("room.1", first)
    await relay.break_down()
    joining = asyncio.create_task(layer.group_add("room.2", late))
    await asyncio.sleep(0.3)
    assert not joining.done()
    await relay.open(relay.port)
    await asyncio.wait_for(joining, 5)
    await layer.group_send("room.2", {"type": "frame", "n": 1})
    assert (await heard(layer, late, 1))[0]["n"] == 1


class Away:
    """A layer that is away for some sends."""

    def __init__(self, failures):
        self.failures, self.sent = failures, []

    async def group_send(self, group, event):
        if self.failures:
            self.failures -= 1
            raise OSError("away")
        self.sent.append((group, event["n"]))


async def test_an_event_waits_for_a_layer_that_is_away(monkeypatch):
    monkeypatch.setattr(realtime, "PAUSES", (0.01, 0.01, 0.01))
    away = Away(2)
    monkeypatch.setattr(realtime, "get_channel_layer", lambda: away)
    await realtime._deliver("room.1", {"n": 1})
    assert away.sent == [("room.1", 1)]
    away.failures = 9
    await realtime._deliver("room.1", {"n": 2})
    assert away.sent == [("room.1", 1)]
    assert realtime._waiting == 0


async def test_not_more_than_so_many_events_wait(monkeypatch):
    monkeypatch.setattr(realtime, "WAITING", 3)
    monkeypatch.setattr(realtime, "PAUSES", (0.05,))
    away = Away(1000)
    monkeypatch.setattr(realtime, "get_channel_layer", lambda: away)
    sending = [asyncio.create_task(realtime._deliver("room.1", {"n": n})) for n in range(10)]
    await asyncio.sleep(0.02)
    assert sum(not each.done() for each in sending) == 3
    await asyncio.gather(*sending)
