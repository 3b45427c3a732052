"""What every document is made of: identifiers, parties, allowances, taxes, prices, and where a value came from."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Scheme(StrEnum):
    """Who issued an identifier. Values are ISO/IEC 6523 ICD codes where one exists, else a word of ours."""

    GLN = "0088"
    DUNS = "0060"
    VAT = "vat"
    BUYER = "buyer"  # code assigned by the buyer (EDIFACT 3055 = 92, X12 N103 = 92)
    SELLER = "seller"  # code assigned by the seller (EDIFACT 3055 = 91, X12 N103 = 91)
    OTHER = "other"


class Origin(NamedTuple):
    """Where the value of one field stood in the file, and what the sender literally wrote. `segment` is the 1-based
    position in its interchange; `element` and `component` count as the standards do; XML gives `xpath` and `line`."""

    field: str
    literal: str
    segment: int = 0
    tag: str = ""
    element: int = 0
    component: int = 0
    xpath: str = ""
    line: int = 0


Origins = tuple[Origin, ...]
Pairs = tuple[tuple[str, str], ...]  # (kind, value)


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


NOBODY = PartyDocument()


@dataclass(frozen=True, slots=True)
class TaxDocument:
    """One tax: its kind (UN/EDIFACT 5153, "VAT"), category (5305: S, Z, E, AE, K, G, O), rate in percent, what it is
    computed on and what it comes to. A line states kind, category and rate; a document's breakdown the amounts too."""

    kind: str = "VAT"
    category: str = ""
    rate: Decimal | None = None
    taxable: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""  # of an exemption


@dataclass(frozen=True, slots=True)
class AllowanceDocument:
    """A discount (`charge=False`) or surcharge, on the order or a line: an amount, a percentage, or both."""

    charge: bool
    amount: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""
    base: Decimal | None = None  # what the percentage is of
    code: str = ""  # UN/EDIFACT 5189 or 7161, X12 1300, as sent
    tax: TaxDocument | None = None


@dataclass(frozen=True, slots=True)
class PriceDocument:
    """One price of a catalogue line, never rounded; it applies to `base` units of `unit` from `from_quantity` on."""

    amount: Decimal
    kind: str = "net"  # net | gross | retail | the sender's own code
    base: Decimal = Decimal(1)
    unit: str = ""
    currency: str = ""
    from_quantity: Decimal | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class ScheduleDocument:
    """One delivery of a line: so much, then, there. `location` is the identifier of a store or a dock."""

    quantity: Decimal
    on: date | None = None
    location: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class QuantityDocument:
    """A quantity that says what it counts: "on_hand", "sold", "available", "ordered", … or the sender's own code."""

    kind: str
    quantity: Decimal
    unit: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class TotalsDocument:
    """Totals as the sender stated them: kept, compared, never trusted. `payable` is what is due."""

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    taxable: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None  # with tax
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """What a line of any document says of its item. `place` is where it stood ("segment 14" or an XPath), `origin`
    where each of its values stood; neither counts when two documents are compared."""

    number: str
    gtin: str = ""
    seller_sku: str = ""
    buyer_sku: str = ""
    description: str = ""
    references: Pairs = ()
    note: str = ""
    extras: Pairs = ()  # (path, text) of what was read for this line but has no place
    place: str = field(default="", compare=False)
    origin: Origins = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every document says. `function`: original | duplicate | change | cancel | replace | confirm. `references`
    holds (kind, value) pairs: "order", "deal", "contract", "quotation", "despatch", "invoice", "price_list",
    "promotion", "customer", or the sender's own qualifier. `extras` holds (path, text) of all that was read but has
    no place, so that nothing is lost."""

    number: str
    issued_on: date | None = None
    function: str = "original"
    currency: str = ""
    buyer: PartyDocument = NOBODY
    seller: PartyDocument = NOBODY
    references: Pairs = ()
    notes: tuple[str, ...] = ()
    extras: Pairs = ()
    origin: Origins = field(default=(), compare=False, repr=False)
