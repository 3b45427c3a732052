"""Saying, changing, taking back, reading: what the composer and the log post."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat import actions, frames
from chat.forms import MessageForm
from chat.models import Message
from chat.rooms import address_of
from chat.views.access import for_script, message_of, room_of, spoken
from core.errors import DomainError
from core.forms import first_error
from partners.access import MemberRequest, member_required


@require_POST
@member_required
@spoken
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """Say something; the answer is the message as everybody sees it."""
    room = room_of(request, pk)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        raise DomainError(first_error(form))
    message = actions.post_message(actor=request.actor, room=room, **form.cleaned_data)
    return _answer(request, message)


def _answer(request: MemberRequest, message: Message) -> HttpResponse:
    if not for_script(request):
        return redirect(address_of(message.room, message.seq))
    shown = Message.objects.visible_to(request.actor).for_display().get(pk=message.pk)
    return JsonResponse({"id": shown.seq, "client_id": shown.client_id, "html": frames.markup(shown)})


@require_POST
@member_required
@spoken
def edit(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Change one's own words."""
    message = message_of(request, pk, seq)
    body = request.POST.get("body", "")
    return _answer(request, actions.edit_message(actor=request.actor, message=message, body=body))


@require_POST
@member_required
@spoken
def delete(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Take a message back."""
    message = message_of(request, pk, seq)
    return _answer(request, actions.delete_message(actor=request.actor, message=message))


@require_POST
@member_required
@spoken
def react(request: MemberRequest, pk: int, seq: int) -> HttpResponse:
    """Put a sign to a message, or take it away."""
    message = message_of(request, pk, seq)
    sign = request.POST.get("sign", "")
    return _answer(request, actions.react(actor=request.actor, message=message, sign=sign))


@require_POST
@member_required
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """Note how far one has read."""
    seq = request.POST.get("seq", "")
    known = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else 0
    actions.mark_read(actor=request.actor, room=room_of(request, pk), seq=known)
    return HttpResponse(status=204)
