"""An order as promotions read it: its lines as a basket, and what its page says of codes that no longer apply."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.timezone import localdate

from orders.amounts import line_amount, order_total
from orders.codec import load_all
from orders.documents import AllowanceDocument
from orders.documents_of import line_document
from orders.explaining import Basket, PricedLine, Wanted, codes_of, explain
from orders.findings import notice
from orders.models import Order, OrderFinding, OrderLine
from orders.price_notes import kept
from promotions.offering import Decision, with_steps, without_promotions


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order with the lines whose product is known, and the basket that they make, in the same order."""

    order: Order
    lines: tuple[OrderLine, ...]
    basket: Basket

    @classmethod
    def of(cls, order: Order) -> Self:
        """Read the lines of an order; one query. `partnership` was read with it."""
        rows = list(order.lines.select_related("product"))
        known = [(row, row.product) for row in rows if row.product is not None]
        wanted = tuple(Wanted(str(row.position), product, row.quantity) for row, product in known)
        pairs = [*order.references, *(pair for row in rows for pair in row.references)]
        on = order.issued_on or localdate(order.received_at)
        basket = Basket(order.partnership, on, wanted, codes_of((kind, value) for kind, value in pairs), order.deal_id)
        return cls(order, tuple(row for row, _product in known), basket)

    def priced(self) -> list[PricedLine]:
        """The lines as they are priced before promotions."""
        return [without_promotions(line) for line in explain(self.basket).lines]


def correct_prices(ordered: Ordered, priced: Sequence[PricedLine], decision: Decision) -> None:
    """Take promotions out of the prices of lines that were written with them and do not get them: others were first.
    A price that was agreed on top of promotions stays."""
    order, wrong = ordered.order, []
    for row, before in zip(ordered.lines, priced, strict=True):
        now = with_steps(before, decision)
        if _sources(row.pricing.get("steps", [])) <= {step.source_id for step in now.steps}:
            continue
        row.expected_price, row.pricing = now.unit_price, kept(now)
        if row.unit_price is None:
            row.amount = line_amount(line_document(row), order.currency, row.expected_price)
        wrong.append(row)
    if wrong:
        OrderLine.objects.bulk_update(wrong, ["expected_price", "pricing", "amount"], batch_size=100)
        amounts = order.lines.values_list("amount", flat=True)
        order.total = order_total(amounts, load_all(AllowanceDocument, order.allowances), order.currency)
        order.save(update_fields=["total"])


def _sources(steps: Sequence[dict[str, Any]]) -> set[int]:
    """The promotions in the steps of a price that ends with one."""
    if not steps or steps[-1]["kind"] != "promotion":
        return set()
    return {step["source"] for step in steps if step["kind"] == "promotion"}


def tell_refused(order: Order, decision: Decision) -> None:
    """Note on the order why what it named, or what a budget no longer covers, does not apply; each once. Most of it was
    noted when the order was written: what is new is what others have used up since."""
    told = {row.data.get("promotion") for row in OrderFinding.objects.filter(order=order, code="code_refused")}
    new = {each.code: each for each in decision.refusals if each.code and each.code not in told}
    found = [notice("code_refused", promotion=code, why=each.sentence) for code, each in new.items()]
    OrderFinding.objects.bulk_create(
        OrderFinding(order=order, code=each.code, severity=each.severity, data=dict(each.data)) for each in found
    )
