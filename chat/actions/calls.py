"""Starting, ringing, joining, declining, leaving."""

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat.actions.call_upkeep import busy_elsewhere, free, leave_seat, tidied
from chat.actions.messages import FloodError
from chat.calls import frames
from chat.models import Call, Participant, Room
from chat.models.calls import MOST
from chat.people import people_of
from chat.permissions import may_call, may_ring
from core.audit import record
from core.errors import DomainError
from core.states import can_move, move
from partners.access import membership_of, require
from partners.actors import Actor
from partners.models import Membership

State = Participant.State
RINGS_AT_MOST, RINGS_WITHIN = 20, timedelta(minutes=10)  # of one ringer
RINGS_OF_ONE = 5  # of one person in one call


class BusyError(DomainError):
    """The member talks in another call."""

    code = "busy"


@transaction.atomic
def start_call(*, actor: Actor, room: Room, ring_members: Iterable[int] = ()) -> Participant:
    """Start a call in a room (or join the one that goes on) and ring some of its people; the actor's own seat.

    Raises PermissionDenied, BusyError, FloodError, DomainError.
    """
    room = get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_call(actor, room))
    going_on = tidied(Call.objects.live().filter(room=room))
    if going_on is None:
        going_on = Call.objects.create(room=room, starter=membership_of(actor))
        record(actor=actor, verb="call.started", target=room, call=going_on.pk)
    seat = join_call(actor=actor, call=going_on)
    ring(actor=actor, call=going_on, members=ring_members)
    return seat


@transaction.atomic
def join_call(*, actor: Actor, call: Call, tab: str = "") -> Participant:
    """Take a seat in a call; its `tab` is the proof for the socket, and joining again with it changes nothing.

    Without `tab`, another browser tab of the same member takes the seat over. Raises PermissionDenied, BusyError,
    DomainError (the call is over or full, or went on in another tab).
    """
    call = _locked(actor, call)
    require(may_call(actor, call.room))
    if tidied(Call.objects.filter(pk=call.pk)) is None:
        raise DomainError(_("This call is over. You can start a new one from the room."), field="over")
    me = _mine(actor, call)
    if me.state == State.JOINED:
        return _stay(me, tab) if tab else _take_over(me)
    _refuse_second_call(me)
    if call.participants.filter(state=State.JOINED).count() >= MOST:
        raise DomainError(_("This call is full: %(most)s people talk already.") % {"most": MOST}, field="full")
    return _sit_down(actor, call, me)


def _locked(actor: Actor, call: Call) -> Call:
    """The call under its lock, with its room; 404 for who may not see it."""
    calls = Call.objects.visible_to(actor).select_related("room").select_for_update(of=("self",))
    return get_object_or_404(calls, pk=call.pk)


def _mine(actor: Actor, call: Call) -> Participant:
    me, _new = Participant.objects.get_or_create(call=call, membership=membership_of(actor))
    me.call = call
    return me


def _stay(me: Participant, tab: str) -> Participant:
    if me.tab != tab:
        raise DomainError(_("You went on with this call in another tab."), field="moved")
    me.seen_at = now()
    me.save(update_fields=["seen_at"])
    return me


def _take_over(me: Participant) -> Participant:
    """Another tab of the same member: the old one hears that it is out."""
    frames.tell_out(me.call_id, me.membership_id, me.tab, "moved")
    me.tab, me.seen_at, me.epoch = token_urlsafe(18), now(), me.epoch + 1
    me.save(update_fields=["tab", "seen_at", "epoch"])
    frames.tell_roster(me.call)
    return me


def _refuse_second_call(me: Participant) -> None:
    if not free(me.membership_id):
        raise BusyError(_("You are in another call. Hang up there, then join this one."))


def _sit_down(actor: Actor, call: Call, me: Participant) -> Participant:
    move(me, "join")
    me.tab, me.joined_at, me.seen_at, me.epoch = token_urlsafe(18), now(), now(), me.epoch + 1
    try:
        with transaction.atomic():
            me.save(update_fields=["state", "tab", "joined_at", "seen_at", "epoch"])
    except IntegrityError as error:  # joined another call at the same moment
        raise BusyError(_("You are in another call. Hang up there, then join this one.")) from error
    record(actor=actor, verb="call.joined", target=call.room, call=call.pk)
    frames.tell_ring_over(call.pk, [me.membership_id])
    frames.tell_roster(call)
    return me


