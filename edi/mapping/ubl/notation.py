"""Entries of UBL shapes by their plain names: cbc for values, cac for groups (UBL 2.1, 2.0 to 2.3 read alike)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import COUNT, DATE, FLAG, NUMBER, TEXT, Kind
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Ignored, Into, Joined, Leaf, Make, Record, Records, Shape, Texts, Within

UBL_PREFIX = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = f"{UBL_PREFIX}CommonAggregateComponents-2"
CBC = f"{UBL_PREFIX}CommonBasicComponents-2"
NS = {"cac": CAC, "cbc": CBC}
NO_CURRENCY = "XXX"  # ISO 4217: no currency


def cbc(name: str) -> str:
    """The tag of a basic component."""
    return f"{{{CBC}}}{name}"


def cac(name: str) -> str:
    """The tag of an aggregate component."""
    return f"{{{CAC}}}{name}"


def text_of(element: Element | None, path: str) -> str:
    """The text at `path` ("cac:Price/cbc:PriceAmount") below `element`, without blanks around it; empty when absent."""
    if element is None:
        return ""
    return (element.findtext(path, "", NS) or "").strip()


class Amount(Leaf):
    """A number with currencyID. Another currency than that of the document is remarked."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        currency = node.get("currencyID")
        if currency and work.currency and currency != work.currency:
            name = self.step[5:]
            text = f"{name} is in {currency}, but the document is in {work.currency}."
            work.findings.warning("currency-differs", text, lambda: work.document.place(node), value=currency)
        super().read(work, node, draft, at)

    def marks(self, out: Out, record: Any) -> dict[str, str]:
        return {"currencyID": getattr(record, "currency", "") or out.currency or NO_CURRENCY}


class Sum(Amount):
    """An amount that may stand several times and is their sum."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        before = draft.values.pop(self.field, None)
        super().read(work, node, draft, at)
        if before is not None:
            draft.values[self.field] = before + draft.values.get(self.field, Decimal(0))


class Quantity(Leaf):
    """A number with its unit in an attribute, both into fields."""

    __slots__ = ("mark", "unit")

    def __init__(self, tag: str, field: str, unit: str, mark: str = "unitCode") -> None:
        super().__init__(tag, field, NUMBER)
        self.unit = unit
        self.mark = mark
        self.fields = frozenset({field, unit})

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        super().read(work, node, draft, at)
        unit = node.get(self.mark)
        if unit and not draft.values.get(self.unit):
            draft.values[self.unit] = unit

    def marks(self, out: Out, record: Any) -> dict[str, str]:
        unit = getattr(record, self.unit, "")
        return {self.mark: unit} if unit else {}


def text(name: str, field: str) -> Leaf:
    """A text."""
    return Leaf(cbc(name), field, TEXT)


def code(name: str, field: str, kind: Kind) -> Leaf:
    """A code translated by `kind`."""
    return Leaf(cbc(name), field, kind)


def texts(name: str, field: str) -> Texts:
    """A text that repeats."""
    return Texts(cbc(name), field)


def joined(name: str, field: str, mark: str = "\n") -> Joined:
    """A text that may repeat but is one in the record."""
    return Joined(cbc(name), field, mark)


def number(name: str, field: str) -> Leaf:
    """A decimal number."""
    return Leaf(cbc(name), field, NUMBER)


def count(name: str, field: str) -> Leaf:
    """A whole number."""
    return Leaf(cbc(name), field, COUNT)


def day(name: str, field: str) -> Leaf:
    """A date."""
    return Leaf(cbc(name), field, DATE)


def flag(name: str, field: str) -> Leaf:
    """True or false."""
    return Leaf(cbc(name), field, FLAG)


def amount(name: str, field: str) -> Amount:
    """An amount of money."""
    return Amount(cbc(name), field, NUMBER)


def total(name: str, field: str) -> Sum:
    """An amount of money, added up."""
    return Sum(cbc(name), field, NUMBER)


def quantity(name: str, field: str, unit: str = "unit") -> Quantity:
    """A quantity or a measure with its unit."""
    return Quantity(cbc(name), field, unit)


def ignored(*names: str) -> tuple[Ignored, ...]:
    """Values that only the envelope reads."""
    return tuple(Ignored(cbc(name)) for name in names)


def within(name: str, *entries: Entry, repeats: bool = False) -> Within:
    """A group whose values belong to the record itself."""
    return Within(cac(name), *entries, repeats=repeats)


def record(name: str, field: str, shape: Shape, make: Make) -> Record:
    """A group that is a record of its own."""
    return Record(cac(name), field, shape, make)


def records(
    name: str,
    field: str,
    shape: Shape,
    make: Make,
    *,
    lines: bool = False,
    unmake: Callable[[Out, Any], Any] | None = None,
) -> Records:
    """A group that repeats, each a record."""
    return Records(cac(name), field, shape, make, lines=lines, unmake=unmake)


def part(field: str, kind: Callable[..., Any], entry: Entry) -> Into:
    """An entry that belongs to a part of the record."""
    return Into(field, kind, entry)
