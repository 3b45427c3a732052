"""An order, its change and its answer."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from orders.documents.parts import (
    AllowanceDocument,
    Document,
    ItemLine,
    Origins,
    Pairs,
    PartyDocument,
    ScheduleDocument,
    TaxDocument,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineDocument(ItemLine):
    """One line. `unit_price` is net and never rounded; it applies to `price_base` units. `stated_amount` is what the
    sender wrote as line total, kept to be compared and never trusted."""

    quantity: Decimal
    unit: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    stated_amount: Decimal | None = None
    delivery_date: date | None = None
    allowances: tuple[AllowanceDocument, ...] = ()
    tax: TaxDocument | None = None
    schedule: tuple[ScheduleDocument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument(Document):
    """An order as its buyer wrote it. A deal number found in any free text or reference is left for the receiver to
    recognise."""

    kind: str = "order"  # order | blanket | rush | call_off | drop_ship | other
    ship_to: PartyDocument | None = None
    bill_to: PartyDocument | None = None
    delivery_date: date | None = None
    allowances: tuple[AllowanceDocument, ...] = ()
    taxes: tuple[TaxDocument, ...] = ()
    lines: tuple[OrderLineDocument, ...] = ()
    stated_total: Decimal | None = None
    stated_line_count: int | None = None
    terms: str = ""
    incoterm: str = ""  # Incoterms code, with its place after a space


class LineChange(StrEnum):
    """What a change of an order does to one line (UN/EDIFACT 1229, X12 670, UBL LineStatusCode)."""

    ADDED = "added"
    DELETED = "deleted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ChangeLineDocument:
    """One line as it shall be from now on, and what happens to it. `line.number` is the number it had in the order."""

    line: OrderLineDocument
    change: LineChange


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChangeDocument(Document):
    """A buyer's change (`function="change"`) or cancellation ("cancel") of an order. `order` is its header as it shall
    be, with the order's own number and no lines; `number` is that of the change itself."""

    order: OrderDocument
    sequence: str = ""
    reason: str = ""
    lines: tuple[ChangeLineDocument, ...] = ()


class LineAnswer(StrEnum):
    """What a seller says of one line."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"
    BACKORDERED = "backordered"


@dataclass(frozen=True, slots=True)
class ResponseLineDocument:
    """The answer to one order line. Quantity, price and date are the confirmed ones; `ordered` is the line answered,
    as far as the answer repeats it. `substitute` is the seller's number of the item that comes instead; `schedule` says
    how much comes when, where the answer is in parts (several ACK to one PO1)."""

    ordered: OrderLineDocument
    answer: LineAnswer
    quantity: Decimal
    unit_price: Decimal | None = None
    delivery_date: date | None = None
    reason: str = ""
    substitute: str = ""
    place: str = field(default="", compare=False)
    origin: Origins = field(default=(), compare=False, repr=False)
    extras: Pairs = ()
    schedule: tuple[ScheduleDocument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResponseDocument(Document):
    """A seller's answer to an order. `answer` is accepted, accepted_with_changes or rejected, or "acknowledged" when
    it only says that the order came in. `order` is the order answered, as far as the answer repeats it; `change` is the
    number of the order's change when it is that which is answered (865)."""

    answer: str
    order: OrderDocument
    seller_order_number: str = ""
    note: str = ""
    lines: tuple[ResponseLineDocument, ...] = ()
    change: str = ""
