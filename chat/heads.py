"""What the head of a sheet offers its reader: pins, quiet, what they saved here."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat.models import MUTED_FOR_EVER, Bookmark, Pin, ReadMark, Room
from chat.permissions import may_pin
from partners.access import Verdict
from partners.actors import Actor

MUTES: dict[str, str | Promise] = {
    "hour": _("For an hour"),
    "tomorrow": _("Until tomorrow at eight"),
    "always": _("Until I switch it on again"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The room as its head shows it; `saved` are the numbers of the messages that the reader saved."""

    pins: int
    muted: bool
    muted_until: datetime | None
    saved: str
    pin: Verdict
    mutes: tuple[tuple[str, str | Promise], ...] = tuple(MUTES.items())


def head_of(actor: Actor, room: Room, mark: ReadMark | None) -> Head:
    """The head of a room's sheet, from the reader's mark in it; two queries."""
    until = mark.muted_until if mark and mark.muted else None
    saved = Bookmark.objects.visible_to(actor).filter(message__room=room).values_list("message__seq", flat=True)
    return Head(
        pins=Pin.objects.filter(room=room).count(),
        muted=until is not None,
        muted_until=until if until != MUTED_FOR_EVER else None,
        saved=" ".join(str(seq) for seq in saved),
        pin=may_pin(actor, room),
    )
