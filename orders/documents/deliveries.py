"""What was sent, and what arrived."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.documents.parts import Document, ItemLine, PartyDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class DespatchLineDocument(ItemLine):
    """One line of a despatch. `order_number` and `order_line` say what it fulfils; `package` is the `id` of the
    innermost package that holds it; `outstanding` is what is still to come, where the sender says."""

    quantity: Decimal
    unit: str = ""
    order_number: str = ""
    order_line: str = ""
    ordered: Decimal | None = None
    outstanding: Decimal | None = None
    package: str = ""
    batch: str = ""
    best_before: date | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageDocument:
    """A package (EDIFACT CPS/PAC, X12 HL T/P, UBL HandlingUnit). `id` is unique in the despatch, `parent` is the `id`
    of the package it stands in, `kind` a UN/ECE Recommendation 21 code, `sscc` the 18 digits of GS1."""

    id: str
    parent: str = ""
    kind: str = ""
    sscc: str = ""
    count: int | None = None
    gross_weight: Decimal | None = None
    weight_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DespatchDocument(Document):
    """What a seller sent off (DESADV, 856, DespatchAdvice)."""

    order_number: str = ""  # when the whole despatch is for one order
    shipped_on: date | None = None
    delivery_date: date | None = None
    ship_from: PartyDocument | None = None
    ship_to: PartyDocument | None = None
    carrier: PartyDocument | None = None
    tracking: str = ""
    gross_weight: Decimal | None = None
    weight_unit: str = ""
    packages: tuple[PackageDocument, ...] = ()
    lines: tuple[DespatchLineDocument, ...] = ()
    stated_line_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLineDocument(ItemLine):
    """One line of what arrived: received in good order, refused, and missing."""

    received: Decimal
    unit: str = ""
    order_number: str = ""
    order_line: str = ""
    despatch_line: str = ""
    rejected: Decimal | None = None
    short: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument(Document):
    """What a buyer received (RECADV, 861, ReceiptAdvice)."""

    order_number: str = ""
    despatch_number: str = ""
    received_on: date | None = None
    ship_to: PartyDocument | None = None
    lines: tuple[ReceiptLineDocument, ...] = ()
    stated_line_count: int | None = None
