"""The traffic: what came in and went out, one document with all that was found in it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.listing import Choice, Column, Empty, Flag, Listing, Period, View
from core.web import render_partial
from edi.acknowledging import content_type_of
from edi.exchange import read_again
from edi.models import EXCEPTION, Case, Interchange, Standard
from edi.models.interchange import InterchangeQuerySet
from edi.permissions import may_link_message, may_manage_connections, may_read_again, may_resend, may_settle
from edi.presenting import SHOWN_MESSAGES, hops, marked, readable
from orders.models import Order
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Organisation


def _partners(actor: Actor) -> list[tuple[int, str]]:
    partners = Organisation.objects.visible_to(actor).exclude(pk=actor.organisation.pk)
    return [(each.pk, each.name) for each in partners]


class WithPartner(Choice):
    """Documents with chosen companies, on whichever side they stand."""

    def apply(self, rows: QuerySet, params: QueryDict, actor: Actor) -> QuerySet:
        """Keep the rows with a chosen company."""
        wanted = set(params.getlist(self.key))
        if not wanted:
            return rows
        chosen = wanted & {str(pk) for pk, _name in _partners(actor)}
        return rows.filter(Q(counterpart__in=chosen) | Q(organisation__in=chosen))


DOCUMENTS = [content.value for content in Interchange.Content if content != Interchange.Content.ACKNOWLEDGEMENT]


def _status(name: str) -> Callable[[Interchange], tuple[str, str]]:
    return lambda row: (getattr(row, f"get_{name}_display")(), Interchange.TONES[getattr(row, name)])


TRAFFIC = Listing(
    key="traffic",
    title=_("Exchange"),
    columns=(
        Column("document", _("Document"), kind="link", get=str),
        Column("keywords", _("Orders"), phone=False),
        Column("sender", _("From"), kind="mark"),
        Column("receiver", _("To"), kind="mark"),
        Column("standard", _("Standard"), get=lambda row: row.get_standard_display(), sort="standard", phone=False),
        Column("state", _("State"), kind="state"),
        Column("validation", _("Validation"), kind="badge", get=_status("validation"), shown=False),
        Column("delivery", _("Delivery"), kind="badge", get=_status("delivery"), shown=False),
        Column("acknowledgement", _("Acknowledgement"), kind="badge", get=_status("acknowledgement"), phone=False),
        Column("test", _("Test"), kind="flag", shown=False),
        Column("created", _("When"), kind="ago", sort="created"),
    ),
    filters=(
        Choice("direction", _("Direction"), choices=Interchange.Direction.choices),
        Choice("content", _("Content"), choices=Interchange.Content.choices),
        Choice("standard", _("Standard"), choices=Standard.choices),
        Choice("validation", _("Validation"), choices=Interchange.Validation.choices),
        Choice("delivery", _("Delivery"), choices=Interchange.Delivery.choices),
        Choice("acknowledgement", _("Acknowledgement"), choices=Interchange.Acknowledgement.choices),
        WithPartner("partner", _("Partner"), choices=_partners),
        Flag("exceptions", _("Exceptions only"), EXCEPTION),
        Period("created", _("When"), field="created"),
    ),
    search=("control_number", "keywords", "kinds", "counterpart__name", "organisation__name"),
    views=(
        View("documents", _("Documents"), "&".join(f"content={content}" for content in DOCUMENTS)),
        View("exceptions", _("Exceptions"), "exceptions=1"),
        View("collect", _("To be collected"), "delivery=pending"),
        View("waiting", _("Not acknowledged"), "acknowledgement=waiting&acknowledgement=overdue"),
        View("all", _("Everything"), ""),
    ),
    default_sort="-created",
    row_url=lambda row: reverse("edi:interchange", args=[row.pk]),
    live="interchange",
    links=(
        (_("Exceptions"), "edi:queue"),
        (_("Connections"), "edi:connections"),
        (_("Check a document"), "edi:validate"),
        (_("Guides"), "edi:guides"),
    ),
    empty=Empty(
        _("No documents yet"),
        _(
            "Orders that your systems post as EDIFACT, X12 or UBL stand here with what was found in them, beside the "
            "answers that your systems collect. Set up a connection with a partner to begin."
        ),
        _("Set up a connection"),
        "edi:connections",
        "arrow-left-right",
    ),
)


@require_GET
@member_required("edi.view")
def traffic(request: MemberRequest) -> HttpResponseBase:
    """Everything that came in or went out."""
    return TRAFFIC.respond(request, _rows(request))


def _rows(request: MemberRequest) -> QuerySet[Interchange]:
    found = Interchange.objects.visible_to(request.actor)
    return found.select_related("organisation", "counterpart")


@require_GET
@member_required("edi.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One document: as a person reads it, its segments with the findings, its journey."""
    rows = _rows(request).select_related(
        "transmission__user", "transmission__service_account", "answers", "connection", "resends"
    )
    row = get_object_or_404(rows, pk=pk)
    actor = request.actor
    raw, found = row.raw, list(row.messages.select_related("order", "interchange", "despatch", "receipt", "invoice"))
    answer = row.answered_by.filter(direction=Interchange.Direction.OUT).select_related("transmission").first()
    segments, remarks, hidden = marked(raw, list(row.findings.all()), row.start)
    orders = sum(message.order_id is not None for message in found)
    context = {
        "row": row,
        "hops": hops(row, answer, orders),
        "documents": readable(raw, found),
        "more_messages": max(0, len(found) - SHOWN_MESSAGES),
        "segments": segments,
        "hidden": hidden,
        "remarks": remarks,
        "answer": answer,
        "answer_lines": marked(answer.raw, [])[0] if answer else [],
        "may_manage": may_manage_connections(actor),
        "may_read_again": may_read_again(actor, row),
        "connect_url": _connect_url(actor, row),
        **_case_context(actor, row),
    }
    return render_partial(request, "edi/detail.html", "document", context)


