"""What ends by itself: rings that nobody answered, tabs that fell silent, calls in which nobody is left.

Called by whoever comes next (the sockets in the call every few seconds, somebody who joins, a job each minute), so a
process that died leaves nothing behind.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from chat.calls import frames
from chat.calls.words import length, with_lengths
from chat.models import Call, Participant
from chat.models.calls import LEASE, RING
from core.audit import record
from core.states import move
from partners.actors import Actor, acting, system_actor
from partners.models import Membership, Organisation

State = Participant.State


@transaction.atomic
def tidy_call(*, call_id: int) -> Call | None:
    """End what is overdue in a call; the call if it goes on."""
    return tidied(Call.objects.filter(pk=call_id))


@transaction.atomic
def leave_seat(*, actor: Actor, seat: Participant, end_call: bool = False, why: str = "left") -> None:
    """Take a member out of a call that the caller has locked; the last one out ends it. `why` is told to their tab."""
    seat.seconds = seat.talked(now())
    move(seat, "leave")
    old_tab, seat.tab = seat.tab, ""
    seat.save(update_fields=["state", "seconds", "tab"])
    call = seat.call
    record(actor=actor, verb="call.left", target=call.room, call=call.pk, length=length(seat.seconds))
    frames.tell_out(call.pk, seat.membership_id, old_tab, why)
    if end_call or not call.participants.filter(state=State.JOINED).exists():
        _end(actor, call)
    frames.tell_roster(call)


@transaction.atomic
def lapse(*, call_id: int, membership_id: int, tab: str, silent_for: float = 0, barred_only: bool = False) -> bool:
    """The socket of a tab ended: put the member out. True when they are out now.

    Not who gave a sign of life within the last `silent_for` seconds (through another process); with `barred_only`, only
    who may no longer be in the room.
    """
    call = _lock(Call.objects.live().filter(pk=call_id))
    seat = _seat(call, membership_id, tab) if call else None
    if seat is None:
        return True
    recent = seat.seen_at is not None and seat.seen_at > now() - timedelta(seconds=silent_for)
    if recent or (barred_only and _may_stay(seat)):
        return False
    leave_seat(actor=acting(seat.membership, "system"), seat=seat, why="lost")
    return True


def renew(*, call_id: int, membership_id: int, tab: str) -> bool:
    """A sign of life of the tab; False when the seat is no longer its own. No lock: one row, one column."""
    mine = Participant.objects.filter(call=call_id, membership=membership_id, tab=tab, state=State.JOINED)
    return mine.update(seen_at=now()) == 1


def is_overdue(call_id: int) -> bool:
    """Whether there is something to tidy. One query, no lock."""
    return Call.objects.overdue(now()).filter(pk=call_id).exists()


def overdue_calls() -> list[int]:
    """Calls that nobody has tidied."""
    return list(Call.objects.overdue(now()).values_list("pk", flat=True))


def free(membership_id: int) -> bool:
    """True when the member talks in no call; what their dead tabs left is tidied first."""
    for seat in Participant.objects.filter(membership=membership_id, state=State.JOINED):
        if not seat.has_lapsed(now()):
            return False
        tidied(Call.objects.filter(pk=seat.call_id))
    return True


def busy_elsewhere(membership_id: int, call: Call) -> bool:
    """True when the member talks in another call."""
    others = Participant.objects.filter(membership=membership_id, state=State.JOINED).exclude(call=call)
    return any(not seat.has_lapsed(now()) for seat in others)


def tidied(calls: QuerySet[Call]) -> Call | None:
    """The live call of the queryset, under its lock, once what is overdue in it was ended; None if none goes on."""
    call = _lock(calls.filter(ended=None))
    if call is None:
        return None
    moment = now()
    _miss(
        call, [each for each in _people(call, State.RINGING) if each.rung_at is None or each.rung_at + RING <= moment]
    )
    for seat in _people(call, State.JOINED):
        if seat.has_lapsed(moment) and call.ended is None:
            leave_seat(actor=acting(seat.membership, "system"), seat=seat, why="lost")
    if call.ended is None and not _people(call, State.JOINED) and call.started + LEASE <= moment:
        _end(_whoever(call), call)
        frames.tell_roster(call)
    return call if call.ended is None else None


def _lock(calls: QuerySet[Call]) -> Call | None:
    return calls.select_related("room").select_for_update(of=("self",)).first()


def _people(call: Call, state: str) -> list[Participant]:
    found = list(
        call.participants.filter(state=state)
        .select_related("membership__user", "membership__organisation", "rung_by__user", "rung_by__organisation")
        .order_by("pk")
    )
    for each in found:
        each.call = call
    return found


def _seat(call: Call, membership_id: int, tab: str) -> Participant | None:
    return next(
        (each for each in _people(call, State.JOINED) if (each.membership_id, each.tab) == (membership_id, tab)), None
    )


def _may_stay(seat: Participant) -> bool:
    member = Membership.objects.filter(pk=seat.membership_id, active=True, user__is_active=True).first()
    return member is not None and may_stay(acting(member, "socket"), seat.call_id)


def may_stay(actor: Actor, call_id: int) -> bool:
    """Whether the actor may still be in the call: sees its room, which is open, and may talk there."""
    seen = Call.objects.visible_to(actor).live().filter(pk=call_id, room__closed_at=None)
    return actor.can("chat.post") and seen.exists()


def _miss(call: Call, missed: list[Participant]) -> None:
    """Ringing ends; each ringer's unanswered ones are one entry, from which the inbox tells them."""
    by_ringer: dict[int | None, list[Participant]] = {}
    for each in missed:
        move(each, "miss")
        each.save(update_fields=["state"])
        by_ringer.setdefault(each.rung_by_id, []).append(each)
    for those in by_ringer.values():
        names = ", ".join(str(each.membership.user) for each in those)
        members = [each.membership_id for each in those]
        actor = acting(those[0].rung_by, "system") if those[0].rung_by else _whoever(call)
        record(actor=actor, verb="call.missed", target=call.room, call=call.pk, who=names, members=members)
    if missed:
        frames.tell_ring_over(call.pk, [each.membership_id for each in missed])
        frames.tell_roster(call)


def _end(actor: Actor, call: Call) -> None:
    """Close the call: who is still rung missed it, who is still in is put out."""
    moment = now()
    _miss(call, _people(call, State.RINGING))
    for seat in _people(call, State.JOINED):
        seat.seconds = seat.talked(moment)
        move(seat, "leave")
        frames.tell_out(call.pk, seat.membership_id, seat.tab, "over")
        seat.tab = ""
        seat.save(update_fields=["state", "seconds", "tab"])
    call.ended = moment
    call.save(update_fields=["ended"])
    talked = call.participants.exclude(joined_at=None).select_related("membership__user").order_by("pk")
    who = with_lengths((str(each.membership.user), each.seconds) for each in talked)
    whole = call.seconds
    record(
        actor=actor,
        verb="call.ended",
        target=call.room,
        call=call.pk,
        length=length(whole),
        seconds=whole,
        who=who,
    )


def _whoever(call: Call) -> Actor:
    """Who answers for what the clock does: the one who started, else the first organisation of the room."""
    if call.starter is not None:
        return acting(call.starter, "system")
    return system_actor(Organisation.objects.get(pk=min(call.room.party_ids())))
