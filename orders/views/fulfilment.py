"""Despatches, receipts and invoices: their lists, and each as it was sent."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.audit import timeline_of
from core.listing import Choice, Column, Empty, Listing, Period
from orders.codec import load
from orders.documents import DespatchDocument, Document, InvoiceDocument, ReceiptDocument
from orders.models import DespatchAdvice, Invoice, Order, ReceiptAdvice
from orders.models.fulfilment import FollowUp
from orders.sheets import sheet_of
from orders.views.lists import companies
from partners.access import MemberRequest, member_required
from partners.actors import Actor

PARTIES = (
    Column("seller", _("Seller"), kind="mark", sort="seller__name"),
    Column("buyer", _("Buyer"), kind="mark", sort="buyer__name"),
)
FILTERS = (
    Choice("seller", _("Seller"), choices=companies),
    Choice("buyer", _("Buyer"), choices=companies),
    Choice("source", _("Came through"), choices=Order.Source.choices),
    Period("issued_on", _("Date"), field="created"),
)
NOTHING = _("They come in by EDI or through the API and stand beside the order that they follow.")
DESPATCHES = Listing(
    key="despatches",
    title=_("Despatches"),
    columns=(
        Column("number", _("Number"), kind="link", sort="number"),
        *PARTIES,
        Column("shipped_on", _("Sent off"), kind="day", sort="shipped_on"),
        Column("delivery_date", _("Arrives"), kind="day", sort="delivery_date"),
        Column("carrier", _("Carrier"), phone=False),
        Column("tracking", _("Tracking"), kind="code", phone=False),
        Column("created", _("Received"), kind="ago", sort="created"),
    ),
    filters=FILTERS,
    search=("number", "tracking", "carrier", "buyer__name", "seller__name"),
    default_sort="-created",
    row_url=lambda row: row.get_absolute_url(),
    links=((_("Orders"), "orders:list"), (_("Invoices"), "orders:invoices")),
    empty=Empty(_("No despatches yet"), NOTHING, icon="truck"),
    live="despatchadvice",
)
INVOICES = Listing(
    key="invoices",
    title=_("Invoices"),
    columns=(
        Column("number", _("Number"), kind="link", sort="number"),
        Column("kind", _("Kind"), get=lambda row: row.get_kind_display(), sort="kind"),
        *PARTIES,
        Column("issued_on", _("Date"), kind="day", sort="issued_on"),
        Column("due_date", _("Due"), kind="day", sort="due_date", phone=False),
        Column("payable", _("To be paid"), kind="money", get=lambda row: (row.payable, row.currency), sort="payable"),
        Column("created", _("Received"), kind="ago", sort="created", phone=False),
    ),
    filters=(
        Choice("kind", _("Kind"), choices=Invoice.Kind.choices),
        *FILTERS,
        Period("dated", _("Date on it"), field="issued_on", moment=False),
    ),
    search=("number", "preceding", "buyer__name", "seller__name"),
    default_sort="-created",
    row_url=lambda row: row.get_absolute_url(),
    links=((_("Orders"), "orders:list"), (_("Despatches"), "orders:despatches")),
    empty=Empty(_("No invoices yet"), NOTHING, icon="receipt-text"),
    live="invoice",
)


@require_GET
@member_required("orders.view")
def despatches(request: MemberRequest) -> HttpResponseBase:
    """What was sent off, to or from the organisation."""
    return DESPATCHES.respond(
        request, DespatchAdvice.objects.visible_to(request.actor).select_related("buyer", "seller")
    )


@require_GET
@member_required("orders.view")
def invoices(request: MemberRequest) -> HttpResponseBase:
    """Invoices and credit notes, given or taken."""
    return INVOICES.respond(request, Invoice.objects.visible_to(request.actor).select_related("buyer", "seller"))


@require_GET
@member_required("orders.view")
def despatch(request: MemberRequest, pk: int) -> HttpResponse:
    """One despatch advice."""
    rows = DespatchAdvice.objects.visible_to(request.actor)
    return _page(request, rows, pk, DespatchDocument, _("Despatch"), "orders:despatches")


@require_GET
@member_required("orders.view")
def receipt(request: MemberRequest, pk: int) -> HttpResponse:
    """One receipt advice."""
    rows = ReceiptAdvice.objects.visible_to(request.actor)
    return _page(request, rows, pk, ReceiptDocument, _("Receipt"), "orders:list")


@require_GET
@member_required("orders.view")
def invoice(request: MemberRequest, pk: int) -> HttpResponse:
    """One invoice or credit note."""
    return _page(request, Invoice.objects.visible_to(request.actor), pk, InvoiceDocument, None, "orders:invoices")


def _page(
    request: MemberRequest, rows: QuerySet[Any], pk: int, kind: type[Document], title: Any, back: str
) -> HttpResponse:
    actor: Actor = request.actor
    row: FollowUp = get_object_or_404(rows.select_related("buyer", "seller"), pk=pk)
    context = {
        "row": row,
        "title": title or row.get_kind_display(),  # type: ignore[attr-defined]
        "back": back,
        "sheet": sheet_of(load(kind, row.document)),
        "orders": row.orders.order_by("pk")[:20],
        "history": timeline_of(actor, row),
    }
    return render(request, "orders/follow_up.html", context)
