"""The queue of exceptions: what somebody should look at, who does, and what is done about it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from core.bulk import chosen
from core.errors import DomainError
from core.listing import Bulk, Choice, Column, Empty, Flag, Listing, Period, View
from edi.cases import assign, settle_cases
from edi.exchange import read_again
from edi.models import Case, Interchange, Standard
from edi.models.interchange import InterchangeQuerySet
from edi.parking import link_message
from edi.permissions import may_read_again
from edi.resending import offer_again, send_as_new
from orders.models import Order
from partners.access import MemberRequest, member_required
from partners.actors import Actor

MOST = 200
QUEUE = Listing(
    key="exceptions",
    title=_("Exceptions"),
    columns=(
        Column("document", _("Document"), kind="link", get=str),
        Column("keywords", _("Numbers"), phone=False),
        Column("sender", _("From"), kind="mark"),
        Column("receiver", _("To"), kind="mark"),
        Column("state", _("State"), kind="state"),
        Column("assignee", _("Looked after by"), get=lambda row: row.assignee_name or "–"),
        Column("created", _("When"), kind="ago", sort="created"),
    ),
    filters=(
        Choice("content", _("Content"), choices=Interchange.Content.choices),
        Choice("direction", _("Direction"), choices=Interchange.Direction.choices),
        Choice("standard", _("Standard"), choices=Standard.choices),
        Choice("validation", _("Validation"), choices=Interchange.Validation.choices),
        Choice("acknowledgement", _("Acknowledgement"), choices=Interchange.Acknowledgement.choices),
        Flag("parked", _("Waits for its order"), Q(parked__gt=0)),
        Flag("nobody", _("Nobody looks after it"), Q(assignee_name=None)),
        Flag("settled", _("Dealt with"), Q(settled=True)),
        Period("created", _("When"), field="created"),
    ),
    search=("control_number", "keywords", "kinds", "counterpart__name", "organisation__name"),
    views=(
        View("all", _("All"), ""),
        View("nobody", _("Nobody's"), "nobody=1"),
        View("parked", _("Without an order"), "parked=1"),
        View("late", _("Late"), "acknowledgement=overdue"),
    ),
    default_sort="-created",
    bulk=(
        Bulk("take", _("Take them"), "edi:bulk_take", capability="edi.send"),
        Bulk("settle", _("Dealt with"), "edi:bulk_settle", capability="edi.send"),
        Bulk("read", _("Read again"), "edi:bulk_read", capability="edi.send"),
    ),
    row_url=lambda row: reverse("edi:interchange", args=[row.pk]),
    links=((_("Exchange"), "edi:traffic"), (_("Connections"), "edi:connections")),
    live="interchange",
    empty=Empty(
        _("Nothing to look at"),
        _("Refused documents, late acknowledgements and messages whose order is not known stand here."),
        icon="inbox",
    ),
)


def _mine(actor: Actor) -> QuerySet:
    """The exceptions of the organisation with its own cases beside them."""
    cases = Case.objects.visible_to(actor).filter(interchange=OuterRef("pk"))
    rows = cast(InterchangeQuerySet, Interchange.objects.visible_to(actor)).exceptions()
    done = rows.annotate(
        assignee_name=Subquery(cases.values("assignee__user__name")[:1]),
        settled_at=Subquery(cases.values("settled_at")[:1]),
    )
    return done.annotate(settled=Q(settled_at__isnull=False)).select_related("organisation", "counterpart")


@require_GET
@member_required("edi.view")
def queue(request: MemberRequest) -> HttpResponseBase:
    """What somebody should look at; what was dealt with is left out unless it is asked for."""
    rows = _mine(request.actor)
    return QUEUE.respond(request, rows if request.GET.get("settled") == "1" else rows.filter(settled=False))


def _chosen(request: MemberRequest) -> list[Interchange]:
    return list(Interchange.objects.visible_to(request.actor).filter(pk__in=chosen(request, MOST)))


@require_POST
@member_required("edi.send")
def bulk_take(request: MemberRequest) -> HttpResponse:
    """Look after the chosen documents oneself."""
    done = assign(actor=request.actor, interchanges=_chosen(request), to=request.actor.membership)
    messages.success(request, ngettext("You look after %d document.", "You look after %d documents.", done) % done)
    return redirect("edi:queue")


@require_POST
@member_required("edi.send")
def bulk_settle(request: MemberRequest) -> HttpResponse:
    """Take the chosen documents out of the queue."""
    done = settle_cases(actor=request.actor, interchanges=_chosen(request))
    messages.success(request, ngettext("%d document is dealt with.", "%d documents are dealt with.", done) % done)
    return redirect("edi:queue")


@require_POST
@member_required("edi.send")
def bulk_read(request: MemberRequest) -> HttpResponse:
    """Read the chosen documents again, now that what they lacked may be there."""
    taken = left = 0
    for row in _chosen(request):
        if not may_read_again(request.actor, row):
            left += 1
            continue
        try:
            again = read_again(actor=request.actor, interchange=row)
        except DomainError:
            left += 1
        else:
            taken += again.validation != Interchange.Validation.INVALID
            left += again.validation == Interchange.Validation.INVALID
    messages.success(request, ngettext("%d document was taken over.", "%d documents were taken over.", taken) % taken)
    if left:
        text = ngettext("%d document stays as it is.", "%d documents stay as they are.", left)
        messages.warning(request, text % left)
    return redirect("edi:queue")


def _act(request: MemberRequest, pk: int, act: Callable[[Interchange], object], done: str) -> HttpResponse:
    """Do it to one document and show it again; a broken rule is told."""
    rows = Interchange.objects.visible_to(request.actor).select_related("organisation", "counterpart")
    row = get_object_or_404(rows, pk=pk)
    try:
        result = act(row)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
        if isinstance(result, Interchange):
            row = result
    return redirect("edi:interchange", pk=row.pk)


@require_POST
@member_required("edi.send")
def take(request: MemberRequest, pk: int) -> HttpResponse:
    """Look after a document oneself."""
    me = request.actor.membership
    act = lambda row: assign(actor=request.actor, interchanges=[row], to=me)  # noqa: E731
    return _act(request, pk, act, gettext("You look after it."))


@require_POST
@member_required("edi.send")
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a document out of the queue."""
    act = lambda row: settle_cases(actor=request.actor, interchanges=[row])  # noqa: E731
    return _act(request, pk, act, gettext("It is dealt with."))


