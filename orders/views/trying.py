"""What a product costs whom, tried at the product step by step; and how it can be configured."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.forms import tried
from core.web import version_of
from orders.actions import save_options
from orders.configuring import read_makeup, written_options, written_rules
from orders.explaining import Basket, Wanted, codes_of
from orders.forms import OptionsForm
from orders.forms.price_lists import TryForm
from orders.models import Product
from orders.permissions import may_edit_product
from orders.views.ordering import shown_prices
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor
from partners.models import Partnership


def partners_for(actor: Actor, product: Product) -> Any:
    """Over which partnerships the actor may ask for the price: the vendor over all, a partner over its own."""
    edges = Partnership.objects.visible_to(actor).active().filter(vendor=product.vendor_id)
    return edges.select_related("partner", "tier").order_by("partner__name")


def try_context(actor: Actor, product: Product) -> dict[str, Any]:
    """The form beside a product, and what its first answer is; nothing where there is nobody to ask for."""
    edges = partners_for(actor, product)
    first = edges.first()
    if first is None:
        return {"try_form": None}
    basket = Basket(first, localdate(), (Wanted("1", product, Decimal(1)),))
    return {"try_form": TryForm(partners=edges, initial={"partnership": first.pk}), **shown_prices(basket)}


@require_GET
@member_required("orders.view")
def try_price(request: MemberRequest, pk: int) -> HttpResponse:
    """The steps from the list price to what a partner pays for a quantity today."""
    product = get_object_or_404(Product.objects.visible_to(request.actor), pk=pk)
    form = TryForm(request.GET, partners=partners_for(request.actor, product))
    if not form.is_valid():
        return render(request, "orders/_prices.html", {})
    said = form.cleaned_data
    codes = codes_of(("promotion", code) for code in said["codes"].split(","))
    wanted = (Wanted("1", product, said["quantity"]),)
    return render(request, "orders/_prices.html", shown_prices(Basket(said["partnership"], localdate(), wanted, codes)))


@require_http_methods(["GET", "POST"])
@member_required("orders.view")
def configure(request: MemberRequest, pk: int) -> HttpResponse:
    """Edit the options of a product and the rules between them."""
    product = get_object_or_404(Product.objects.visible_to(request.actor).select_related("vendor"), pk=pk)
    require(may_edit_product(request.actor, product))
    makeup = product.makeup
    initial = {"options": written_options(makeup), "rules": written_rules(makeup)}
    form = OptionsForm(request.POST or None, initial=initial)

    def save(said: dict[str, Any]) -> None:
        read = read_makeup(said["options"], said["rules"])
        save_options(actor=request.actor, product=product, makeup=read, version=version_of(request))

    if form.is_bound and tried(form, save):
        messages.success(request, _("Saved. Quotes can be configured so from now on."))
        return redirect("orders:product", pk=pk)
    status = 422 if form.is_bound else 200
    return render(request, "orders/product_options.html", {"form": form, "product": product}, status=status)
