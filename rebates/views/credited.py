"""Lines of credit notes: what they take back of which invoice lines, and what somebody has to say of the rest."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.audit import timeline_of
from core.listing import Choice, Column, Empty, Listing, View
from deals.presenting import Act
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from rebates import actions
from rebates.actions.matching import likely_lines
from rebates.models import CreditedLine
from rebates.permissions import may_clear
from rebates.views.steps import step

LIST = Listing(
    key="rebate-credits",
    title=gettext_lazy("Credits"),
    columns=(
        Column("credit", gettext_lazy("Credit note"), kind="link", get=lambda row: row.line.invoice.number),
        Column("line", gettext_lazy("Line"), get=lambda row: row.line.title, phone=False),
        Column("issued_on", gettext_lazy("Date"), kind="day", get=lambda row: row.line.invoice.issued_on, phone=False),
        Column("partner", gettext_lazy("Partner"), kind="mark", sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False, shown=False),
        Column("amount", gettext_lazy("Amount"), kind="money", get=lambda row: (row.amount, row.currency), phone=False),
        Column("rest", gettext_lazy("To be matched"), kind="money", get=lambda row: (row.rest, row.currency)),
        Column("reason", gettext_lazy("Why"), get=lambda row: row.get_reason_display(), phone=False),
        Column("state", gettext_lazy("State"), kind="state"),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=CreditedLine.State.choices),
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
    ),
    views=(
        View("open", gettext_lazy("To be matched"), "state=open"),
        View("matched", gettext_lazy("Matched"), "state=matched"),
        View("all", gettext_lazy("All")),
    ),
    search=("line__invoice__number", "line__title", "partner__name", "vendor__name"),
    default_sort="-pk",
    row_url=lambda row: row.get_absolute_url(),
    live="creditedline",
    links=((gettext_lazy("Agreements"), "rebates:list"), (gettext_lazy("Statements"), "rebates:statements")),
    empty=Empty(
        gettext_lazy("No credits here"),
        gettext_lazy("A credit note takes back what its invoice lines earned. What finds no invoice line waits here."),
        icon="receipt-text",
    ),
)


@require_GET
@member_required("rebates.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Lines of credit notes, those to be matched first among the tabs."""
    rows = CreditedLine.objects.visible_to(request.actor)
    return LIST.respond(request, rows.select_related("line__invoice", "vendor", "partner"))


def _one(request: MemberRequest, pk: int) -> CreditedLine:
    rows = CreditedLine.objects.visible_to(request.actor).select_related("line__invoice", "vendor", "partner")
    return get_object_or_404(rows, pk=pk)


@require_GET
@member_required("rebates.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One line: what it takes back, and what the rest of it may mean; `?q=` looks for invoices by number."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: CreditedLine, *, problem: str = "", status: int = 200) -> HttpResponse:
    may, sought = may_clear(request.actor, row, "match"), request.GET.get("q", "").strip()[:70]
    context = {
        "credited": row,
        "credit": row.line.invoice,
        "parts": row.parts.select_related("invoice_line__invoice"),
        "may": may,
        "likely": likely_lines(row, sought) if row.state == "open" else (),
        "sought": sought,
        "steps": _acts(request, row),
        "history": timeline_of(request.actor, row),
        "problem": problem,
    }
    return render(request, "rebates/credit.html", context, status=status)


def _acts(request: MemberRequest, row: CreditedLine) -> list[Act]:
    if row.state == CreditedLine.State.OPEN:
        sure = gettext_lazy("Does the rest of this credit take nothing back? What was earned stays earned.")
        may, url = may_clear(request.actor, row, "dismiss"), reverse("rebates:credit_dismiss", args=[row.pk])
        return [Act(gettext_lazy("Takes nothing back"), may, url, confirm=sure)]
    if row.state == CreditedLine.State.DISMISSED:
        may, url = may_clear(request.actor, row, "reopen"), reverse("rebates:credit_reopen", args=[row.pk])
        return [Act(gettext_lazy("Open it again"), may, url)]
    return []


@require_POST
@member_required("rebates.settle")
def match(request: MemberRequest, pk: int) -> HttpResponse:
    """Say which invoice line it takes back."""
    said = request.POST.get("line", "")
    line = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    done = _("Matched. What the line has earned is taken back in a moment.")
    return _step(request, pk, done, lambda row: actions.match_credit(actor=request.actor, credited=row, line=line))


@require_POST
@member_required("rebates.settle")
def dismiss(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that it takes nothing back."""
    done = _("Noted: it takes nothing back.")
    return _step(request, pk, done, lambda row: actions.dismiss_credit(actor=request.actor, credited=row))


@require_POST
@member_required("rebates.settle")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Take that back."""
    done = _("It is to be matched again.")
    return _step(request, pk, done, lambda row: actions.reopen_credit(actor=request.actor, credited=row))


def _step(request: MemberRequest, pk: int, done: str, run: Callable[[CreditedLine], Any]) -> HttpResponse:
    return step(request, _one(request, pk), done, run, _show)
