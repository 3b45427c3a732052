"""Beside the log: a thread, what one message went through, pins, saved messages, quiet."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat import actions, beside, frames
from chat.models import Message
from chat.permissions import may_pin
from chat.rooms import address_of
from chat.views.access import for_script, message_of, room_of, spoken
from core.web import render_partial
from partners.access import MemberRequest, member_required


@require_GET
@member_required
def thread(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """A message with everything that answers it, beside the room or on a page of its own."""
    message = message_of(request, pk, seq)
    context = {"room": message.room, "thread": beside.thread_of(request.actor, message)}
    return render_partial(request, "chat/thread.html", "panel", context)


@require_GET
@member_required
def about(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Who has read a message, and what it said before it was changed."""
    message = message_of(request, pk, seq)
    context = {
        "room": message.room,
        "message": message,
        "readers": beside.readers_of(request.actor, message),
        "former": beside.former_texts(message),
    }
    return render_partial(request, "chat/about.html", "panel", context)


@require_POST
@member_required
@spoken
def pin(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Keep a message of the room at hand (`pinned=1`), or let go of it."""
    message = message_of(request, pk, seq)
    pinned = request.POST.get("pinned") == "1"
    message = actions.pin_message(actor=request.actor, message=message, pinned=pinned)
    text = _("Pinned for everybody in this room.") if pinned else _("No longer pinned.")
    if not for_script(request):
        messages.success(request, text)
        return redirect("chat:pins", pk)
    shown = Message.objects.visible_to(request.actor).for_display().get(pk=message.pk)
    return JsonResponse({"id": shown.seq, "html": frames.markup(shown), "text": text})


@require_GET
@member_required
def pins(request: MemberRequest, pk: int) -> HttpResponse:
    """The pinned messages of a room."""
    room = room_of(request, pk)
    context = {"room": room, "pins": beside.pins_of(request.actor, room), "verdict": may_pin(request.actor, room)}
    return render_partial(request, "chat/pins.html", "panel", context)


@require_POST
@member_required
@spoken
def save(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Put a message among one's saved ones (`saved=1`), or take it from there."""
    message = message_of(request, pk, seq)
    wanted = request.POST.get("saved", request.GET.get("saved")) == "1"
    saved = actions.save_message(actor=request.actor, message=message, saved=wanted)
    text = _("Saved for you.") if saved else _("No longer saved.")
    if for_script(request):
        return JsonResponse({"id": seq, "saved": saved, "text": text})
    messages.success(request, text)
    return redirect("chat:saved")


@require_GET
@member_required
def saved(request: MemberRequest) -> HttpResponse:
    """What the member saved, the last first."""
    before = request.GET.get("before", "")
    known = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    page, more = beside.saved_by(request.actor, before=known)
    return render_partial(request, "chat/saved.html", "list", {"bookmarks": page, "more": more})


@require_POST
@member_required
@spoken
def mute(request: MemberRequest, pk: int) -> HttpResponse:
    """Have the room be quiet for a while, or heard again."""
    room = room_of(request, pk)
    mark = actions.mute(actor=request.actor, room=room, until=request.POST.get("until", ""))
    quiet = _("This room is quiet: it counts in no badge. When somebody names you, you still hear of it.")
    messages.success(request, quiet if mark.muted else _("This room is heard again."))
    return redirect(address_of(room))
