"""The desk of moderators, their log, and what they do with a topic or a post."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from forums import actions
from forums.forms.moderation import MergeForm, MoveForm, ReportForm, SplitForm
from forums.models import Board, ModerationEntry, Post, Topic
from forums.permissions import may_moderate, may_report
from forums.places import open_reports, places
from forums.views.access import post_of, spoken, topic_of
from partners.access import MemberRequest, member_required, require

SHOWN = 100


@require_GET
@member_required("forums.moderate")
def desk(request: MemberRequest) -> HttpResponse:
    """What waits for a moderator: held topics and posts, reported posts."""
    actor = request.actor
    boards = Board.objects.visible_to(actor).moderated_by(actor).values("pk")
    posts = Post.objects.visible_to(actor).filter(topic__board__in=boards)
    related = ("author", "organisation", "topic__board")
    topics = Topic.objects.visible_to(actor).filter(board__in=boards, held_at__isnull=False, hidden_at=None)
    context = {
        "held_topics": topics.select_related("author", "organisation", "board").order_by("held_at")[:SHOWN],
        "held_posts": posts.filter(seq=None, deleted_at=None).select_related(*related).order_by("pk")[:SHOWN],
        "reported": open_reports(actor)[:SHOWN],
        "places": places(actor),
    }
    return render(request, "forums/moderation.html", context)


@require_GET
@member_required("forums.view")
def log(request: MemberRequest) -> HttpResponse:
    """What was done: for moderators on their boards, for everybody else what concerns themselves."""
    rows = ModerationEntry.objects.visible_to(request.actor)
    related = ("board", "topic", "post", "moderator", "concerned__user", "concerned__organisation")
    context = {"entries": rows.select_related(*related).order_by("-pk")[:SHOWN], "places": places(request.actor)}
    return render(request, "forums/log.html", context)


def _ask(
    request: MemberRequest,
    topic: Topic,
    words: dict[str, Any],
    run: Callable[[forms.Form | None], tuple[Any, str]],
    *,
    form: forms.Form | None = None,
    post: Post | None = None,
) -> HttpResponse:
    """Ask for a reason or a choice on a page, then act and go where the act leads."""
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            to, said = run(form)
        except DomainError as error:
            if form is not None and error.field in form.fields:
                at_its_field(form, error)
            else:
                problem = error.message
        else:
            messages.success(request, said)
            return redirect(to)
    wrong = bool(problem or (form is not None and form.errors))
    context = {"topic": topic, "board": topic.board, "post": post, "form": form, "problem": problem, **words}
    return render(request, "forums/ask.html", context, status=422 if wrong else 200)


def _reason(request: MemberRequest) -> str:
    return request.POST.get("reason", "")


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """Report a post."""
    post = post_of(request.actor, pk)
    require(may_report(request.actor, post))
    form = ReportForm(request.POST or None)

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.report_post(actor=request.actor, post=post, **form.cleaned_data)
        return post, _("Thank you. The moderators look at it; they alone know that you wrote.")

    words = {"title": _("Report a post"), "button": _("Report"), "help": _("Only the moderators read this.")}
    return _ask(request, post.topic, words, run, form=form, post=post)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def hide_post(request: MemberRequest, pk: int) -> HttpResponse:
    """Hide a post."""
    post = post_of(request.actor, pk)
    require(may_moderate(request.actor, post.topic.board))

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.hide_post(actor=request.actor, post=post, reason=_reason(request))
        return post, _("The post is hidden. Its author reads why.")

    words = {"title": _("Hide a post"), "button": _("Hide it"), "label": _("Why"), "required": True}
    return _ask(request, post.topic, words, run, post=post)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def warn(request: MemberRequest, pk: int) -> HttpResponse:
    """Warn the author of a post."""
    post = post_of(request.actor, pk)
    require(may_moderate(request.actor, post.topic.board))

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.warn_author(actor=request.actor, post=post, reason=_reason(request))
        return post, _("The author is told. Nobody else but the moderators reads it.")

    words = {"title": _("Warn the author"), "button": _("Warn"), "label": _("What was not right"), "required": True}
    return _ask(request, post.topic, words, run, post=post)


@require_POST
@member_required("forums.view")
@spoken
def show_post(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a hidden post again."""
    post = actions.show_post(actor=request.actor, post=post_of(request.actor, pk))
    messages.success(request, _("Everybody reads it again."))
    return redirect(post)


