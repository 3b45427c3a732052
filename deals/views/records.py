"""The page of one deal."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from chat.models import Room
from chat.rooms import room_context
from core.audit import timeline_of
from core.web import download, render_partial, wants_partial
from deals import asked
from deals.fields import labels_of
from deals.models import Deal, Evidence, ReviewTalk
from deals.presenting import acts_for, case_of, conflict_of, petitions_of, plan_shown, rivals_of, track_of
from deals.views import case_dialogs, dialogs
from deals.views.beside import beside_context
from partners.access import MemberRequest, member_required
from partners.actors import Actor

PDF = "application/pdf"
TEXT_TYPES = frozenset({"text/plain", "text/csv"})
SHOWN_TEXT = 20_000  # octets
RELATED = (
    "vendor", "partner", "submitter", "seller", "owner", "type", "type_version", "partnership__tier", "partnership"
)  # fmt: skip


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
        "case": case_of(actor, deal),
        "on_vendor_side": actor.organisation.pk == deal.vendor_id,
        "asked_for": labels_of(deal, deal.returned_fields),
        "track": track_of(deal),
        "plan": plan_shown(actor, deal),
        "own_values": asked.shown(deal.terms, deal.values),
    }


def record_context(request: MemberRequest, deal: Deal, suffix: str = "") -> dict[str, Any]:
    """The facts, the acts, the dialogs, files and orders."""
    actor = request.actor
    facts = facts_context(actor, deal)
    acts, petitions = acts_for(actor, deal, suffix, facts["plan"]), petitions_of(actor, deal)
    raise_case = may_raise(facts)
    return {
        **facts,
        "may_raise": raise_case,
        "acts": acts,
        "petitions": petitions,
        "dialogs": [
            *dialogs.of_acts(deal, acts, suffix),
            *(dialogs.of_refusal(each.row) for each in petitions if each.acts),
            *([case_dialogs.of_deal(deal)] if raise_case else []),
        ],
        "evidence": evidence_of(deal),
        "orders": orders_of(actor, deal),
        "talk": talk_room(actor, deal),
        "history": timeline_of(actor, deal),
        **beside_context(actor, deal),
    }


def evidence_of(deal: Deal) -> list[Evidence]:
    """The files, each with the name of its kind."""
    names, files = asked.kind_names(deal.terms), list(deal.evidence.all())
    for file in files:
        file.kind_name = names.get(file.kind, "")  # type: ignore[attr-defined]
    return files


def may_raise(facts: dict[str, Any]) -> bool:
    """Whether the page offers to say that another registration names the same customer: to who reads the check."""
    waits = facts["case"] is not None and facts["case"].is_pending
    return facts["check"] is not None and not waits and facts["deal"].state in Deal.OPEN


def talk_room(actor: Actor, deal: Deal) -> Room | None:
    """The room of the private talk about the review, where the vendor opened one."""
    mine = ReviewTalk.objects.visible_to(actor).filter(deal=deal).values("pk")
    return Room.objects.visible_to(actor).filter(record=ReviewTalk._meta.label_lower, record_id__in=mine).first()


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
    response = download(row.file, row.name, row.content_type)
    if row.content_type == PDF and "inline" in request.GET:
        _show_in_place(response, row)
    return response


def _show_in_place(response: FileResponse, row: Evidence) -> None:
    """A PDF in the browser's own viewer, framed by our own pages alone; a sandbox would keep it from starting."""
    response["Content-Disposition"] = content_disposition_header(False, row.name) or "inline"
    response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"


@require_GET
@member_required("deals.view")
def evidence_view(request: MemberRequest, pk: int, file_pk: int) -> HttpResponse:
    """A file of the deal opened in place: images and PDF drawn, text shown, the rest offered as a download."""
    deal = fetch(request.actor, pk)
    row = deal.evidence.filter(pk=file_pk).first()
    if row is None:
        raise Http404
    text = ""
    if row.content_type in TEXT_TYPES:
        with row.file.open("rb") as file:
            text = file.read(SHOWN_TEXT).decode(errors="replace")
    kind = (
        "image"
        if row.content_type.startswith("image/")
        else "pdf"
        if row.content_type == PDF
        else "text"
        if text
        else ""
    )
    return render(request, "deals/_viewer.html", {"deal": deal, "file": row, "kind": kind, "text": text})
