"""Statements: what accrued line by line, which both sides read and can check against their own list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field, tried
from core.listing import Choice, Column, Empty, Listing, Period, View
from core.web import follow
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from rebates import actions, comparing
from rebates.forms import CompareForm, SettleForm
from rebates.models import Accrual, Statement
from rebates.permissions import may_settle
from rebates.sentences import rule_of, volume_of

SETTLE = Kind(gettext_lazy("Report the settlement"), gettext_lazy("Report it"), SettleForm, "rebates:settle")
LIST = Listing(
    key="rebate-statements",
    title=gettext_lazy("Statements of rebates"),
    columns=(
        Column("agreement", gettext_lazy("Agreement"), kind="link", get=lambda row: row.agreement.name),
        Column("partner", gettext_lazy("Partner"), kind="mark", sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on", phone=False),
        Column("ends_on", gettext_lazy("Until"), kind="day", sort="ends_on"),
        Column("total", gettext_lazy("Earned"), kind="money", get=lambda row: (row.total, row.agreement.currency)),
        Column(
            "payable", gettext_lazy("To be paid"), kind="money",
            get=lambda row: (row.payable, row.agreement.currency) if row.state != "open" else None,
        ),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("reference", gettext_lazy("Reference"), phone=False, shown=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Statement.State.choices),
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
        Period("ends_on", gettext_lazy("Until"), moment=False),
    ),
    views=(
        View("open", gettext_lazy("Open"), "state=open"),
        View("closed", gettext_lazy("To be settled"), "state=closed"),
        View("all", gettext_lazy("All")),
    ),
    search=("agreement__number", "agreement__name", "partner__name", "vendor__name", "reference"),
    default_sort="-starts_on",
    row_url=lambda row: row.get_absolute_url(),
    live="statement",
    links=((gettext_lazy("Agreements"), "rebates:list"),),
    empty=Empty(
        gettext_lazy("No statements here"),
        gettext_lazy("The first invoice line under an agreement opens the statement of its period."),
        icon="piggy-bank",
    ),
)  # fmt: skip


def _invoice(row: Accrual) -> str:
    return row.invoice_line.invoice.number


LINES = Listing(
    key="rebate-lines",
    title=gettext_lazy("Lines"),
    columns=(
        Column("invoice", gettext_lazy("Invoice"), kind="link", get=_invoice),
        Column("line", gettext_lazy("Line"), kind="code", get=lambda row: row.invoice_line.number),
        Column("issued_on", gettext_lazy("Date"), kind="day", get=lambda row: row.invoice_line.invoice.issued_on),
        Column("title", gettext_lazy("Product"), get=lambda row: row.invoice_line.title, phone=False),
        Column("part", gettext_lazy("Why"), get=lambda row: row.get_part_display(), phone=False),
        Column("base", gettext_lazy("Base"), kind="number"),
        Column("rate", gettext_lazy("Rate"), kind="number"),
        Column(
            "amount",
            gettext_lazy("Amount"),
            kind="money",
            get=lambda row: (row.amount, row.statement.agreement.currency),
        ),
    ),
    filters=(Choice("part", gettext_lazy("Why"), choices=Accrual.Why.choices),),
    search=("invoice_line__invoice__number", "invoice_line__title"),
    default_sort="pk",
    row_url=lambda row: row.invoice_line.invoice.get_absolute_url(),
    template="rebates/statement.html",
    empty=Empty(
        gettext_lazy("No lines yet"),
        gettext_lazy("Invoice lines stand here as soon as they come in."),
        icon="receipt-text",
    ),
)


@require_GET
@member_required("rebates.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Statements of all agreements."""
    rows = Statement.objects.visible_to(request.actor)
    return LIST.respond(request, rows.select_related("agreement", "vendor", "partner"))


def _one(request: MemberRequest, pk: int) -> Statement:
    rows = Statement.objects.visible_to(request.actor).select_related("agreement", "vendor", "partner")
    return get_object_or_404(rows, pk=pk)


def _lines(row: Statement) -> Any:
    return row.accruals.select_related("invoice_line__invoice", "statement__agreement")


@require_GET
@member_required("rebates.view")
def statement(request: MemberRequest, pk: int) -> HttpResponseBase:
    """One statement with its lines; `?format=csv` gives them as a file."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: Statement) -> HttpResponseBase:
    acts = _acts(request, row)
    return LINES.respond(
        request,
        _lines(row),
        statement=row,
        agreement=row.agreement,
        sentence=rule_of(row.agreement),
        volume=volume_of(row.agreement, row.volume),
        baseline=volume_of(row.agreement, row.baseline) if row.agreement.rule == "growth" else "",
        steps=acts,
        dialogs=[_dialog(row)] if any(act.dialog and act.verdict for act in acts) else [],
        history=timeline_of(request.actor, row),
    )


def _acts(request: MemberRequest, row: Statement) -> list[Act]:
    if row.vendor_id != request.actor.organisation.pk:
        return []
    if row.state == Statement.State.OPEN:
        sure = gettext_lazy("Close this period? Lines that come later count in the next one.")
        may, url = may_settle(request.actor, row, "close"), reverse("rebates:close", args=[row.pk])
        return [Act(gettext_lazy("Close the period"), may, url, confirm=sure, primary=True)]
    if row.state == Statement.State.CLOSED:
        may = may_settle(request.actor, row, "settle")
        return [Act(gettext_lazy("Report the settlement…"), may, dialog="#settle", primary=True)]
    return []


def _dialog(row: Statement, form: SettleForm | None = None) -> Dialog:
    return Dialog("settle", SETTLE, reverse(SETTLE.route, args=[row.pk]), form or SettleForm(prefix="settle"))


@require_POST
@member_required("rebates.settle")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """Close the period."""
    row = actions.close_statement(actor=request.actor, statement=_one(request, pk))
    messages.success(request, _("The period is closed. The partner is told."))
    return follow(request, row)


@require_POST
@member_required("rebates.settle")
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Report how it was settled."""
    row = _one(request, pk)
    form = SettleForm(request.POST, prefix="settle")
    if not tried(form, lambda said: actions.settle_statement(actor=request.actor, statement=row, **said)):
        return again(request, _dialog(row, form))
    messages.success(request, _("Settled. The partner is told."))
    return follow(request, row)


@require_http_methods(["GET", "POST"])
@member_required("rebates.view")
def compare(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own list beside the statement; nothing of it is kept."""
    row = _one(request, pk)
    form = CompareForm(request.POST or None, request.FILES or None)
    found, theirs = None, {}
    if form.is_bound and form.is_valid():
        try:
            theirs = comparing.read(form.cleaned_data["file"].read(comparing.MOST + 1))
            found = comparing.differences(_pairs(row), theirs)
        except DomainError as error:
            at_its_field(form, error)
    context = {"statement": row, "form": form, "found": found, "number": len(theirs)}
    return render(request, "rebates/compare.html", context, status=422 if form.errors else 200)


def _pairs(row: Statement) -> Any:
    lines = row.accruals.values_list("invoice_line__invoice__number", "invoice_line__number", "amount")
    return (((invoice, line), amount) for invoice, line, amount in lines.iterator(chunk_size=2_000))
