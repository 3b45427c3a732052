"""What pages show of calls: who talks in a room now, and whom one may ring."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.actions.calls import ringable
from chat.calls.words import length
from chat.models import Call, Participant, ReadMark, Room
from chat.permissions import may_call
from partners.access import Verdict
from partners.actors import Actor
from partners.models import Membership

OFFERED = 60  # people who are listed to be rung
State = Participant.State


@dataclass(frozen=True, slots=True)
class Talking:
    """A call that goes on in a room."""

    call: Call
    people: list[Participant]
    mine: bool

    @property
    def who(self) -> str:
        """“Anna and Marco talk”, however many they are."""
        names = [str(each.membership.user) for each in self.people]
        if not names:
            return _("A call is starting")
        if len(names) == 1:
            return _("%(who)s is in a call") % {"who": names[0]}
        if len(names) == 2:
            return _("%(one)s and %(two)s talk") % {"one": names[0], "two": names[1]}
        more = len(names) - 2
        words = ngettext("%(one)s, %(two)s and %(n)s more talk", "%(one)s, %(two)s and %(n)s more talk", more)
        return words % {"one": names[0], "two": names[1], "n": more}


@dataclass(frozen=True, slots=True)
class Lobby:
    """What the window shows before one talks."""

    title: str
    people: list[Membership]
    chosen: set[int]
    may: Verdict
    over: str
    inside: bool


def talking_in(actor: Actor, room: Room) -> Talking | None:
    """The call that goes on in a room that the actor sees. Two queries at most."""
    call = Call.objects.visible_to(actor).live().filter(room=room).first()
    if call is None:
        return None
    call.room = room
    joined = call.participants.filter(state=State.JOINED).select_related("membership__user").order_by("pk")
    people = list(joined)
    return Talking(call, people, any(each.membership == actor.membership for each in people))


def lobby_of(actor: Actor, room: Room, call: Call | None) -> Lobby:
    """Whom to ring, and whether one may: the other person of a direct room is chosen already."""
    people = _by_attention(room, ringable(actor, room))[:OFFERED]
    direct = call is None and room.kind == Room.Kind.DIRECT
    return Lobby(
        title=room.title_for(actor.name),
        people=people,
        chosen={each.pk for each in people} if direct else set(),
        may=may_call(actor, room),
        over=length(call.seconds) if call and call.ended else "",
        inside=call is not None and call.participants.filter(membership=actor.membership, state=State.JOINED).exists(),
    )


def _by_attention(room: Room, people: list[Membership]) -> list[Membership]:
    """Who follows the room comes first."""
    following = set(ReadMark.objects.filter(room=room).values_list("membership_id", flat=True))
    return sorted(people, key=lambda each: (each.pk not in following, str(each.user).lower(), each.pk))
