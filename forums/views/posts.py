"""One post: its permalink, other words for it, taking it back, votes, former words, files."""

import difflib

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import markdown
from chat.files import INLINE
from core.errors import DomainError
from core.forms import at_its_field
from core.web import wants_partial
from forums import actions
from forums.forms import EditForm
from forums.models import PostFile
from forums.permissions import is_author, may_edit, may_read_revisions
from forums.reading import page_of
from forums.views.access import post_of, spoken, topic_of
from forums.views.topics import show
from forums.writing import MAX_BODY
from partners.access import MemberRequest, member_required, require


@require_GET
@member_required("forums.view")
def permalink(request: MemberRequest, pk: int) -> HttpResponse:
    """Where the post stands now."""
    post = post_of(request.actor, pk)
    return redirect(post.topic.address_of(post.seq) if post.seq else f"{post.topic.get_absolute_url()}#held-{post.pk}")


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the words."""
    post = post_of(request.actor, pk)
    require(may_edit(request.actor, post))
    form = EditForm(request.POST or None, initial={"body": post.body})
    mine = is_author(request.actor, post)
    if mine:
        del form.fields["reason"]
    if form.is_bound and form.is_valid():
        try:
            actions.edit_post(actor=request.actor, post=post, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            return redirect(post)
    context = {"post": post, "topic": post.topic, "board": post.topic.board, "form": form, "longest": MAX_BODY}
    return render(request, "forums/post_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("forums.view")
@spoken
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's post back."""
    post = actions.delete_post(actor=request.actor, post=post_of(request.actor, pk))
    messages.success(request, _("The post is deleted."))
    return redirect(post.topic.board if post.seq == 1 else post)


@require_POST
@member_required("forums.view")
@spoken
def vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that a post is useful, or take that back."""
    on = request.POST.get("on") == "1"
    post = actions.vote(actor=request.actor, post=post_of(request.actor, pk), useful=on)
    if not wants_partial(request):
        return redirect(post)
    return show(request, topic_of(request.actor, post.topic_id), page_of(post.seq or 1))


@require_GET
@member_required("forums.view")
def history(request: MemberRequest, pk: int) -> HttpResponse:
    """What was changed in a post, and by whom, the last change first."""
    post = post_of(request.actor, pk)
    require(may_read_revisions(request.actor, post))
    rows = list(post.revisions.select_related("editor").order_by("pk"))
    texts = [*(row.body for row in rows), post.body]
    changes = [
        {"row": row, "lines": _difference(before, after)}
        for row, before, after in zip(rows, texts[:-1], texts[1:], strict=True)
    ]
    context = {"post": post, "topic": post.topic, "board": post.topic.board, "changes": changes[::-1]}
    return render(request, "forums/history.html", context)


def _difference(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that went ("-"), came ("+") or stayed (" "), the last only near a change."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    return [(line[:1], line[1:]) for line in lines if not line.startswith(("---", "+++", "@@"))]


@require_POST
@member_required("forums.view")
def preview(request: MemberRequest) -> HttpResponse:
    """What a text will look like."""
    html = markdown.render(request.POST.get("body", "")[:MAX_BODY])
    return render(request, "forums/_preview.html", {"html": html})


@require_GET
@member_required("forums.view")
def file(request: MemberRequest, pk: int) -> FileResponse:
    """A file: images and PDFs in the browser, everything else as a download; never run as a page."""
    found = get_object_or_404(PostFile.objects.visible_to(request.actor), pk=pk)
    inline = found.content_type in INLINE and "download" not in request.GET
    try:
        response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    if found.content_type != "application/pdf":  # the browser's own PDF viewer does not start in a sandbox
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
