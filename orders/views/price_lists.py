"""Price lists: made by a vendor, read by the partners for whom they hold."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext
from django.views.decorators.http import require_GET, require_http_methods

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from core.listing import Choice, Column, Create, Empty, Listing, Period
from core.listing.columns import guarded
from core.web import csv_download, version_of
from orders.actions import save_price_list, take_prices
from orders.forms.price_lists import PriceListForm, PricesForm
from orders.models import PriceList, PriceListItem
from orders.permissions import may_edit_price_list
from orders.price_tables import Plan, asked_in, overlaps_of, plan
from orders.views.lists import companies
from partners.access import MemberRequest, member_required, require

SHOWN = 200


def for_whom(row: PriceList) -> str:
    """The partner or the tier for which a list is."""
    return str(row.partnership.partner if row.partnership else row.tier)


def standing(row: PriceList) -> tuple[str, str]:
    """Whether it holds today, with its tone."""
    today = localdate()
    if row.valid_from > today:
        return _("To come"), "info"
    over = row.valid_until is not None and row.valid_until < today
    return (_("Over"), "still") if over else (_("Valid"), "good")


PRICE_LISTS = Listing(
    key="price_lists",
    title=gettext_lazy("Price lists"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("for_whom", gettext_lazy("For"), get=for_whom),
        Column("currency", gettext_lazy("Currency"), kind="code", sort="currency", phone=False),
        Column("prices", gettext_lazy("Prices"), kind="number"),
        Column("valid_from", gettext_lazy("Valid from"), kind="day", sort="valid_from"),
        Column("valid_until", gettext_lazy("Valid until"), kind="day"),
        Column("standing", gettext_lazy("State"), kind="badge", get=standing),
    ),
    filters=(
        Choice("vendor", gettext_lazy("Vendor"), choices=companies),
        Period("valid_from", gettext_lazy("Valid from"), moment=False),
    ),
    search=("name", "partnership__partner__name", "tier__name"),
    default_sort="-valid_from",
    row_url=lambda row: reverse("orders:price_list", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No price lists yet"),
        gettext_lazy(
            "A price list gives a partner or a tier net prices of its own, from quantities on and for a time."
        ),
        icon="tags",
    ),
    live="pricelist",
    create=Create(gettext_lazy("New price list"), "orders:price_list_new", capability="catalogue.manage"),
)


@require_GET
@member_required("orders.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """One's own price lists, and those that hold for one."""
    rows = PriceList.objects.visible_to(request.actor).annotate(prices=Count("items"))
    return PRICE_LISTS.respond(request, rows.select_related("vendor", "partnership__partner", "tier"))


def _fetch(request: MemberRequest, pk: int) -> PriceList:
    rows = PriceList.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("vendor", "partnership__partner", "tier"), pk=pk)


def _own(request: MemberRequest, pk: int) -> PriceList:
    row = _fetch(request, pk)
    require(may_edit_price_list(request.actor, row))
    return row


@require_GET
@member_required("orders.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One price list with its prices, and the lists that it meets."""
    row = _fetch(request, pk)
    own = row.vendor_id == request.actor.organisation.pk
    items = row.items.select_related("product").order_by("product__sku", "min_quantity")
    count = items.count()
    word, tone = standing(row)
    context = {
        "list": row,
        "for_whom": for_whom(row),
        "word": word,
        "tone": tone,
        "items": items[:SHOWN],
        "count": count,
        "more": max(0, count - SHOWN),
        "own": own,
        "may_edit": may_edit_price_list(request.actor, row),
        "overlaps": overlaps_of(row) if own else [],
        "history": timeline_of(request.actor, row),
    }
    return render(request, "orders/price_list.html", context)


@require_http_methods(["GET", "POST"])
@member_required("catalogue.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Make a price list."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required("orders.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change for whom a list is, and when."""
    return _edit(request, _own(request, pk))


def _edit(request: MemberRequest, row: PriceList | None) -> HttpResponse:
    posted = request.method == "POST"
    initial = {} if row else {"currency": request.actor.organisation.currency, "valid_from": localdate()}
    version = row.version if row else None
    form = PriceListForm(request.POST if posted else None, actor=request.actor, instance=row, initial=initial)
    if posted and form.is_valid():
        try:
            values = form.cleaned_data
            saved = save_price_list(actor=request.actor, price_list=row, version=version_of(request), **values)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved.") if row else _("Saved. Now add its prices."))
            return redirect("orders:price_list" if row else "orders:price_list_prices", pk=saved.pk)
    context = {"form": form, "list": row, "version": version}
    return render(request, "orders/price_list_form.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "POST"])
@member_required("orders.view")
def prices(request: MemberRequest, pk: int) -> HttpResponse:
    """Paste prices: first what each line would do, then it is done."""
    row = _own(request, pk)
    posted = request.method == "POST"
    form = PricesForm(request.POST, request.FILES) if posted else PricesForm(initial={"text": ""})
    found = None
    if posted and form.is_valid():
        replace = form.cleaned_data["replace"]
        try:
            asked = asked_in(form.cleaned_data["text"])
            if "take" in request.POST:
                found = take_prices(actor=request.actor, price_list=row, asked=asked, replace=replace)
                messages.success(request, _taken(found))
                return redirect("orders:price_list", pk=pk)
            found = plan(row, asked, replace=replace)
        except DomainError as error:
            at_its_field(form, error)
    text = form.cleaned_data.get("text", "") if posted else ""
    context = {"form": form, "list": row, "plan": found, "text": text, "says": _would(found) if found else []}
    return render(request, "orders/price_list_prices.html", context, status=422 if form.errors else 200)


def _would(found: Plan) -> list[str]:
    """What comes out of a table, by outcome, with how many; what does not come up is left out."""
    told = [
        (found.count("new"), npgettext("prices", "%d new", "%d new", found.count("new"))),
        (found.count("changed"), npgettext("prices", "%d changed", "%d changed", found.count("changed"))),
        (found.count("same"), npgettext("prices", "%d as it is", "%d as they are", found.count("same"))),
        (len(found.gone), npgettext("prices", "%d taken away", "%d taken away", len(found.gone))),
        (found.refused, npgettext("prices", "%d left out", "%d left out", found.refused)),
    ]
    return [words % number for number, words in told if number]


def _taken(found: Any) -> str:
    said = ngettext("%d price was set.", "%d prices were set.", found.taken) % found.taken
    if found.gone:
        said += " " + ngettext("%d was taken away.", "%d were taken away.", len(found.gone)) % len(found.gone)
    if found.refused:
        said += " " + ngettext("%d line was left out.", "%d lines were left out.", found.refused) % found.refused
    return said


@require_GET
@member_required("orders.view")
def export(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The prices as CSV, in the columns that the import reads."""
    row = _fetch(request, pk)
    return csv_download(_table(row), slugify(row.name) or "prices", delimiter=";")


def _table(row: PriceList) -> Iterator[list[str]]:
    yield ["SKU", "From", "Price", "Currency", "Name"]
    items = row.items.select_related("product").order_by("product__sku", "min_quantity")
    for item in items.iterator(chunk_size=500):
        yield _cells(item, row.currency)


def _cells(item: PriceListItem, currency: str) -> list[str]:
    """Four decimals, so that no reader takes three for thousands."""
    product = item.product
    return [guarded(product.sku), f"{item.min_quantity:.4f}", f"{item.price:.4f}", currency, guarded(product.name)]