@require_POST
@member_required("forums.view")
@spoken
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Nothing is wrong with a reported post."""
    actions.settle_reports(actor=request.actor, post=post_of(request.actor, pk))
    messages.success(request, _("The post stays. The reports are settled."))
    return redirect("forums:moderation")


@require_POST
@member_required("forums.view")
@spoken
def release_post(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a held post through."""
    actions.release_post(actor=request.actor, post=post_of(request.actor, pk))
    messages.success(request, _("Everybody reads it now."))
    return redirect("forums:moderation")


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def refuse_post(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse a held post."""
    post = post_of(request.actor, pk)
    require(may_moderate(request.actor, post.topic.board))

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.refuse_held(actor=request.actor, thing=post, reason=_reason(request))
        return "forums:moderation", _("Refused. The author reads why.")

    words = {"title": _("Refuse a held post"), "button": _("Refuse it"), "label": _("Why"), "required": True}
    return _ask(request, post.topic, words, run, post=post)


@require_POST
@member_required("forums.view")
@spoken
def release_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a held topic through."""
    actions.release_topic(actor=request.actor, topic=topic_of(request.actor, pk))
    messages.success(request, _("Everybody reads it now."))
    return redirect("forums:moderation")


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def refuse_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse a held topic."""
    topic = topic_of(request.actor, pk)
    require(may_moderate(request.actor, topic.board))

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.refuse_held(actor=request.actor, thing=topic, reason=_reason(request))
        return "forums:moderation", _("Refused. The author reads why.")

    words = {"title": _("Refuse a held topic"), "button": _("Refuse it"), "label": _("Why"), "required": True}
    return _ask(request, topic, words, run)


@require_POST
@member_required("forums.view")
@spoken
def pin(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a topic on top, or no longer."""
    on = request.POST.get("on") == "1"
    topic = actions.pin_topic(actor=request.actor, topic=topic_of(request.actor, pk), on=on)
    messages.success(request, _("The topic stays on top of its board.") if on else _("The topic is no longer pinned."))
    return redirect(topic)


@require_POST
@member_required("forums.view")
@spoken
def lock(request: MemberRequest, pk: int) -> HttpResponse:
    """Let nobody but moderators answer, or everybody again."""
    on = request.POST.get("on") == "1"
    topic = actions.lock_topic(actor=request.actor, topic=topic_of(request.actor, pk), on=on)
    messages.success(request, _("Only moderators can answer now.") if on else _("Everybody can answer again."))
    return redirect(topic)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def hide_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Hide a topic."""
    topic = topic_of(request.actor, pk)
    require(may_moderate(request.actor, topic.board))

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        actions.hide_topic(actor=request.actor, topic=topic, reason=_reason(request))
        return topic, _("The topic is hidden. Its author reads why.")

    words = {"title": _("Hide the topic"), "button": _("Hide it"), "label": _("Why"), "required": True}
    return _ask(request, topic, words, run)


@require_POST
@member_required("forums.view")
@spoken
def show_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a hidden topic again."""
    topic = actions.show_topic(actor=request.actor, topic=topic_of(request.actor, pk))
    messages.success(request, _("Everybody reads it again."))
    return redirect(topic)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a topic to another board."""
    topic = topic_of(request.actor, pk)
    require(may_moderate(request.actor, topic.board))
    form = MoveForm(request.POST or None, actor=request.actor, topic=topic)

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        return actions.move_topic(actor=request.actor, topic=topic, **form.cleaned_data), _("The topic is moved.")

    words = {"title": _("Move the topic"), "button": _("Move it"), "help": _("Only to a board with no more readers.")}
    return _ask(request, topic, words, run, form=form)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a topic's posts at the end of another."""
    topic = topic_of(request.actor, pk)
    require(may_moderate(request.actor, topic.board))
    form = MergeForm(request.POST or None, actor=request.actor, topic=topic)

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        return actions.merge_topics(actor=request.actor, topic=topic, **form.cleaned_data), _("The topics are one now.")

    help_text = _("Its posts go to the end of the other topic, and its address leads there. This cannot be undone.")
    words = {"title": _("Merge into another topic"), "button": _("Merge"), "help": help_text}
    return _ask(request, topic, words, run, form=form)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def split(request: MemberRequest, pk: int) -> HttpResponse:
    """Move some posts to a topic of their own."""
    topic = topic_of(request.actor, pk)
    require(may_moderate(request.actor, topic.board))
    form = SplitForm(request.POST or None, actor=request.actor, topic=topic)

    def run(_form: forms.Form | None) -> tuple[Any, str]:
        posts = [post.pk for post in form.cleaned_data["posts"]]
        made = actions.split_topic(actor=request.actor, topic=topic, posts=posts, title=form.cleaned_data["title"])
        return made, _("The posts have a topic of their own.")

    words = {"title": _("Split the topic"), "button": _("Split"), "help": _("The chosen posts move, in their order.")}
    return _ask(request, topic, words, run, form=form)
