"""The dashboard of deals, and the deals behind each figure."""

import csv

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from core.web import render_partial
from insights.board import controls, csv_rows, dashboard
from insights.measuring import measure
from insights.models import DealFact
from insights.offers import listing_for as listing_of_offers
from insights.permissions import may_read
from insights.rows import days_in_words, listing_for
from insights.scopes import scope_of
from insights.showing import show
from leads.models import LeadOffer
from partners.access import MemberRequest, holds, member_required, require


@require_GET
@member_required("insights.view")
def index(request: MemberRequest) -> HttpResponse:
    """There is one dashboard so far."""
    return redirect("insights:deals")


@require_GET
@member_required("insights.view")
def dashboard_view(request: MemberRequest) -> HttpResponse:
    """Figures of one side's deals over some days, with the change against as many days before."""
    require(may_read(request.actor))
    scope = scope_of(request.actor, request.GET)
    if request.GET.get("format") == "csv":
        return csv_response(csv_rows(scope, show(scope, measure(scope), measure(scope.before()))), "deal-figures")
    context = {"scope": scope, "tab": "deals", "days": days_in_words(scope), "csv": f"?{scope.query(format='csv')}"}
    return render_partial(request, "insights/deals.html", "board", context | controls(scope) | dashboard(scope))


@require_GET
@member_required("insights.view")
def rows(request: MemberRequest) -> HttpResponseBase:
    """Exactly the deals of a set: `?set=` with the parameters of the dashboard."""
    require(may_read(request.actor))
    scope = scope_of(request.actor, request.GET)
    facts = DealFact.objects.visible_to(request.actor).select_related("deal", "vendor", "partner")
    code = request.GET.get("set", "")
    if not code:
        return redirect(f"{request.path}?{scope.query(set='registered')}")
    days = "" if code == "open" else days_in_words(scope)
    back = f"?{scope.query()}"
    return listing_for(scope, code).respond(request, facts, scope=scope, days=days, back=back)


@require_GET
@member_required("insights.view")
def offers(request: MemberRequest) -> HttpResponseBase:
    """Exactly the offers of leads of a set, as `rows` for deals."""
    require(may_read(request.actor) and holds(request.actor, "leads.view"))
    scope, code = scope_of(request.actor, request.GET), request.GET.get("set", "")
    if not code:
        return redirect(f"{request.path}?{scope.query(set='settled')}")
    rows = LeadOffer.objects.visible_to(request.actor).select_related("lead", "vendor", "partner")
    context = {"scope": scope, "days": days_in_words(scope), "back": f"?{scope.query()}"}
    return listing_of_offers(scope, code).respond(request, rows, **context)


def csv_response(lines: list[list[str]], name: str) -> HttpResponse:
    """Comma-separated values with a byte order mark, so that spreadsheets read UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(response).writerows(lines)
    return response
