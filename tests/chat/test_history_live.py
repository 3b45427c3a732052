"""Over the socket: what was said before joining stays unheard, and a muted room counts in no badge."""

import pytest
from channels.db import database_sync_to_async as db

from chat import actions
from chat.models import Room
from tests.chat.factories import acting, member_of, talk
from tests.chat.sockets import connected

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@db
def group():
    """Luca and Marta talked before Bruno came to a room that shows what is said from joining on."""
    it = talk()
    room = actions.open_group(actor=acting(it.luca), title="Fair", members=[it.marta])
    old = actions.post_message(actor=acting(it.luca), room=room, body="before")
    Room.objects.filter(pk=room.pk).update(history="joining")
    bruno = member_of(it.vendor, "chat.post", name="Bruno Galli")
    actions.add_seat(actor=acting(it.luca), room=room, member=bruno)
    return it, room, old, bruno


async def test_catching_up_from_nought_begins_where_one_joined():
    it, room, _old, bruno = await group()
    await db(actions.post_message)(actor=await db(acting)(it.marta), room=room, body="after")
    late, early = await connected(bruno), await connected(it.luca)
    await late.join(room.topic, 0)
    await early.join(room.topic, 0)
    heard = [[frame["id"] for frame in await each.everything() if frame["on"] == "message"] for each in (late, early)]
    assert heard == [[2, 3], [1, 2, 3]]  # the second is the note that Bruno was added
    await late.bye()
    await early.bye()


async def test_a_change_of_what_was_said_before_is_not_heard():
    it, room, old, bruno = await group()
    late, early = await connected(bruno), await connected(it.marta)
    await late.join(room.topic)
    await early.join(room.topic)
    luca = await db(acting)(it.luca)
    await db(actions.edit_message)(actor=luca, message=old, body="our margin is 31 %")
    assert "31 %" in (await early.next("edited"))["html"]
    assert [frame for frame in await late.everything() if frame["on"] == "edited"] == []
    await late.bye()
    await early.bye()


async def test_a_muted_room_counts_in_no_badge_until_it_is_heard_again():
    it = await db(talk)()
    luca = await db(acting)(it.luca)
    await db(actions.post_message)(actor=luca, room=it.room, body="One")
    marta = await connected(it.marta)
    await db(actions.mute)(actor=await db(acting)(it.marta), room=it.room, until="always")
    assert (await marta.next("counts"))["rooms"] == 0
    await db(actions.post_message)(actor=luca, room=it.room, body="Two")
    assert [frame for frame in await marta.everything() if frame["on"] == "counts" and frame["rooms"]] == []
    await db(actions.mute)(actor=await db(acting)(it.marta), room=it.room, until="no")
    assert (await marta.next("counts"))["rooms"] == 1
    await marta.bye()
