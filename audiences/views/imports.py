"""Contacts from a file: upload, the meaning of the columns, progress, report."""

from itertools import islice

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from audiences.actions import importing as actions
from audiences.forms.contacts import MappingForm, UploadForm
from audiences.models import ContactImport, ContactLine
from core.errors import DomainError
from core.forms import at_its_field
from core.imports import report_of
from core.web import csv_download, render_partial
from leads.views.access import never_stored
from partners.access import MemberRequest, member_required

NEEDS = "audiences.manage"
SHOWN, SAMPLES = 50, 3
ADDED = (ContactLine.Outcome.TAKEN, ContactLine.Outcome.UPDATED)


def _import(request: MemberRequest, pk: int) -> ContactImport:
    rows = ContactImport.objects.visible_to(request.actor).select_related("user")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponse:
    """What was imported, and the box for the next file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = actions.upload_contacts(actor=request.actor, name=upload.name or "", data=upload.read())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect(row)
    rows = ContactImport.objects.visible_to(request.actor).select_related("user")[:SHOWN]
    context = {"form": form, "imports": rows}
    return render(request, "audiences/imports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
@never_stored
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """First the meaning of the columns, then the progress, at the end the report."""
    row = _import(request, pk)
    if row.state == ContactImport.State.UPLOADED:
        return _mapping(request, row)
    left_out = row.lines.exclude(outcome__in=ADDED)
    context = {"row": row, "lines": left_out[:SHOWN], "more": max(0, left_out.count() - SHOWN)}
    return render_partial(request, "audiences/import.html", "progress", context)


def _mapping(request: MemberRequest, row: ContactImport) -> HttpResponse:
    data = actions.content_of(row)
    heading = actions.heading_of(row, data)
    samples = [cells for _number, cells, _wrong in islice(actions.lines_of(row, data), SAMPLES)]
    form = MappingForm(request.POST or None, mapping=row.mapping, heading=heading)
    if form.is_bound and form.is_valid():
        try:
            actions.start_contacts(actor=request.actor, row=row, mapping=form.mapping(), **form.options())
        except DomainError as error:
            at_its_field(form, error)
        else:
            return redirect(row)
    context = {"row": row, "form": form, "columns": form.columns(samples)}
    return render(request, "audiences/mapping.html", context, status=422 if form.errors else 200)


@require_GET
@member_required(NEEDS)
@never_stored
def report(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The lines that made no contact, and why, with their numbers in the file."""
    row = _import(request, pk)
    left_out = row.lines.exclude(outcome__in=ADDED)
    return csv_download(report_of(left_out.iterator(chunk_size=500)), f"import-{row.pk}")
