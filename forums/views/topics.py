"""A topic: reading it, opening one, and what is done with it as a whole."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat.files import ACCEPT
from core.errors import DomainError
from core.forms import at_its_field, first_error
from core.web import render_partial, toast, wants_partial
from forums import actions
from forums.forms import ReplyForm, TopicForm
from forums.forms.posts import new_client_id
from forums.marked import draft_for
from forums.models import Post, Topic
from forums.people import readers_of
from forums.permissions import may_change_topic, may_open, may_see_readers, may_step
from forums.polling import poll_of
from forums.reading import page_of, read_up_to, sheet_of
from forums.steps import steps_of
from forums.views.access import board_of, number, spoken, topic_of
from forums.writing import MAX_BODY
from partners.access import MemberRequest, member_required, require


@require_GET
@member_required("forums.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """A page of a topic: the one asked for, the one of a post (`?at=`), else where one has read up to."""
    topic = topic_of(request.actor, pk)
    if topic.merged_into is not None:
        return redirect(topic.merged_into)
    at = number(request.GET.get("at"))
    page = number(request.GET.get("page")) or (page_of(at) if at else _first_unread(request, topic))
    return show(request, topic, page)


def _first_unread(request: MemberRequest, topic: Topic) -> int:
    read = read_up_to(request.actor, topic)
    return page_of(min(read + 1, topic.last_seq)) if read else 1


def show(
    request: MemberRequest, topic: Topic, page: int, *, reply: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, or its fragment for htmx."""
    sheet = sheet_of(request.actor, topic, page)
    form = reply or ReplyForm(initial={"body": sheet.draft.get("body", ""), "client_id": new_client_id()})
    context = {
        "topic": topic,
        "board": topic.board,
        "sheet": sheet,
        "reply": form,
        "longest": MAX_BODY,
        "accept": ACCEPT,
        "change": may_change_topic(request.actor, topic),
        "steps": steps_of(request.actor, topic),
        "readers_verdict": may_see_readers(request.actor, topic),
        "poll": poll_of(request.actor, topic),
    }
    return render_partial(request, "forums/topic.html", "topic", context, status=status)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Open a topic on a board."""
    board = board_of(request.actor, pk)
    require(may_open(request.actor, board))
    draft = draft_for(request.actor, board.pk)
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in Topic.Kind.values else Topic.Kind.QUESTION,
        **draft,
        "client_id": new_client_id(),
    }
    form = TopicForm(request.POST or None, request.FILES or None, actor=request.actor, board=board, initial=initial)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            topic = actions.open_topic(actor=request.actor, board=board, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
            status = 429 if error.code == "flood" else 422
        else:
            if topic.held_at:
                messages.warning(request, _("Thank you. A moderator looks at your first topic before others see it."))
            return redirect(topic)
    if form.errors and status == 200:
        status = 422
    context = {"board": board, "form": form, "topic": None, "longest": MAX_BODY}
    return render(request, "forums/topic_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change title, kind and tags."""
    topic = topic_of(request.actor, pk)
    require(may_change_topic(request.actor, topic))
    tags = ", ".join(tag.name for tag in topic.tags.all())
    initial = {"kind": topic.kind, "title": topic.title, "tags": tags}
    form = TopicForm(request.POST or None, actor=request.actor, board=topic.board, topic=topic, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.change_topic(actor=request.actor, topic=topic, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(topic)
    context = {"board": topic.board, "form": form, "topic": topic}
    return render(request, "forums/topic_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("forums.view")
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Write in a topic. What is refused stays in the box."""
    topic = topic_of(request.actor, pk)
    form = ReplyForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            post = actions.add_post(actor=request.actor, topic=topic, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
            status = 429 if error.code == "flood" else 422
        else:
            if post.held:
                messages.warning(request, _("Thank you. A moderator looks at your first post before others see it."))
                return redirect(topic)
            return redirect(post.topic.address_of(post.seq or 1))
    messages.error(request, first_error(form))
    return show(request, topic, topic.pages, reply=form, status=status)


@require_POST
@member_required("forums.view")
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep an answer that is being written."""
    topic = topic_of(request.actor, pk)
    actions.keep_draft(actor=request.actor, board=topic.board, topic=topic, fields=request.POST.dict())
    return HttpResponse(status=204)


@require_POST
@member_required("forums.view")
def board_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a topic that is being written."""
    board = board_of(request.actor, pk)
    actions.keep_draft(actor=request.actor, board=board, topic=None, fields=request.POST.dict())
    return HttpResponse(status=204)


@require_POST
@member_required("forums.view")
def read(request: MemberRequest, pk: int) -> JsonResponse:
    """Note how far one has read; answers how far that is."""
    topic = topic_of(request.actor, pk)
    seq = actions.mark_read(actor=request.actor, topic=topic, seq=number(request.POST.get("seq")))
    return JsonResponse({"read": seq})


def _act(request: MemberRequest, pk: int, run: Callable[[Topic], str], undo: str = "") -> HttpResponse:
    """Do something with a topic and show it again on the page where the reader was."""
    topic = topic_of(request.actor, pk)
    said = run(topic)
    if not wants_partial(request):
        messages.success(request, said)
        return redirect(topic)
    fresh = topic_of(request.actor, pk)
    return toast(show(request, fresh, number(request.GET.get("page"), 1)), said, undo_url=undo or None)


@require_POST
@member_required("forums.view")
@spoken
def follow(request: MemberRequest, pk: int) -> HttpResponse:
    """Be told of new posts, or not."""
    on = (request.POST.get("on") or request.GET.get("on")) == "1"

    def run(topic: Topic) -> str:
        actions.follow_topic(actor=request.actor, topic=topic, on=on)
        return _("You are told of new posts.") if on else _("You are not told of new posts any more.")

    return _act(request, pk, run, f"{reverse('forums:topic_follow', args=[pk])}?on={'0' if on else '1'}")


@require_POST
@member_required("forums.view")
@spoken
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept the answer `post`, or with none take the accepted one back."""
    given = number(request.POST.get("post"))

    def run(topic: Topic) -> str:
        rows = Post.objects.visible_to(request.actor).filter(topic=topic)
        post = get_object_or_404(rows, pk=given) if given else None
        actions.accept_answer(actor=request.actor, topic=topic, post=post)
        return _("The answer is accepted.") if post else _("The question is open again.")

    return _act(request, pk, run)


@require_POST
@member_required("forums.view")
@spoken
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm to have read an announcement."""

    def run(topic: Topic) -> str:
        actions.acknowledge(actor=request.actor, topic=topic)
        return _("Thank you. The author sees that you have read it.")

    return _act(request, pk, run)


@require_GET
@member_required("forums.view")
def readers(request: MemberRequest, pk: int) -> HttpResponse:
    """Who has acknowledged an announcement, and who has not."""
    topic = topic_of(request.actor, pk)
    require(may_see_readers(request.actor, topic))
    done = topic.acknowledgements.select_related("membership__user", "membership__organisation").order_by("-pk")
    known = {each.membership_id for each in done}
    missing = [each for each in readers_of(topic.board) if each.pk not in known and each.pk != topic.membership_id]
    return render(
        request, "forums/readers.html", {"topic": topic, "board": topic.board, "done": done, "missing": missing}
    )


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Say where an idea stands, with a sentence for those who voted for it."""
    topic = topic_of(request.actor, pk)
    require(
        may_step(request.actor, topic, name) if name in Topic.TRANSITIONS else may_step(request.actor, topic, "plan")
    )
    problem = ""
    if request.method == "POST":
        try:
            actions.step_idea(actor=request.actor, topic=topic, step=name, reason=request.POST.get("reason", ""))
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, _("Saved. Everybody who voted for it or follows it is told."))
            return redirect(topic)
    found = next((each for each in steps_of(request.actor, topic) if each.name == name), None)
    context = {
        "topic": topic,
        "board": topic.board,
        "title": found.label if found else _("Idea"),
        "button": found.label if found else _("Save"),
        "label": _("A sentence for those who voted for it"),
        "required": name == "decline",
        "problem": problem,
    }
    return render(request, "forums/ask.html", context, status=422 if problem else 200)
