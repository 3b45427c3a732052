"""Rows of price lists and quotes for the isolation table."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from orders.actions import save_quote, send_quote
from orders.quoting import QuoteContent, QuoteLineInput
from tests.factories import PartnershipFactory
from tests.orders.factories import PriceListFactory, ProductFactory

Row = tuple[str, str, dict[str, Any]]
ROUTES: dict[str, Row] = {
    "orders:product_try": ("get", "product", {}),
    "orders:product_configure": ("get", "product", {}),
    "orders:price_list": ("get", "price_list", {}),
    "orders:price_list_edit": ("get", "own_price_list", {}),
    "orders:price_list_prices": ("get", "own_price_list", {}),
    "orders:price_list_csv": ("get", "price_list", {}),
    "orders:quote": ("get", "quote", {}),
    "orders:quote_print": ("get", "quote", {}),
    "orders:quote_pdf": ("get", "quote", {}),
    "api:quote-pdf": ("get", "quote", {}),
    "orders:quote_edit": ("get", "quote_draft", {}),
    **{
        f"orders:quote_{act}": ("post", "quote", {})
        for act in ("send", "approve", "hand_back", "withdraw", "decline", "accept", "revise", "delete")
    },
    "api:quote-detail": ("get", "quote", {}),
    **{
        f"api:quote-{act}": ("post", "quote", {})
        for act in ("send", "approve", "hand-back", "withdraw", "decline", "accept", "revise")
    },
    "api:price-list-detail": ("get", "price_list", {}),
    "api:price-list-prices": ("post", "price_list", {}),
}
PRIVATE = {"quote_draft"}
WITHOUT_RECORD: dict[str, str] = {}


def records(world: Any) -> dict[str, Any]:
    """One of each, between Aurora and Brenta."""
    edge, brenta = _edge(world), world.orgs["brenta"]
    prices = PriceListFactory(vendor=edge.vendor, partnership=edge)
    prices.items.create(product=ProductFactory(vendor=edge.vendor), price=9)
    own = PriceListFactory(vendor=brenta, partnership=PartnershipFactory(vendor=brenta))
    author = world.actor("brenta", "sales")
    wish = QuoteContent("Pumps", localdate(), [QuoteLineInput(ProductFactory(vendor=edge.vendor), Decimal(1))])
    quote = send_quote(actor=author, quote=save_quote(actor=author, partnership=edge, content=wish))
    draft = save_quote(actor=author, partnership=edge, content=wish)
    return {"quote": quote, "quote_draft": draft, "price_list": prices, "own_price_list": own}


def _edge(world: Any) -> Any:
    return next(
        edge
        for edge in world.partnerships
        if edge.vendor == world.orgs["aurora"] and edge.partner == world.orgs["brenta"]
    )
