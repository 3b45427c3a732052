"""Which order a document is about, by number between its two companies, and which line, by number and item."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from orders.documents import Document, ItemLine
from orders.errors import UnknownOrder
from orders.models import Order, OrderLine


def find_order(*, buyer_id: int, seller_id: int, number: str, sellers_number: str = "") -> Order | None:
    """The order with the buyer's number, else with the seller's; None where there is none that was sent."""
    between = Order.objects.filter(buyer=buyer_id, seller=seller_id).exclude(state=Order.State.DRAFT)
    for column, wanted in (("number", number.strip()), ("seller_number", sellers_number.strip())):
        if wanted and (found := between.filter(**{column: wanted}).order_by("-pk").first()):
            return found
    return None


def numbers_of(document: Document, lines: Iterable[ItemLine]) -> list[str]:
    """The order numbers that a document names, on its head or on its lines, each once."""
    head = [getattr(document, "order_number", ""), *(value for kind, value in document.references if kind == "order")]
    named = [getattr(line, "order_number", "") for line in lines]
    return list(dict.fromkeys(number.strip() for number in (*head, *named) if number.strip()))


@dataclass(slots=True)
class Targets:
    """The orders that a document is about, and their lines to find each of its own lines by."""

    orders: dict[str, Order]
    only: Order | None
    lines: dict[int, list[OrderLine]] = field(default_factory=dict)

    def order_of(self, line: ItemLine, head: str) -> Order | None:
        """The order that a line names, else that of the head, else the only one."""
        named = getattr(line, "order_number", "").strip() or head.strip()
        return self.orders.get(named) or self.only

    def line_of(self, line: ItemLine, order: Order | None) -> OrderLine | None:
        """The order line that a line names by its number, unless its item contradicts; else the one with its item."""
        if order is None:
            return None
        known = self.lines.get(order.pk, [])
        named = getattr(line, "order_line", "").strip()
        same = [each for each in known if named and _same_number(each.number, named) and not _other_item(each, line)]
        if len(same) == 1:
            return same[0]
        alike = [each for each in known if _same_item(each, line)]
        return alike[0] if len(alike) == 1 else None


def targets_of(
    document: Document, lines: Iterable[ItemLine], *, buyer_id: int, seller_id: int, order: Order | None = None
) -> Targets:
    """The orders of a document, in three queries. `order` is one that a person chose. Raises UnknownOrder where it
    names orders and none of them is here, or none at all."""
    numbers = numbers_of(document, lines)
    found = {} if order else _between(numbers, buyer_id, seller_id)
    if order is None and not found:
        raise UnknownOrder(numbers[0] if numbers else "")
    only = order or (next(iter(found.values())) if len({each.pk for each in found.values()}) == 1 else None)
    by_order: defaultdict[int, list[OrderLine]] = defaultdict(list)
    wanted = {each.pk for each in found.values()} | ({order.pk} if order else set())
    for row in OrderLine.objects.filter(order__in=wanted).select_related("product"):
        by_order[row.order_id].append(row)
    return Targets(found, only, dict(by_order))


def _between(numbers: list[str], buyer_id: int, seller_id: int) -> dict[str, Order]:
    between = Order.objects.filter(buyer=buyer_id, seller=seller_id).exclude(state=Order.State.DRAFT)
    sellers = {row.seller_number: row for row in between.filter(seller_number__in=numbers).order_by("pk")}
    return sellers | {row.number: row for row in between.filter(number__in=numbers)}


def _same_number(ours: str, theirs: str) -> bool:
    """Line numbers are padded at will: "1", "001" and "000010" of other systems mean what they say without zeros."""
    return ours.strip().lstrip("0") == theirs.lstrip("0")


def _same_item(ours: OrderLine, line: ItemLine) -> bool:
    return any(mine == said for mine, said in _item_pairs(ours, line))


def _other_item(ours: OrderLine, line: ItemLine) -> bool:
    """True where both name the item in the same way and differ in every one."""
    pairs = _item_pairs(ours, line)
    return bool(pairs) and all(mine != said for mine, said in pairs)


def _item_pairs(ours: OrderLine, line: ItemLine) -> list[tuple[str, str]]:
    product = ours.product
    pairs = [
        (ours.gtin.lstrip("0"), line.gtin.strip().lstrip("0")),
        (ours.seller_sku.upper(), line.seller_sku.strip().upper()),
        (ours.buyer_sku, line.buyer_sku.strip()),
    ]
    if product is not None:
        pairs += [(product.gtin.lstrip("0"), pairs[0][1]), (product.sku.upper(), pairs[1][1])]
    return [(mine, said) for mine, said in pairs if mine and said]
