"""Following and reading."""

from collections.abc import Iterable

from django.db import transaction
from django.shortcuts import get_object_or_404

from chat import frames
from chat.models import Message, ReadMark, Room
from core import realtime
from partners.actors import Actor


@transaction.atomic
def mark_read(*, actor: Actor, room: Room, seq: int) -> ReadMark | None:
    """The member has read up to message `seq`; going back changes nothing. None for a machine, which reads nothing."""
    room = get_object_or_404(Room.objects.visible_to(actor), pk=room.pk)
    if actor.membership is None:
        return None
    seq = min(max(seq, 0), room.last_seq)
    said = room.said if seq == room.last_seq else _said_at(room, seq)
    mark, new = ReadMark.objects.get_or_create(
        room=room, membership=actor.membership, defaults={"last_seq": seq, "said": said}
    )
    further = ReadMark.objects.filter(pk=mark.pk, last_seq__lt=seq).update(last_seq=seq, said=said)
    if new or further:
        _tell_own_tabs(mark.membership_id, room, seq, whole=said >= room.said)
    mark.refresh_from_db()
    return mark


def _said_at(room: Room, seq: int) -> int:
    return Message.objects.filter(room=room, seq=seq).values_list("said", flat=True).first() or 0


def _tell_own_tabs(membership_id: int, room: Room, seq: int, *, whole: bool) -> None:
    realtime.control(frames.member_group(membership_id), do="read", room=room.pk, id=seq, whole=whole)


def read_by_author(membership_id: int, room: Room) -> None:
    """Who writes has read what is above. Within the transaction of the message, with the room's counters already up."""
    ReadMark.objects.update_or_create(
        room=room, membership_id=membership_id, defaults={"last_seq": room.last_seq, "said": room.said}
    )
    _tell_own_tabs(membership_id, room, room.last_seq, whole=True)


def follow(*, room: Room, membership_ids: Iterable[int], unread: int = 0) -> None:
    """Count the room in the badges of these members, with the last `unread` messages as unread."""
    wanted = set(membership_ids)
    if not wanted:
        return
    new = sorted(wanted - set(ReadMark.objects.filter(room=room).values_list("membership_id", flat=True)))
    said, seq = max(0, room.said - unread), room.last_seq if not unread else max(0, room.last_seq - unread)
    marks = [ReadMark(room=room, membership_id=pk, said=said, last_seq=seq) for pk in new]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
    frames.follow(new, room.pk, unread=unread > 0)
