"""What a product costs a partner on a day: an agreed price list first, then the list price less the tier's discount.

The result is never rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from orders.models import PriceListItem, Product
from partners.models import Partnership


@dataclass(frozen=True, slots=True)
class Price:
    """A net price for one unit and how it came about: `basis` is list, tier or price_list."""

    amount: Decimal
    currency: str
    basis: str
    list_price: Decimal
    discount_percent: Decimal = Decimal(0)


def price_for(product: Product, partnership: Partnership, quantity: Decimal, on: date) -> Price:
    """The price of one unit when this many are ordered on this day (currency of the product or its price list)."""
    return prices_for([(product, quantity)], partnership, on)[0]


def prices_for(wanted: Iterable[tuple[Product, Decimal]], partnership: Partnership, on: date) -> list[Price]:
    """The price of each wanted product at its quantity, in one query however many there are."""
    wanted = list(wanted)
    agreed = AgreedPrices(partnership, [product for product, _quantity in wanted])
    return [agreed.price(product, quantity, on) for product, quantity in wanted]


@dataclass(slots=True)
class AgreedPrices:
    """What a partnership pays for some products; each day that is asked about is looked up once."""

    partnership: Partnership
    products: Sequence[Product]
    _days: dict[date, dict[int, list[PriceListItem]]] = field(default_factory=dict)

    def price(self, product: Product, quantity: Decimal, on: date) -> Price:
        """The price of one unit when this many are ordered on this day."""
        if on not in self._days:
            self._days[on] = _agreed(self.products, self.partnership, on) if self.products else {}
        return _price(product, quantity, self.partnership, self._days[on].get(product.pk, []))


def _price(product: Product, quantity: Decimal, partnership: Partnership, agreed: list[PriceListItem]) -> Price:
    item = next((item for item in agreed if item.min_quantity <= quantity), None)
    if item is not None:
        return Price(item.price, item.price_list.currency, "price_list", product.list_price)
    discount = partnership.tier.discount_percent if partnership.tier else Decimal(0)
    if not discount or partnership.vendor_id != product.vendor_id:
        return Price(product.list_price, product.currency, "list", product.list_price)
    net = product.list_price * (100 - discount) / 100
    return Price(net, product.currency, "tier", product.list_price, discount)


def _agreed(products: Sequence[Product], partnership: Partnership, on: date) -> dict[int, list[PriceListItem]]:
    """Items of the lists valid that day by product: the partnership's before the tier's, large quantities first."""
    lists = Q(price_list__partnership=partnership)
    if partnership.tier_id:
        lists |= Q(price_list__tier=partnership.tier_id)
    valid = Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=on)
    items = (
        PriceListItem.objects.filter(lists, valid, price_list__valid_from__lte=on, product__in=products)
        .filter(price_list__vendor=partnership.vendor_id)
        .select_related("price_list")
    )
    found: dict[int, list[PriceListItem]] = {}
    for item in sorted(items, key=_rank):
        found.setdefault(item.product_id, []).append(item)
    return found


def _rank(item: PriceListItem) -> tuple[bool, Decimal, int]:
    return item.price_list.partnership_id is None, -item.min_quantity, -item.price_list_id