@require_POST
@member_required("edi.send")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a document back into the queue."""
    act = lambda row: settle_cases(actor=request.actor, interchanges=[row], settled=False)  # noqa: E731
    return _act(request, pk, act, gettext("It is back in the queue."))


@require_POST
@member_required("edi.send")
def again_as_it_was(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer the same bytes once more."""
    act = lambda row: offer_again(actor=request.actor, interchange=row)  # noqa: E731
    return _act(request, pk, act, gettext("The same bytes wait to be collected again."))


@require_POST
@member_required("edi.send")
def again_as_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the same document under a new number."""
    act = lambda row: send_as_new(actor=request.actor, interchange=row)  # noqa: E731
    return _act(request, pk, act, gettext("It goes out again under a new number."))


@require_POST
@member_required("edi.send")
def link(request: MemberRequest, pk: int, position: int) -> HttpResponse:
    """Say which order a waiting message is about."""
    row = get_object_or_404(Interchange.objects.visible_to(request.actor), pk=pk)
    message = get_object_or_404(row.messages, position=position)
    chosen = request.POST.get("order", "")
    wanted = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    order = Order.objects.visible_to(request.actor).filter(pk=wanted).first()

    def act(_row: Interchange) -> Any:
        if order is None:
            raise DomainError(gettext("Choose the order that it is about."))
        link_message(actor=request.actor, message=message, order=order)

    return _act(request, pk, act, gettext("It was applied to the order."))
