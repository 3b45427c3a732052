"""What a socket, a page and a process hear of what happened while they did not listen."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from channels.db import database_sync_to_async as db

from chat import actions, badges, changes, consumers, frames, past, wire
from chat.hub import hub
from core import realtime
from core.audit import Description, record
from core.layers import gap
from core.models import TrailEntry
from inbox.models import Subject
from tests.chat.factories import acting, member_of, talk
from tests.chat.sockets import connected

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((10_000, 60),))
    monkeypatch.setattr(consumers, "SPREAD", 0)


@db
def say(membership, room, body="Hello", **extra):
    return actions.post_message(actor=acting(membership), room=room, body=body, **extra)


@db
def happened(membership, room, seconds_ago=0.0, verb="thing.done", **extra):
    """An entry of the trail, as old as asked, that nobody was told of live."""
    entry = record(actor=acting(membership), verb=verb, target=room, **extra)
    created = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    TrailEntry.objects.filter(pk=entry.pk).update(created=created)
    return entry


async def told(socket, at):
    await socket.everything(0.3)
    await socket.say(do="since", at=at)
    return [frame for frame in await socket.everything(0.3) if frame["on"] in {"changed", "again"}]


async def test_what_others_did_between_the_page_and_its_socket_is_told():
    it = await db(talk)()
    await happened(it.luca, it.room, 30)
    rendered = time.time() - 20
    marta = await connected(it.marta)
    assert await told(marta, rendered) == []
    await happened(it.luca, it.room, 5)
    frame = {"on": "changed", "what": "room", "id": it.room.pk, "verb": "thing.done"}
    assert await told(marta, rendered) == [frame]
    await happened(it.luca, it.room, 4)
    assert await told(marta, rendered) == [frame]  # once, however often
    await marta.bye()


async def test_ones_own_act_before_the_page_does_not_make_it_ask_again():
    it = await db(talk)()
    await happened(it.luca, it.room, 1)
    luca, marta = await connected(it.luca), await connected(it.marta)
    assert await told(luca, time.time() - 0.5) == []
    assert len(await told(marta, time.time() - 0.5)) == 1  # it may have been committed after the page was rendered
    assert len(await told(luca, time.time() - 30)) == 1
    await luca.bye()
    await marta.bye()


async def test_a_stranger_and_who_may_not_know_are_told_nothing(monkeypatch):
    it = await db(talk)()
    plain = await db(member_of)(it.partner, "chat.post")
    described = Description("%(actor)s did something", "still", "members.manage")
    monkeypatch.setitem(changes.DESCRIPTIONS, "thing.done", described)
    await happened(it.luca, it.room, 5)
    eva, colleague = await connected(it.eva), await connected(plain)
    assert await told(eva, time.time() - 20) == []
    assert {frame["verb"] for frame in await told(colleague, time.time() - 20)} <= {"said"}  # the note in the room
    await eva.bye()
    await colleague.bye()


async def test_what_was_said_meanwhile_wakes_the_list_of_rooms():
    it = await db(talk)()
    rendered = time.time()
    await say(it.luca, it.room)
    marta, eva = await connected(it.marta), await connected(it.eva)
    assert [(frame["what"], frame["verb"]) for frame in await told(marta, rendered)] == [("room", "said")]
    assert await told(eva, rendered) == []
    await marta.bye()
    await eva.bye()


async def test_news_that_a_worker_told_late_reach_the_page_that_was_opening():
    it = await db(talk)()
    entry = await happened(it.luca, it.room, 60)  # long before the page
    rendered = time.time()
    await db(Subject.of)(it.marta, entry, "deals")
    marta, luca = await connected(it.marta), await connected(it.luca)
    assert [(frame["what"], frame["verb"]) for frame in await told(marta, rendered)] == [("notification", "told")]
    assert await told(luca, rendered) == []
    await marta.bye()
    await luca.bye()


@pytest.mark.parametrize("at", [None, "now", 0, -5, True, [], {}, 1e300, 10**400, float("nan"), float("inf")])
async def test_a_strange_or_old_moment_asks_the_page_for_everything(at):
    it = await db(talk)()
    marta = await connected(it.marta)
    assert await told(marta, at) == [{"on": "again"}]
    await marta.bye()


async def test_too_much_to_tell_asks_the_page_for_everything(monkeypatch):
    monkeypatch.setattr(changes, "MOST", 2)
    it = await db(talk)()
    for _ in range(3):
        await happened(it.luca, it.room, 1)
    marta = await connected(it.marta)
    assert await told(marta, time.time() - 20) == [{"on": "again"}]
    await marta.bye()


async def test_a_gap_of_the_layer_brings_messages_changes_and_lost_access():
    it = await db(talk)()
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 0)
    await marta.everything()
    with pytest.MonkeyPatch.context() as lossy:
        lossy.setattr(frames, "_tell", lambda *args: None)
        lossy.setattr("core.realtime.control", lambda *args, **order: None)
        await say(it.luca, it.room, "lost one")
        await say(it.luca, it.room, "lost two")
        await happened(it.luca, it.room)
    for group in (it.room.topic, frames.organisation_group(it.partner.pk)):
        hub().subscriptions[group].take(gap(time.time() - 5))
    heard = await marta.everything()
    assert [frame["id"] for frame in heard if frame["on"] == "message"] == [1, 2]
    assert {"on": "changed", "what": "room", "id": it.room.pk, "verb": "thing.done"} in heard
    it.marta.active = False
    await db(it.marta.save)()
    hub().subscriptions[frames.member_group(it.marta.pk)].take(gap(time.time() - 5))
    assert await marta.closed(2) == wire.GONE


async def test_a_reader_who_missed_more_than_a_queue_gets_it_all(monkeypatch):
    monkeypatch.setattr(wire, "QUEUE", 10)
    it = await db(talk)()
    for number in range(35):
        await say(it.luca, it.room, str(number))
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 0)
    assert [(await marta.next("message"))["id"] for _ in range(35)] == list(range(1, 36))
    await marta.say(do="ping")
    assert await marta.next("pong")
    await marta.bye()


async def test_many_who_come_back_together_cost_one_reading(monkeypatch):
    it = await db(talk)()
    for number in range(5):
        await say(it.luca, it.room, str(number))
    readings = []
    read = frames.messages_after
    monkeypatch.setattr(frames, "messages_after", lambda *args: readings.append(args) or read(*args))
    sockets = [await connected(it.marta) for _ in range(4)]
    await asyncio.gather(*(each.join(it.room.topic, 2) for each in sockets))
    for each in sockets:
        assert [(await each.next("message"))["id"] for _ in range(3)] == [3, 4, 5]
    assert len(readings) == 1
    for each in sockets:
        await each.bye()


async def test_who_comes_back_reads_a_message_as_it_was_changed():
    it = await db(talk)()
    message = await say(it.luca, it.room, "frist")
    luca, marta = await connected(it.luca), await connected(it.marta)
    await luca.join(it.room.topic, 0)
    assert "frist" in (await luca.next("message"))["html"]
    await db(actions.edit_message)(actor=await db(acting)(it.luca), message=message, body="first")
    await luca.next("edited")
    await marta.join(it.room.topic, 0)
    assert "first" in (await marta.next("message"))["html"]
    await luca.bye()
    await marta.bye()


async def test_a_message_that_changes_while_it_is_read_is_not_kept(monkeypatch):
    kept = past.Past(1)

    def read(room_id, after, limit):
        kept.changed(1)
        return [(1, {"en": "old"})]

    monkeypatch.setattr(frames, "messages_after", read)
    assert await kept.between(0, 1) == [(1, {"en": "old"})]
    assert kept.kept == {}


async def test_what_is_pushed_out_while_the_rest_is_read_is_still_given(monkeypatch):
    monkeypatch.setattr(past, "MOST", 2)
    kept = past.Past(1)
    kept.until = time.monotonic() + 60
    for number in (1, 2):
        kept.said(number, {"en": str(number)})

    def read(room_id, after, limit):
        for number in (4, 5):
            kept.said(number, {"en": str(number)})
        return [(3, {"en": "3"})]

    monkeypatch.setattr(frames, "messages_after", read)
    assert await kept.between(0, 3) == [(number, {"en": str(number)}) for number in (1, 2, 3)]


async def test_who_goes_while_the_past_is_read_leaves_it_to_those_who_come(monkeypatch):
    kept, began, go, reads = past.Past(1), threading.Event(), threading.Event(), []

    def read(room_id, after, limit):
        reads.append(after)
        began.set()
        go.wait(5)
        return [(1, {"en": "1"})]

    monkeypatch.setattr(frames, "messages_after", read)
    first = asyncio.create_task(kept.between(0, 1))
    await asyncio.to_thread(began.wait, 5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(kept.between(0, 1))
    go.set()
    assert await second == [(1, {"en": "1"})]
    assert reads == [0]


async def test_a_number_that_is_stored_nowhere_holds_nobody_back_for_ever(monkeypatch):
    monkeypatch.setattr("chat.hub.TRIES", 1)
    monkeypatch.setattr("chat.hub.PATIENCE", 0.01)
    it = await db(talk)()
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 0)
    event = {"type": "control", "do": "tell", "id": 3, "of": 3, "text": '{"on":"message","id":3}'}
    hub().subscriptions[it.room.topic].take(event)
    assert (await marta.next("message"))["id"] == 3
    await marta.bye()


async def test_a_seat_lost_while_the_past_is_read_ends_the_reading(monkeypatch):
    it = await db(talk)()
    for number in range(3):
        await say(it.luca, it.room, str(number))
    marta = await connected(it.marta)
    waiting, go = asyncio.Event(), asyncio.Event()
    between = past.Past.between

    async def slow(self, *args):
        waiting.set()
        await go.wait()
        return await between(self, *args)

    monkeypatch.setattr(past.Past, "between", slow)
    await marta.say(do="join", topic=it.room.topic, after=0)
    await waiting.wait()
    seat = await db(it.room.seats.get)(organisation=it.partner)
    await db(actions.remove_seat)(actor=await db(acting)(it.luca), room=it.room, seat=seat)
    assert (await marta.next("cut", timeout=2))["topic"] == it.room.topic
    go.set()
    assert all(frame["on"] != "message" for frame in await marta.everything())
    await marta.bye()


async def test_what_is_said_while_the_badge_is_counted_is_not_forgotten(monkeypatch):
    it = await db(talk)()
    await say(it.luca, it.room)
    await db(actions.mark_read)(actor=await db(acting)(it.marta), room=it.room, seq=1)
    marta = await connected(it.marta)
    load, counted, go = badges.load, threading.Event(), threading.Event()

    def slow(actor):
        found = load(actor)
        counted.set()
        go.wait(5)
        return found

    monkeypatch.setattr(badges, "load", slow)
    await db(realtime.control)(frames.member_group(it.marta.pk), do="recheck")
    await asyncio.to_thread(counted.wait, 5)
    order = {"do": "said", "room": it.room.pk, "needs": "", "seated": True, "by": it.luca.pk}
    hub().subscriptions[frames.organisation_group(it.partner.pk)].take({"type": "control", **order})
    go.set()
    assert [frame["rooms"] for frame in await marta.everything() if frame["on"] == "counts"] == [1, 1]
    await marta.bye()


@db
def altered(it, act, message, **arguments):
    """One of what changes a message, done while nobody hears of it."""
    with pytest.MonkeyPatch.context() as lossy:
        lossy.setattr(frames, "_tell", lambda *args: None)
        getattr(actions, act)(actor=acting(it.luca), message=message, **arguments)


ALTERATIONS = [
    ("edit_message", {"body": "Corrected"}),
    ("delete_message", {}),
    ("react", {"sign": "thumbs-up"}),
    ("pin_message", {"pinned": True}),
]


@pytest.mark.parametrize(("act", "arguments"), ALTERATIONS)
async def test_what_changed_in_a_message_while_one_was_away_is_told(act, arguments):
    it = await db(talk)()
    message = await say(it.luca, it.room, "First words")
    await say(it.luca, it.room, "Untouched")
    rendered = time.time()
    await altered(it, act, message, **arguments)
    marta, eva = await connected(it.marta), await connected(it.eva)
    for socket in (marta, eva):
        await socket.join(it.room.topic, 2)
        await socket.everything(0.3)
        await socket.say(do="since", at=rendered)
    edited = [frame for frame in await marta.everything(0.3) if frame["on"] == "edited"]
    assert [(frame["topic"], frame["id"]) for frame in edited] == [(it.room.topic, message.seq)]
    assert [frame for frame in await eva.everything(0.3) if frame["on"] == "edited"] == []
    await marta.say(do="since", at=time.time() + 60)
    assert [frame for frame in await marta.everything(0.3) if frame["on"] == "edited"] == []  # nothing after it
    await marta.bye()
    await eva.bye()


async def test_after_too_many_changes_the_room_is_read_anew(monkeypatch):
    monkeypatch.setattr(changes, "MOST_EDITS", 1)
    it = await db(talk)()
    rendered = time.time()
    for body in ("one", "two"):
        await altered(it, "react", await say(it.luca, it.room, body), sign="thumbs-up")
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 2)
    await marta.everything(0.3)
    await marta.say(do="since", at=rendered)
    behind = {"on": "joined", "topic": it.room.topic, "last": 2, "behind": True}
    assert behind in await marta.everything(0.3)
    await marta.bye()


async def test_a_change_before_ones_history_is_not_told():
    it = await db(talk)()
    message = await say(it.luca, it.room, "Before she came")
    rendered = time.time()
    await altered(it, "react", message, sign="thumbs-up")
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 1)
    await marta.everything(0.3)
    (consumer_state,) = [
        listener.topics[it.room.topic]
        for listener in hub().subscriptions[it.room.topic].listeners
        if it.room.topic in listener.topics
    ]
    consumer_state.hidden = 1
    await marta.say(do="since", at=rendered)
    assert [frame for frame in await marta.everything(0.3) if frame["on"] == "edited"] == []
    await marta.bye()
