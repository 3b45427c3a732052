"""Pages and their fragments: one template, one helper that chooses."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
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


def follow(request: HttpRequest, to: Any) -> HttpResponse:
    """Lead to another page: an address, the name of a route or a record, for htmx and for a plain form alike."""
    url = resolve_url(to)
    return go(url) if wants_partial(request) else redirect(url)


def version_of(request: HttpRequest) -> int | None:
    """The version of the record over which the form was written, where the form says so."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def key_of(text: str) -> int | None:
    """The key of a record as an address or a form says it; None for what can be none."""
    return int(text) if text.isdecimal() and len(text) < 16 else None


class _Echo:
    """csv wants a file; this one hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_download(rows: Iterable[Sequence[str]], name: str, *, delimiter: str = ",") -> StreamingHttpResponse:
    """The answer that carries a table, `name` without its ending: written while it is sent, however long it is, with a
    byte order mark so that spreadsheets read UTF-8. Cells that came from outside go through `guarded` before."""
    write = csv.writer(_Echo(), delimiter=delimiter).writerow
    lines = (("" if at else "\ufeff") + write(row) for at, row in enumerate(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def download(file: File, name: str, content_type: str) -> FileResponse:
    """The answer that carries a stored file: always a download, and nothing that a browser would run."""
    response = FileResponse(file.open("rb"), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
