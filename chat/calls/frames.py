"""What calls send down the sockets: to the tabs of one member, to the tabs in a call, to the pages of a room."""

import json
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.timezone import now

from chat.frames import member_group, organisation_group
from chat.models import Call, Participant
from chat.models.calls import RING
from core import realtime
from core.templatetags.ui import mark


def call_group(call_id: int) -> str:
    """Every tab that is in the call."""
    return f"call.{call_id}"


def seat_group(call_id: int, membership_id: int) -> str:
    """The one tab of a member that is in the call."""
    return f"call.{call_id}.{membership_id}"


def roster_of(call: Call) -> dict[str, Any]:
    """Who is in the call or was rung, in the order in which they came: the same for every reader and language."""
    shown = call.participants.exclude(state=Participant.State.OUT)
    people = [
        {
            "id": each.membership_id,
            "name": str(each.membership.user),
            "mark": mark(each.membership.user, "big"),
            "org": str(each.membership.organisation),
            "state": each.state,
            "epoch": each.epoch,
        }
        for each in shown.select_related("membership__user", "membership__organisation").order_by("pk")
    ]
    return {"call": call.pk, "people": people, "ended": call.ended is not None, "seconds": call.seconds}


def tell_roster(call: Call) -> None:
    """Tell the tabs in the call who is there now, and have the pages of the room look again."""
    realtime.control(call_group(call.pk), do="call.roster", frame=roster_of(call))
    frame = {"on": "changed", "what": "call", "id": call.room_id, "verb": "call"}
    text = json.dumps(frame, separators=(",", ":"))
    for organisation_id in call.room.party_ids():
        realtime.control(organisation_group(organisation_id), do="changed", needs=call.room.capability, text=text)


def ring_frame(participant: Participant) -> dict[str, Any]:
    """The banner of somebody who is being rung, in the active language."""
    call, ringer = participant.call, participant.rung_by
    left = RING if participant.rung_at is None else participant.rung_at + RING - now()
    context = {"call": call, "ringer": ringer, "place": place_of(call, participant)}
    return {
        "on": "call.ring",
        "call": call.pk,
        "seconds": max(0, round(left.total_seconds())),
        "who": str(ringer.user) if ringer else "",
        "html": render_to_string("chat/call_ring.html", context),
    }


def place_of(call: Call, participant: Participant) -> str:
    """Where the call is, unless that is only the name of the one who rings."""
    return "" if call.room.kind == call.room.Kind.DIRECT else call.room.title


def tell_ring(participant: Participant) -> None:
    """Ring in every tab of the member."""
    realtime.broadcast(member_group(participant.membership_id), lambda: ring_frame(participant))


def tell_ring_over(call_id: int, membership_ids: Iterable[int]) -> None:
    """Ring no longer: answered, declined, or nobody waits any more."""
    for membership_id in membership_ids:
        realtime.broadcast(member_group(membership_id), {"on": "call.ring_over", "call": call_id})


def tell_out(call_id: int, membership_id: int, tab: str, why: str) -> None:
    """Tell the tab that it is in the call no longer. `why`: moved, left or lost."""
    realtime.control(seat_group(call_id, membership_id), do="call.out", tab=tab, why=why)
