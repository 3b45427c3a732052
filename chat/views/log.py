"""The log of a room in pieces: what the page fetches while its reader scrolls or looks for a day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import windows
from chat.models import Room
from chat.views.access import number_of, room_of
from partners.access import MemberRequest, member_required
from partners.actors import Actor


def day_of(text: str | None) -> date | None:
    """A day as date fields send it (ISO 8601, "2026-03-31"), or None for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def place_of(request: MemberRequest, actor: Actor, room: Room) -> int | None:
    """The number of the message that the address asks for: `?at=` itself, or the first of `?day=`."""
    day = day_of(request.GET.get("day"))
    if day is not None and 1900 < day.year < 9999:
        return windows.first_of(actor, room, day)
    return number_of(request.GET.get("at"))


@require_GET
@member_required
def later(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of messages after `?after=`."""
    room = room_of(request, pk)
    window = windows.later(request.actor, room, number_of(request.GET.get("after")) or 0)
    return _lines(request, room, window)


@require_GET
@member_required
def around(request: MemberRequest, pk: int) -> HttpResponse:
    """The messages around `?at=`, or around the first of `?day=`; the last ones for anything else."""
    room = room_of(request, pk)
    at = place_of(request, request.actor, room)
    return _lines(request, room, windows.around(request.actor, room, room.last_seq if at is None else at))


def _lines(request: MemberRequest, room: Room, window: windows.Window) -> HttpResponse:
    context = {"room": room, "lines": window.lines, "older": window.older, "newer": window.newer}
    return render(request, "chat/lines.html", context)
