"""What an organisation's administrators decide about its talk: seats, receipts, how long it is kept, holds, exports."""

from collections.abc import Iterable

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import frames
from chat.models import Hold, Room, TalkExport, TalkPolicy
from chat.permissions import may_govern
from core.audit import record
from core.errors import DomainError
from partners.access import person_of, require
from partners.actors import Actor
from partners.models import Membership, Role

SHORTEST, LONGEST = 30, 3650  # days


@transaction.atomic
def change_policy(
    *,
    actor: Actor,
    seats: str,
    roles: Iterable[Role] = (),
    members: Iterable[Membership] = (),
    receipts: bool = True,
    keep_days: int | None = None,
) -> TalkPolicy:
    """Set the rules of the organisation for its talk; they hold from the next click, open sockets included.

    `keep_days` is from 30 to 3,650, or None for ever. Raises PermissionDenied, DomainError.
    """
    require(may_govern(actor))
    roles, members = list(roles), list(members)
    if seats not in TalkPolicy.Seats.values:
        raise DomainError(_("Choose who sits in shared rooms."), field="seats")
    if keep_days is not None and not SHORTEST <= keep_days <= LONGEST:
        words = {"least": SHORTEST, "most": LONGEST}
        raise DomainError(_("Keep talk from %(least)s to %(most)s days, or leave it empty.") % words, field="keep_days")
    chosen = {*(role.organisation_id for role in roles), *(member.organisation_id for member in members)}
    if chosen - {actor.organisation.pk}:
        raise DomainError(_("Choose roles and people of your own organisation."), field="members")
    TalkPolicy.objects.get_or_create(organisation=actor.organisation)
    policy = TalkPolicy.objects.select_for_update(of=("self",)).get(organisation=actor.organisation)
    policy.seats, policy.receipts, policy.keep_days = seats, receipts, keep_days
    policy.save(update_fields=["seats", "receipts", "keep_days"])
    policy.roles.set(roles)
    policy.members.set(members)
    record(actor=actor, verb="talk.policy_changed", target=policy, seats=seats, keep_days=keep_days)
    frames.recheck([actor.organisation.pk])
    return policy


@transaction.atomic
def hold(*, actor: Actor, reason: str, room: Room | None = None) -> Hold:
    """Put all talk of the organisation, or one room with its own side thread, under a legal hold.

    Until it is lifted nothing there is removed: not by time, not by its authors. Raises DomainError without a reason
    and for what is held already.
    """
    require(may_govern(actor))
    reason = " ".join(reason.replace("\0", "").split())[:300]
    if not reason:
        raise DomainError(_("Say why, such as the name of the case."), field="reason")
    if room is not None:
        room = get_object_or_404(Room.objects.visible_to(actor), pk=room.pk)
        room = room.parent or room
    if Hold.objects.in_force().filter(organisation=actor.organisation, room=room).exists():
        raise DomainError(_("This is under a hold already."))
    made = Hold.objects.create(organisation=actor.organisation, room=room, reason=reason)
    record(actor=actor, verb="talk.held", target=made, where=str(room or ""))
    return made


@transaction.atomic
def lift(*, actor: Actor, hold: Hold) -> Hold:
    """Lift a hold: what was deleted meanwhile goes for good with the next run of the housekeeping."""
    require(may_govern(actor))
    found = get_object_or_404(Hold.objects.visible_to(actor).select_for_update(of=("self",)), pk=hold.pk)
    if found.ended_at:
        raise DomainError(_("This hold was lifted already."))
    found.ended_at = now()
    found.save(update_fields=["ended_at"])
    record(actor=actor, verb="talk.released", target=found)
    return found


@transaction.atomic
def ask_export(*, actor: Actor) -> TalkExport:
    """Have a copy of the organisation's talk written by a job. One at a time."""
    require(may_govern(actor))
    going = TalkExport.objects.filter(organisation=actor.organisation, state__in=TalkExport.GOING)
    if going.exists():
        raise DomainError(_("An export is being written already. Wait until it is ready."))
    made = TalkExport.objects.create(organisation=actor.organisation, user=person_of(actor))
    record(actor=actor, verb="talk.export_asked", target=made)
    number = made.pk
    transaction.on_commit(lambda: _enqueue(number), robust=True)
    return made


def _enqueue(number: int) -> None:
    from django.utils.module_loading import import_string

    import_string("chat.tasks.write_export").enqueue(number)


@transaction.atomic
def note_download(*, actor: Actor, export: TalkExport) -> TalkExport:
    """Note in the trail that an export was downloaded, and by whom. 404 unless it is ready and one's own."""
    require(may_govern(actor))
    ready = TalkExport.objects.visible_to(actor).filter(state=TalkExport.State.READY)
    found = get_object_or_404(ready, pk=export.pk)
    record(actor=actor, verb="talk.export_downloaded", target=found)
    return found
