"""The form in which a seller answers an order."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from orders.actions import prepare, respond_to_order
from orders.forms import AnswerForm
from orders.models import Order, OrderLine, OrderResponse
from orders.permissions import may_respond, may_work_on
from orders.presenting import rows_of
from orders.views.records import fetch
from partners.access import MemberRequest, member_required, require

TEMPLATE = "orders/answer.html"


@require_http_methods(["GET", "POST"])
@member_required("orders.respond")
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer line by line; prefilled with what was ordered."""
    order = fetch(request, pk)
    require(may_work_on(request.actor, order))
    verdict = may_respond(request.actor, order)
    if not verdict:
        messages.warning(request, str(verdict.reason))
        return redirect("orders:detail", pk=pk)
    rows = rows_of(order, None)
    lines = [row.line for row in rows]
    form = AnswerForm(request.POST if request.method == "POST" else None, order=order, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            respond_to_order(actor=request.actor, order=order, answers=form.answers(), note=note)
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Answered. The answer is on its way to the buyer."))
            return redirect("orders:detail", pk=pk)
    return _page(request, order, rows, form)


def _page(request: MemberRequest, order: Order, rows: list[Any], form: AnswerForm) -> HttpResponse:
    lines = [{"row": row, "form": line_form} for row, (_line, line_form) in zip(rows, form.rows, strict=True)]
    context = {"order": order, "lines": lines, "form": form, **summary_of(order, form)}
    wrong = form.is_bound and not (form.is_valid() and context["summary"])
    return render(request, TEMPLATE, context, status=422 if wrong else 200)


def summary_of(order: Order, form: AnswerForm) -> dict[str, Any]:
    """What would be sent as the form stands: the answer as a whole, each line that differs, the money."""
    if form.is_bound and not form.is_valid():
        return {"summary": None, "problem": _("Some lines need your attention first.")}
    lines: list[OrderLine] = [line for line, _form in form.rows]
    try:
        prepared = prepare(order, lines, form.answers() if form.is_bound else ())
    except DomainError as error:
        return {"summary": None, "problem": error.message}
    differing = [(line, row) for line, row in zip(lines, prepared.rows, strict=True) if row.answer != "accepted"]
    label, tone = OrderResponse.Answer(prepared.answer).label, Order.TONES[prepared.answer]
    return {"summary": {"label": label, "tone": tone, "total": prepared.total, "differing": differing}, "problem": ""}


@require_POST
@member_required("orders.respond")
def summary(request: MemberRequest, pk: int) -> HttpResponse:
    """The summary beside the form, as it stands."""
    order = fetch(request, pk)
    require(may_work_on(request.actor, order))
    lines = [row.line for row in rows_of(order, None)]
    form = AnswerForm(request.POST, order=order, lines=lines)
    return render(request, "orders/_answer_summary.html", {"order": order, **summary_of(order, form)})
