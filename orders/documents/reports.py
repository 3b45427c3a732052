"""Catalogues, stock and sales."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.documents.parts import Document, ItemLine, PartyDocument, PriceDocument, QuantityDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLineDocument(ItemLine):
    """One product of a catalogue. `action`: add | delete | update | unchanged, or empty when it is not said."""

    action: str = ""
    unit: str = ""
    prices: tuple[PriceDocument, ...] = ()
    pack_quantity: Decimal | None = None
    minimum: Decimal | None = None
    lead_days: int | None = None
    available_from: date | None = None
    available_until: date | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDocument(Document):
    """Products and prices of a seller (PRICAT, 832, Catalogue)."""

    valid_from: date | None = None
    valid_until: date | None = None
    lines: tuple[CatalogueLineDocument, ...] = ()
    stated_line_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLineDocument(ItemLine):
    """What is in stock of one item, and where."""

    quantities: tuple[QuantityDocument, ...] = ()
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDocument(Document):
    """A report of stock (INVRPT, 846). `holder` is where the goods are."""

    holder: PartyDocument | None = None
    as_of: date | None = None
    lines: tuple[StockLineDocument, ...] = ()
    stated_line_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesLineDocument(ItemLine):
    """What was sold of one item at one place."""

    quantity: Decimal
    unit: str = ""
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    location: str = ""
    sold_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesDocument(Document):
    """A report of sales (SLSRPT) over a period."""

    period_from: date | None = None
    period_until: date | None = None
    lines: tuple[SalesLineDocument, ...] = ()
    stated_line_count: int | None = None
