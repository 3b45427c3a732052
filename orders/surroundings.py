"""What is looked up to place an order; the orders of one interchange share it, so that it is looked up once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from orders.codec import clean
from orders.documents import OrderDocument, OrderLineDocument
from orders.matching import Match, Shelf
from orders.models import Order
from orders.permissions import partnership_between
from orders.pricing import AgreedPrices, Price
from partners.models import Partnership


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The partnership over which two companies trade (None when there is none), the products that lines may mean and
    their prices; `taken` are the numbers among those of the documents that were used before, None when nobody looked.

    It is how things stood when it was made: keep it for a moment only.
    """

    partnership: Partnership | None
    shelf: Shelf
    agreed: AgreedPrices | None
    taken: frozenset[str] | None = None

    @classmethod
    def of(
        cls, lines: Sequence[OrderLineDocument], *, partnership: Partnership | None, buyer_id: int, seller_id: int
    ) -> Self:
        """The surroundings of these lines: two queries, and one for each day whose prices are asked."""
        shelf = Shelf.of(lines, seller_id=seller_id, buyer_id=buyer_id)
        agreed = AgreedPrices(partnership, shelf.products) if partnership else None
        return cls(partnership, shelf, agreed)

    @classmethod
    def of_many(cls, documents: Sequence[OrderDocument], *, buyer_id: int, seller_id: int) -> Self:
        """The surroundings that the documents of one buyer for one seller share."""
        lines = [line for document in documents for line in document.lines]
        partnership = partnership_between(buyer_id, seller_id)
        found = cls.of(lines, partnership=partnership, buyer_id=buyer_id, seller_id=seller_id)
        numbers = {clean(document.number).strip() for document in documents}
        known = Order.objects.filter(buyer=buyer_id, seller=seller_id, number__in=numbers)
        return replace(found, taken=frozenset(known.values_list("number", flat=True)))

    def prices(self, lines: Sequence[OrderLineDocument], matches: Sequence[Match], on: date) -> list[Price | None]:
        """The price of each line whose product is known."""
        return [
            self.agreed.price(match.product, line.quantity, on) if match.product and self.agreed else None
            for line, match in zip(lines, matches, strict=True)
        ]
