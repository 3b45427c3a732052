"""The page of one deal."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from chat.rooms import room_context
from core.audit import timeline_of
from core.web import render_partial, wants_partial
from deals.fields import labels_of
from deals.models import Deal
from deals.presenting import acts_for, conflict_of, petitions_of, rivals_of, track_of
from deals.views import dialogs
from partners.access import MemberRequest, member_required
from partners.actors import Actor

RELATED = ("vendor", "partner", "submitter", "owner", "type", "partnership__tier", "partnership")


def fetch(actor: Actor, pk: int) -> Deal:
    """The deal with all that its page names, or 404."""
    return get_object_or_404(Deal.objects.visible_to(actor).select_related(*RELATED), pk=pk)


def facts_context(actor: Actor, deal: Deal) -> dict[str, Any]:
    """What the page, the side panel and the queue show of a deal."""
    check = conflict_of(actor, deal)
    lines = list(deal.lines.all())
    for line in lines:
        line.deal = deal  # the total asks for the currency
    return {
        "deal": deal,
        "lines": lines,
        "check": check,
        "rivals": rivals_of(actor, check),
        "on_vendor_side": actor.organisation.pk == deal.vendor_id,
        "asked_for": labels_of(deal.returned_fields),
        "track": track_of(deal),
    }


def record_context(request: MemberRequest, deal: Deal, suffix: str = "") -> dict[str, Any]:
    """The facts, the acts, the dialogs, files and orders."""
    actor = request.actor
    acts, petitions = acts_for(actor, deal, suffix), petitions_of(actor, deal)
    return {
        **facts_context(actor, deal),
        "acts": acts,
        "petitions": petitions,
        "dialogs": [
            *dialogs.of_acts(deal, acts, suffix),
            *(dialogs.of_refusal(each.row) for each in petitions if each.acts),
        ],
        "evidence": deal.evidence.all(),
        "orders": orders_of(actor, deal),
        "history": timeline_of(actor, deal),
    }


def orders_of(actor: Actor, deal: Deal) -> Any:
    """The orders that carry the deal, as far as the actor may see orders."""
    orders: Any = Deal._meta.get_field("orders").related_model
    if not actor.can("orders.view"):
        return ()
    return orders.objects.visible_to(actor).filter(deal=deal).order_by("-pk")[:50]


@require_GET
@member_required("deals.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The record page; its live part for htmx, or its short form in the side panel."""
    deal = fetch(request.actor, pk)
    if wants_partial(request) and request.headers.get("HX-Target", "").endswith("#panel"):
        panel = facts_context(request.actor, deal)
        return render_partial(request, "deals/detail.html", "panel", panel)
    return show(request, deal)


def show(request: MemberRequest, deal: Deal, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = {**record_context(request, deal), "problem": problem, "live": wants_partial(request)}
    if not wants_partial(request):
        context |= room_context(request, deal)
    return render_partial(request, "deals/detail.html", "record", context, status)


@require_GET
@member_required("deals.view")
def evidence(request: MemberRequest, pk: int, file_pk: int) -> FileResponse:
    """A file of the deal, always as a download and never run by the browser."""
    deal = fetch(request.actor, pk)
    row = deal.evidence.filter(pk=file_pk).first()
    if row is None:
        raise Http404
    response = FileResponse(row.file.open("rb"), content_type=row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
