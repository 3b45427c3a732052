"""What the search finds here: orders, quotes and products that the actor may see."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.search import Hit, found
from orders.models import Order, Product, Quote
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Orders and quotes by their numbers and companies, products by SKU, name and GTIN."""
    if not actor.can("orders.view"):
        return []
    return [*_orders(actor, text, limit), *_quotes(actor, text, limit), *_products(actor, text, limit)]


def _orders(actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = found(
        Order.objects.visible_to(actor).select_related("buyer", "seller"),
        text,
        "number",
        "seller_number",
        "buyer__name",
        "seller__name",
    )
    return [
        Hit(
            _("Orders"),
            order.number,
            f"{order.buyer} → {order.seller} · {order.get_state_display()}",
            reverse("orders:detail", args=[order.pk]),
            "receipt-text",
        )
        for order in rows.order_by("-created", "-pk")[:limit]
    ]


def _quotes(actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = found(
        Quote.objects.visible_to(actor).select_related("vendor", "partner"),
        text,
        "number",
        "title",
        "vendor__name",
        "partner__name",
    )
    return [
        Hit(
            _("Quotes"),
            str(quote),
            f"{quote.vendor} → {quote.partner} · {quote.title} · {quote.get_state_display()}",
            reverse("orders:quote", args=[quote.pk]),
            "file-text",
        )
        for quote in rows.order_by("-created", "-pk")[:limit]
    ]


def _products(actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = found(Product.objects.visible_to(actor).select_related("vendor"), text, "sku", "name", "gtin")
    return [
        Hit(
            _("Products"),
            product.name,
            f"{product.sku} · {product.vendor}",
            reverse("orders:product", args=[product.pk]),
            "package",
        )
        for product in rows[:limit]
    ]
