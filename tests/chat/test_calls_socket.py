"""Signals of calls over the one socket: who may send to whom, what is refused, and how silence is noticed."""

import asyncio

import pytest
from channels.db import database_sync_to_async as db

from chat import actions
from chat.calls import plug, signals
from chat.models import Call, Participant
from chat.plugs import plug_for
from tests.chat.factories import acting, member_of, talk
from tests.chat.sockets import connected

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]
OFFER = {"link": "a", "description": {"type": "offer", "sdp": "v=0"}}


@db
def scene():
    return talk()


@db
def start(it, *rung):
    return actions.start_call(actor=acting(it.luca), room=it.room, ring_members=[each.pk for each in rung])


@db
def join(call, member):
    return actions.join_call(actor=acting(member), call=call)


@db
def decline(call, member):
    return actions.decline_call(actor=acting(member), call=call)


@db
def state_of(call, member):
    return Participant.objects.get(call=call, membership=member).state


@db
def take_seat_away(it):
    seat = it.room.seats.get(organisation=it.partner)
    actions.remove_seat(actor=acting(it.luca), room=it.room, seat=seat)


async def entered(member, seat):
    """A socket of the member that has taken its seat, and what it was told."""
    socket = await connected(member)
    await socket.say(do="call.enter", call=seat.call_id, tab=seat.tab)
    return socket, await socket.next("call.entered", "call.out", "refused")


async def pair():
    """Luca and Marta in a call, each with a socket."""
    it = await scene()
    first = await start(it)
    second = await join(first.call, it.marta)
    luca, _ = await entered(it.luca, first)
    marta, _ = await entered(it.marta, second)
    return it, first.call, luca, marta


def signal(call, to, data=OFFER, **extra):
    return {"do": "call.signal", "call": call.pk, "to": to.pk, "data": data, **extra}


async def test_a_tab_with_its_proof_enters_and_hears_who_is_there():
    it = await scene()
    seat = await start(it)
    luca, told = await entered(it.luca, seat)
    assert [(each["name"], each["state"]) for each in told["people"]] == [("Luca Conti", "joined")]
    await join(seat.call, it.marta)
    roster = await luca.next("call.roster")
    assert [each["id"] for each in roster["people"]] == [it.luca.pk, it.marta.pk]
    await luca.bye()


async def test_a_signal_reaches_the_addressed_tab_alone():
    it, call, luca, marta = await pair()
    third = await db(member_of)(it.partner, "chat.post")
    sara, _ = await entered(third, await join(call, third))
    other_tab = await connected(it.marta)
    await luca.say(**signal(call, it.marta))
    heard = await marta.next("call.signal")
    assert (heard["from"], heard["data"]) == (it.luca.pk, OFFER)
    for socket in (sara, other_tab, luca):
        assert "call.signal" not in {each["on"] for each in await socket.everything(0.2)}
    for socket in (luca, marta, sara, other_tab):
        await socket.bye()


async def test_signals_of_who_is_not_in_the_call_go_nowhere():
    it, call, luca, marta = await pair()
    stranger, colleague = await connected(it.eva), await connected(await db(member_of)(it.partner, "chat.post"))
    for socket in (stranger, colleague):
        await socket.say(**signal(call, it.marta))
        assert "not in this call" in (await socket.next("refused"))["reason"]
    await luca.say(do="call.signal", call=call.pk + 1, to=it.marta.pk, data=OFFER)  # another call than one's own
    assert "not in this call" in (await luca.next("refused"))["reason"]
    for nobody in (it.eva.pk, it.luca.pk, 0, -1, 2**70, "x", None, True, [1], {"a": 1}):
        await luca.say(do="call.signal", call=call.pk, to=nobody, data=OFFER)
        assert "not in the call" in (await luca.next("refused"))["reason"]
    assert "call.signal" not in {each["on"] for each in await marta.everything(0.2)}
    for socket in (luca, marta, stranger, colleague):
        await socket.bye()


@pytest.mark.parametrize("tab", ["", "guessed", 7, None, ["x"], "x" * 33])
async def test_without_the_proof_nobody_enters(tab):
    it = await scene()
    seat = await start(it)
    for member in (it.luca, it.marta, it.eva):
        socket = await connected(member)
        answers = []
        for call in (seat.call_id, 999_999):
            await socket.say(do="call.enter", call=call, tab=tab)
            frame = await socket.next("call.out", "refused", "call.entered")
            answers.append((frame["on"], frame["reason"]))
        assert answers[0] == answers[1]  # a call that there is not answers alike
        assert answers[0][0] in {"call.out", "refused"}
        await socket.bye()


