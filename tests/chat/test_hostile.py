"""Hostile clients over a real server: frames that are no frames, floods, strangers, and access that ends."""

import asyncio
import contextlib
import json

import pytest
from channels.db import database_sync_to_async as db
from django.contrib.sessions.backends.db import SessionStore
from websockets.exceptions import ConnectionClosed

from chat import actions, wire
from tests.chat.factories import acting, member_of, talk
from tests.chat.sockets import session_for
from tests.chat.test_server import heard, line, say, server  # noqa: F401  a fixture

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_flood_limit(monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((10_000, 60),))


async def quiet(open_line, seconds=0.5):
    """Every frame that still comes."""
    frames = []
    try:
        async with asyncio.timeout(seconds):
            while True:
                frames.append(json.loads(await open_line.recv()))
    except (TimeoutError, ConnectionClosed):
        return frames


async def test_frames_that_are_no_frames_are_refused_and_the_line_lives(server):  # noqa: F811
    it = await db(talk)()
    async with line(server, await db(session_for)(it.luca)) as a:
        await heard(a, "counts")
        nonsense = [
            b"\x00\xff" * 500,
            "x" * 1_000_000,
            "[" * 4000,
            '{"do":' * 600,
            "9" * 4000,
            '{"do":"join","topic":1e999}',
        ]
        nonsense += [
            json.dumps({"do": "join", "topic": "room." + "9" * 17}),
            '{"do":"join","topic":"room.1","after":NaN}',
        ]
        for each in nonsense:
            await a.send(each)
        for _ in nonsense[:-1]:
            assert (await heard(a, "refused"))["reason"]
        await a.send(json.dumps({"do": "ping"}))
        assert await heard(a, "pong")


async def test_ten_thousand_frames_end_the_line_and_disturb_nobody(server):  # noqa: F811
    it = await db(talk)()
    luca, marta = await db(session_for)(it.luca), await db(session_for)(it.marta)
    async with line(server, luca) as a, line(server, marta) as b:
        for each in (a, b):
            await heard(each, "counts")
            await each.send(json.dumps({"do": "join", "topic": it.room.topic}))
            await heard(each, "joined")
        with contextlib.suppress(ConnectionClosed):
            for _ in range(10_000):
                await b.send(json.dumps({"do": "typing", "topic": it.room.topic}))
        await quiet(b, 5)
        assert b.close_code == wire.POLICY
        assert len([frame for frame in await quiet(a, 0.3) if frame["on"] == "typing"]) <= 1
        await say(it.luca, it.room, "still here")
        assert "still here" in (await heard(a, "message"))["html"]


@pytest.mark.parametrize("key", ["", "nosuchsession", "x" * 4000, "'; drop table"])
async def test_without_a_session_nothing_is_said_but_goodbye(server, key):  # noqa: F811
    async with line(server, SessionStore(key)) as a:
        assert [frame["on"] for frame in await quiet(a, 3)] == ["gone"]
        assert a.close_code == wire.GONE


async def test_a_lost_seat_is_cut_within_a_second_and_nothing_follows(server):  # noqa: F811
    it = await db(talk)()
    async with line(server, await db(session_for)(it.marta)) as b:
        await heard(b, "counts")
        await b.send(json.dumps({"do": "join", "topic": it.room.topic, "after": 0}))
        await heard(b, "joined")
        seat = await db(it.room.seats.get)(organisation=it.partner)
        await db(actions.remove_seat)(actor=await db(acting)(it.luca), room=it.room, seat=seat)
        assert (await heard(b, "cut", timeout=1))["topic"] == it.room.topic
        await say(it.luca, it.room, "among us")
        await b.send(json.dumps({"do": "typing", "topic": it.room.topic}))
        assert [frame for frame in await quiet(b) if frame["on"] in {"message", "typing", "presence"}] == []


async def test_strangers_and_the_other_side_learn_nothing(server):  # noqa: F811
    """Neither presence, nor typing, nor badges, nor the list of rooms tell of a room that one may not see."""
    it = await db(talk)()
    side = await db(lambda: it.side)()
    colleague = await db(member_of)(it.vendor, "chat.post")
    mine, mate, marta, eva = [await db(session_for)(each) for each in (it.luca, colleague, it.marta, it.eva)]
    async with line(server, mine) as a, line(server, mate) as c, line(server, marta) as b, line(server, eva) as e:
        for each in (a, b, c, e):
            await heard(each, "counts")
            await each.send(json.dumps({"do": "join", "topic": "rooms"}))
            await heard(each, "joined")
        for each in (b, e):
            for topic in (side.topic, it.room.topic):
                await each.send(json.dumps({"do": "join", "topic": topic}))
        await quiet(b)
        await quiet(e)
        for each in (a, c):
            await each.send(json.dumps({"do": "join", "topic": side.topic}))
            await heard(each, "joined")
        await a.send(json.dumps({"do": "typing", "topic": side.topic}))
        await heard(c, "typing")
        await say(it.luca, side, "our margin is 31 %")
        assert "31 %" in (await heard(c, "message"))["html"]
        for each in (b, e):
            await each.send(json.dumps({"do": "since", "at": 1}))
            told = await quiet(each)
            assert [frame["on"] for frame in told if frame.get("topic") != it.room.topic] == ["again"]
        await say(it.luca, it.room, "for both")
        assert await quiet(e) == []
