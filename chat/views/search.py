"""Searching the talk: on a page of its own, and within one room."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from chat.asking import asked_of
from chat.finding import find
from chat.models import Room
from chat.views.access import room_of
from core.web import key_of, render_partial
from partners.access import MemberRequest, member_required

CHOSEN = ("from", "in", "before", "after", "has", "is")
MOST_CHOSEN = 4  # values of one filter
ORDERS = (("newest", _("Newest first")), ("best", _("Best first")))
BOXES = (
    ("has", "file", _("With a file")),
    ("has", "link", _("With a link")),
    ("is", "saved", _("Saved by me")),
    ("is", "mine", _("Said by me")),
)


@require_GET
@member_required
def search(request: MemberRequest) -> HttpResponse:
    """What was said anywhere: `q` with typed filters, the same filters chosen, `room` for one room, `by` newest or
    best, `page` goes on."""
    given = request.GET
    chosen = [(name, value) for name in CHOSEN for value in given.getlist(name)[:MOST_CHOSEN]]
    asked, room = asked_of(given.get("q", ""), chosen), _room(request)
    by, page = "best" if given.get("by") == "best" else "newest", given.get("page", "")
    found = find(request.actor, asked, room=room, best=by == "best", page=page)
    kept = [(name, value) for name in ("q", "room") for value in given.getlist(name)[:1] if value]
    narrowed = [*kept, *((name, value) for name, value in chosen if value)]
    context = {
        "q": given.get("q", ""),
        "sender": given.get("from", ""),
        "place": given.get("in", ""),
        "before": given.get("before", ""),
        "after": given.get("after", ""),
        "boxes": _boxes(chosen),
        "asked": asked,
        "room": room,
        "by": by,
        "orders": [(code, label, urlencode([*narrowed, ("by", code)])) for code, label in ORDERS],
        "found": found,
        "kept": urlencode([*narrowed, ("by", by)]),
    }
    return render_partial(request, "chat/search.html", "more" if page else "finds", context)


def _boxes(chosen: list[tuple[str, str]]) -> list[tuple[str, str, str | Promise, bool]]:
    """The filters that are only on or off: name, value, label, and whether it is on."""
    return [(name, value, label, (name, value) in chosen) for name, value, label in BOXES]


def _room(request: MemberRequest) -> Room | None:
    """The one room that is searched; everything for one that the actor cannot see, as for one that is not there."""
    number = key_of(request.GET.get("room", ""))
    rooms = Room.objects.visible_to(request.actor).select_related("parent")
    return rooms.filter(pk=number).first() if number is not None else None


@require_GET
@member_required
def find_here(request: MemberRequest, pk: int) -> HttpResponse:
    """What was said in one room, for the box above its log."""
    room, text = room_of(request, pk), request.GET.get("q", "")
    found = find(request.actor, asked_of(text), room=room)
    context = {"room": room, "q": text, "found": found}
    return render(request, "chat/find_here.html", context)
