"""The window of a call, and its durable acts. Signals travel by the socket (chat.calls.plug)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_permissions_policy.decorators import permissions_policy_override

from chat import actions
from chat.calls.frames import roster_of
from chat.calls.ice import servers_for
from chat.calls.showing import lobby_of, talking_in
from chat.models import Call, Participant, Room
from chat.permissions import may_call
from chat.views.access import refusal, room_of
from core.errors import DomainError
from partners.access import MemberRequest, member_required

View = Callable[..., HttpResponse]
with_devices = permissions_policy_override({"microphone": "self", "camera": "self", "display-capture": "self"})


def for_window(view: View) -> View:
    """A broken rule as JSON with its sentence: only the script of the window asks."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except DomainError as error:
            return refusal(error)

    return guarded


def call_of(request: MemberRequest, pk: int) -> Call:
    """The call, or 404."""
    return get_object_or_404(Call.objects.visible_to(request.actor).select_related("room"), pk=pk)


@require_GET
@member_required
@with_devices
def lobby(request: MemberRequest, pk: int) -> HttpResponse:
    """Before a call begins: whom to ring, with which microphone. A call that goes on is joined instead."""
    room = room_of(request, pk)
    going_on = talking_in(request.actor, room)
    return redirect(going_on.call) if going_on else _window(request, room, None)


@require_GET
@member_required
@with_devices
def show(request: MemberRequest, pk: int) -> HttpResponse:
    """The window of a call: its lobby, the call itself, and what is said once it is over."""
    call = call_of(request, pk)
    return _window(request, call.room, call)


def _window(request: MemberRequest, room: Room, call: Call | None) -> HttpResponse:
    context: dict[str, Any] = {"room": room, "call": call, "lobby": lobby_of(request.actor, room, call)}
    return render(request, "chat/call.html", context)


@require_GET
@member_required
def bar(request: MemberRequest, pk: int) -> HttpResponse:
    """The line above a room that says who talks there now."""
    room = room_of(request, pk)
    context = {"room": room, "talking": talking_in(request.actor, room), "may_call": may_call(request.actor, room)}
    return render(request, "chat/call_bar.html", context)


@require_POST
@member_required
@for_window
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """Start a call and ring the chosen people (`ring`, several)."""
    room = room_of(request, pk)
    seat = actions.start_call(actor=request.actor, room=room, ring_members=_members(request))
    return _seated(request, seat)


@require_POST
@member_required
@for_window
def join(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a seat, or take it again with `tab`."""
    call = call_of(request, pk)
    return _seated(request, actions.join_call(actor=request.actor, call=call, tab=request.POST.get("tab", "")[:32]))


def _seated(request: MemberRequest, seat: Participant) -> JsonResponse:
    """What the window needs to talk: its proof for the socket, and the servers that help through firewalls."""
    answer = {"call": seat.call_id, "url": seat.call.get_absolute_url(), "tab": seat.tab, "epoch": seat.epoch}
    return JsonResponse({**answer, "seconds": seat.call.seconds, "ice": servers_for(seat.membership_id)})


@require_POST
@member_required
@for_window
def leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave with this `tab`; `hang_up` where somebody pressed the button."""
    call = call_of(request, pk)
    tab, hang_up = request.POST.get("tab", "")[:32], bool(request.POST.get("hang_up"))
    call = actions.leave_call(actor=request.actor, call=call, tab=tab, hang_up=hang_up)
    return JsonResponse({"call": call.pk})


@require_POST
@member_required
@for_window
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no to being rung."""
    call = actions.decline_call(actor=request.actor, call=call_of(request, pk))
    return JsonResponse({"call": call.pk})


@require_POST
@member_required
@for_window
def ring(request: MemberRequest, pk: int) -> HttpResponse:
    """Ring more people of the room (`ring`, several)."""
    call = actions.ring(actor=request.actor, call=call_of(request, pk), members=_members(request))
    return JsonResponse(roster_of(call))


def _members(request: MemberRequest) -> set[int]:
    """The chosen members; what is no number is nobody of the room."""
    chosen = request.POST.getlist("ring")[:50]
    return {int(each) if each.isascii() and each.isdigit() and len(each) < 18 else 0 for each in chosen}
