"""From invoice lines back to their order, quote and deal: for some hundred lines at once, in six queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from deals.models import Deal, DealLine
from insights.attribution.models import CONFIDENCE, Basis, Confidence
from orders.billing import CREDIT, counted_lines
from orders.models import Order, Quote

GUESS_DAYS = timedelta(days=180)  # between a deal's approval and an order that is guessed to be its own
APPROVED = (Deal.State.APPROVED, Deal.State.WON)
COLUMNS = {
    "invoice_id": "invoice",
    "vendor_id": "invoice__seller",
    "partner_id": "invoice__buyer",
    "day": "invoice__issued_on",
    "currency": "invoice__currency",
    "kind": "invoice__kind",
    "order_id": "order",
    "position": "order_line__position",
    "product_id": "order_line__product",
}


@dataclass(slots=True)
class Line:
    """An invoice line that counts; `amount` is negative on a credit note."""

    pk: int
    amount: Decimal
    invoice_id: int
    vendor_id: int
    partner_id: int
    day: date
    currency: str
    kind: str
    order_id: int | None
    position: int | None
    product_id: int | None
    quote_id: int | None = None
    quote_basis: str = ""
    deal_id: int | None = None
    deal_basis: str = ""
    confidence: Confidence = Confidence.NONE  # as far as the deal; of the order where there is none

    @property
    def order_basis(self) -> str:
        """An invoice names the order that it charges."""
        return Basis.NUMBER if self.order_id else ""


@dataclass(slots=True)
class Around:
    """What lines hang on: their orders and deals by key, as far as anything is asked of them."""

    lines: list[Line]
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    deals: dict[int, Deal] = field(default_factory=dict)

    def ordered_at(self, line: Line) -> datetime | None:
        """When the line was ordered: what came later did not bring it about."""
        return self.orders[line.order_id]["moment"] if line.order_id else None


def trace(line_ids: Iterable[int]) -> Around:
    """The way back from these lines; those that do not count as revenue are left out."""
    around = Around(_lines(line_ids))
    around.orders = _orders({line.order_id for line in around.lines if line.order_id})
    quotes = _quotes(around.orders)
    for line in around.lines:
        _known(line, around.orders, quotes)
    _guess(around)
    around.deals = _deals({line.deal_id for line in around.lines if line.deal_id})
    return around


def _lines(line_ids: Iterable[int]) -> list[Line]:
    rows = counted_lines().filter(pk__in=list(line_ids)).order_by("pk")
    return [
        Line(pk, -amount if values[COLUMN_OF_KIND] == CREDIT else amount, **dict(zip(COLUMNS, values, strict=True)))
        for pk, amount, *values in rows.values_list("pk", "amount", *COLUMNS.values())
    ]


COLUMN_OF_KIND = list(COLUMNS).index("kind")


def _orders(keys: set[int]) -> dict[int, dict[str, Any]]:
    rows = Order.objects.filter(pk__in=keys).annotate(moment=Coalesce("received_at", "created"))
    columns = ("deal_id", "deal_basis", "partnership_id", "references", "notes", "seller_id", "buyer_id", "moment")
    return {row["pk"]: row for row in rows.values("pk", *columns)}


QuotesOf = dict[int, tuple[int, int | None, str]]


def _quotes(orders: dict[int, dict[str, Any]]) -> QuotesOf:
    """By order: the quote that became it, else the one that it names; its deal, and what the link rests on."""
    found: QuotesOf = {
        order: (pk, deal, Basis.KEY)
        for order, pk, deal in Quote.objects.filter(order__in=orders).order_by("pk").values_list("order", "pk", "deal")
    }
    named = {pk: _quotation(row["references"]) for pk, row in orders.items() if pk not in found}
    numbers = {number for number in named.values() if number}
    if not numbers:
        return found
    rows = Quote.objects.filter(number__in=numbers, sent_at__isnull=False).order_by("revision")
    known = {
        (vendor, partner, number): (pk, deal, Basis.NUMBER)
        for vendor, partner, number, pk, deal in rows.values_list("vendor", "partner", "number", "pk", "deal")
    }
    for pk, number in named.items():
        key = (orders[pk]["seller_id"], orders[pk]["buyer_id"], number)
        if key in known:
            found[pk] = known[key]
    return found


def _quotation(references: Any) -> str:
    """The number of the quote that an order names; references are what others wrote."""
    pairs = (each for each in references if isinstance(each, list | tuple) and len(each) == 2)
    return next((str(value)[:40] for kind, value in pairs if kind == "quotation"), "")


def _known(line: Line, orders: dict[int, dict[str, Any]], quotes: QuotesOf) -> None:
    """The links that somebody made: order, quote, deal."""
    if line.order_id is None:
        return
    line.confidence = CONFIDENCE[line.order_basis]
    order, quote = orders[line.order_id], quotes.get(line.order_id)
    if quote:
        line.quote_id, _deal, line.quote_basis = quote
    if order["deal_id"]:
        line.deal_id, line.deal_basis = order["deal_id"], order["deal_basis"] or Basis.KEY
    elif quote and quote[1]:
        line.deal_id, line.deal_basis = quote[1], quote[2]
    if line.deal_id:
        line.confidence = min(line.confidence, CONFIDENCE[line.deal_basis])


def _guess(around: Around) -> None:
    """The deal of a line whose order names none: the only one of the partnership with its product, approved not long
    before, that no order names. Of two nobody can say which, so it is neither."""
    open_lines = [line for line in around.lines if line.order_id and line.product_id and not line.deal_id]
    if not open_lines:
        return
    moments = [around.ordered_at(line) for line in open_lines]
    rows = DealLine.objects.filter(
        ~Exists(Order.objects.filter(deal=OuterRef("deal")).exclude(state=Order.State.DRAFT)),
        product__in={line.product_id for line in open_lines},
        deal__partnership__in={around.orders[line.order_id]["partnership_id"] for line in open_lines},  # type: ignore[index]
        deal__state__in=APPROVED,
        deal__decided_at__gt=min(moments) - GUESS_DAYS,  # type: ignore[type-var,operator]
        deal__decided_at__lte=max(moments),  # type: ignore[type-var]
    )
    known: defaultdict[tuple[int, int], set[tuple[int, datetime]]] = defaultdict(set)
    for partnership, product, deal, decided in rows.values_list(
        "deal__partnership", "product", "deal", "deal__decided_at"
    ):
        known[partnership, product].add((deal, decided))  # type: ignore[arg-type]
    for line, moment in zip(open_lines, moments, strict=True):
        key = (around.orders[line.order_id]["partnership_id"], line.product_id)  # type: ignore[index]
        near = [deal for deal, decided in known.get(key, ()) if moment - GUESS_DAYS < decided <= moment]  # type: ignore[arg-type,operator]
        if len(near) == 1:
            line.deal_id, line.deal_basis = near[0], Basis.PRODUCT
            line.confidence = CONFIDENCE[Basis.PRODUCT]


def _deals(keys: set[int]) -> dict[int, Deal]:
    wanted = (
        "vendor", "partner", "partnership", "source", "submitted_at", "created", "title", "note", "customer_name_key",
        "customer_country", "customer_email", "customer_domain",
    )  # fmt: skip
    return Deal.objects.only(*wanted).in_bulk(keys)