async def test_the_proof_of_another_member_opens_nothing():
    it = await scene()
    seat = await start(it)
    for member in (it.marta, it.eva):
        socket, told = await entered(member, seat)
        assert told["on"] == "call.out"
        await join(seat.call, await db(member_of)(it.vendor, "chat.post"))
        assert not {each["on"] for each in await socket.everything(0.2)} & {"call.roster", "call.signal"}
        await socket.bye()


@pytest.mark.parametrize(
    "frame",
    [
        {"do": "call.enter"},
        {"do": "call.enter", "call": "1", "tab": "x"},
        {"do": "call.enter", "call": True, "tab": "x"},
        {"do": "call.enter", "call": 2**80, "tab": "x"},
        {"do": "call.unknown"},
        {"do": "call."},
    ],
)
async def test_malformed_frames_are_refused_and_the_socket_goes_on(frame):
    it = await scene()
    socket = await connected(it.luca)
    await socket.say(**frame)
    assert (await socket.next("refused"))["reason"]
    await socket.say(do="ping")
    assert await socket.next("pong")
    await socket.bye()


BAD = [
    None, "text", [], {}, {"link": "a", "description": "v=0"}, {"hello": True}, {"link": 7}, {"link": "a" * 41},
    {"link": "a", "description": {"type": "rollback", "sdp": ""}}, {"link": "a", "hello": 1}, {"link": "a", "for": -1},
    {"link": "a", "description": {"type": "offer", "sdp": "x" * 20_001}}, {"link": "a", "candidates": {}},
    {"link": "a", "candidates": [{"candidate": "x"}] * 41}, {"link": "a", "candidates": [{"candidate": "x" * 1001}]},
    {"link": "a", "candidates": [{"candidate": "x", "sdpMLineIndex": -1}]}, {"link": "a", "state": {"mic": "on"}},
    {"link": "a", "candidates": ["x"]}, {"link": "a", "state": []},
]  # fmt: skip


@pytest.mark.parametrize("data", BAD)
async def test_a_signal_of_another_shape_is_refused(data):
    with pytest.raises(signals.Malformed):
        signals.clean(data)


async def test_a_signal_is_rebuilt_from_its_known_fields():
    data = {"link": "a", "for": 2, "evil": {"deep": [1]}, "state": {"mic": True, "more": 1}, "hello": True}
    assert signals.clean(data) == {
        "link": "a",
        "for": 2,
        "hello": True,
        "state": {"mic": True, "camera": False, "screen": False},
    }
    candidate = {"candidate": "c", "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": None, "x": 1}
    assert signals.clean({"link": "", "candidates": [candidate]})["candidates"] == [
        {"candidate": "c", "sdpMid": "0", "sdpMLineIndex": 0}
    ]


async def test_too_large_and_too_deep_signals_are_refused_and_reach_nobody():
    it, call, luca, marta = await pair()
    deep: dict = {}
    for _n in range(900):
        deep = {"a": deep}
    await luca.say(**signal(call, it.marta, {"link": "a", "description": deep}))
    assert (await luca.next("refused"))["reason"]
    await luca.say(**signal(call, it.marta, {"link": "a", "description": {"type": "offer", "sdp": "x" * 30_000}}))
    assert (await luca.next("refused"))["reason"]
    assert "call.signal" not in {each["on"] for each in await marta.everything(0.2)}
    await luca.bye()
    await marta.bye()


async def test_a_flood_of_signals_is_cut_and_typing_is_not_starved():
    it, call, luca, marta = await pair()
    for _n in range(plug.CallPlug.burst + 30):
        await luca.say(**signal(call, it.marta))
    assert "Too many signals" in (await luca.next("refused"))["reason"]
    await luca.say(do="ping")
    assert await luca.next("pong")
    heard = [each for each in await marta.everything() if each["on"] == "call.signal"]
    assert len(heard) < plug.CallPlug.burst + 30
    await luca.bye()
    await marta.bye()


# Ringing --------------------------------------------------------------------------------------------------------------


