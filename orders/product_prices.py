"""What a product costs each tier and each partner that has prices of its own, for the page of the product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.models import PriceList, PriceListItem, Product
from partners.actors import Actor
from partners.models import Tier

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PaidPrice:
    """Who pays what from which quantity on; `percent` is a tier's discount, `price_list` an agreed price's list."""

    who: str
    least: Decimal
    price: Decimal
    currency: str
    percent: Decimal | None = None
    price_list: PriceList | None = None


def paid_for(actor: Actor, product: Product, day: date) -> list[PaidPrice]:
    """The prices that the actor may know: a vendor all of its own, a partner those of the lists that hold for it.
    Two queries."""
    found: list[PaidPrice] = []
    if product.vendor_id == actor.organisation.pk:
        found += _of_tiers(actor, product)
    lists = PriceList.objects.visible_to(actor).filter(vendor=product.vendor_id).valid_on(day)
    items = PriceListItem.objects.filter(product=product, price_list__in=lists.values("pk"))
    related = items.select_related("price_list__partnership__partner", "price_list__tier")
    return [*found, *_of_lists(related.order_by("price_list", "min_quantity")[:SHOWN])]


def _of_tiers(actor: Actor, product: Product) -> Iterator[PaidPrice]:
    for tier in Tier.objects.visible_to(actor).filter(discount_percent__gt=0).order_by("rank")[:SHOWN]:
        net = product.list_price * (100 - tier.discount_percent) / 100
        yield PaidPrice(tier.name, Decimal(1), net, product.currency, percent=tier.discount_percent)


def _of_lists(items: Iterable[PriceListItem]) -> Iterator[PaidPrice]:
    for item in items:
        row = item.price_list
        who = str(row.partnership.partner if row.partnership else row.tier)
        yield PaidPrice(who, item.min_quantity, item.price, row.currency, price_list=row)
