"""What a member does for themselves alone: mute a room, save a message. Nobody else learns of it."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from chat import frames
from chat.actions.marks import follow
from chat.models import MUTED_FOR_EVER, Bookmark, Message, ReadMark, Room
from core import realtime
from core.errors import DomainError
from partners.access import membership_of
from partners.actors import Actor

MORNING = time(8, 0)
MAX_BOOKMARKS = 2000
UNTIL = ("hour", "tomorrow", "always", "no")


@transaction.atomic
def mute(*, actor: Actor, room: Room, until: str) -> ReadMark:
    """Have a room count in no badge: for an "hour", until "tomorrow" at eight, "always", or "no" longer.

    Its side thread is muted with it. Being named still reaches the inbox. Raises DomainError for another word.
    """
    room = get_object_or_404(Room.objects.visible_to(actor), pk=room.pk)
    member = membership_of(actor)
    if until not in UNTIL:
        raise DomainError(_("Choose for how long the room should be quiet."), field="until")
    main = room.parent or room
    own = [main, *Room.objects.visible_to(actor).filter(parent=main, kind=Room.Kind.SIDE)]
    for each in own:
        follow(room=each, membership_ids=[member.pk])
    marks = ReadMark.objects.of_members([member.pk]).filter(room__in=own)
    marks.update(muted_until=_moment(until))
    realtime.control(frames.member_group(member.pk), do="recheck")
    return marks.get(room=room)


def _moment(until: str) -> datetime | None:
    if until == "hour":
        return now() + timedelta(hours=1)
    if until == "tomorrow":
        day = localtime().date() + timedelta(days=1)
        return datetime.combine(day, MORNING, tzinfo=localtime().tzinfo)
    return MUTED_FOR_EVER if until == "always" else None


@transaction.atomic
def save_message(*, actor: Actor, message: Message, saved: bool) -> bool:
    """Put a message among one's saved ones, or take it from there; saying it twice changes nothing.

    Returns whether it is saved now. Raises DomainError for a deleted message and beyond 2,000.
    """
    message = get_object_or_404(Message.objects.visible_to(actor), pk=message.pk)
    member = membership_of(actor)
    own = Bookmark.objects.filter(membership=member)
    if not saved:
        own.filter(message=message).delete()
        return False
    if message.deleted_at:
        raise DomainError(_("This message was deleted: there is nothing left to save."))
    if not own.filter(message=message).exists() and own.count() >= MAX_BOOKMARKS:
        words = {"most": MAX_BOOKMARKS}
        raise DomainError(_("You have saved %(most)s messages, which is the most. Let go of some first.") % words)
    Bookmark.objects.get_or_create(membership=member, message=message)
    return True
