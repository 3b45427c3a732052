"""Statements: what accrued line by line, which both sides read and can check against their own list."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field, tried
from core.listing import Choice, Column, Empty, Listing, Period, View
from core.states import can_move
from core.web import follow
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from rebates import actions, comparing
from rebates.forms import CompareForm, DisputeForm, ReplyForm, SettleForm
from rebates.models import Accrual, Statement
from rebates.permissions import may_settle
from rebates.sentences import rate_of, rule_of, volume_of

KINDS = {
    "settle": Kind(gettext_lazy("Report the settlement"), gettext_lazy("Report it"), SettleForm, "rebates:settle"),
    "dispute": Kind(gettext_lazy("Dispute this statement"), gettext_lazy("Dispute it"), DisputeForm, "rebates:dispute"),
    "answer": Kind(gettext_lazy("Answer the dispute"), gettext_lazy("Answer"), ReplyForm, "rebates:answer"),
}
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
        View("open", pgettext_lazy("state", "Open"), "state=open"),
        View("closed", gettext_lazy("To be settled"), "state=closed&state=confirmed"),
        View("disputed", gettext_lazy("Disputed"), "state=disputed"),
        View("all", gettext_lazy("All")),
    ),
    search=("agreement__number", "agreement__name", "partner__name", "vendor__name", "reference"),
    default_sort="-starts_on",
    row_url=lambda row: row.get_absolute_url(),
    live="statement",
    links=((gettext_lazy("Agreements"), "rebates:list"), (gettext_lazy("Credits"), "rebates:credits")),
    empty=Empty(
        gettext_lazy("No statements here"),
        gettext_lazy("The first invoice line under an agreement opens the statement of its period."),
        icon="piggy-bank",
    ),
)  # fmt: skip


def _invoice(row: Accrual) -> str:
    return row.invoice_line.invoice.number


def _base(row: Accrual) -> tuple[Decimal, str]:
    return row.base, volume_of(row.statement.agreement, row.base)


def _rate(row: Accrual) -> tuple[Decimal, str]:
    return row.rate, rate_of(row.statement.agreement, row.rate)


LINES = Listing(
    key="rebate-lines",
    title=gettext_lazy("Statement"),
    columns=(
        Column("invoice", gettext_lazy("Invoice"), kind="link", get=_invoice),
        Column("line", gettext_lazy("Line"), kind="code", get=lambda row: row.invoice_line.number),
        Column("issued_on", gettext_lazy("Date"), kind="day", get=lambda row: row.invoice_line.invoice.issued_on),
        Column("title", gettext_lazy("Product"), get=lambda row: row.invoice_line.title, phone=False),
        Column("part", gettext_lazy("Why"), get=lambda row: row.why, phone=False),
        Column("base", gettext_lazy("Base"), kind="figure", get=_base, phone=False),
        Column("rate", gettext_lazy("Rate"), kind="figure", get=_rate),
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
    return row.accruals.select_related("invoice_line__invoice", "of_line__invoice", "statement__agreement")


@require_GET
@member_required("rebates.view")
def statement(request: MemberRequest, pk: int) -> HttpResponseBase:
    """One statement with its lines; `?format=csv` gives them as a file."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: Statement) -> HttpResponseBase:
    acts = _acts(request.actor, row)
    return LINES.respond(
        request,
        _lines(row),
        statement=row,
        agreement=row.agreement,
        sentence=rule_of(row.agreement),
        volume=volume_of(row.agreement, row.volume),
        baseline=volume_of(row.agreement, row.baseline) if row.agreement.rule == "growth" else "",
        steps=acts,
        dialogs=[_dialog(row, act.dialog[1:]) for act in acts if act.dialog and act.verdict],
        history=timeline_of(request.actor, row),
    )


def _acts(actor: Actor, row: Statement) -> list[Act]:
    """What this side may do next, the primary act last."""
    as_vendor = row.vendor_id == actor.organisation.pk
    steps = ("close", "answer", "settle") if as_vendor else ("dispute", "confirm")
    return [_act(actor, row, step) for step in steps if can_move(row, step)]


def _act(actor: Actor, row: Statement, step: str) -> Act:
    may, url = may_settle(actor, row, step), reverse(f"rebates:{step}", args=[row.pk])
    if step == "close":
        sure = gettext_lazy("Close this period? Lines that come later count in the next one.")
        return Act(gettext_lazy("Close the period"), may, url, confirm=sure, primary=True)
    if step == "confirm":
        return Act(gettext_lazy("Confirm"), may, url, key="C", primary=True)
    labels = {
        "settle": gettext_lazy("Report the settlement…"), "dispute": gettext_lazy("Dispute…"),
        "answer": gettext_lazy("Answer…"),
    }  # fmt: skip
    return Act(labels[step], may, dialog=f"#{step}", primary=step != "dispute")


def _dialog(row: Statement, name: str, form: forms.Form | None = None) -> Dialog:
    kind = KINDS[name]
    return Dialog(name, kind, reverse(kind.route, args=[row.pk]), form or kind.form(prefix=name))


@require_POST
@member_required("rebates.settle")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """Close the period."""
    row = actions.close_statement(actor=request.actor, statement=_one(request, pk))
    messages.success(request, _("The period is closed. The partner is told."))
    return follow(request, row)


@require_POST
@member_required("rebates.settle")
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree with it."""
    row = actions.confirm_statement(actor=request.actor, statement=_one(request, pk))
    messages.success(request, _("Confirmed. The vendor is told."))
    return follow(request, row)


@require_POST
@member_required("rebates.settle")
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Report how it was settled."""
    return _dialogued(request, pk, "settle", actions.settle_statement, _("Settled. The partner is told."))


@require_POST
@member_required("rebates.settle")
def dispute(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what is wrong with it."""
    return _dialogued(request, pk, "dispute", actions.dispute_statement, _("The vendor is asked to look at it."))


@require_POST
@member_required("rebates.settle")
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer what the partner disputes."""
    return _dialogued(request, pk, "answer", actions.answer_dispute, _("Answered. The partner is told."))


def _dialogued(request: MemberRequest, pk: int, name: str, act: Callable[..., Statement], done: str) -> HttpResponse:
    row = _one(request, pk)
    form = KINDS[name].form(request.POST, prefix=name)
    if not tried(form, lambda said: act(actor=request.actor, statement=row, **said)):
        return again(request, _dialog(row, name, form))
    messages.success(request, done)
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
