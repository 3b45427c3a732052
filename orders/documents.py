"""The one shape in which orders and their answers travel between a door and the model.

A web form, the JSON API and every EDI mapping produce and consume these frozen records. They are plain Python: no
database, no settings, no clock. Amounts and quantities are Decimal; dates are `datetime.date`; currencies are ISO 4217
alpha codes; countries ISO 3166-1 alpha-2; units are UN/ECE Recommendation 20 codes as the sender wrote them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Scheme(StrEnum):
    """Who issued an identifier. Values are ISO/IEC 6523 ICD codes where one exists, else a word of ours."""

    GLN = "0088"
    DUNS = "0060"
    VAT = "vat"
    BUYER = "buyer"  # code assigned by the buyer (EDIFACT 3055 = 92, X12 N103 = 92)
    SELLER = "seller"  # code assigned by the seller (EDIFACT 3055 = 91, X12 N103 = 91)
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier of a party: `scheme` says who issued it, `raw_scheme` keeps the sender's own qualifier."""

    value: str
    scheme: Scheme = Scheme.OTHER
    raw_scheme: str = ""


@dataclass(frozen=True, slots=True)
class PartyDocument:
    """A party of a document: buyer, seller, ship-to or bill-to."""

    identifiers: tuple[Identifier, ...] = ()
    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    region: str = ""  # state or province as the sender wrote it


@dataclass(frozen=True, slots=True)
class AllowanceDocument:
    """A discount (`charge=False`) or surcharge, on the order or a line: an amount, a percentage, or both."""

    charge: bool
    amount: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderLineDocument:
    """One line. `unit_price` is net and never rounded; it applies to `price_base` units. `stated_amount` is what the
    sender wrote as line total, kept to be compared and never trusted."""

    number: str
    quantity: Decimal
    unit: str = ""
    gtin: str = ""
    seller_sku: str = ""
    buyer_sku: str = ""
    description: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    stated_amount: Decimal | None = None
    delivery_date: date | None = None
    allowances: tuple[AllowanceDocument, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    note: str = ""
    place: str = ""  # where it stood in the file: "segment 14" or an XPath


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """An order as its buyer wrote it. `references` holds (kind, value) pairs: "deal", "contract", "quotation",
    "price_list", "promotion", "customer", or the sender's own qualifier. A deal number found in any free text or
    reference is left for the receiver to recognise."""

    number: str
    issued_on: date | None = None
    function: str = "original"  # original | duplicate | change | cancel | replace | confirm
    kind: str = "order"  # order | blanket | rush | call_off | drop_ship | other
    currency: str = ""
    buyer: PartyDocument = PartyDocument()
    seller: PartyDocument = PartyDocument()
    ship_to: PartyDocument | None = None
    bill_to: PartyDocument | None = None
    delivery_date: date | None = None
    references: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    allowances: tuple[AllowanceDocument, ...] = ()
    lines: tuple[OrderLineDocument, ...] = ()
    stated_total: Decimal | None = None
    stated_line_count: int | None = None
    terms: str = ""
    extras: tuple[tuple[str, str], ...] = ()  # (path, text) of everything that was read but has no place above


class LineAnswer(StrEnum):
    """What a seller says of one line."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"
    BACKORDERED = "backordered"


@dataclass(frozen=True, slots=True)
class ResponseLineDocument:
    """The answer to one order line. Quantity, price and date are the confirmed ones; `ordered` is the line answered."""

    ordered: OrderLineDocument
    answer: LineAnswer
    quantity: Decimal
    unit_price: Decimal | None = None
    delivery_date: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderResponseDocument:
    """A seller's answer to an order. `answer` is accepted, accepted_with_changes or rejected."""

    number: str
    issued_on: date
    answer: str
    order: OrderDocument
    seller_order_number: str = ""
    note: str = ""
    lines: tuple[ResponseLineDocument, ...] = ()