def _case_context(actor: Actor, row: Interchange) -> dict[str, Any]:
    """Who looks after it on one's own side, and what can be done about it."""
    case = Case.objects.visible_to(actor).filter(interchange=row).select_related("assignee__user").first()
    may_link = bool(row.parked) and bool(may_link_message(actor, row))
    out = row.direction == Interchange.Direction.OUT
    exceptions = cast(InterchangeQuerySet, Interchange.objects.visible_to(actor)).exceptions()
    return {
        "assignee": case.assignee.user if case and case.assignee else None,
        "settled": case is not None and case.settled_at is not None,
        "in_queue": exceptions.filter(pk=row.pk).exists(),
        "may_settle": may_settle(actor),
        "may_resend": may_resend(actor, row) if out and row.content != Interchange.Content.ACKNOWLEDGEMENT else None,
        "may_link": may_link,
        "link_orders": _orders_between(actor, row) if may_link else (),
    }


def _orders_between(actor: Actor, row: Interchange) -> QuerySet[Order]:
    """The orders that a waiting message may be about, the newest first."""
    both = [row.organisation_id, row.counterpart_id]
    between = Order.objects.visible_to(actor).filter(buyer__in=both, seller__in=both)
    return between.exclude(state=Order.State.DRAFT).order_by("-pk")[:200]


def _connect_url(actor: Actor, row: Interchange) -> str:
    """Where a connection is set up from the identifiers of a document that lacked one."""
    own = row.organisation_id == actor.organisation.pk and row.direction == Interchange.Direction.IN
    if not own or row.counterpart_id or not row.sender_id or not may_manage_connections(actor):
        return ""
    return f"{reverse('edi:connection_new')}?document={row.pk}"


@require_POST
@member_required("edi.send")
def again(request: MemberRequest, pk: int) -> HttpResponse:
    """Have a refused document read once more, now that what it lacked may be there."""
    row = get_object_or_404(_rows(request), pk=pk)
    try:
        row = read_again(actor=request.actor, interchange=row)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        refused = row.validation == Interchange.Validation.INVALID
        text = gettext("It was refused again; the findings say why.") if refused else gettext("It was taken over.")
        (messages.warning if refused else messages.success)(request, text)
    return redirect("edi:interchange", pk=pk)


@require_GET
@member_required("edi.view")
def download(request: MemberRequest, pk: int) -> HttpResponse:
    """The bytes as they travelled."""
    row = get_object_or_404(_rows(request).select_related("transmission"), pk=pk)
    response = HttpResponse(row.raw, content_type="application/octet-stream")
    ending = {"edifact": "edi", "x12": "x12", "ubl": "xml"}.get(row.standard, "bin")
    response["Content-Disposition"] = f'attachment; filename="{row.standard}-{row.pk}.{ending}"'
    response["X-Document-Type"] = content_type_of(row.standard)
    return response
