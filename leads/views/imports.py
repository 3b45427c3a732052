"""Leads from a file: upload, the meaning of the columns, progress, report, undo."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.imports import report_of
from core.web import csv_download, render_partial
from leads import tables
from leads.actions import importing as actions
from leads.forms.importing import MappingForm, UploadForm
from leads.models import ImportLine, LeadImport
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required

NEEDS = "leads.manage"
SHOWN, SAMPLES = 50, 3


def _import(request: MemberRequest, pk: int) -> LeadImport:
    rows = LeadImport.objects.visible_to(request.actor).select_related("user")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponse:
    """What was imported, and the box for the next file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = actions.upload_import(actor=request.actor, name=upload.name or "", data=upload.read())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect(row)
    rows = LeadImport.objects.visible_to(request.actor).select_related("user")[:SHOWN]
    return render(request, "leads/imports.html", {"form": form, "imports": rows}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
@never_stored
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """First the meaning of the columns, then the progress, at the end the report."""
    row = _import(request, pk)
    if row.state == LeadImport.State.UPLOADED:
        return _mapping(request, row)
    left_out = row.lines.exclude(outcome=ImportLine.Outcome.TAKEN)
    context = {"row": row, "lines": left_out[:SHOWN], "more": max(0, left_out.count() - SHOWN)}
    return render_partial(request, "leads/import.html", "progress", context)


def _mapping(request: MemberRequest, row: LeadImport) -> HttpResponse:
    lines = tables.rows(actions.content_of(row), row.encoding, row.separator)
    heading = tuple(next(lines)[1])
    samples = [cells for _number, cells in (next(lines, (0, [])) for _each in range(SAMPLES)) if cells]
    form = MappingForm(request.POST or None, row=row, heading=heading)
    if form.is_bound and form.is_valid():
        try:
            actions.start_import(actor=request.actor, row=row, mapping=form.mapping(), **form.options())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect(row)
    context = {"row": row, "form": form, "columns": form.columns(samples)}
    return render(request, "leads/mapping.html", context, status=422 if form.errors else 200)


@require_GET
@member_required(NEEDS)
@never_stored
def report(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The lines that made no lead, and why, with their numbers in the file."""
    row = _import(request, pk)
    left_out = row.lines.exclude(outcome=ImportLine.Outcome.TAKEN)
    return csv_download(report_of(left_out.iterator(chunk_size=500)), f"import-{row.pk}")


@require_POST
@member_required(NEEDS)
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete what an import brought."""
    row = _import(request, pk)
    try:
        actions.undo_import(actor=request.actor, row=row)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The leads of this file are deleted."))
    return redirect(row)
