"""Segments: the list, and the editor that counts while one builds."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audiences import actions
from audiences.actions.segmenting import cleaned
from audiences.choosing import catalogue, matching
from audiences.models import Segment
from core.errors import DomainError
from core.web import follow, render_partial, version_of
from deals import rules
from deals.forms import rules as editor
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required
from partners.actors import Actor

SEES, KEEPS = "audiences.view", "audiences.manage"
SAMPLE = 10
SHOWN = 100


def fetch(actor: Actor, pk: int) -> Segment:
    """A segment of one's own organisation, or 404."""
    return get_object_or_404(Segment.objects.visible_to(actor).select_related("organisation"), pk=pk)


@require_GET
@member_required(SEES)
def index(request: MemberRequest) -> HttpResponse:
    """The segments, each in words."""
    fields = catalogue(request.actor.organisation)
    rows = Segment.objects.visible_to(request.actor)[:SHOWN]
    return render(
        request, "audiences/segments.html", {"segments": [(row, rules.sentence(row.rule, fields)) for row in rows]}
    )


@require_http_methods(["GET", "POST"])
@member_required(SEES)
@never_stored
def edit(request: MemberRequest, pk: int | None = None) -> HttpResponseBase:
    """Write a segment. A press of any button but *Save* stores nothing, and counts anew."""
    row = fetch(request.actor, pk) if pk else Segment(organisation=request.actor.organisation)
    fields = catalogue(request.actor.organisation)
    if request.method != "POST":
        blank = {"id": "", "name": "", "active": True, "join": "all", "groups": [_blank()]}
        stored = {"id": "", "name": row.name, "active": True, **row.rule}
        drafts = editor.drafts_of([stored], fields) if row.pk else [blank]
        return _page(request, row, fields, drafts[0], row.name)
    draft = next(iter(editor.read(request.POST)), None) or {
        "join": "all",
        "groups": [_blank()],
        "id": "",
        "name": "",
        "active": True,
    }
    name, act = request.POST.get("name", ""), request.POST.get("act", "save")
    if act != "save":
        return _page(request, row, fields, editor.pressed([draft], act)[0], name)
    try:
        rule = editor.rules_of([draft], fields, "EUR")[0]
        saved = actions.save_segment(
            actor=request.actor, name=name, rule=rule, segment=row if row.pk else None, version=version_of(request)
        )
    except DomainError as error:
        wrong = {"problem": error.message, "wrong_name": error.message if error.field == "name" else ""}
        return _page(request, row, fields, draft, name, **wrong, status=422)
    messages.success(request, _("Saved."))
    return redirect(saved)


def _blank() -> dict[str, Any]:
    return {"join": "all", "conditions": [{"field": "tag", "op": "meets", "raw": [], "currency": ""}]}


def _page(
    request: MemberRequest, row: Segment, fields: dict[str, rules.Field], draft: Any, name: str, **context: Any
) -> HttpResponse:
    status = context.pop("status", 200)
    found, words, incomplete = None, "", ""
    try:
        rule = cleaned(request.actor, editor.rules_of([draft], fields, "EUR")[0])
        found, words = matching(request.actor.organisation, rule), rules.sentence(rule, fields)
    except DomainError as error:
        incomplete = (
            error.message if row.pk or request.method == "POST" else _("Say who is in it, and the page counts.")
        )
    context |= {
        "segment": row,
        "name": name,
        "rule": editor.shown([draft], fields, "EUR")[0],
        "count": found.count() if found is not None else None,
        "sample": found.order_by("?")[:SAMPLE] if found is not None else (),
        "words": words,
        "incomplete": incomplete,
        "version": request.POST.get("version") or row.version,
    }
    return render_partial(request, "audiences/segment.html", "editor", context, status)


@require_POST
@member_required(KEEPS)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a segment."""
    row = fetch(request.actor, pk)
    try:
        actions.delete_segment(actor=request.actor, segment=row)
    except DomainError as error:
        messages.error(request, error.message)
        return follow(request, row)
    messages.success(request, _("Deleted."))
    return follow(request, "audiences:segments")
