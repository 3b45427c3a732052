"""The same socket through a real server: uvicorn on a port, real frames, real sessions, a foreign origin."""

import asyncio
import importlib
import json
import socket
import threading
from contextlib import asynccontextmanager

import pytest
import uvicorn
from channels.db import database_sync_to_async as db
from django.contrib.sessions.backends.db import SessionStore
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

import portal.asgi
from chat import actions, wire
from core import realtime
from tests.chat.factories import acting, talk
from tests.chat.sockets import session_for

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_flood_limit(monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((10_000, 60),))


@pytest.fixture
def server(settings):
    """The portal's ASGI application on a free port, in a thread with its own loop."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    application = importlib.reload(portal.asgi).application  # read anew, as the origins are fixed when it is built
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    port.listen(64)  # from now on nobody is refused, also before uvicorn accepts
    number = port.getsockname()[1]
    config = uvicorn.Config(application, log_level="critical", lifespan="off", ws="websockets-sansio")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [port]}, daemon=True)
    thread.start()
    yield number
    running.should_exit = True
    thread.join(5)
    realtime._loop = None
    port.close()


@asynccontextmanager
async def line(port, session: SessionStore, **headers):
    async with connect(
        f"ws://127.0.0.1:{port}/ws/",
        additional_headers={"Cookie": f"sessionid={session.session_key}"},
        origin=headers.get("origin", f"http://127.0.0.1:{port}"),
        compression=None,
    ) as open_line:
        yield open_line


async def heard(open_line, on, timeout=5):
    async with asyncio.timeout(timeout):
        while True:
            frame = json.loads(await open_line.recv())
            if frame["on"] == on:
                return frame


@db
def say(membership, room, body="Hello"):
    return actions.post_message(actor=acting(membership), room=room, body=body)


async def test_a_whole_talk_over_the_wire(server):
    it = await db(talk)()
    luca, marta = await db(session_for)(it.luca), await db(session_for)(it.marta)
    async with line(server, luca) as a, line(server, marta) as b:
        for each in (a, b):
            await heard(each, "counts")
            await each.send(json.dumps({"do": "join", "topic": it.room.topic, "after": 0}))
            await heard(each, "joined")
        await say(it.luca, it.room, "over the wire")
        one, two = await heard(a, "message"), await heard(b, "message")
        assert one == two
        assert "over the wire" in one["html"]
    await say(it.luca, it.room, "while away")
    async with line(server, marta) as b:
        await b.send(json.dumps({"do": "join", "topic": it.room.topic, "after": 1}))
        assert "while away" in (await heard(b, "message"))["html"]


async def test_everybody_hears_everything_in_the_same_order_while_many_write(server):
    it = await db(talk)()
    marta = await db(session_for)(it.marta)
    count = 60

    async def listen():
        ids = []
        while len(ids) < count:  # hang up and come back now and then
            async with line(server, marta) as each:
                await each.send(json.dumps({"do": "join", "topic": it.room.topic, "after": ids[-1] if ids else 0}))
                for _ in range(min(20, count - len(ids))):
                    ids += [(await heard(each, "message", 20))["id"]]
        return ids

    def write(start):
        for number in range(count // 3):
            who = it.luca if start % 2 else it.marta
            actions.post_message(actor=acting(who), room=it.room, body=f"{start}.{number}")

    listeners = [asyncio.create_task(listen()) for _ in range(3)]
    await asyncio.gather(*(asyncio.to_thread(_in_thread, write, start) for start in range(3)))
    assert await asyncio.gather(*listeners) == [list(range(1, count + 1))] * 3


def _in_thread(work, *args):
    from django.db import connection

    try:
        work(*args)
    finally:
        connection.close()


async def test_losing_access_is_felt_within_a_second(server):
    it = await db(talk)()
    marta = await db(session_for)(it.marta)
    async with line(server, marta) as b:
        await heard(b, "counts")
        await b.send(json.dumps({"do": "join", "topic": it.room.topic}))
        await heard(b, "joined")
        it.marta.active = False
        await db(it.marta.save)()
        await db(realtime.control)(f"member.{it.marta.pk}")
        await heard(b, "gone", timeout=1)
        with pytest.raises(ConnectionClosed) as closed:
            await b.recv()
        assert closed.value.rcvd.code == wire.GONE


async def test_a_foreign_origin_is_refused(server):
    it = await db(talk)()
    session = await db(session_for)(it.luca)
    with pytest.raises(InvalidStatus) as refused:
        async with line(server, session, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_reader_that_stalls_holds_nobody_up(server, monkeypatch):
    monkeypatch.setattr(wire, "QUEUE", 16)
    it = await db(talk)()
    luca, marta = await db(session_for)(it.luca), await db(session_for)(it.marta)
    async with line(server, luca) as quick, line(server, marta) as stalled:
        for each in (quick, stalled):
            await each.send(json.dumps({"do": "join", "topic": it.room.topic, "after": 0}))
            await heard(each, "joined")
        stalled.transport.pause_reading()
        for number in range(20):
            await say(it.luca, it.room, f"{number} " + "x" * 9000)
            assert (await heard(quick, "message"))["id"] == number + 1
        stalled.transport.resume_reading()
