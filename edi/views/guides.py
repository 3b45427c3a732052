"""The guides: how each message is built, as a page, a schema and a sample."""

from itertools import groupby

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from edi.guides import AnyGuide, find
from edi.guides import catalogue as all_guides
from edi.guides.rendering import json_schema, outline
from edi.guides.sampling import sample
from edi.models import Standard
from partners.access import MemberRequest, member_required


@require_GET
@member_required("edi.view")
def catalogue(request: MemberRequest) -> HttpResponse:
    """Every message that is known, by standard."""
    groups = [
        (Standard(standard).label, list(entries))
        for standard, entries in groupby(all_guides(), key=lambda entry: entry.standard)
    ]
    return render(request, "edi/guides.html", {"groups": groups})


@require_GET
@member_required("edi.view")
def guide(request: MemberRequest, standard: str, kind: str, version: str) -> HttpResponse:
    """One message: its segments and groups with their elements, and a sound sample."""
    found = _found(standard, kind, version)
    context = {"guide": found, "rows": outline(found), "sample": sample(found)}
    return render(request, "edi/guide.html", context)


@require_GET
@member_required("edi.view")
def schema(request: MemberRequest, standard: str, kind: str, version: str) -> HttpResponse:
    """The segments of a message as a JSON schema."""
    return JsonResponse(json_schema(_found(standard, kind, version)), json_dumps_params={"indent": 1})


@require_GET
@member_required("edi.view")
def sample_message(request: MemberRequest, standard: str, kind: str, version: str) -> HttpResponse:
    """A sound message to start from."""
    text = sample(_found(standard, kind, version))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.txt"'
    return response


def _found(standard: str, kind: str, version: str) -> AnyGuide:
    """The guide of exactly that name, or 404."""
    known = {(entry.standard, entry.kind, entry.version) for entry in all_guides()}
    found = find(kind, version) if (standard, kind, version) in known else None
    if found is None:
        raise Http404
    return found
