"""A call of the demo that is over: its line stands in the room, between what was written."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from chat.calls.words import length, with_lengths
from chat.demo_writing import Rooms, Word
from chat.models import Call, Participant, Room
from chat.subscribers import NO_LINE
from partners.actors import acting
from partners.models import Membership

Told = tuple[Membership, str, datetime, dict[str, Any]]


def past_call(world: Any, rooms: Rooms, room: Room, people: Sequence[Membership], when: datetime, minutes: int) -> Call:
    """The first of the people called the others; each joined a little later than the one before, and all left."""
    ended = when + timedelta(minutes=minutes)
    call = Call.objects.create(room=room, starter=people[0], started=when, ended=ended)
    for index, member in enumerate(people):
        joined = when + timedelta(seconds=11 * index)
        seconds, rung_by = round((ended - joined).total_seconds()), people[0] if index else None
        Participant.objects.create(
            call=call,
            membership=member,
            state=Participant.State.LEFT,
            joined_at=joined,
            seconds=seconds,
            epoch=1,
            rung_by=rung_by,
            rung_at=when if index else None,
            rings=1 if index else 0,
        )
    parties = {each.organisation_id for each in people}
    for member, verb, moment, data in _story(call, people):
        entry = world.trail(acting(member, "web"), verb, room, moment, parties=parties, call=call.pk, **data)
        if verb not in NO_LINE:
            rooms.words[room.pk].append(Word(moment, entry=entry))
    return call


def _story(call: Call, people: Sequence[Membership]) -> Iterator[Told]:
    starter, others = people[0], people[1:]
    ended = call.ended or call.started
    seats = {each.membership_id: each for each in call.participants.all()}
    yield starter, "call.started", call.started, {}
    yield starter, "call.joined", call.started, {}
    names = ", ".join(str(each.user) for each in others)
    yield starter, "call.rang", call.started + timedelta(seconds=1), {"who": names}
    for each in others:
        yield each, "call.joined", seats[each.pk].joined_at or call.started, {}
    for each in people:
        yield each, "call.left", ended, {"length": length(seats[each.pk].seconds)}
    who = with_lengths((str(each.user), seats[each.pk].seconds) for each in people)
    yield people[-1], "call.ended", ended, {"length": length(call.seconds), "seconds": call.seconds, "who": who}
