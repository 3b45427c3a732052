"""The catalogue: what vendors sell, at the price that holds for the reader."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from core.listing import Choice, Column, Create, Empty, Listing, View
from core.money import format_price
from core.search import found
from core.web import key_of, render_partial, version_of
from orders.actions import save_product
from orders.configuring import rules_in_words
from orders.forms import ProductForm
from orders.models import CrossReference, Product
from orders.permissions import may_edit_product, partnership_between
from orders.pricing import Price, price_for, prices_for
from orders.product_prices import paid_for
from orders.views.trying import try_context
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor
from partners.models import Organisation

MAX_OPTIONS = 12


def _vendors(actor: Actor) -> list[tuple[int, str]]:
    seen = Product.objects.visible_to(actor).order_by().values("vendor").distinct()
    return [(vendor.pk, vendor.name) for vendor in Organisation.objects.visible_to(actor).filter(pk__in=seen)]


def _product_lines(actor: Actor) -> list[tuple[str, str]]:
    lines = Product.objects.visible_to(actor).exclude(product_line="").order_by("product_line")
    return [(line, line) for line in lines.values_list("product_line", flat=True).distinct()]


PRODUCTS = Listing(
    key="products",
    title=gettext_lazy("Catalogue"),
    columns=(
        Column("sku", gettext_lazy("SKU"), kind="link", sort="sku"),
        Column("name", gettext_lazy("Name"), sort="name"),
        Column("product_line", gettext_lazy("Product line"), sort="product_line", phone=False),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name"),
        Column("unit_label", gettext_lazy("Unit"), phone=False),
        Column("pack_size", gettext_lazy("Pack"), kind="number", sort="pack_size", phone=False),
        Column(
            "list_price",
            gettext_lazy("List price"),
            kind="money",
            get=lambda product: (product.list_price, product.currency),
            sort="list_price",
        ),
        Column("state", gettext_lazy("Lifecycle"), kind="state", sort="lifecycle"),
        Column("gtin", gettext_lazy("GTIN"), kind="code", phone=False, shown=False),
    ),
    filters=(
        Choice("vendor", gettext_lazy("Vendor"), choices=_vendors),
        Choice("product_line", gettext_lazy("Product line"), choices=_product_lines),
        Choice("lifecycle", gettext_lazy("Lifecycle"), choices=Product.Lifecycle.choices),
    ),
    search=("sku", "name", "gtin"),
    views=(
        View("sold", gettext_lazy("For sale"), "lifecycle=active&lifecycle=phase_out"),
        View("all", gettext_lazy("All")),
    ),
    default_sort="sku",
    row_url=lambda product: reverse("orders:product", args=[product.pk]),
    panel=True,
    empty=Empty(
        gettext_lazy("No products yet"),
        gettext_lazy("What vendors sell to their partners stands here, with the price that holds for you."),
        icon="package",
    ),
    live="product",
    create=Create(gettext_lazy("Add a product"), "orders:product_new", capability="catalogue.manage"),
    links=((gettext_lazy("Price lists"), "orders:price_lists"),),
    template="orders/products.html",
)


@require_GET
@member_required("orders.view")
def products(request: MemberRequest) -> HttpResponseBase:
    """One's own products and those of one's vendors."""
    rows = Product.objects.visible_to(request.actor).select_related("vendor")
    return PRODUCTS.respond(request, rows, may_import=request.actor.can("catalogue.manage"))


@require_GET
@member_required("orders.view")
def product(request: MemberRequest, pk: int) -> HttpResponse:
    """One product: facts, the reader's price, part numbers."""
    actor: Actor = request.actor
    rows = Product.objects.visible_to(actor).select_related("vendor", "replacement")
    row = get_object_or_404(rows, pk=pk)
    references = CrossReference.objects.visible_to(actor).filter(product=row).select_related("partner")
    context = {
        "product": row,
        "price": _price(actor, row),
        "references": references.order_by("number")[:100],
        "may_edit": may_edit_product(actor, row),
        "is_own": row.vendor_id == actor.organisation.pk,
        "history": timeline_of(actor, row),
        "makeup": row.makeup,
        "rules": rules_in_words(row.makeup),
        "rows": paid_for(actor, row, localdate()),
        **try_context(actor, row),
    }
    return render_partial(request, "orders/product.html", "panel", context)


def _price(actor: Actor, row: Product) -> Price | None:
    """The reader's own price, None for the vendor itself."""
    if row.vendor_id == actor.organisation.pk:
        return None
    partnership = partnership_between(actor.organisation.pk, row.vendor_id)
    return price_for(row, partnership, Decimal(1), localdate()) if partnership else None


@require_http_methods(["GET", "POST"])
@member_required("catalogue.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Add a product."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required("orders.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a product of one's own."""
    row = get_object_or_404(Product.objects.visible_to(request.actor).select_related("vendor"), pk=pk)
    require(may_edit_product(request.actor, row))
    return _edit(request, row)


def _edit(request: MemberRequest, row: Product | None) -> HttpResponse:
    actor: Actor = request.actor
    posted = request.method == "POST"
    initial = {} if row else {"currency": actor.organisation.currency}
    form = ProductForm(request.POST if posted else None, actor=actor, instance=row, initial=initial)
    if posted and form.is_valid():
        try:
            saved = save_product(actor=actor, product=row, version=version_of(request), **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved. Partners see it at once."))
            return redirect("orders:product", pk=saved.pk)
    context = {"form": form, "product": row}
    return render(request, "orders/product_form.html", context, status=422 if posted else 200)


@require_GET
@member_required("orders.view")
def options(request: MemberRequest) -> JsonResponse:
    """Products of one seller for the look-up of a line, with the price that holds for the reader."""
    actor: Actor = request.actor
    wanted = request.GET.get("seller", "")
    seller = get_object_or_404(Organisation.objects.visible_to(actor), pk=key_of(wanted))
    rows = Product.objects.visible_to(actor).sold_by(seller.pk)
    text = request.GET.get("q", "").strip()
    offered = list((found(rows, text, "sku", "name", "gtin") if text else rows)[:MAX_OPTIONS])
    partnership = partnership_between(actor.organisation.pk, seller.pk)
    one = Decimal(1)
    prices = prices_for([(row, one) for row in offered], partnership, localdate()) if partnership else []
    return JsonResponse({"options": [_option(row, prices[n] if prices else None) for n, row in enumerate(offered)]})


def _option(row: Product, price: Price | None) -> dict[str, Any]:
    amount, currency = (price.amount, price.currency) if price else (row.list_price, row.currency)
    note = f"{format_price(amount, currency)} / {row.unit_label}"
    if row.pack_size > 1:
        note += " · " + _("packs of %d") % row.pack_size
    fill = {"unit_price": format(amount.normalize(), "f"), "choices": " ".join(row.makeup.usual)}
    return {"value": str(row.pk), "label": str(row), "note": note, "fill": fill}
