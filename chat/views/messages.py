"""Saying, changing, taking back, reading: what the composer and the log post."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat import actions, frames
from chat.forms import MessageForm
from chat.models import Message, Room
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
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        room_of(request, pk)  # a stranger hears nothing of what is wrong
        raise DomainError(first_error(form))
    message = actions.post_message(actor=request.actor, room=Room(pk=pk), **form.cleaned_data)
    return _said(request, message)


def _said(request: MemberRequest, message: Message) -> HttpResponse:
    if not for_script(request):
        return redirect(address_of(message.room, message.seq))
    return JsonResponse({"id": message.seq, "client_id": message.client_id, "html": frames.markup(message)})


def _answer(request: MemberRequest, message: Message) -> HttpResponse:
    return _said(request, Message.objects.visible_to(request.actor).for_display().get(pk=message.pk))


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