@transaction.atomic
def ring(*, actor: Actor, call: Call, members: Iterable[int]) -> Call:
    """Ring people of the room into a call; who talks elsewhere is busy, and finds a missed call.

    `members` are ids of memberships. Raises PermissionDenied, FloodError, DomainError (not of this room, too many).
    """
    wanted = set(members)
    if not wanted:
        return call
    call = _locked(actor, call)
    require(may_ring(actor, call))
    chosen = _ringable(actor, call, wanted)
    _refuse_flood(actor, len(chosen))
    rung = [each for member in chosen if (each := _ring_one(actor, call, member))]
    if not rung:
        return call
    names = ", ".join(str(each.membership.user) for each in rung)
    record(actor=actor, verb="call.rang", target=call.room, call=call.pk, who=names)
    _note_busy(actor, call, [each for each in rung if each.state == State.BUSY])
    frames.tell_roster(call)
    return call


def ringable(actor: Actor, room: Room) -> list[Membership]:
    """The people of a room whom the actor may ring: those who may talk there, without oneself."""
    people = [each for each in people_of(room) if "chat.post" in each.capabilities()]
    return [each for each in people if each != actor.membership and each.user_id != getattr(actor.user, "pk", None)]


def _ringable(actor: Actor, call: Call, wanted: set[int]) -> list[Membership]:
    present = call.participants.filter(state__in=Participant.PRESENT).values_list("membership_id", flat=True)
    chosen = [each for each in ringable(actor, call.room) if each.pk in wanted]
    if len(chosen) < len(wanted):
        raise DomainError(_("Somebody whom you want to ring is not in this room, or may not talk there."))
    chosen = [each for each in chosen if each.pk not in present]
    if chosen and len(present) + len(chosen) > MOST:
        words = {"most": MOST, "left": max(0, MOST - len(present))}
        raise DomainError(_("A call has room for %(most)s people; you can ring %(left)s more.") % words)
    return chosen


def _refuse_flood(actor: Actor, more: int) -> None:
    recent = Participant.objects.filter(rung_by=membership_of(actor), rung_at__gt=now() - RINGS_WITHIN)
    if recent.count() + more > RINGS_AT_MOST:
        raise FloodError(_("You rang many people in the last minutes. Wait a little before you ring again."))


def _ring_one(actor: Actor, call: Call, member: Membership) -> Participant | None:
    one, _new = Participant.objects.get_or_create(call=call, membership=member)
    if one.rings >= RINGS_OF_ONE:
        raise FloodError(
            _("%(who)s was rung %(n)s times. Write to them instead.") % {"who": member.user, "n": one.rings}
        )
    move(one, "engage" if busy_elsewhere(member.pk, call) else "ring")
    one.rung_by, one.rung_at, one.rings = membership_of(actor), now(), one.rings + 1
    one.save(update_fields=["state", "rung_by", "rung_at", "rings"])
    one.call = call
    if one.state == State.RINGING:
        frames.tell_ring(one)
    return one


def _note_busy(actor: Actor, call: Call, busy: list[Participant]) -> None:
    if busy:
        names = ", ".join(str(each.membership.user) for each in busy)
        members = [each.membership_id for each in busy]
        record(actor=actor, verb="call.missed", target=call.room, call=call.pk, who=names, members=members)


@transaction.atomic
def decline_call(*, actor: Actor, call: Call) -> Call:
    """Say no to being rung; who is not rung (any more) changes nothing."""
    call = _locked(actor, call)
    me = call.participants.filter(membership=membership_of(actor)).first()
    if me is not None and can_move(me, "decline"):
        move(me, "decline")
        me.save(update_fields=["state"])
        record(actor=actor, verb="call.declined", target=call.room, call=call.pk)
        frames.tell_ring_over(call.pk, [me.membership_id])
        frames.tell_roster(call)
    return call


@transaction.atomic
def leave_call(*, actor: Actor, call: Call, tab: str = "", hang_up: bool = False) -> Call:
    """Leave; the last to leave ends the call, and so does who hangs up between two people.

    With `tab`, only that tab leaves: what an old tab says late does not put out the new one.
    """
    call = _locked(actor, call)
    me = call.participants.filter(membership=membership_of(actor), state=State.JOINED).first()
    if me is None or (tab and me.tab != tab):
        return call
    me.call = call
    leave_seat(actor=actor, seat=me, end_call=hang_up and call.room.kind == Room.Kind.DIRECT)
    return call
