"""What is to be paid, and what was."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.documents.parts import AllowanceDocument, Document, ItemLine, PartyDocument, TaxDocument, TotalsDocument

NO_TOTALS = TotalsDocument()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineDocument(ItemLine):
    """One invoiced (or credited) line. `amount` is the net line amount as stated; quantities of a credit note are
    positive, its kind says which way the money goes."""

    quantity: Decimal
    unit: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    amount: Decimal | None = None
    tax: TaxDocument | None = None
    allowances: tuple[AllowanceDocument, ...] = ()
    order_number: str = ""
    order_line: str = ""
    despatch_number: str = ""
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument(Document):
    """An invoice or credit note. `preceding` is the invoice that a credit note or correction refers to; `accounts` are
    IBANs or account numbers to pay to; `payment_means` is the UN/EDIFACT 4461 code."""

    kind: str = "invoice"  # invoice | credit_note | debit_note | corrected | prepayment | self_billed
    order_number: str = ""
    despatch_number: str = ""
    preceding: str = ""
    due_date: date | None = None
    tax_point: date | None = None
    delivered_on: date | None = None
    bill_to: PartyDocument | None = None
    ship_to: PartyDocument | None = None
    payee: PartyDocument | None = None
    terms: str = ""
    payment_means: str = ""
    accounts: tuple[str, ...] = ()
    allowances: tuple[AllowanceDocument, ...] = ()
    lines: tuple[InvoiceLineDocument, ...] = ()
    taxes: tuple[TaxDocument, ...] = ()
    totals: TotalsDocument = NO_TOTALS
    stated_line_count: int | None = None


@dataclass(frozen=True, slots=True)
class RemittanceLineDocument:
    """What is paid of one invoice."""

    invoice: str
    paid: Decimal
    invoiced: Decimal | None = None
    discount: Decimal | None = None
    invoiced_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceDocument(Document):
    """A payment and what it is for (820). `number` is the payment's reference; the buyer pays, the seller is paid."""

    amount: Decimal
    paid_on: date | None = None
    method: str = ""
    lines: tuple[RemittanceLineDocument, ...] = ()
