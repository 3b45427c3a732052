"""A link in a message opens into a card, for those who may see what it leads to."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat.unfolding import card_of
from partners.access import MemberRequest, member_required


@require_GET
@member_required
def unfold(request: MemberRequest) -> HttpResponse:
    """The card of `?path=`; the same 404 for what is missing, what is hidden, and what has no card."""
    card = card_of(request.actor, request.GET.get("path", ""))
    if card is None:
        raise Http404
    response = render(request, "chat/card.html", {"card": card})
    response["Cache-Control"] = "private, max-age=60"
    return response
