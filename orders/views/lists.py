"""The list of orders."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.bulk import chosen, on_each
from core.listing import Bulk, Choice, Column, Create, Empty, Listing, Period, View
from orders.actions import acknowledge_order
from orders.models import Order
from partners.access import MemberRequest, member_required
from partners.models import Organisation


def companies(actor):
    """The companies one trades with, for filters."""
    others = Organisation.objects.visible_to(actor).exclude(pk=actor.organisation.pk)
    return [(organisation.pk, organisation.name) for organisation in others]


def _states(*states: str) -> str:
    return "&".join(f"state={state}" for state in states)


ORDERS = Listing(
    key="orders",
    title=_("Orders"),
    columns=(
        Column("number", _("Number"), kind="link", sort="number"),
        Column("buyer", _("Buyer"), kind="mark", sort="buyer__name"),
        Column("seller", _("Seller"), kind="mark", sort="seller__name"),
        Column("total", _("Total"), kind="money", get=lambda order: (order.total, order.currency), sort="total"),
        Column("state", _("State"), kind="state", sort="state"),
        Column("deal", _("Deal"), kind="code", get=lambda order: order.deal.number if order.deal else "", phone=False),
        Column("delivery_date", _("Delivery wanted"), kind="day", phone=False, shown=False),
        Column("seller_number", _("Seller's number"), kind="code", phone=False, shown=False),
        Column("source", _("Came through"), get=lambda order: order.get_source_display(), phone=False, shown=False),
        Column("created", _("Received"), kind="ago", sort="created"),
    ),
    filters=(
        Choice("state", _("State"), choices=Order.State.choices),
        Choice("buyer", _("Buyer"), choices=companies),
        Choice("seller", _("Seller"), choices=companies),
        Choice("source", _("Came through"), choices=Order.Source.choices),
        Period("created", _("Received")),
    ),
    search=("number", "seller_number", "buyer__name", "seller__name"),
    views=(
        View("open", _("Open orders"), _states(*Order.OPEN)),
        View("answer", _("To answer"), _states(*Order.TO_ANSWER)),
        View("drafts", _("Drafts"), "state=draft"),
        View("all", _("All")),
    ),
    default_sort="-created",
    bulk=(Bulk("acknowledge", _("Take in hand"), "orders:bulk_acknowledge", capability="orders.respond"),),
    row_url=lambda order: reverse("orders:detail", args=[order.pk]),
    panel=True,
    empty=Empty(
        _("No orders here"),
        _("Orders come in by EDI, through the API or from the form. Both sides see the same order and its answer."),
        icon="receipt-text",
    ),
    live="order",
    create=Create(_("New order"), "orders:new", capability="orders.send"),
)


@require_GET
@member_required("orders.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Orders that the organisation gave or took."""
    rows = Order.objects.visible_to(request.actor).select_related("buyer", "seller", "deal")
    return ORDERS.respond(request, rows)


@require_POST
@member_required("orders.respond")
def bulk_acknowledge(request: MemberRequest) -> HttpResponse:
    """Take the chosen orders in hand; those that cannot be are left and counted."""
    mine = Order.objects.visible_to(request.actor).filter(seller=request.actor.organisation)
    rows = mine.filter(pk__in=chosen(request, 200)).order_by("pk")
    done, left = on_each(rows, lambda order: acknowledge_order(actor=request.actor, order=order))
    messages.success(request, ngettext("%d order taken in hand.", "%d orders taken in hand.", done) % done)
    if left:
        text = ngettext("%d order was left as it is.", "%d orders were left as they are.", left)
        messages.warning(request, text % left)
    return redirect("orders:list")
