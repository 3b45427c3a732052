"""Frames of another module through the one socket: up, down, within limits, and told of the end."""

import asyncio

import pytest
from channels.db import database_sync_to_async as db

from chat import plugs, wire
from core import realtime
from tests.chat.factories import talk
from tests.chat.sockets import connected

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


class Echo(plugs.Plug):
    frame, burst, per_second = 8000, 3, 0

    def __init__(self):
        self.closings, self.rechecks = [], []

    async def receive(self, line, frame):
        await line.listen("echo.1")
        line.say("echo", of=frame["do"], by=line.member, length=len(frame.get("text", "")))

    def hear(self, line, group, event):
        line.say("heard", group=group, word=event["word"])

    async def rechecked(self, line):
        self.rechecks.append(line.member)

    async def closed(self, line):
        self.closings.append(line.member)


@pytest.fixture
def echo(monkeypatch):
    monkeypatch.setattr(plugs, "_plugs", {})
    plugs.plug_in("echo", made := Echo())
    return made


async def test_a_plug_answers_hears_its_groups_and_learns_of_the_end(echo):
    it = await db(talk)()
    luca, marta = await connected(it.luca), await connected(it.marta)
    await luca.say(do="echo.say", text="x" * 5000)
    assert await luca.next("echo") == {"on": "echo", "of": "echo.say", "by": it.luca.pk, "length": 5000}
    await db(realtime.control)("echo.1", do="echo.word", word="hello")
    assert (await luca.next("heard"))["word"] == "hello"
    assert all(each["on"] != "heard" for each in await marta.everything())
    await luca.bye()
    await marta.bye()
    assert echo.closings == [it.luca.pk]


async def test_a_plug_asks_again_when_access_changed(echo):
    it = await db(talk)()
    luca = await connected(it.luca)
    await luca.say(do="echo.say")
    await luca.next("echo")
    await db(realtime.control)(f"member.{it.luca.pk}", do="recheck")
    while not echo.rechecks:  # the database is asked in a thread
        await asyncio.sleep(0.02)
    assert echo.rechecks == [it.luca.pk]
    await luca.bye()


async def test_its_frames_have_a_pace_and_a_size_of_their_own(echo, monkeypatch):
    monkeypatch.setattr(wire, "TOLERATED", 1)
    it = await db(talk)()
    luca = await connected(it.luca)
    await luca.say(do="echo.say", text="x" * 9000)
    assert "not understood" in (await luca.next("refused"))["reason"]
    for _ in range(3):
        await luca.say(do="echo.say")
        assert await luca.next("echo")
    await luca.say(do="ping")
    assert await luca.next("pong")
    await luca.say(do="echo.say")
    assert "Too many" in (await luca.next("refused"))["reason"]
    await luca.say(do="echo.say")
    assert await luca.closed() == wire.POLICY


async def test_a_longer_frame_of_a_plug_does_not_lengthen_the_others(echo):
    it = await db(talk)()
    luca = await connected(it.luca)
    await luca.say(do="ping", text="x" * 5000)
    assert "not understood" in (await luca.next("refused"))["reason"]
    await luca.bye()


async def test_an_unknown_family_is_refused(echo):
    it = await db(talk)()
    luca = await connected(it.luca)
    for do in ("call.join", "echo", ".echo", "echo", "", None, {"echo.": 1}):
        await luca.say(do=do)
        assert "not understood" in (await luca.next("refused"))["reason"]
    await luca.bye()
