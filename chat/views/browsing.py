"""Open rooms, joining and leaving, settings, bringing a room to rest."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat import actions
from chat.browsing import joinable_by, open_rooms
from chat.forms import SettingsForm
from chat.permissions import may_open
from chat.views.access import room_of, spoken
from core.errors import DomainError
from core.forms import first_error
from core.web import render_partial
from partners.access import MemberRequest, member_required


@require_GET
@member_required
def browse(request: MemberRequest) -> HttpResponse:
    """Rooms that one may join by oneself; `q` narrows the list."""
    text = request.GET.get("q", "")[:100]
    context = {"rows": open_rooms(request.actor, text), "q": text, "open_verdict": may_open(request.actor)}
    return render_partial(request, "chat/browse.html", "list", context)


@require_POST
@member_required
def join(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a seat in an open room."""
    room = get_object_or_404(joinable_by(request.actor), pk=pk)
    try:
        return redirect(actions.join_room(actor=request.actor, room=room))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("chat:browse")


@require_POST
@member_required
@spoken
def leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Give one's seat back."""
    room = actions.leave_room(actor=request.actor, room=room_of(request, pk))
    messages.success(request, _("You left the room %(title)s.") % {"title": room.title})
    return redirect("chat:rooms")


@require_POST
@member_required
@spoken
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring the room to rest."""
    actions.archive_room(actor=request.actor, room=room_of(request, pk))
    messages.success(request, _("The room is archived: it can be read and found. Open it again at any time."))
    return redirect("chat:seats", pk)


@require_POST
@member_required
@spoken
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Open an archived room again."""
    actions.reopen_room(actor=request.actor, room=room_of(request, pk))
    messages.success(request, _("The room is open again."))
    return redirect("chat:seats", pk)


@require_POST
@member_required
@spoken
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """What the room is for, what those see who come later, who pins, who may join."""
    room = room_of(request, pk)
    form = SettingsForm(request.POST, actor=request.actor, room=room)
    if not form.is_valid():
        raise DomainError(first_error(form))
    actions.settle_room(actor=request.actor, room=room, **form.cleaned_data)
    messages.success(request, _("The settings of the room are saved."))
    return redirect("chat:seats", pk)
