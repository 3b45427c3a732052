"""What is looked up to place an order; the orders of one interchange share it, so that it is looked up once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from orders.codec import clean
from orders.documents import OrderDocument, OrderLineDocument
from orders.explaining import Basket, PricedLine, Refusal, Step, Wanted, codes_of, explain
from orders.matching import Match, Shelf
from orders.models import Order
from orders.permissions import partnership_between
from orders.pricing import AgreedPrices
from orders.quoted import Promises, named_quotes, promised, promises_of
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
    memo: dict[Any, Any] = field(default_factory=dict)
    promises: Promises = field(default_factory=dict)

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
        promises = promises_of(documents, buyer_id=buyer_id, seller_id=seller_id)
        return replace(found, taken=frozenset(known.values_list("number", flat=True)), promises=promises)

    @classmethod
    def of_one(cls, document: OrderDocument, *, partnership: Partnership | None, buyer_id: int, seller_id: int) -> Self:
        """The surroundings of one document."""
        sides = {"buyer_id": buyer_id, "seller_id": seller_id}
        found = cls.of(document.lines, partnership=partnership, **sides)
        return replace(found, promises=promises_of([document], **sides))

    def prices(
        self, document: OrderDocument, matches: Sequence[Match], on: date, deal_id: int | None
    ) -> tuple[list[PricedLine | None], Sequence[Refusal]]:
        """The price of each line whose product is known, and why what the order names does not apply. A refusal's
        `ref` is the position of its line."""
        if self.partnership is None or self.agreed is None:
            return [None] * len(matches), ()
        wanted = [
            Wanted(str(position), match.product, line.quantity)
            for position, (line, match) in enumerate(zip(document.lines, matches, strict=True), 1)
            if match.product is not None
        ]
        if not wanted:
            return [None] * len(matches), ()
        named = [*document.references, *(pair for line in document.lines for pair in line.references)]
        basket = Basket(self.partnership, on, tuple(wanted), codes_of(named), deal_id, self.memo)
        found = explain(basket, self.agreed)
        priced = {line.wanted.ref: self._promised(document, line) for line in found.lines}
        return [priced.get(str(position)) for position in range(1, len(matches) + 1)], found.refusals

    def _promised(self, document: OrderDocument, priced: PricedLine) -> PricedLine:
        """The line at the price that a quote promised, where the order names one that did."""
        numbers, stated = named_quotes(document), document.lines[int(priced.wanted.ref) - 1].unit_price
        found = promised(self.promises, numbers, priced.wanted.product.pk, stated, priced.currency)
        return priced.after(Step("quotation", found.number, found.unit_price)) if found else priced
