"""Which product of the seller a line means: by its GTIN, else the seller's number, else the buyer's own number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Upper

from orders.documents import OrderLineDocument
from orders.models import CrossReference, OrderLine, Product


@dataclass(frozen=True, slots=True)
class Match:
    """The product found for a line, by what, and another that the line's seller number means, if it does."""

    product: Product | None = None
    by: str = ""
    contradicts: Product | None = None


def match_products(lines: Sequence[OrderLineDocument], *, seller_id: int, buyer_id: int) -> list[Match]:
    """The match of each line, in two queries however many lines there are."""
    by_gtin, by_sku = _products(lines, seller_id)
    by_reference = _cross_references(lines, seller_id, buyer_id)
    return [_match(line, by_gtin, by_sku, by_reference) for line in lines]


def _match(
    line: OrderLineDocument,
    by_gtin: dict[str, Product],
    by_sku: dict[str, Product],
    by_reference: dict[str, Product],
) -> Match:
    gtin, sku = by_gtin.get(_gtin_key(line.gtin)), by_sku.get(line.seller_sku.strip().upper())
    if gtin:
        return Match(gtin, OrderLine.Match.GTIN, sku if sku and sku != gtin else None)
    if sku:
        return Match(sku, OrderLine.Match.SKU)
    known = by_reference.get(line.buyer_sku.strip())
    return Match(known, OrderLine.Match.CROSS_REFERENCE) if known else Match()


def _products(lines: Iterable[OrderLineDocument], seller_id: int) -> tuple[dict[str, Product], dict[str, Product]]:
    gtins = {form for line in lines for form in _gtin_forms(line.gtin)}
    skus = {line.seller_sku.strip().upper() for line in lines if line.seller_sku.strip()}
    own = Product.objects.filter(vendor=seller_id).annotate(sku_key=Upper("sku"))
    found = list(own.filter(Q(gtin__in=gtins) | Q(sku_key__in=skus)).select_related("replacement"))
    return {_gtin_key(p.gtin): p for p in found if p.gtin}, {p.sku.upper(): p for p in found}


def _cross_references(lines: Iterable[OrderLineDocument], seller_id: int, buyer_id: int) -> dict[str, Product]:
    numbers = {line.buyer_sku.strip() for line in lines if line.buyer_sku.strip()}
    if not numbers:
        return {}
    known = CrossReference.objects.filter(vendor=seller_id, partner=buyer_id, number__in=numbers)
    return {row.number: row.product for row in known.select_related("product__replacement")}


def _gtin_key(gtin: str) -> str:
    """GTINs of all lengths are one number: leading zeros do not count (GS1 General Specifications 3.3.2)."""
    return gtin.strip().lstrip("0")


def _gtin_forms(gtin: str) -> set[str]:
    key = _gtin_key(gtin)
    return {key.zfill(length) for length in (8, 12, 13, 14)} if key.isdigit() and len(key) <= 14 else set()


def remember(order_lines: Iterable[OrderLine], *, seller_id: int, buyer_id: int) -> None:
    """Keep the buyer's own numbers of lines that the seller confirmed, so that the next order is recognised by them."""
    CrossReference.objects.bulk_create(
        [
            CrossReference(
                vendor_id=seller_id, partner_id=buyer_id, number=line.buyer_sku[:80], product_id=line.product_id
            )
            for line in order_lines
            if line.product_id and line.buyer_sku and len(line.buyer_sku) <= 80
        ],
        ignore_conflicts=True,
    )
