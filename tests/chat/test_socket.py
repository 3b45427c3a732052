"""The one socket: who hears what, from when, until when."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async as db

from chat import actions, frames, wire
from chat.hub import hub
from chat.models import Message, Room
from core import realtime
from tests.chat.factories import acting, member_of, talk
from tests.chat.sockets import connected

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_flood_limit(monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((10_000, 60),))


@db
def scene(capability=""):
    return talk(capability)


@db
def say(membership, room, body="Hello", **extra):
    return actions.post_message(actor=acting(membership), room=room, body=body, **extra)


async def test_greeting_and_badge():
    it = await scene()
    await say(it.luca, it.room)
    socket = await connected(it.marta)
    await socket.say(do="ping")
    assert (await socket.next("pong"))["on"] == "pong"
    await socket.bye()


async def test_a_message_is_heard_live_by_both_sides_and_rendered_once():
    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    for socket in (luca, marta):
        assert (await socket.join(it.room.topic, 0))["last"] == 0
    await say(it.luca, it.room, "**Two** pumps", client_id="c1")
    heard = [await socket.next("message") for socket in (luca, marta)]
    assert heard[0] == heard[1]
    assert heard[0]["id"] == 1
    assert (heard[0]["author"], heard[0]["client_id"]) == (it.luca.pk, "c1")
    assert "<strong>Two</strong>" in heard[0]["html"]
    await luca.bye()
    await marta.bye()


async def test_a_stranger_is_refused_like_a_room_that_does_not_exist():
    it = await scene()
    eva = await connected(it.eva)
    theirs, missing = await eva.join(it.room.topic), await eva.join("room.999999")
    assert (theirs["on"], theirs["reason"]) == (missing["on"], missing["reason"]) == ("refused", missing["reason"])
    await say(it.luca, it.room)
    assert await eva.everything() == []
    await eva.bye()


async def test_without_a_session_there_is_no_socket():
    socket = await connected(None)
    assert (await socket.next("gone"))["reason"]
    assert await socket.closed() == wire.GONE


async def test_the_side_thread_is_heard_by_its_side_alone():
    it = await scene()
    side = await db(lambda: it.side)()
    luca, marta = await connected(it.luca), await connected(it.marta)
    assert (await luca.join(side.topic))["on"] == "joined"
    assert (await marta.join(side.topic))["on"] == "refused"
    await marta.join(it.room.topic)
    await marta.everything()
    await marta.say(do="join", topic="rooms")
    await marta.next("joined")
    await say(it.luca, side, "our margin is 31 %")
    assert "31 %" in (await luca.next("message"))["html"]
    assert await marta.everything() == []
    await luca.bye()
    await marta.bye()


async def test_typing_reaches_the_others_and_not_oneself_nor_the_other_side_of_a_side_thread():
    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    await luca.join(it.room.topic)
    await marta.join(it.room.topic)
    await luca.say(do="typing", topic=it.room.topic)
    frame = await marta.next("typing")
    assert (frame["person"], frame["name"]) == (it.luca.pk, "Luca Conti")
    assert all(each["on"] != "typing" for each in await luca.everything())
    await marta.say(do="typing", topic=(await db(lambda: it.side)()).topic)
    assert all(each["on"] != "typing" for each in await luca.everything())
    await luca.bye()
    await marta.bye()


async def test_presence_tells_who_is_here_and_who_left_or_rests():
    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    await luca.join(it.room.topic)
    await marta.join(it.room.topic)
    while (frame := await luca.next("presence"))["count"] < 2:
        pass
    assert [each["name"] for each in frame["people"]] == ["Luca Conti", "Marta Riva"]
    await marta.say(do="idle")
    assert (await luca.next("presence"))["count"] == 1
    await marta.say(do="active")
    assert (await luca.next("presence"))["count"] == 2
    await marta.bye()
    assert (await luca.next("presence"))["count"] == 1
    await luca.bye()


async def test_a_dropped_line_catches_up_without_a_gap_or_a_repetition():
    it = await scene()
    for number in range(5):
        await say(it.luca, it.room, f"m{number}")
    marta = await connected(it.marta)
    assert (await marta.join(it.room.topic, 2))["last"] == 5
    assert [(await marta.next("message"))["id"] for _ in range(3)] == [3, 4, 5]
    await say(it.luca, it.room)
    assert (await marta.next("message"))["id"] == 6
    await marta.bye()


async def test_joining_while_others_write_loses_and_repeats_nothing():
    it = await scene()
    await say(it.luca, it.room)

    async def write():
        for number in range(40):
            await say(it.luca, it.room, f"m{number}")

    writing = asyncio.create_task(write())
    heard = []
    for _round in range(4):
        marta = await connected(it.marta)
        await marta.join(it.room.topic, heard[-1] if heard else 0)
        for _ in range(6):
            heard += [(await marta.next("message"))["id"]]
        await marta.bye()
    await writing
    marta = await connected(it.marta)
    await marta.join(it.room.topic, heard[-1])
    heard += [frame["id"] for frame in await marta.everything() if frame["on"] == "message"]
    assert heard == list(range(1, 42))
    await marta.bye()


async def test_after_a_long_absence_the_page_is_told_to_read_anew(monkeypatch):
    monkeypatch.setattr("chat.topics.CATCH_UP", 3)
    it = await scene()
    for _ in range(5):
        await say(it.luca, it.room)
    marta = await connected(it.marta)
    assert await marta.join(it.room.topic, 0) == {"on": "joined", "topic": it.room.topic, "last": 5, "behind": True}
    await say(it.luca, it.room)
    assert (await marta.next("message"))["id"] == 6
    await marta.bye()


async def test_frames_out_of_order_are_put_in_order():
    it = await scene()
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 0)
    await db(Room.objects.filter(pk=it.room.pk).update)(last_seq=0)
    for number in (2, 3, 1):
        event = {"type": "control", "do": "tell", "id": number, "text": json.dumps({"on": "message", "id": number})}
        hub().subscriptions[it.room.topic].take(event)
    assert [(await marta.next("message"))["id"] for _ in range(3)] == [1, 2, 3]
    await marta.bye()


async def test_what_the_layer_lost_comes_from_the_database(monkeypatch):
    it = await scene()
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 0)
    with monkeypatch.context() as lossy:
        lossy.setattr(frames, "_tell", lambda *args: None)
        await say(it.luca, it.room, "lost one")
        await say(it.luca, it.room, "lost two")
    await say(it.luca, it.room, "heard")
    assert [(await marta.next("message"))["id"] for _ in range(3)] == [1, 2, 3]
    with monkeypatch.context() as lossy:
        lossy.setattr(frames, "_tell", lambda *args: None)
        await say(it.luca, it.room, "the last word")
    await hub().check_rooms()
    assert "the last word" in (await marta.next("message"))["html"]
    await marta.bye()


async def test_edits_deletions_and_reactions_are_seen_at_once():
    it = await scene()
    message = await say(it.luca, it.room, "frist")
    marta = await connected(it.marta)
    await marta.join(it.room.topic, 1)
    await db(actions.edit_message)(actor=await db(acting)(it.luca), message=message, body="first")
    assert "first" in (await marta.next("edited"))["html"]
    await db(actions.react)(actor=await db(acting)(it.luca), message=message, sign="thumbs-up")
    assert "Agreed: " in (await marta.next("edited"))["html"]
    await db(actions.delete_message)(actor=await db(acting)(it.luca), message=message)
    gone = await marta.next("edited")
    assert "first" not in gone["html"]
    assert gone["id"] == 1
    await marta.bye()


async def test_losing_the_seat_cuts_within_a_second():
    it = await scene()
    marta = await connected(it.marta)
    await marta.join(it.room.topic)
    seat = await db(it.room.seats.get)(organisation=it.partner)
    await db(actions.remove_seat)(actor=await db(acting)(it.luca), room=it.room, seat=seat)
    assert (await marta.next("cut", timeout=1))["topic"] == it.room.topic
    await marta.everything()
    await say(it.luca, it.room, "among us")
    assert await marta.everything() == []
    await marta.bye()


async def test_losing_the_capability_cuts_and_asks_the_page_to_reload():
    it = await scene("partnerships.view")
    marta = await connected(it.marta)
    await marta.join(it.room.topic)
    role = await db(it.marta.roles.get)()
    role.capabilities = ["chat.post"]
    await db(role.save)()
    await db(realtime.control)(frames.organisation_group(it.partner.pk))
    assert (await marta.next("cut", timeout=1))["topic"] == it.room.topic
    assert (await marta.next("gone", timeout=1))["reason"]
    await marta.bye()


async def test_losing_the_membership_closes_the_socket():
    it = await scene()
    marta = await connected(it.marta)
    it.marta.active = False
    await db(it.marta.save)()
    await db(realtime.control)(frames.member_group(it.marta.pk), do="whatever")
    assert await marta.closed(1) == wire.GONE


async def test_the_end_of_the_partnership_cuts_both_sides():
    from core.audit import record
    from partners.models import Partnership

    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    for socket in (luca, marta):
        await socket.join(it.room.topic)

    def end():
        edge = Partnership.objects.get(vendor=it.vendor, partner=it.partner)
        edge.state = "ended"
        edge.save()
        record(actor=acting(it.luca), verb="partnership.ended", target=edge)

    await db(end)()
    for socket in (luca, marta):
        assert (await socket.next("cut", timeout=1))["topic"] == it.room.topic
        assert (await socket.join(it.room.topic))["reason"] == "This room is closed. You can still read it."
        await socket.bye()


async def test_ending_the_session_closes_its_sockets_only():
    from django.test import Client

    it = await scene()
    here, elsewhere = await connected(it.marta), await connected(it.marta)
    client = Client()
    client.cookies["sessionid"] = here.session.session_key
    await db(client.post)("/accounts/logout/")
    assert await here.closed(1) == wire.GONE
    await elsewhere.say(do="ping")
    assert await elsewhere.next("pong")
    await elsewhere.bye()


async def test_badges_count_followed_rooms_and_clear_in_every_tab():
    it = await scene()
    marta, tab = await connected(it.marta), await connected(it.marta)
    await say(it.luca, it.room)
    for socket in (marta, tab):
        assert (await socket.next("counts"))["rooms"] == 1
    await say(it.luca, it.room)
    assert await marta.everything() == []
    await db(actions.mark_read)(actor=await db(acting)(it.marta), room=it.room, seq=2)
    assert (await tab.next("read"))["id"] == 2
    assert (await tab.next("counts"))["rooms"] == 0
    await marta.bye()
    await tab.bye()


async def test_colleagues_without_the_capability_learn_nothing_of_the_room():
    it = await scene("partnerships.view")
    plain = await connected(await db(member_of)(it.partner, "chat.post"))
    await plain.say(do="join", topic="rooms")
    await plain.next("joined")
    assert (await plain.join(it.room.topic))["on"] == "refused"
    await say(it.luca, it.room)
    assert await plain.everything() == []
    await plain.bye()


@pytest.mark.parametrize(
    "frame",
    ["{", "[]", "null", '"x"', "{}", '{"do":"shout"}', '{"do":["join"]}', "[" * 3000, "9" * 3000, "x" * 100_000]
    + [json.dumps({"do": "join", "topic": topic}) for topic in ("room.", "room.-1", "room.01", "x", None, 7, "room.٣")]
    + [json.dumps({"do": "join", "topic": "room." + "9" * 30}), json.dumps({"do": "typing", "topic": {}})],
)
async def test_nonsense_is_refused_and_the_line_stays(frame):
    it = await scene()
    luca = await connected(it.luca)
    await luca.communicator.send_to(text_data=frame)
    assert (await luca.next("refused"))["reason"]
    await luca.communicator.send_to(bytes_data=b"\xff\x00")
    assert (await luca.next("refused"))["reason"]
    await luca.say(do="ping")
    assert await luca.next("pong")
    await luca.bye()


@pytest.mark.parametrize("after", ["5", -1, 2**40, 1.5, [], {}, True, 999])
async def test_a_strange_place_to_resume_from_is_harmless(after):
    it = await scene()
    await say(it.luca, it.room)
    marta = await connected(it.marta)
    joined = await marta.join(it.room.topic, after)
    assert joined["last"] == 1
    await say(it.luca, it.room)
    assert (await marta.next("message"))["id"] == 2
    await marta.bye()


async def test_too_many_signals_are_left_out_then_end_the_line(monkeypatch):
    monkeypatch.setattr(wire, "BURST", 5)
    monkeypatch.setattr(wire, "PER_SECOND", 0)
    monkeypatch.setattr(wire, "TOLERATED", 3)
    it = await scene()
    luca = await connected(it.luca)
    for _ in range(5):
        await luca.say(do="ping")
        await luca.next("pong")
    for _ in range(4):
        await luca.say(do="ping")
    assert "Too many" in (await luca.next("refused"))["reason"]
    assert await luca.closed() == wire.POLICY


async def test_a_slow_reader_is_closed_and_the_others_hear_everything(monkeypatch):
    monkeypatch.setattr(wire, "QUEUE", 8)
    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    for socket in (luca, marta):
        await socket.join(it.room.topic)
    stuck = next(each for each in hub().listeners_of(it.room.topic) if each.actor.membership.pk == it.marta.pk)
    stuck.writer.cancel()  # its network takes nothing any more
    for _ in range(12):
        await say(it.luca, it.room)
        assert await luca.next("message")
    assert await marta.closed() == wire.OVERLOADED
    await luca.bye()


async def test_when_the_layer_fails_listeners_come_back(monkeypatch):
    it = await scene()
    marta = await connected(it.marta)
    await marta.join(it.room.topic)
    subscription = hub().subscriptions[it.room.topic]
    monkeypatch.setattr(subscription, "take", lambda event: 1 / 0)
    await say(it.luca, it.room)
    assert await marta.closed() == wire.RESTART
    monkeypatch.undo()
    again = await connected(it.marta)
    await again.join(it.room.topic, 0)
    assert (await again.next("message"))["id"] == 1
    await again.bye()


async def test_the_last_to_leave_ends_the_subscription():
    it = await scene()
    luca = await connected(it.luca)
    await luca.join(it.room.topic)
    await luca.say(do="leave", topic=it.room.topic)
    await luca.say(do="ping")
    await luca.next("pong")
    assert it.room.topic not in hub().subscriptions
    await luca.bye()
    await asyncio.sleep(0.05)
    assert hub().subscriptions == {}
    assert await db(Message.objects.count)() == 0


async def test_a_line_that_breaks_inside_is_forgotten(monkeypatch):
    it = await scene()
    luca, marta = await connected(it.luca), await connected(it.marta)
    for socket in (luca, marta):
        await socket.join(it.room.topic)
    monkeypatch.setattr(wire, "parsed", lambda *args: 1 / 0)
    await marta.say(do="ping")
    with pytest.raises(ZeroDivisionError):
        await marta.communicator.wait()
    assert len(hub().listeners_of(it.room.topic)) == 1
    await hub().prune()
    assert frames.member_group(it.marta.pk) not in hub().subscriptions
    await hub().presence.go_round()
    assert hub().presence.rooms[it.room.topic].everybody() == {(it.luca.pk, "Luca Conti")}
    await luca.bye()
