"""The boards, one board, and its settings."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.web import render_partial, toast, wants_partial
from forums import actions
from forums.forms import BoardForm
from forums.marked import follows_board, unread_topics
from forums.models import Board, Topic
from forums.people import mentionable
from forums.permissions import may_make_boards, may_manage, may_moderate, may_open
from forums.places import places
from forums.reputation import most_helpful
from forums.views.access import board_of, spoken
from forums.views.lists import listing_for, marked, of_board
from partners.access import MemberRequest, member_required, require

IN_SIDE = 6


@require_GET
@member_required("forums.view")
def home(request: MemberRequest) -> HttpResponse:
    """The boards that the actor reads, what asks for an answer, and who helps others."""
    actor = request.actor
    boards = Board.objects.visible_to(actor).listed_for(actor).select_related("organisation", "tier")
    standing = Q(topics__held_at=None, topics__hidden_at=None, topics__merged_into=None)
    last = Topic.objects.visible_to(actor).listed_for(actor).filter(board=OuterRef("pk")).order_by("-last_at", "-pk")
    counted = boards.annotate(
        many=Count("topics", filter=standing),
        last_at=Max("topics__last_at", filter=standing),
        last_title=Subquery(last.values("title")[:1]),
        last_topic=Subquery(last.values("pk")[:1]),
    )
    unread = dict(unread_topics(actor).order_by().values_list("board").annotate(n=Count("pk")))
    rows = [{"board": board, "unread": unread.get(board.pk, 0)} for board in counted.order_by("archived_at", "name")]
    open_questions = (
        Topic.objects.visible_to(actor)
        .listed_for(actor)
        .filter(kind=Topic.Kind.QUESTION, accepted=None, held_at=None, hidden_at=None, locked_at=None)
    )
    context = {
        "rows": rows,
        "open_questions": open_questions.select_related("board", "author").order_by("-created")[:IN_SIDE],
        "helpful": most_helpful(actor, most=IN_SIDE),
        "make": may_make_boards(actor),
        "places": places(actor),
    }
    return render_partial(request, "forums/home.html", "boards", context)


@require_GET
@member_required("forums.view")
def board(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The topics of a board."""
    actor = request.actor
    found = board_of(actor, pk)
    rows = Topic.objects.visible_to(actor).filter(board=found, merged_into=None)
    rows = rows if may_moderate(actor, found) else rows.filter(Q(hidden_at=None))
    listing = listing_for(actor, rows, of_board(found))
    bare = not set(request.GET) - {"view", "format"}
    return listing.respond(
        request,
        marked(actor, rows),
        board=found,
        pinned=rows.filter(pinned_at__isnull=False).order_by("-pinned_at")[:5] if bare else (),
        open_verdict=may_open(actor, found),
        manage=may_manage(actor, found),
        moderate=may_moderate(actor, found),
        follows=follows_board(actor, found.pk),
        places=places(actor),
    )


@require_http_methods(["GET", "POST"])
@member_required("forums.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Make a board."""
    require(may_make_boards(request.actor))
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a board and who reads it."""
    found = board_of(request.actor, pk)
    require(may_manage(request.actor, found))
    return _edit(request, found)


def _edit(request: MemberRequest, found: Board | None) -> HttpResponse:
    form = BoardForm(request.POST or None, actor=request.actor, instance=found)
    if form.is_bound and form.is_valid():
        try:
            saved = actions.save_board(
                actor=request.actor, board=found, fields=form.values(), invited=form.cleaned_data["invited"]
            )
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(saved)
    context = {"form": form, "board": found, "places": places(request.actor)}
    return render(request, "forums/board_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("forums.view")
@spoken
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Close a board to writing, or open it again."""
    on = request.POST.get("on") == "1"
    found = actions.archive_board(actor=request.actor, board=board_of(request.actor, pk), on=on)
    messages.success(request, _("The board is archived.") if on else _("The board is open again."))
    return redirect(found)


@require_POST
@member_required("forums.view")
@spoken
def follow(request: MemberRequest, pk: int) -> HttpResponse:
    """Be told of new topics, or no longer."""
    found = board_of(request.actor, pk)
    on = (request.POST.get("on") or request.GET.get("on")) == "1"
    actions.follow_board(actor=request.actor, board=found, on=on)
    said = _("You are told of new topics here.") if on else _("You are no longer told of new topics here.")
    if not wants_partial(request):
        messages.success(request, said)
        return redirect(found)
    response = render(request, "forums/_follow_board.html", {"board": found, "follows": on})
    return toast(response, said, undo_url=f"{reverse('forums:board_follow', args=[pk])}?on={'0' if on else '1'}")


@require_POST
@member_required("forums.view")
@spoken
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark everything on a board as read."""
    found = board_of(request.actor, pk)
    many = actions.read_board(actor=request.actor, board=found)
    messages.success(
        request, ngettext("%(n)d topic marked as read.", "%(n)d topics marked as read.", many) % {"n": many}
    )
    return redirect(found)


@require_GET
@member_required("forums.view")
def people(request: MemberRequest, pk: int) -> JsonResponse:
    """Whom one may mention on a board, for the writing box."""
    found = board_of(request.actor, pk)
    rows: list[dict[str, Any]] = [
        {"name": str(each.user), "organisation": str(each.organisation)} for each in mentionable(request.actor, found)
    ]
    return JsonResponse({"people": rows})
