"""What a campaign costs: planned beside spent, and the costs of one's own company."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import actions
from campaigns.forms import ExpenseForm
from campaigns.models import Expense
from campaigns.page import Page
from campaigns.permissions import may_spend
from campaigns.spending import paid_back, spending_of
from campaigns.views.access import page_of
from campaigns.views.campaigns import JOINS, SEES
from core.audit import timeline_of
from core.errors import DomainError
from core.forms import tried
from core.listing.columns import guarded
from core.web import csv_download, download, version_of
from partners.access import MemberRequest, member_required, no


@require_GET
@member_required(SEES)
def index(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The costs of one's own, as a page or as CSV, and the sums of who shares them."""
    page = page_of(request.actor, pk)
    rows = list(_costs(page).select_related("step", "claim"))
    back = paid_back(rows)
    if request.GET.get("format") == "csv":
        return csv_download(_table(page, rows, back), f"spending-{page.campaign.number}")
    return _show(request, page, rows=rows, back=back)


def _show(
    request: MemberRequest, page: Page, *, rows: list[Expense], back: dict[int, Decimal], problem: str = ""
) -> HttpResponse:
    spenders = spending_of(page)
    may = may_spend(request.actor, page.seat) if page.seat else no(_("You do not take part."))
    context: dict[str, Any] = {
        "page": page,
        "campaign": page.campaign,
        "may": may,
        "mine": next((each.costs for each in spenders if page.seat and each.seat.pk == page.seat.pk), None),
        "spenders": spenders if page.leads else [],
        "rows": [(row, back.get(row.pk)) for row in rows],
        "history": timeline_of(request.actor, page.seat) if page.seat else [],
        "problem": problem,
        "here": "spending",
    }
    return render(request, "campaigns/spending.html", context, status=422 if problem else 200)


def _costs(page: Page) -> Any:
    return Expense.objects.visible_to(page.actor).filter(campaign=page.campaign)


def _one(page: Page, pk: int) -> Expense:
    return get_object_or_404(_costs(page).select_related("step", "claim", "participant"), pk=pk)


@require_http_methods(["GET", "POST"])
@member_required(JOINS)
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Write a cost down."""
    return _write(request, page_of(request.actor, pk), None)


@require_http_methods(["GET", "POST"])
@member_required(JOINS)
def edit(request: MemberRequest, pk: int, expense_pk: int) -> HttpResponse:
    """Correct a cost."""
    page = page_of(request.actor, pk)
    return _write(request, page, _one(page, expense_pk))


def _write(request: MemberRequest, page: Page, row: Expense | None) -> HttpResponse:
    if page.seat is None or not may_spend(request.actor, page.seat):
        return redirect("campaigns:spending", pk=page.pk)
    seat, actor = page.seat, request.actor
    form = ExpenseForm(request.POST or None, request.FILES or None, actor=actor, campaign=page.campaign, expense=row)

    def run(said: dict[str, Any]) -> None:
        fields, upload = form.values(), said.get("evidence")
        if row is None:
            actions.record_expense(actor=actor, seat=seat, fields=fields, upload=upload)
        else:
            actions.change_expense(actor=actor, expense=row, fields=fields, upload=upload, version=version_of(request))

    if tried(form, run):
        messages.success(request, _("Saved. Only your company reads it."))
        return redirect("campaigns:spending", pk=page.pk)
    context = {"form": form, "campaign": page.campaign, "expense": row}
    return render(request, "campaigns/expense.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(JOINS)
def delete(request: MemberRequest, pk: int, expense_pk: int) -> HttpResponse:
    """Take a cost away."""
    page = page_of(request.actor, pk)
    try:
        actions.remove_expense(actor=request.actor, expense=_one(page, expense_pk))
    except DomainError as error:
        return _show(request, page, rows=list(_costs(page)), back={}, problem=error.message)
    messages.success(request, _("Removed. What it said stays in the history."))
    return redirect("campaigns:spending", pk=page.pk)


@require_GET
@member_required(SEES)
def file(request: MemberRequest, pk: int, expense_pk: int) -> FileResponse:
    """The file of a cost, always as a download and never run by the browser."""
    row = _one(page_of(request.actor, pk), expense_pk)
    if not row.file:
        raise Http404
    return download(row.file, row.file_name, row.content_type)


def _table(page: Page, rows: Iterable[Expense], back: dict[int, Decimal]) -> Iterator[list[str]]:
    yield [
        _("Date"), _("What for"), pgettext("cost", "Supplier"), _("Supplier's invoice number"), _("Step"), _("Amount"),
        _("Paid back"), _("Currency"),
    ]  # fmt: skip
    for row in rows:
        told = [guarded(text) for text in (row.what, row.supplier, row.invoice_number, str(row.step or ""))]
        amounts = [f"{row.amount:f}", f"{back.get(row.pk, Decimal(0)):f}"]
        yield [row.day.isoformat(), *told, *amounts, page.campaign.currency]
