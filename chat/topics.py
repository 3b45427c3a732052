"""What one socket knows of a room that it joined, and what it has to catch up."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat import frames
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


@dataclass(frozen=True)
class CaughtUp:
    """The answer to a join: why not, or up to which number and with which missed messages."""

    refusal: str | Promise = ""
    last: int = 0
    missed: tuple[tuple[int, dict[str, str]], ...] = ()
    behind: bool = False


def catch_up(actor: Actor, room_id: int, after: int | None) -> CaughtUp:
    """Check that the actor may hear the room, and read what came after number `after` (nothing for None)."""
    room = Room.objects.visible_to(actor).filter(pk=room_id).first()
    if room is None:
        return CaughtUp(_("There is nothing here that you may hear."))
    if room.closed_at:
        return CaughtUp(_("This room is closed. You can still read it."))
    after = room.last_seq if after is None else min(after, room.last_seq)
    missed = frames.messages_after(room.pk, after, CATCH_UP + 1)
    if len(missed) > CATCH_UP:
        return CaughtUp(last=room.last_seq, behind=True)
    return CaughtUp(last=missed[-1][0] if missed else after, missed=tuple(missed))


def no_longer_heard(actor: Actor, room_ids: list[int]) -> set[int]:
    """Of these rooms, those that the actor may hear no longer."""
    heard = Room.objects.visible_to(actor).filter(pk__in=room_ids, closed_at=None).values_list("pk", flat=True)
    return set(room_ids) - set(heard)
