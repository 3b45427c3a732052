"""Prices that an order may rely on because a quote promised them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from orders.documents import OrderDocument
from orders.models import Quote, QuoteLine

MAX_NUMBERS = 20  # hostile documents may name thousands


class Promise(NamedTuple):
    """What a quote promised for a product: its number, the price of one unit, in which currency."""

    number: str
    unit_price: Decimal
    currency: str


Promises = Mapping[tuple[str, int], list[Promise]]


def named_quotes(document: OrderDocument) -> list[str]:
    """The numbers of quotes that an order refers to."""
    numbers = (value.strip() for kind, value in document.references if kind == "quotation")
    return list(dict.fromkeys(number for number in numbers if number))[:MAX_NUMBERS]


def promises_of(documents: Iterable[OrderDocument], *, buyer_id: int, seller_id: int) -> Promises:
    """What the quotes that these orders name promised, by number and product; one query, none where none is named."""
    numbers = {number for document in documents for number in named_quotes(document)}
    if not numbers:
        return {}
    quotes = Quote.objects.filter(
        Q(state=Quote.State.ACCEPTED) | Q(state=Quote.State.SENT, asks=False),
        vendor=seller_id,
        partner=buyer_id,
        number__in=numbers,
    )
    found: dict[tuple[str, int], list[Promise]] = {}
    for line in QuoteLine.objects.filter(quote__in=quotes).select_related("quote"):
        quote = line.quote
        promise = Promise(quote.number, line.unit_price, quote.currency)
        found.setdefault((quote.number, line.product_id), []).append(promise)
    return found


def promised(
    promises: Promises, numbers: Iterable[str], product_id: int, unit_price: Decimal | None, currency: str
) -> Promise | None:
    """The promise for a product: that of the price which the order states, else the first."""
    every = [each for number in numbers for each in promises.get((number, product_id), []) if each.currency == currency]
    return next((each for each in every if each.unit_price == unit_price), every[0] if every else None)
