"""Which product of the seller a line means: by its GTIN, else the seller's number, else the buyer's own number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import Q
from django.db.models.functions import Upper

from orders.codec import clean
from orders.documents import OrderLineDocument
from orders.models import CrossReference, OrderLine, Product


@dataclass(frozen=True, slots=True)
class Match:
    """The product found for a line, by what, and another that the line's seller number means, if it does."""

    product: Product | None = None
    by: str = ""
    contradicts: Product | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products of a seller that the lines of one or of several documents of a buyer may mean."""

    by_gtin: Mapping[str, Product]
    by_sku: Mapping[str, Product]
    by_reference: Mapping[str, Product]

    @classmethod
    def of(cls, lines: Iterable[OrderLineDocument], *, seller_id: int, buyer_id: int) -> Self:
        """What these lines may mean, in two queries however many lines there are."""
        codes = [_Codes(clean(line.gtin), clean(line.seller_sku).strip(), clean(line.buyer_sku)) for line in lines]
        return cls(*_products(codes, seller_id), _cross_references(codes, seller_id, buyer_id))

    @property
    def products(self) -> list[Product]:
        """Every product on it, once."""
        found = (*self.by_gtin.values(), *self.by_sku.values(), *self.by_reference.values())
        return list({product.pk: product for product in found}.values())

    def match(self, line: OrderLineDocument) -> Match:
        """The product that a line means."""
        gtin, sku = self.by_gtin.get(_gtin_key(line.gtin)), self.by_sku.get(line.seller_sku.strip().upper())
        if gtin:
            return Match(gtin, OrderLine.Match.GTIN, sku if sku and sku != gtin else None)
        if sku:
            return Match(sku, OrderLine.Match.SKU)
        known = self.by_reference.get(line.buyer_sku.strip())
        return Match(known, OrderLine.Match.CROSS_REFERENCE) if known else Match()


class _Codes(NamedTuple):
    gtin: str
    seller_sku: str
    buyer_sku: str


def _products(lines: Iterable[_Codes], seller_id: int) -> tuple[dict[str, Product], dict[str, Product]]:
    gtins = {form for line in lines for form in _gtin_forms(line.gtin)}
    skus = {line.seller_sku.upper() for line in lines if line.seller_sku}
    own = Product.objects.filter(vendor=seller_id).annotate(sku_key=Upper("sku"))
    found = list(own.filter(Q(gtin__in=gtins) | Q(sku_key__in=skus)).select_related("replacement"))
    return {_gtin_key(p.gtin): p for p in found if p.gtin}, {p.sku.upper(): p for p in found}


def _cross_references(lines: Iterable[_Codes], seller_id: int, buyer_id: int) -> dict[str, Product]:
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
