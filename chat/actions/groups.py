"""What a group or a partnership room is for, who may join by themselves, and when it comes to rest."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import frames
from chat.actions.rooms import seat_members
from chat.browsing import joinable_by
from chat.models import ReadMark, Room
from chat.permissions import may_archive, may_join, may_leave, may_manage, may_set_history
from core.audit import record
from core.errors import DomainError
from partners.access import membership_of, require
from partners.actors import Actor
from partners.models import Organisation


def _managed(actor: Actor, room: Room) -> Room:
    room = get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_manage(actor, room))
    return room


@transaction.atomic
def settle_room(
    *, actor: Actor, room: Room, purpose: str, history: str, pinning: str, open_to: Iterable[Organisation] = ()
) -> Room:
    """Say what a room is for, what those see who come later, who pins, and whose people may join by themselves.

    Only a group can be open, and only to one's own organisation and to active partners of it; what another organisation
    of the room has opened to itself stays. Raises PermissionDenied, and DomainError for a choice that is not offered.
    """
    room = _managed(actor, room)
    if history not in Room.History.values or pinning not in Room.Pinning.values:
        raise DomainError(_("Choose one of what is offered."))
    if history != room.history:
        require(may_set_history(actor, room))
    room.purpose, room.history, room.pinning = " ".join(purpose.replace("\0", "").split())[:300], history, pinning
    room.save(update_fields=["purpose", "history", "pinning"])
    room.sides.update(history=history)
    if room.kind == Room.Kind.GROUP:
        _open_to(actor, room, {each.pk for each in open_to})
    record(actor=actor, verb="room.settled", target=room)
    frames.recheck(room.party_ids())
    return room


def _open_to(actor: Actor, room: Room, wanted: set[int]) -> None:
    mine = actor.organisation
    within = {mine.pk, *Organisation.objects.partners_of(mine).values_list("pk", flat=True)}
    if wanted - within:
        raise DomainError(_("A room can be open to your organisation and to active partners."), field="open_to")
    others = set(room.open_to.exclude(pk__in=within).values_list("pk", flat=True))
    room.open_to.set(wanted | others)


@transaction.atomic
def join_room(*, actor: Actor, room: Room) -> Room:
    """Take a seat in a room that is open to one's organisation; who sits there stays. 404 for any other room."""
    member = membership_of(actor)
    room = get_object_or_404(joinable_by(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_join(actor, room))
    before = room.party_ids()
    if seat_members(room, [member]):
        record(actor=actor, verb="room.joined", target=room)
        frames.recheck({member.organisation_id, *before})
    return room


@transaction.atomic
def leave_room(*, actor: Actor, room: Room) -> Room:
    """Give one's own seat in a group back. Raises DomainError for the last one who sits there."""
    member = membership_of(actor)
    room = get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_leave(actor, room))
    if room.seats.count() == 1:
        raise DomainError(_("You are the last one in this room. Archive it, or let somebody in first."))
    parties = room.party_ids()
    room.seats.filter(membership=member).delete()
    own = [room.pk, *room.sides.filter(organisation=member.organisation_id).values_list("pk", flat=True)]
    _marks_of(member.pk, own).delete()
    record(actor=actor, verb="room.left", target=room, parties=parties)
    frames.recheck([member.organisation_id])
    return room


def _marks_of(membership_id: int, rooms: list[int]) -> QuerySet[ReadMark]:
    return ReadMark.objects.of_members([membership_id]).filter(room__in=rooms)


@transaction.atomic
def archive_room(*, actor: Actor, room: Room) -> Room:
    """Bring a room to rest: it can be read and found, and nobody writes there. Doing it twice changes nothing."""
    return _archived(actor, room, at_rest=True)


@transaction.atomic
def reopen_room(*, actor: Actor, room: Room) -> Room:
    """Open an archived room again. Doing it twice changes nothing."""
    return _archived(actor, room, at_rest=False)


def _archived(actor: Actor, room: Room, *, at_rest: bool) -> Room:
    room = get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_archive(actor, room))
    if (room.archived_at is not None) == at_rest:
        return room
    room.archived_at = now() if at_rest else None
    room.save(update_fields=["archived_at"])
    room.sides.update(archived_at=room.archived_at)
    record(actor=actor, verb="room.archived" if at_rest else "room.reopened", target=room)
    return room
