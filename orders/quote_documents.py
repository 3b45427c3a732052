"""The order that a quote becomes, and what changed between two versions of one."""

from collections.abc import Iterator

from django.utils.timezone import localdate

from core.numbers import format_day, format_number, format_percent
from orders.configuring import words
from orders.documents import OrderDocument, OrderLineDocument, PartyDocument
from orders.models import Quote, QuoteLine
from orders.models.order import Difference
from orders.presenting import price_text
from partners.models import Organisation


def order_of(quote: Quote, number: str = "") -> OrderDocument:
    """The order that a quote becomes, with its prices; `number` is the buyer's own."""
    deal = [("deal", quote.deal.number)] if quote.deal else []
    codes = [("promotion", code) for code in quote.codes]
    return OrderDocument(
        number=number.strip(),
        issued_on=localdate(),
        currency=quote.currency,
        buyer=_party(quote.partner),
        seller=_party(quote.vendor),
        references=(("quotation", quote.number), *deal, *codes),
        lines=tuple(_order_line(line) for line in quote.lines.select_related("product")),
    )


def _order_line(line: QuoteLine) -> OrderLineDocument:
    product = line.product
    configured = words(product.makeup, line.choices)
    return OrderLineDocument(
        number=str(line.position * 10),
        quantity=line.quantity,
        unit=product.unit,
        gtin=product.gtin,
        seller_sku=product.sku,
        description=f"{product.name} ({configured})" if configured else product.name,
        unit_price=line.unit_price,
        references=(("configuration", " ".join(line.choices)),) if line.choices else (),
        note=line.note,
    )


def _party(organisation: Organisation) -> PartyDocument:
    return PartyDocument(name=organisation.name, city=organisation.city, country=organisation.country)


def differences_between(before: Quote, after: Quote) -> list[Difference]:
    """What the later version says otherwise, the head first, then line by line."""
    return [*_of_heads(before, after), *_of_lines(before, after)]


def _of_heads(before: Quote, after: Quote) -> Iterator[Difference]:
    pairs = {
        "valid_until": (format_day(before.valid_until), format_day(after.valid_until)),
        "total": (price_text(before.total, before.currency), price_text(after.total, after.currency)),
        "currency": (before.currency, after.currency),
        "codes": (", ".join(before.codes), ", ".join(after.codes)),
        "note": (before.note, after.note),
    }
    yield from (Difference("", what, old, new) for what, (old, new) in pairs.items() if old != new)


def _of_lines(before: Quote, after: Quote) -> Iterator[Difference]:
    """A product is the same line in both, the first of it the first and so on."""
    old, new = _keyed(before), _keyed(after)
    for key, line in old.items():
        if key not in new:
            yield Difference(line.product.sku, "line", _name(line), "")
    for key, line in new.items():
        if key in old:
            yield from _of_line(old[key], line, before.currency, after.currency)
        else:
            yield Difference(line.product.sku, "line", "", _name(line))


def _keyed(quote: Quote) -> dict[tuple[int, int], QuoteLine]:
    found: dict[tuple[int, int], QuoteLine] = {}
    for line in quote.lines.select_related("product"):
        same = sum(product == line.product_id for product, _n in found)
        found[line.product_id, same] = line
    return found


def _of_line(old: QuoteLine, new: QuoteLine, was: str, now: str) -> Iterator[Difference]:
    makeup = new.product.makeup
    pairs = {
        "quantity": (format_number(old.quantity), format_number(new.quantity)),
        "configuration": (words(makeup, old.choices), words(makeup, new.choices)),
        "discount": (format_percent(old.discount_percent), format_percent(new.discount_percent)),
        "unit_price": (price_text(old.unit_price, was), price_text(new.unit_price, now)),
    }
    yield from (Difference(new.product.sku, what, a, b) for what, (a, b) in pairs.items() if a != b)


def _name(line: QuoteLine) -> str:
    return f"{format_number(line.quantity)} × {line.product.name}"
