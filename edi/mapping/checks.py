"""What must hold of any document, whatever standard it came in: numbers, dates, counts, identifiers, totals.

Pure over the frozen documents. Differences of amounts are warnings: the receiver decides what they mean (see
`edi.mapping.sums`); a count that does not agree is an error, for something may be lost.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Protocol

from edi.mapping.places import Locate, PlaceOf, place_of
from edi.mapping.sums import (
    check_line_amount,
    check_order_total,
    gross_amount,
    invoice_differences,
    line_amount,
    round_money,
)
from edi.syntax.findings import NOWHERE, Findings, Place, Severity
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    ItemLine,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ReceiptDocument,
    RemittanceDocument,
    SalesDocument,
    Scheme,
    StockDocument,
    TextDocument,
)

__all__ = ["check", "check_order", "gs1_valid", "line_amount", "round_money"]

_CURRENCY = re.compile(r"[A-Z]{3}\Z", re.ASCII)
_NAMES: dict[type[Document], str] = {
    OrderDocument: "order",
    OrderChangeDocument: "change",
    OrderResponseDocument: "response",
    DespatchDocument: "despatch advice",
    ReceiptDocument: "receipt advice",
    InvoiceDocument: "invoice",
    CatalogueDocument: "catalogue",
    StockDocument: "stock report",
    SalesDocument: "sales report",
}
_UNCHECKED = (AcknowledgementDocument, RemittanceDocument, TextDocument)
# Documents that say nothing without lines; all others may have a reason to have none.
_NEEDS_LINES = (OrderDocument,)
_NEEDS_PARTIES = (OrderDocument, InvoiceDocument)
_ZERO = Decimal(0)
_GS1_LENGTHS = frozenset({8, 12, 13, 14, 18})


class Places(Protocol):
    """Where things stand; places are worked out only for findings that are made."""

    def head(self, *names: str) -> PlaceOf:
        """The first of these fields of the document that was read, else its beginning."""

    def line(self, index: int, *names: str) -> PlaceOf:
        """The first of these fields of a line that was read, else its beginning."""


class _ByOrigin:
    """Places from the origins that a mapping recorded."""

    def __init__(self, document: Document, lines: Sequence[ItemLine], locate: Locate) -> None:
        self._document, self._lines, self._locate = document, lines, locate

    def head(self, *names: str) -> PlaceOf:
        return place_of(self._document, self._locate, *names)

    def line(self, index: int, *names: str) -> PlaceOf:
        return place_of(self._lines[index], self._locate, *names)


class _Given:
    """Places that the caller knows: one for the document, one for each line."""

    def __init__(self, header: PlaceOf, lines: Sequence[PlaceOf]) -> None:
        self._header, self._lines = header, lines

    def head(self, *names: str) -> PlaceOf:
        return self._header

    def line(self, index: int, *names: str) -> PlaceOf:
        return self._lines[index]


def _nowhere() -> Place:
    return NOWHERE


def check(document: Document, findings: Findings, locate: Locate, *, stated_quantity: Decimal | None = None) -> None:
    """Judge `document`. `locate` finds the place of an origin (`places.in_segments`, `places.by_path`);
    `stated_quantity` is the hash total of quantities where the sender gives one (EDIFACT CNT 1, X12 CTT02)."""
    if isinstance(document, _UNCHECKED):
        return
    lines = _lines_of(document)
    _check(document, lines, findings, _ByOrigin(document, lines, locate), stated_quantity)


def check_order(
    order: OrderDocument,
    findings: Findings,
    places: Sequence[PlaceOf],
    header: PlaceOf | None = None,
    stated_quantity: Decimal | None = None,
) -> None:
    """Judge `order`; `places` are where its lines stand, in the same order, `header` where its number stands."""
    _check(order, order.lines, findings, _Given(header or _nowhere, places), stated_quantity)


def _lines_of(document: Document) -> Sequence[ItemLine]:
    if isinstance(document, OrderChangeDocument):
        return [change.line for change in document.lines]
    if isinstance(document, OrderResponseDocument):
        return [answer.ordered for answer in document.lines]
    return getattr(document, "lines", ())


def _check(
    document: Document, lines: Sequence[ItemLine], findings: Findings, at: Places, stated_quantity: Decimal | None
) -> None:
    name = _NAMES.get(type(document), "document")
    _check_header(document, name, findings, at)
    _check_parties(document, name, findings, at)
    _check_counts(document, lines, name, findings, at, stated_quantity)
    if isinstance(document, OrderDocument | OrderChangeDocument):
        _check_line_numbers(lines, findings, at)
    for index, line in enumerate(lines):
        if line.gtin and not gs1_valid(line.gtin):
            text = f"Line {line.number}: {line.gtin[:30]!r} is not a valid GTIN (check digit)."
            findings.warning("gtin-check-digit", text, at.line(index, "gtin"), value=line.gtin, syntax_error="12")
    if isinstance(document, OrderDocument):
        _check_order(document, findings, at)
    elif isinstance(document, OrderChangeDocument):
        _check_change(document, findings, at)
    elif isinstance(document, InvoiceDocument):
        _check_invoice(document, findings, at)
    elif isinstance(document, DespatchDocument):
        _check_packages(document, findings, at)


def _check_header(document: Document, name: str, findings: Findings, at: Places) -> None:
    is_order = isinstance(document, OrderDocument)
    if not document.number:
        code = "order-number-missing" if is_order else "number-missing"
        findings.error(code, f"The {name} has no number.", at.head("number"), syntax_error="13")
    if document.issued_on is None:
        code = "order-date-missing" if is_order else "date-missing"
        findings.warning(code, f"The {name} has no date of issue.", at.head("number"), syntax_error="13")
    if document.currency and not _CURRENCY.match(document.currency):
        text = f"The currency {document.currency[:20]!r} is not a code of three letters (ISO 4217)."
        place = at.head("currency", "number")
        findings.warning("currency-code", text, place, value=document.currency, syntax_error="12")


def _check_parties(document: Document, name: str, findings: Findings, at: Places) -> None:
    for role in ("buyer", "seller", "ship_to", "bill_to"):
        party: PartyDocument | None = getattr(document, role, None)
        if party is None:
            continue
        is_named = party.identifiers or party.name or role not in ("buyer", "seller")
        if not is_named and isinstance(document, _NEEDS_PARTIES):
            place = at.head(role, "number")
            findings.warning("party-missing", f"The {name} does not name its {role}.", place, syntax_error="13")
        for identifier in party.identifiers:
            if identifier.scheme is Scheme.GLN and not gs1_valid(identifier.value):
                text = f"The GLN {identifier.value!r} of the {role.replace('_', '-')} is not valid (check digit)."
                findings.warning("gln-check-digit", text, at.head(role, "number"), value=identifier.value)


def _check_counts(
    document: Document,
    lines: Sequence[ItemLine],
    name: str,
    findings: Findings,
    at: Places,
    stated_quantity: Decimal | None,
) -> None:
    if not lines and isinstance(document, _NEEDS_LINES):
        severity = Severity.WARNING if document.function == "cancel" else Severity.ERROR
        findings.add(severity, "no-lines", f"The {name} has no lines.", at.head("number"), syntax_error="13")
    counted = document.order if isinstance(document, OrderChangeDocument | OrderResponseDocument) else document
    stated: int | None = getattr(counted, "stated_line_count", None)
    if stated is not None and stated != len(lines):
        text = f"The {name} states {stated} lines, but has {len(lines)}; some may be lost."
        findings.error("line-count", text, at.head("stated_line_count"), value=str(stated), syntax_error="29")
    if stated_quantity is None:
        return
    total = sum((_quantity_of(line) for line in lines), Decimal(0))
    if stated_quantity != total:
        text = f"The control total of quantities is {stated_quantity}, but the lines add up to {total}."
        place = at.head("stated_quantity", "stated_line_count")
        findings.warning("quantity-total", text, place, value=str(stated_quantity), syntax_error="29")


def _quantity_of(line: ItemLine) -> Decimal:
    quantity: Decimal = getattr(line, "quantity", None) or getattr(line, "received", None) or Decimal(0)
    return quantity


def _check_line_numbers(lines: Sequence[ItemLine], findings: Findings, at: Places) -> None:
    if len({line.number for line in lines}) == len(lines):
        return
    counts = Counter(line.number for line in lines)
    for index, line in enumerate(lines):
        if counts[line.number] > 1:
            text = f"Line number {line.number!r} is used {counts[line.number]} times; answers could not refer to it."
            place = at.line(index, "number")
            findings.error("duplicate-line-number", text, place, value=line.number, syntax_error="26")
            counts[line.number] = 1  # told once for each number


# -- orders and their changes -----------------------------------------------------------------------------------------


def _check_order(order: OrderDocument, findings: Findings, at: Places) -> None:
    _check_delivery(order.issued_on, order.delivery_date, findings, at)
    needs_quantity = order.function in ("original", "duplicate")
    for index, line in enumerate(order.lines):
        if line.quantity <= _ZERO or (line.unit_price is not None and line.unit_price < _ZERO):
            _check_order_line(line, findings, at, index, needs_quantity=needs_quantity)
        if line.stated_amount is not None and line.stated_amount != gross_amount(line):
            place = partial(at.line, index, "stated_amount")
            check_line_amount(line, line.stated_amount, order.currency, findings, place)
        if order.issued_on and line.delivery_date and line.delivery_date < order.issued_on:
            text = f"Line {line.number} is to be delivered on {line.delivery_date}, before the order date."
            place_of_date = at.line(index, "delivery_date")
            findings.warning("delivery-before-order", text, place_of_date, value=str(line.delivery_date))
    check_order_total(order, findings, at.head("stated_total", "number"))


def _check_change(document: OrderChangeDocument, findings: Findings, at: Places) -> None:
    if not document.order.number:
        text = "The change does not say which order it changes."
        findings.error("order-number-missing", text, at.head("number"), syntax_error="13")
    for index, change in enumerate(document.lines):
        _check_order_line(change.line, findings, at, index, needs_quantity=False)


def _check_delivery(issued: date | None, delivery: date | None, findings: Findings, at: Places) -> None:
    if issued and delivery and delivery < issued:
        text = f"The delivery date {delivery} is before the order date {issued}."
        findings.warning("delivery-before-order", text, at.head("delivery_date"), value=str(delivery))


def _check_order_line(
    line: OrderLineDocument, findings: Findings, at: Places, index: int, *, needs_quantity: bool
) -> None:
    if line.quantity < 0 or (needs_quantity and not line.quantity):
        text = f"Line {line.number} orders a quantity of {line.quantity}; it must be more than zero."
        findings.error(
            "quantity-not-positive", text, at.line(index, "quantity"), value=str(line.quantity), syntax_error="12"
        )
    if line.unit_price is not None and line.unit_price < 0:
        text = f"Line {line.number} has a negative price ({line.unit_price})."
        findings.error(
            "price-negative", text, at.line(index, "unit_price"), value=str(line.unit_price), syntax_error="12"
        )


# -- invoices and despatches ------------------------------------------------------------------------------------------


def _check_invoice(invoice: InvoiceDocument, findings: Findings, at: Places) -> None:
    if invoice.issued_on and invoice.due_date and invoice.due_date < invoice.issued_on:
        text = f"The invoice is due on {invoice.due_date}, before its own date {invoice.issued_on}."
        findings.warning("due-before-issue", text, at.head("due_date"), value=str(invoice.due_date))
    for index, line in enumerate(invoice.lines):
        if line.amount is not None:
            check_line_amount(line, line.amount, invoice.currency, findings, partial(at.line, index, "amount"))
    for difference in invoice_differences(invoice):
        text = (
            f"The invoice states {difference.stated} as {difference.name}, "
            f"but its other figures give {difference.computed}."
        )
        place = at.head(difference.field, "number")
        findings.warning(difference.code, text, place, value=str(difference.stated), syntax_error="12")


def _check_packages(despatch: DespatchDocument, findings: Findings, at: Places) -> None:
    known = {package.id for package in despatch.packages}
    for package in despatch.packages:
        if package.sscc and (len(package.sscc) != 18 or not gs1_valid(package.sscc)):
            text = f"The SSCC {package.sscc[:30]!r} of a package is not valid (18 digits, check digit)."
            findings.warning("sscc-check-digit", text, at.head("packages"), value=package.sscc, syntax_error="12")
        if package.parent and package.parent not in known:
            text = f"Package {package.id[:20]!r} stands in package {package.parent[:20]!r}, which is not described."
            findings.warning("package-parent", text, at.head("packages"), value=package.parent, syntax_error="12")


@lru_cache(maxsize=8192)
def gs1_valid(number: str) -> bool:
    """Whether `number` is a GTIN (8, 12, 13 or 14 digits), GLN (13) or SSCC (18) by its check digit (GS1 General
    Specifications, 7.9)."""
    if len(number) not in _GS1_LENGTHS or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[1::2]) * 3 + sum(digits[0::2])) % 10 == 0
