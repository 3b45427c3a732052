"""What one socket knows of a room that it joined, and what it has to catch up."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat.hub import Event
from chat.models import Room
from partners.actors import Actor

CATCH_UP = 300  # messages sent after a gap; beyond that the page reads the log anew


@dataclass
class Topic:
    """A joined room: the last number sent, and live events held back while the past is being read."""

    last: int = 0
    held: list[Event] | None = field(default_factory=list)
    typed_at: float = 0.0
    hidden: int = 0  # messages up to this number are not for this listener, however they change


@dataclass(frozen=True)
class CaughtUp:
    """The answer to a join: why not, or after which number and up to which the messages were missed."""

    refusal: str | Promise = ""
    after: int = 0
    last: int = 0
    behind: bool = False
    hidden: int = 0


def catch_up(actor: Actor, room_id: int, after: int | None) -> CaughtUp:
    """Check that the actor may hear the room, and how much came after number `after` (nothing for None)."""
    room = Room.objects.visible_to(actor).filter(pk=room_id).first()
    if room is None:
        return CaughtUp(_("There is nothing here that you may hear."))
    if room.closed_at:
        return CaughtUp(_("This room is closed. You can still read it."))
    hidden = room.hidden_up_to(actor)
    after = room.last_seq if after is None else max(min(after, room.last_seq), hidden)
    if room.last_seq - after > CATCH_UP:
        return CaughtUp(after=room.last_seq, last=room.last_seq, behind=True, hidden=hidden)
    return CaughtUp(after=after, last=room.last_seq, hidden=hidden)


def no_longer_heard(actor: Actor, room_ids: list[int]) -> set[int]:
    """Of these rooms, those that the actor may hear no longer."""
    heard = Room.objects.visible_to(actor).filter(pk__in=room_ids, closed_at=None).values_list("pk", flat=True)
    return set(room_ids) - set(heard)
