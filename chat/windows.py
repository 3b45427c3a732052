"""Pieces of a long log: the page before or after a message, the messages around one, the first of a day.

Each costs the same in a room of ten messages and in one of a hundred thousand, and reads only what the actor may see.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils.timezone import make_aware

from chat.models import Message, Room
from chat.rooms import PAGE, Line, lines_of
from partners.actors import Actor

if TYPE_CHECKING:
    from chat.models.messages import MessageQuerySet


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive messages; `older` and `newer` are the numbers before and after which there are more."""

    lines: list[Line]
    older: int | None = None
    newer: int | None = None


def _heard(actor: Actor, room: Room) -> "MessageQuerySet":
    """The messages of a room that the actor may see, which are those after joining where it shows no others."""
    return Message.objects.filter(room=room, seq__gt=room.hidden_up_to(actor))


def later(actor: Actor, room: Room, after: int) -> Window:
    """The page of messages after a number."""
    found = list(_heard(actor, room).for_display().filter(seq__gt=after).order_by("seq")[: PAGE + 1])
    messages = found[:PAGE]
    return Window(lines_of(messages), newer=messages[-1].seq if len(found) > PAGE else None)


def around(actor: Actor, room: Room, at: int) -> Window:
    """The messages around a number, half a page on each side."""
    half = PAGE // 2
    heard = _heard(actor, room).for_display()
    before = list(heard.filter(seq__lt=at).order_by("-seq")[: half + 1])
    onward = list(heard.filter(seq__gte=at).order_by("seq")[: half + 1])
    messages = [*reversed(before[:half]), *onward[:half]]
    return Window(
        lines_of(messages),
        older=messages[0].seq if len(before) > half else None,
        newer=messages[-1].seq if len(onward) > half else None,
    )


def first_of(actor: Actor, room: Room, day: date) -> int | None:
    """The number of the first message on or after a day of the reader's calendar, else of the last one before."""
    heard = _heard(actor, room)
    start = make_aware(datetime.combine(day, time.min))
    on_or_after = heard.filter(created__gte=start).order_by("created", "seq").values_list("seq", flat=True)
    last = heard.order_by("-seq").values_list("seq", flat=True)
    return on_or_after.first() or last.first()
