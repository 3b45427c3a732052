"""How the pages find a board, a topic or a post, and how a refusal is said."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from core.errors import DomainError
from forums.models import Board, Post, Topic
from partners.access import MemberRequest
from partners.actors import Actor


def board_of(actor: Actor, pk: int) -> Board:
    """A board, or 404."""
    return get_object_or_404(Board.objects.visible_to(actor).select_related("organisation", "tier"), pk=pk)


def topic_of(actor: Actor, pk: int) -> Topic:
    """A topic, or 404."""
    related = ("board__organisation", "board__tier", "author", "organisation", "merged_into")
    return get_object_or_404(Topic.objects.visible_to(actor).select_related(*related), pk=pk)


def post_of(actor: Actor, pk: int) -> Post:
    """A post, or 404."""
    related = ("topic__board__organisation", "topic__board__tier", "author", "organisation")
    return get_object_or_404(Post.objects.visible_to(actor).select_related(*related), pk=pk)


def refused(request: MemberRequest, error: DomainError) -> HttpResponse:
    """A broken rule as a page, whose sentence htmx shows as a toast: 429 for a flood, 422 for the rest."""
    return render(request, "422.html", {"exception": error.message}, status=429 if error.code == "flood" else 422)


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a broken rule with its sentence."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refused(request, error)

    return guarded


def number(text: str | None, default: int = 0) -> int:
    """A number of the address or a form; `default` for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
