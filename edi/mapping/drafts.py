"""Documents under construction: what a mapping fills segment by segment and freezes at the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.syntax.findings import Place
from orders.documents import (
    AllowanceDocument,
    Identifier,
    OrderDocument,
    OrderLineDocument,
    PartyDocument,
    Scheme,
)

EXTRAS_AT_MOST = 5_000
_FRAGMENT = 35  # EDIFACT texts come in pieces of 35 characters, often cut within a word


def join_fragments(pieces: list[str]) -> str:
    """Text cut into EDIFACT components: a full piece of 35 characters runs on, a shorter one ends a word."""
    texts = [piece for piece in pieces if piece]
    return "".join(text if len(text) == _FRAGMENT else text + " " for text in texts).rstrip()


@dataclass(slots=True)
class PartyDraft:
    """A party that segments still add to."""

    role: str
    identifiers: list[Identifier] = field(default_factory=list)
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""

    def identify(self, value: str, scheme: Scheme, raw_scheme: str) -> None:
        """Add an identifier once."""
        identifier = Identifier(value, scheme, raw_scheme)
        if value and identifier not in self.identifiers:
            self.identifiers.append(identifier)

    def reach(self, channel: str, value: str) -> None:
        """Keep a telephone number (TE) or e-mail address (EM); the first one of each counts."""
        if channel == "TE" and not self.phone:
            self.phone = value
        elif channel == "EM" and not self.email:
            self.email = value

    def freeze(self) -> PartyDocument:
        """The party as a document."""
        return PartyDocument(
            identifiers=tuple(self.identifiers),
            name=self.name,
            street=self.street,
            city=self.city,
            postcode=self.postcode,
            country=self.country,
            contact=self.contact,
            email=self.email,
            phone=self.phone,
            region=self.region,
        )


@dataclass(slots=True)
class AllowanceDraft:
    """A discount or surcharge that segments still add to."""

    charge: bool
    amount: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""

    def freeze(self) -> AllowanceDocument:
        """The allowance as a document."""
        return AllowanceDocument(self.charge, self.amount, self.percent, self.reason)


@dataclass(slots=True)
class LineDraft:
    """An order line that segments still add to. `dates` are by qualifier, `split` is the sum of its schedule."""

    number: str
    at: Callable[[], Place]  # worked out only when there is something to say
    place: str
    quantity: Decimal | None = None
    split: Decimal | None = None
    unit: str = ""
    gtin: str = ""
    seller_sku: str = ""
    buyer_sku: str = ""
    description: str = ""
    unit_price: Decimal | None = None
    price_kind: str = ""
    price_base: Decimal = Decimal(1)
    stated_amount: Decimal | None = None
    dates: dict[str, date] = field(default_factory=dict)
    allowances: list[AllowanceDraft] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def freeze(self, delivery: tuple[str, ...]) -> OrderLineDocument:
        """The line as a document; `delivery` lists the qualifiers of delivery dates by preference."""
        quantity = self.quantity if self.quantity is not None else self.split
        return OrderLineDocument(
            number=self.number,
            quantity=quantity if quantity is not None else Decimal(0),
            unit=self.unit,
            gtin=self.gtin,
            seller_sku=self.seller_sku,
            buyer_sku=self.buyer_sku,
            description=self.description,
            unit_price=self.unit_price,
            price_base=self.price_base,
            stated_amount=self.stated_amount,
            delivery_date=preferred(self.dates, delivery),
            allowances=tuple(draft.freeze() for draft in self.allowances),
            references=tuple(self.references),
            note="\n".join(self.notes),
            place=self.place,
        )


@dataclass(slots=True)
class OrderDraft:
    """An order that segments still add to. Parties are kept by the role the sender gave them."""

    number: str = ""
    function: str = "original"
    kind: str = "order"
    currency: str = ""
    dates: dict[str, date] = field(default_factory=dict)
    parties: dict[str, PartyDraft] = field(default_factory=dict)
    references: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    allowances: list[AllowanceDraft] = field(default_factory=list)
    lines: list[LineDraft] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)
    line_count: int | None = None
    quantity_sum: Decimal | None = None
    terms: list[str] = field(default_factory=list)
    extras: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, path: str, text: str) -> None:
        """Keep what has no place in the document, up to a limit."""
        if len(self.extras) < EXTRAS_AT_MOST:
            self.extras.append((path, text))

    def party(self, *roles: str) -> PartyDocument | None:
        """The first of `roles` that the sender named."""
        for role in roles:
            if role in self.parties:
                return self.parties[role].freeze()
        return None

    def freeze(
        self,
        *,
        issued: tuple[str, ...],
        delivery: tuple[str, ...],
        roles: tuple[tuple[str, ...], ...],
        totals: tuple[str, ...],
    ) -> OrderDocument:
        """The order as a document. `roles` are those of buyer, seller, ship-to and bill-to; all by preference."""
        buyer, seller, ship_to, bill_to = roles
        stated = [self.totals[code] for code in totals if code in self.totals]
        return OrderDocument(
            number=self.number,
            issued_on=preferred(self.dates, issued),
            function=self.function,
            kind=self.kind,
            currency=self.currency,
            buyer=self.party(*buyer) or PartyDocument(),
            seller=self.party(*seller) or PartyDocument(),
            ship_to=self.party(*ship_to),
            bill_to=self.party(*bill_to),
            delivery_date=preferred(self.dates, delivery),
            references=tuple(self.references),
            notes=tuple(self.notes),
            allowances=tuple(draft.freeze() for draft in self.allowances),
            lines=tuple(line.freeze(delivery) for line in self.lines),
            stated_total=stated[0] if stated else None,
            stated_line_count=self.line_count,
            terms="; ".join(self.terms),
            extras=tuple(self.extras),
        )


def preferred(dates: dict[str, date], qualifiers: tuple[str, ...]) -> date | None:
    """The date whose qualifier comes first in `qualifiers`."""
    return next((dates[qualifier] for qualifier in qualifiers if qualifier in dates), None)
