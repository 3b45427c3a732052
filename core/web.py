"""Pages and their fragments: one template, one helper that chooses."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class ActingRequest(HttpRequest):
    """A request as the middlewares leave it, for the type checker; the kernel does not look inside the actor."""

    actor: Any
    htmx: HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """True for an htmx swap; a history restore needs the whole page although htmx asks for it."""
    return bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]


def render_partial(
    request: HttpRequest, template: str, partial: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render one named partial for htmx, the page it lives in for everybody else."""
    name = f"{template}#{partial}" if wants_partial(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def toast(response: HttpResponse, text: str, *, tone: str = "good", undo_url: str | None = None) -> HttpResponse:
    """Ask the page to show a short message, with a button that undoes when `undo_url` (a POST) is given."""
    payload = {"text": str(text), "tone": tone, "undo": undo_url}
    triggers = json.loads(response.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps({**triggers, "toast": payload})
    return response


def go(url: str) -> HttpResponse:
    """Tell htmx to follow to another page (a plain redirect would be swapped into the fragment)."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})
