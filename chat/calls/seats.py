"""What the socket asks the database about a call."""

from typing import Any, NamedTuple

from django.utils.translation import override

from chat.actions.call_upkeep import may_stay, renew
from chat.calls import frames
from chat.models import Call, Participant
from partners.access import membership_of, person_of
from partners.actors import Actor


class Taken(NamedTuple):
    """A seat that was proved: how often it was taken anew, and who is in the call."""

    epoch: int
    roster: dict[str, Any]


def take(actor: Actor, call_id: int, tab: str) -> Taken | None:
    """The seat of this tab, renewed; None for everybody else, alike for calls that do not exist."""
    me = membership_of(actor).pk
    if not may_stay(actor, call_id) or not renew(call_id=call_id, membership_id=me, tab=tab):
        return None
    call = Call.objects.visible_to(actor).select_related("room").get(pk=call_id)
    return Taken(call.participants.get(membership=me).epoch, frames.roster_of(call))


def rings_of(actor: Actor) -> list[dict[str, Any]]:
    """The banners of the calls into which the actor is being rung now."""
    ringing = Participant.objects.filter(membership=membership_of(actor), state=Participant.State.RINGING)
    mine = ringing.filter(call__in=Call.objects.visible_to(actor).live())
    related = ("call__room", "rung_by__user", "rung_by__organisation")
    with override(person_of(actor).language):
        shown = [frames.ring_frame(each) for each in mine.select_related(*related).order_by("pk")]
    return [each for each in shown if each["seconds"] > 0]