async def test_every_tab_of_who_is_rung_shows_the_banner_and_hides_it_when_one_answers():
    it = await scene()
    tabs = [await connected(it.marta) for _n in range(2)]
    stranger, luca = await connected(it.eva), await connected(it.luca)
    seat = await start(it, it.marta)
    for tab in tabs:
        ring = await tab.next("call.ring")
        assert "Luca Conti calls you" in ring["html"]
        assert 0 < ring["seconds"] <= 30
    late = await connected(it.marta)
    await late.say(do="call.rings")
    assert (await late.next("call.ring"))["call"] == seat.call_id
    await decline(seat.call, it.marta)
    for tab in (*tabs, late):
        assert (await tab.next("call.ring_over"))["call"] == seat.call_id
    for socket in (stranger, luca):
        await socket.say(do="call.rings")
        assert "call.ring" not in {each["on"] for each in await socket.everything(0.2)}
    for socket in (*tabs, late, stranger, luca):
        await socket.bye()


async def test_a_stranger_learns_nothing_of_a_call():
    it = await scene()
    eva = await connected(it.eva)
    await eva.join(it.room.topic)
    seat = await start(it, it.marta)
    await join(seat.call, it.marta)
    assert await eva.everything() == []
    await eva.bye()


# The end --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(plug, "GRACE", 0.3)
    monkeypatch.setattr(plug, "BEAT", 0.1)


async def until(condition, seconds=5.0):
    """Wait until the coroutine function answers true."""
    end = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < end, "it did not happen"
        await asyncio.sleep(0.05)


async def test_a_closed_socket_is_leaving_after_a_moment(quick):
    it, call, luca, marta = await pair()
    await marta.bye()
    while (roster := await luca.next("call.roster")) and roster["people"][1]["state"] != "left":
        pass
    assert await state_of(call, it.marta) == "left"
    assert await state_of(call, it.luca) == "joined"
    await luca.bye()


async def test_a_tab_that_comes_back_in_time_never_left(quick):
    it = await scene()
    seat = await start(it)
    first, _ = await entered(it.luca, seat)
    await first.bye()
    again, told = await entered(it.luca, seat)
    assert told["on"] == "call.entered"
    await asyncio.sleep(0.6)
    assert await state_of(seat.call, it.luca) == "joined"
    await again.bye()


async def test_a_living_socket_renews_the_lease_and_tidies_what_is_overdue(quick):
    it, call, luca, marta = await pair()
    await db(Participant.objects.filter(call=call, membership=it.luca).update)(seen_at=None)

    async def renewed():
        return await db(Participant.objects.filter(call=call, membership=it.luca, seen_at=None).exists)() is False

    await until(renewed)
    await luca.bye()
    await marta.bye()


async def test_the_old_tab_hears_that_another_took_over():
    it, call, luca, marta = await pair()
    seat = await join(call, it.luca)
    assert (await luca.next("call.out"))["why"] == "moved"
    await luca.say(**signal(call, it.marta))
    assert "not in this call" in (await luca.next("refused"))["reason"]
    new, told = await entered(it.luca, seat)
    assert told["epoch"] == 2
    for socket in (luca, marta, new):
        await socket.bye()


async def test_a_seat_lost_is_out_of_the_call_at_once():
    it, call, luca, marta = await pair()
    await take_seat_away(it)
    assert (await marta.next("call.out"))["why"] == "lost"
    while (roster := await luca.next("call.roster")) and roster["people"][1]["state"] != "left":
        pass
    await marta.say(**signal(call, it.luca))
    assert (await marta.next("refused"))["reason"]
    assert await state_of(call, it.marta) == "left"
    await luca.bye()
    await marta.bye()


async def test_hanging_up_tells_everybody_that_the_call_is_over():
    it = await scene()
    room = await db(actions.start_direct)(actor=await db(acting)(it.luca), member=it.marta)
    first = await db(actions.start_call)(actor=await db(acting)(it.luca), room=room)
    second = await join(first.call, it.marta)
    luca, _ = await entered(it.luca, first)
    marta, _ = await entered(it.marta, second)
    await db(actions.leave_call)(actor=await db(acting)(it.marta), call=first.call, hang_up=True)
    assert (await luca.next("call.out"))["why"] == "over"
    assert await db(Call.objects.live().exists)() is False
    await luca.bye()
    await marta.bye()


async def test_the_plug_forgets_sockets_that_ended(quick):
    _it, _call, luca, marta = await pair()
    _prefix, calls = plug_for("call.enter")
    await luca.bye()
    await marta.bye()

    async def empty():
        return not calls.seats

    await until(empty)
