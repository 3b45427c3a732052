"""Companies beside each other, one of them in full, and what a vendor promises its partners."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from core.web import render_partial
from insights.board import PRESETS, dashboard, sides_of
from insights.permissions import may_read
from insights.records import newest_for, own_records, promises_of
from insights.rows import days_in_words
from insights.scopes import Scope, scope_of
from insights.scorecards import HEADS, arranged, plain_row, scorecards
from insights.showing import written
from insights.views.deals import csv_response
from partners.access import MemberRequest, member_required, require
from partners.models import Partnership

IN_TABLE = ("approval_rate", "win_rate", "sla_hit", "decision_median")


@require_GET
@member_required("insights.view")
def partners(request: MemberRequest) -> HttpResponse:
    """A vendor's partners beside each other."""
    return _beside(request, "vendor")


@require_GET
@member_required("insights.view")
def vendors(request: MemberRequest) -> HttpResponse:
    """A partner's vendors beside each other: how each answers, to oneself and to all its partners."""
    return _beside(request, "partner")


def _beside(request: MemberRequest, side: str) -> HttpResponse:
    require(may_read(request.actor))
    scope = scope_of(request.actor, request.GET, side)
    sort = request.GET.get("sort", "-registered")
    cards = arranged(scorecards(scope), sort)
    if request.GET.get("format") == "csv":
        return csv_response([list(HEADS), *(plain_row(card) for card in cards)], f"scorecards-{scope.other}s")
    today = localdate()
    presets = [
        (text, f"?{replace(scope, start=today - timedelta(days=n - 1), end=today).query()}", scope.days == n)
        for n, text in PRESETS
    ]
    context = {
        "scope": scope,
        "tab": "partners" if scope.as_vendor else "vendors",
        "lines": [(card, [written(code, card.measures[code].value) for code in IN_TABLE]) for card in cards],
        "sort": sort,
        "sides": sides_of(request.actor),
        "days": days_in_words(scope),
        "presets": presets,
        "query": scope.query(),
        "csv": f"?{scope.query(format='csv', sort=sort)}",
    }
    return render_partial(request, "insights/beside.html", "board", context)


def _edge(request: MemberRequest, pk: int) -> tuple[Partnership, str]:
    """The partnership, and the side on which the reader stands."""
    rows = Partnership.objects.visible_to(request.actor).select_related("vendor", "partner", "tier")
    edge = get_object_or_404(rows, pk=pk)
    return edge, "vendor" if edge.vendor_id == request.actor.organisation.pk else "partner"


@require_GET
@member_required("insights.view")
def scorecard(request: MemberRequest, pk: int) -> HttpResponse:
    """One company in full: its figures, its trend, and for a vendor the promise and the record of keeping it."""
    edge, side = _edge(request, pk)
    require(may_read(request.actor))
    scope = _narrowed(request, edge, side)
    card = next((each for each in scorecards(scope) if each.partnership.pk == edge.pk), None)
    context = {"edge": edge, "scope": scope, "card": card, "days": days_in_words(scope), **_said(request, edge)}
    return render(request, "insights/scorecard.html", context | dashboard(scope))


def _narrowed(request: MemberRequest, edge: Partnership, side: str) -> Scope:
    other = edge.partner_id if side == "vendor" else edge.vendor_id
    params = request.GET.copy()
    if "from" not in params:
        params["from"] = (localdate() - timedelta(days=364)).isoformat()
    return scope_of(request.actor, params, side).narrowed(**{"with": other})


def _said(request: MemberRequest, edge: Partnership) -> dict[str, Any]:
    """What the vendor promises and how it keeps it: the same for all its partners, and to the reader alone."""
    me = request.actor.organisation.pk
    own = own_records(request.actor, [edge.vendor_id]) if edge.partner_id == me else {}
    return {
        "vendor": edge.vendor,
        "promised": promises_of([edge.vendor_id]).get(edge.vendor_id),
        "record": newest_for(request.actor, [edge.vendor_id]).get(edge.vendor_id),
        "own": own.get(edge.vendor_id),
    }


@require_GET
@member_required("deals.view")
def promise(request: MemberRequest, pk: int) -> HttpResponse:
    """What a vendor promises and how it keeps it, in two lines, for the pages of other apps."""
    edge, _side = _edge(request, pk)
    return render(request, "insights/promise.html", {"edge": edge, **_said(request, edge)})


@require_GET
@member_required("deals.view")
def promise_of_choice(request: MemberRequest) -> HttpResponse:
    """The same for the partnership that a form has chosen so far; nothing while it has chosen none."""
    chosen = request.GET.get("partnership", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        return HttpResponse("")
    return promise(request, int(chosen))
