"""What a table of prices would do to a price list, line by line, before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from orders.models import PriceList, PriceListItem, Product
from orders.pasting import PastedRow, decimal_of, read_table

COLUMNS: Mapping[str, frozenset[str]] = {
    "sku": frozenset({"sku", "part number", "product", "codice", "articolo", "artikel", "référence"}),
    "from": frozenset({"from", "from quantity", "quantity", "min quantity", "da", "da quantità", "ab menge"}),
    "price": frozenset({"price", "net price", "prezzo", "preis", "prix"}),
}
BARE = ("sku", "from", "price")
MOST = Decimal(10) ** 9
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    "new": (gettext_lazy("New"), "good"),
    "changed": (gettext_lazy("Changed"), "warn"),
    "same": (gettext_lazy("As it is"), "still"),
    "refused": (gettext_lazy("Left out"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A price that somebody wants in a list: `number` is its line, `problem` why it cannot be read."""

    number: int
    sku: str
    least: Decimal = Decimal(1)
    price: Decimal = Decimal(0)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one line: `outcome` is new, changed, same or refused, then with its reason."""

    asked: Asked
    outcome: str
    reason: str = ""
    product: Product | None = None
    item: PriceListItem | None = None

    @property
    def label(self) -> str | Promise:
        """The outcome in words."""
        return OUTCOMES[self.outcome][0]

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return OUTCOMES[self.outcome][1]


@dataclass(frozen=True, slots=True)
class Plan:
    """All lines of a table, and the prices that would go because it does not have them."""

    lines: Sequence[Planned]
    gone: Sequence[PriceListItem] = ()

    def count(self, outcome: str) -> int:
        """How many lines come out so."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def refused(self) -> int:
        """How many lines are left out."""
        return self.count("refused")

    @property
    def taken(self) -> int:
        """How many lines change something."""
        return self.count("new") + self.count("changed")


def asked_in(text: str) -> list[Asked]:
    """The prices of a pasted table: SKU, from which quantity (1 where it is empty), net price. Raises DomainError."""
    return [_asked(row) for row in read_table(text, COLUMNS, BARE)]


def _asked(row: PastedRow) -> Asked:
    sku = row.cells.get("sku", "")
    try:
        least = decimal_of(row.cells.get("from", "") or "1")
        return Asked(row.number, sku, least, decimal_of(row.cells.get("price", "")))
    except DomainError as error:
        return Asked(row.number, sku, problem=error.message)


def plan(price_list: PriceList, asked: Sequence[Asked], *, replace: bool = False) -> Plan:
    """What these lines would do; changes nothing. Two queries. `replace` takes away what they do not name."""
    products = _products(price_list.vendor_id, asked)
    items = PriceListItem.objects.filter(price_list=price_list).select_related("product")
    known = {(item.product_id, item.min_quantity): item for item in items}
    seen: dict[tuple[int, Decimal], int] = {}
    lines = []
    for each in asked:
        product = products.get(each.sku.strip().upper())
        problem = each.problem or _wrong(each, product)
        if product is None or problem:
            lines.append(Planned(each, "refused", problem))
            continue
        key = (product.pk, each.least)
        if key in seen:
            lines.append(Planned(each, "refused", _("Line %d says it already.") % seen[key], product))
            continue
        seen[key] = each.number
        lines.append(Planned(each, _outcome(known.get(key), each.price), "", product, known.get(key)))
    gone = [item for key, item in known.items() if replace and key not in seen]
    return Plan(lines, gone)


def _outcome(item: PriceListItem | None, price: Decimal) -> str:
    if item is None:
        return "new"
    return "same" if item.price == price else "changed"


def _products(vendor_id: int, asked: Iterable[Asked]) -> dict[str, Product]:
    keys = {each.sku.strip().upper() for each in asked}
    rows = Product.objects.filter(vendor=vendor_id).annotate(key=Upper("sku")).filter(key__in=keys)
    return {row.sku.upper(): row for row in rows}


def _wrong(each: Asked, product: Product | None) -> str:
    """Why a line cannot be taken, empty when it can."""
    if product is None:
        return _("Your catalogue has no product “%s”.") % each.sku[:60]
    if not (0 < each.least < MOST and each.least == round(each.least, 3)):
        return _("The quantity has to be above 0, with three decimals at most.")
    if not (0 <= each.price < MOST and each.price == round(each.price, 4)):
        return _("The price has to be 0 or more, with four decimals at most.")
    return ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another list of the same partners and days that has some of the same products; the newer one counts."""

    other: PriceList
    products: int
    newer: bool


def overlaps_of(price_list: PriceList) -> list[Overlap]:
    """Where the list meets another for the same partners; two queries."""
    own = PriceListItem.objects.filter(price_list=price_list)
    same = PriceList.objects.filter(
        vendor=price_list.vendor_id, partnership=price_list.partnership_id, tier=price_list.tier_id
    ).exclude(pk=price_list.pk)
    beside = same.filter(Q(valid_until=None) | Q(valid_until__gte=price_list.valid_from))
    if price_list.valid_until:
        beside = beside.filter(valid_from__lte=price_list.valid_until)
    shared = Count("items__product", filter=Q(items__product__in=own.values("product")), distinct=True)
    rows = beside.annotate(shared=shared).filter(shared__gt=0).order_by("-pk")[:20]
    return [Overlap(row, row.shared, row.pk > price_list.pk) for row in rows]
