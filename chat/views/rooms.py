"""The list of rooms and a room."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import rooms
from chat.permissions import may_open
from chat.views.access import number_of, room_of
from chat.views.log import place_of
from core.web import render_partial
from partners.access import MemberRequest, member_required


def _list_context(request: MemberRequest, current: int | None = None) -> dict[str, Any]:
    actor = request.actor
    known = rooms.filters()
    only = request.GET.get("only", "all")
    only = only if only in known else "all"
    text = request.GET.get("q", "")[:100]
    return {
        "rows": rooms.rows_of(actor, only=only, text=text),
        "filters": known.items(),
        "only": only,
        "q": text,
        "current": current,
        "open_verdict": may_open(actor),
        "list_query": urlencode({"only": only, "q": text, "current": current or ""}),
    }


@require_GET
@member_required
def index(request: MemberRequest) -> HttpResponse:
    """Rooms, the last spoken in first; `only` and `q` narrow the list."""
    current = number_of(request.GET.get("current"))
    return render_partial(request, "chat/rooms.html", "list", _list_context(request, current))


@require_GET
@member_required
def room(request: MemberRequest, pk: int) -> HttpResponse:
    """A room on its own page, at its end or at message `?at=`, or at the first of `?day=`."""
    found = room_of(request, pk)
    shown = rooms.sheet_of(request.actor, found, at=place_of(request, request.actor, found))
    context = {**_list_context(request, (found.parent or found).pk), "room": found, "sheet": shown}
    return render(request, "chat/rooms.html", context)


@require_GET
@member_required
def sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """The room's sheet alone, for its tabs."""
    found = room_of(request, pk)
    beside = "beside" in request.GET
    shown = rooms.sheet_of(request.actor, found, at=number_of(request.GET.get("at")), beside=beside)
    return render(request, "chat/room_sheet.html", {"room": found, "sheet": shown})


@require_GET
@member_required
def earlier(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of messages before `?before=`."""
    found = room_of(request, pk)
    before = number_of(request.GET.get("before")) or found.last_seq + 1
    lines, older = rooms.earlier(request.actor, found, before)
    return render(request, "chat/lines.html", {"room": found, "lines": lines, "older": older})
