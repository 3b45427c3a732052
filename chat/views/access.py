"""Fetching what the actor may see, and saying no to a script or a person alike."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect

from chat.models import Message, Room
from core.errors import DomainError
from partners.access import MemberRequest


def room_of(request: MemberRequest, pk: int) -> Room:
    """The room, or 404."""
    rooms = Room.objects.visible_to(request.actor).select_related("parent", "organisation")
    return get_object_or_404(rooms, pk=pk)


def message_of(request: MemberRequest, pk: int, seq: int) -> Message:
    """A message by its number in the room, or 404."""
    messages_ = Message.objects.visible_to(request.actor).for_display()
    return get_object_or_404(messages_, room=pk, seq=seq)


def number_of(text: str | None) -> int | None:
    """A number of a message, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def for_script(request: HttpRequest) -> bool:
    """True when the page's script asks, which reads JSON."""
    return "application/json" in request.headers.get("Accept", "")


def refusal(error: DomainError) -> JsonResponse:
    """A broken rule: 429 for a flood, 422 for the rest."""
    status = 429 if error.code == "flood" else 422
    body = {"error": error.message, "code": error.code, "field": error.field}
    return JsonResponse(body, status=status)


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a broken rule with its sentence: as JSON to a script, above the room to a person."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except DomainError as error:
            if for_script(request):
                return refusal(error)
            messages.error(request, error.message)
            return redirect("chat:room", pk)

    return guarded
