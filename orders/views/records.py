"""The page of one order, and what is done from it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chat.rooms import room_context
from core.audit import timeline_of
from core.errors import DomainError
from core.money import minor_units
from core.states import can_move
from core.web import follow, render_partial, toast, wants_partial
from orders.actions import (
    acknowledge_order,
    cancel_order,
    delete_draft,
    link_deal,
    match_line,
    respond_to_order,
    send_order,
)
from orders.follow_ups import follow_ups_of
from orders.forms import LinkForm, MatchForm, ReasonForm
from orders.hooks import documents_of
from orders.models import Order
from orders.permissions import may_acknowledge, may_cancel, may_edit_draft, may_link, may_respond
from orders.presenting import address_of, latest_response, rows_of, shown_references, track_of
from orders.progress import progress_of
from partners.access import MemberRequest, member_required
from partners.actors import Actor

TEMPLATE = "orders/detail.html"


def fetch(request: MemberRequest, pk: int) -> Order:
    """The order with what its page names, or 404."""
    related = ("buyer", "seller", "partnership", "deal")
    actor: Actor = request.actor
    return get_object_or_404(Order.objects.visible_to(actor).select_related(*related), pk=pk)


def facts_context(actor: Actor, order: Order) -> dict[str, Any]:
    """What the page and the side panel show of an order."""
    response = latest_response(order)
    rows = rows_of(order, response)
    return {
        "order": order,
        "rows": rows,
        "has_dates": any(row.line.delivery_date for row in rows),
        "digits": minor_units(order.currency),
        "response": response,
        "findings": order.findings.filter(line=None),
        "track": track_of(order),
        "ship_to": address_of(order.parties.get("ship_to")),
        "bill_to": address_of(order.parties.get("bill_to")),
        "deal": order.deal if actor.can("deals.view") else None,
    }


def record_context(request: MemberRequest, order: Order) -> dict[str, Any]:
    """The facts, what the reader may do, documents, versions and history."""
    actor: Actor = request.actor
    return {
        **facts_context(actor, order),
        "to_answer": order.state in Order.TO_ANSWER,
        "cancellable": can_move(order, "cancel"),
        "is_seller": actor.organisation.pk == order.seller_id,
        "may_respond": may_respond(actor, order),
        "may_acknowledge": may_acknowledge(actor, order),
        "may_cancel": may_cancel(actor, order),
        "may_send": may_edit_draft(actor, order),
        "may_link": may_link(actor, order),
        "reason_form": ReasonForm(),
        "link_form": LinkForm(actor=actor, order=order),
        "documents": documents_of(actor, order),
        "follow_ups": follow_ups_of(actor, order),
        "progress": progress_of(order),
        "responses": order.responses.order_by("-pk"),
        "versions": order.versions.order_by("-version"),
        "references": shown_references(order),
        "history": timeline_of(actor, order),
    }


@require_GET
@member_required("orders.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The record page; its live part for htmx, or its short form in the side panel."""
    order = fetch(request, pk)
    if wants_partial(request) and request.headers.get("HX-Target", "").endswith("#panel"):
        context = facts_context(request.actor, order)
        return render_partial(request, TEMPLATE, "panel", context)
    return show(request, order)


def show(request: MemberRequest, order: Order, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    context = {**record_context(request, order), "problem": problem}
    if not wants_partial(request):
        context |= {**room_context(request, order), "with_room": True}
    return render_partial(request, TEMPLATE, "record", context, status)


def _act(request: MemberRequest, pk: int, act: Callable[[Order], object], done: str) -> HttpResponse:
    """Do it and show the record again; a broken rule says so on the record (422)."""
    order = fetch(request, pk)
    try:
        act(order)
    except DomainError as error:
        return show(request, fetch(request, pk), problem=error.message, status=422)
    if wants_partial(request):
        return toast(show(request, fetch(request, pk)), done)
    messages.success(request, done)
    return redirect("orders:detail", pk=pk)


@require_POST
@member_required("orders.view")
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    """Take in hand."""
    done = _("Taken in hand. The buyer sees it.")
    return _act(request, pk, lambda order: acknowledge_order(actor=request.actor, order=order), done)


@require_POST
@member_required("orders.view")
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept every line as ordered."""
    done = _("Accepted. The answer is on its way to the buyer.")
    return _act(request, pk, lambda order: respond_to_order(actor=request.actor, order=order), done)


@require_POST
@member_required("orders.view")
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a draft."""
    done = _("Sent. You see here when it is answered.")
    return _act(request, pk, lambda order: send_order(actor=request.actor, order=order), done)


@require_POST
@member_required("orders.view")
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Cancel, with a reason."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    act = lambda order: cancel_order(actor=request.actor, order=order, reason=reason)  # noqa: E731
    return _act(request, pk, act, _("Cancelled. The seller was told."))


@require_POST
@member_required("orders.view")
def link(request: MemberRequest, pk: int) -> HttpResponse:
    """Say which deal the order belongs to."""
    form = LinkForm(request.POST, actor=request.actor, order=fetch(request, pk))
    if not form.is_valid():
        return show(request, fetch(request, pk), problem=_("Choose a deal of these two companies."), status=422)
    act = lambda order: link_deal(actor=request.actor, order=order, deal=form.cleaned_data["deal"])  # noqa: E731
    return _act(request, pk, act, _("Linked."))


@require_POST
@member_required("orders.view")
def match(request: MemberRequest, pk: int, position: int) -> HttpResponse:
    """Say which product a line means."""
    order = fetch(request, pk)
    line = get_object_or_404(order.lines, position=position)
    form = MatchForm(request.POST, actor=request.actor, order=order)
    if not form.is_valid():
        return show(request, order, problem=_("Choose a product from the list."), status=422)
    product = form.cleaned_data["product"]
    act = lambda order: match_line(actor=request.actor, order=order, line=line, product=product)  # noqa: E731
    return _act(request, pk, act, _("Recognised. The buyer's number is remembered once the line is accepted."))


@require_POST
@member_required("orders.view")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    delete_draft(actor=request.actor, order=fetch(request, pk))
    messages.success(request, _("The draft is gone."))
    return follow(request, "orders:list")
