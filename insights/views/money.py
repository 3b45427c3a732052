"""Where revenue came from: the page of sums and returns, the invoice lines behind them, and the chain of one line."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.web import render_partial
from deals.models import Deal
from insights.attribution.board import controls, csv_rows, in_words, page
from insights.attribution.chains import rows_of, steps_of
from insights.attribution.rows import credited, heading, listing_for, narrowed, rows_for
from insights.attribution.scopes import MODEL_NAMES, money_scope
from insights.models import Trace
from insights.permissions import may_read_money
from insights.rows import days_in_words
from insights.views.deals import csv_response
from orders.models import Invoice
from partners.access import MemberRequest, member_required, require

SHOWN = 50  # lines of an invoice or a deal; the list has all of them


@require_GET
@member_required("insights.view")
def dashboard(request: MemberRequest) -> HttpResponse:
    """What was invoiced in some days, what it goes back to by every model, and what came back of what was spent."""
    require(may_read_money(request.actor))
    scope = money_scope(request.actor, request.GET)
    if request.GET.get("format") == "csv":
        return csv_response(csv_rows(scope), "revenue-sources")
    context = {"scope": scope, "tab": "money", "days": days_in_words(scope), "csv": f"?{scope.query(format='csv')}"}
    return render_partial(request, "insights/money.html", "board", context | controls(scope) | page(scope))


@require_GET
@member_required("insights.view")
def lines(request: MemberRequest) -> HttpResponseBase:
    """Exactly the invoice lines of a number: `?kind=` and `source=` or `name=` with the parameters of the page."""
    actor = request.actor
    require(may_read_money(actor))
    scope = money_scope(actor, request.GET)
    rows = rows_for(actor)
    together = in_words(scope, credited(scope, narrowed(rows, scope, request.GET)))
    context = {"scope": scope, "days": days_in_words(scope), "back": f"?{scope.query()}", "together": together}
    title = {"heading": heading(scope, request.GET), "model": MODEL_NAMES[scope.model]}
    return listing_for(scope).respond(request, rows, **context, **title)


@require_GET
@member_required("insights.view")
def chain(request: MemberRequest, pk: int) -> HttpResponse:
    """The way back from one invoice line, with what each link rests on, and the models beside each other."""
    require(may_read_money(request.actor))
    rows = Trace.objects.visible_to(request.actor).select_related("line", "invoice", "order", "quote", "deal")
    trace = get_object_or_404(rows.select_related("vendor", "partner"), pk=pk)
    context = {"trace": trace, "steps": steps_of(trace), "rows": rows_of(request.actor, trace), "models": MODEL_NAMES}
    if trace.order_id:
        context["order_url"] = reverse("orders:detail", args=[trace.order_id])
    return render(request, "insights/chain.html", context)


@require_GET
@member_required("insights.view")
def of_invoice(request: MemberRequest, pk: int) -> HttpResponse:
    """Where the lines of an invoice came from, for its page."""
    require(may_read_money(request.actor))
    invoice = get_object_or_404(Invoice.objects.visible_to(request.actor), pk=pk)
    return _traces(request, invoice=invoice)


@require_GET
@member_required("insights.view")
def of_deal(request: MemberRequest, pk: int) -> HttpResponse:
    """What was invoiced of a deal, for its page."""
    require(may_read_money(request.actor))
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), pk=pk)
    return _traces(request, deal=deal)


def _traces(request: MemberRequest, **about: Any) -> HttpResponse:
    rows = Trace.objects.visible_to(request.actor).filter(**about).select_related("line", "invoice", "deal", "order")
    found = list(rows.order_by("-day", "pk")[:SHOWN])
    return render(request, "insights/traces.html", {"traces": found, **about})
