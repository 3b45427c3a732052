"""Quotes for tests."""

from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from orders.actions import save_quote, send_quote
from orders.models import Quote
from orders.quoting import QuoteContent, QuoteLineInput
from tests.orders.factories import ProductFactory

WRITES = ("orders.view", "quotes.write", "orders.send", "quotes.approve")


def content(*lines, **more):
    """A quote that holds for ten days, unless told otherwise."""
    days = {"title": "Pumps", "valid_until": localdate() + timedelta(days=10)}
    return QuoteContent(lines=lines, **{**days, **more})


def line(product, quantity="2", **more):
    return QuoteLineInput(product, Decimal(quantity), **more)


def offered(act_for, edge, *lines, **more) -> Quote:
    """A quote that the vendor sent."""
    actor = act_for(edge.vendor, *WRITES)
    lines = lines or (line(ProductFactory(vendor=edge.vendor)),)
    return send_quote(actor=actor, quote=save_quote(actor=actor, partnership=edge, content=content(*lines, **more)))


def run_out(quote):
    """Its last day was yesterday."""
    Quote.objects.filter(pk=quote.pk).update(valid_until=localdate() - timedelta(days=1))
    quote.refresh_from_db()
    return quote
