"""Public boards, as everybody reads them: no account, no script needed, found by search engines."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from forums.models import PAGE
from forums.publics import public_boards, public_posts, public_topics
from forums.reading import Pages
from forums.views.access import number

LISTED = 50


@require_GET
def board(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The topics of a public board, the last spoken in first."""
    found = get_object_or_404(public_boards(), pk=pk)
    if slug != found.slug:
        return redirect("forums_public:board", pk, found.slug, permanent=True)
    topics = public_topics().filter(board=found)
    page = max(1, number(request.GET.get("page"), 1))
    last = max(1, -(-topics.count() // LISTED))
    if page > last:
        raise Http404
    rows = topics.order_by("-last_at", "-pk")
    context = {
        "board": found,
        "topics": rows[(page - 1) * LISTED : page * LISTED],
        "pages": Pages(page, last),
        "enter": reverse("forums:board", args=[pk]),
        "canonical": request.build_absolute_uri(request.path),
    }
    return _shown(render(request, "forums/public_board.html", context))


@require_GET
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A page of a topic of a public board."""
    found = get_object_or_404(public_topics(), pk=pk)
    if slug != found.slug:
        return redirect("forums_public:topic", pk, found.slug, permanent=True)
    page = max(1, number(request.GET.get("page"), 1))
    if page > found.pages:
        raise Http404
    posts = public_posts(found).filter(seq__gt=(page - 1) * PAGE, seq__lte=page * PAGE).order_by("seq")
    solution = public_posts(found).filter(pk=found.accepted_id).first() if found.accepted_id and page == 1 else None
    context = {
        "topic": found,
        "board": found.board,
        "posts": posts,
        "solution": solution,
        "pages": Pages(page, found.pages),
        "enter": reverse("forums:topic", args=[pk]),
        "canonical": request.build_absolute_uri(request.path),
    }
    return _shown(render(request, "forums/public_topic.html", context))


def _shown(response: HttpResponse) -> HttpResponse:
    """A minute in any cache: the page is the same for everybody."""
    response["Cache-Control"] = "public, max-age=60"
    return response
