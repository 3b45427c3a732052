"""Who helps others, and what one person did on the boards."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from forums import actions
from forums.forms import ExpertForm
from forums.models import Board, Post, Topic
from forums.permissions import may_moderate
from forums.places import places
from forums.reputation import FOR_ANSWER, FOR_VOTE, Standing, most_helpful, standings
from forums.views.access import board_of, number, spoken
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Membership

SHOWN = 20


@require_GET
@member_required("forums.view")
def helpful(request: MemberRequest) -> HttpResponse:
    """Who helped others most: over all boards that the actor reads, or on one (`?board=`)."""
    actor = request.actor
    boards = Board.objects.visible_to(actor).listed_for(actor).select_related("organisation")
    board = boards.filter(pk=number(request.GET.get("board"))).first()
    context = {
        "standings": most_helpful(actor, board=board, most=50),
        "board": board,
        "boards": boards,
        "for_answer": FOR_ANSWER,
        "for_vote": FOR_VOTE,
        "places": places(actor),
    }
    return render(request, "forums/people.html", context)


def person_of(actor: Actor, pk: int) -> Membership:
    """A colleague, or somebody who wrote where the actor reads; else 404."""
    own = Membership.objects.visible_to(actor).select_related("user", "organisation").filter(pk=pk).first()
    if own is not None:
        return own
    posts = Post.objects.visible_to(actor).standing().filter(membership=pk)
    post = posts.select_related("membership__user", "membership__organisation").first()
    if post is None or post.membership is None:
        raise Http404
    return post.membership


@require_GET
@member_required("forums.view")
def person(request: MemberRequest, pk: int) -> HttpResponse:
    """A person's card: points, marks, and the last they wrote where the reader reads too."""
    actor = request.actor
    member = person_of(actor, pk)
    posts = Post.objects.visible_to(actor).standing().filter(membership=member, topic__hidden_at=None)
    boards = Board.objects.visible_to(actor).listed_for(actor).filter(pk__in=posts.values("topic__board"))
    context = {
        "member": member,
        "standing": standings(actor, [member.pk]).get(member.pk) or Standing(),
        "posts": posts.select_related("topic__board").order_by("-created", "-pk")[:SHOWN],
        "topics": Topic.objects.visible_to(actor).filter(membership=member, hidden_at=None, held_at=None).count(),
        "marking": [
            {"board": board, "form": ExpertForm(initial={"subject": _subject(board, member)}, prefix=str(board.pk))}
            for board in boards.select_related("organisation")
            if may_moderate(actor, board)
        ],
        "places": places(actor),
    }
    return render(request, "forums/person.html", context)


def _subject(board: Board, member: Membership) -> str:
    expert = board.experts.filter(membership=member).first()
    return expert.subject if expert else ""


@require_POST
@member_required("forums.view")
@spoken
def mark(request: MemberRequest, pk: int) -> HttpResponse:
    """Call somebody the expert of a board, or no longer."""
    member = person_of(request.actor, pk)
    board = board_of(request.actor, number(request.POST.get("board")))
    subject = request.POST.get(f"{board.pk}-subject", "")
    actions.name_expert(actor=request.actor, board=board, membership=member, subject=subject)
    said = _("%(who)s is now an expert.") if subject.strip() else _("%(who)s is no longer marked.")
    messages.success(request, said % {"who": member})
    return redirect("forums:person", pk)
