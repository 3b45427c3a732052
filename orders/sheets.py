"""A document of any kind as a person reads it: facts, and tables of its lines. Pure, but for the reader's language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.numbers import format_day, format_number
from orders.documents import (
    AcknowledgementDocument,
    CatalogueDocument,
    DespatchDocument,
    Document,
    InvoiceDocument,
    ItemLine,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    PartyDocument,
    ReceiptDocument,
    RemittanceDocument,
    StockDocument,
)
from orders.units import unit_label

Text = str | Promise
SHOWN = 200
ROLES = ("buyer", "seller", "ship_to", "bill_to", "ship_from", "carrier", "payee")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: `number` stands right, `tone` makes a badge of it."""

    text: Text
    number: bool = False
    tone: str = ""
    under: Text = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it is called, its headings (text, stands right) and its first rows."""

    title: Text
    headings: tuple[tuple[Text, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0

    @property
    def labelled(self) -> list[list[tuple[Text, Cell]]]:
        """Each row as (heading, cell), for narrow screens."""
        names = [heading for heading, _number in self.headings]
        return [list(zip(names, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document to be read."""

    facts: tuple[tuple[Text, Text], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


def sheet_of(document: Document) -> Sheet:
    """Everything of a document that has a name; at most two hundred rows a table."""
    facts = tuple((label, value) for label, value in _facts(document) if value)
    tables = tuple(table for table in _tables(document) if table.rows)
    return Sheet(facts, tables, tuple(note[:400] for note in document.notes[:5]))


def _facts(document: Document) -> Iterator[tuple[Text, Text]]:
    yield _("Date"), format_day(document.issued_on) if document.issued_on else ""
    yield _("Function"), _function(document.function)
    yield from _own_facts(document)
    yield _("Currency"), document.currency
    names = _roles()
    for role in ROLES:
        party = getattr(document, role, None)
        if party is not None:
            yield names[role], party_text(party)
    for kind, value in document.references[:8]:
        yield kind.replace("_", " ").capitalize(), value


def _own_facts(document: Document) -> Iterator[tuple[Text, Text]]:
    order = getattr(document, "order", None)
    if isinstance(order, OrderDocument):
        yield _("Order"), order.number
    yield _("Order"), getattr(document, "order_number", "")
    yield _("Despatch"), getattr(document, "despatch_number", "")
    if isinstance(document, OrderResponseDocument):
        yield _("Answer"), _verdict(document.answer)
        yield _("Seller's number"), document.seller_order_number
        yield _("Note"), document.note
    if isinstance(document, InvoiceDocument):
        yield _("Refers to"), document.preceding
        yield _("Pay to"), ", ".join(document.accounts)
    if isinstance(document, RemittanceDocument):
        yield _("Amount"), _number(document.amount)
    labels = (
        ("delivery_date", _("Delivery")),
        ("shipped_on", _("Sent off")),
        ("received_on", _("Arrived")),
        ("due_date", _("Due")),
        ("paid_on", _("Paid on")),
        ("tracking", _("Tracking")),
        ("reason", _("Reason")),
        ("terms", _("Terms")),
        ("incoterm", _("Delivery terms")),
        ("stated_total", _("Stated total")),
    )
    for name, label in labels:
        yield label, _plain(getattr(document, name, None))


def _roles() -> dict[str, Text]:
    return {
        "buyer": _("Buyer"),
        "seller": _("Seller"),
        "ship_to": _("Deliver to"),
        "bill_to": _("Bill to"),
        "ship_from": _("Sent from"),
        "carrier": _("Carrier"),
        "payee": _("Payee"),
    }


def _function(function: str) -> Text:
    names = {
        "original": _("Original"),
        "duplicate": _("Copy"),
        "change": _("Change"),
        "cancel": _("Cancellation"),
        "replace": _("Replacement"),
        "confirm": _("Confirmation"),
    }
    return names.get(function, function)


def _verdict(answer: str) -> Text:
    names = {
        "accepted": _("Accepted"),
        "accepted_with_changes": _("Accepted with changes"),
        "rejected": _("Rejected"),
        "acknowledged": _("Received"),
        "changed": _("Changed"),
        "backordered": _("Backordered"),
        "added": _("Added"),
        "deleted": _("Deleted"),
        "unchanged": _("Unchanged"),
        "accepted_with_errors": _("Accepted with errors"),
        "partly": _("Accepted in part"),
        "received": _("Received"),
    }
    return names.get(answer, answer)


def party_text(party: PartyDocument) -> str:
    """A party in a line: its name, its town, its identifiers."""
    town = " ".join(part for part in (party.postcode, party.city, party.country) if part)
    codes = ", ".join(identifier.value for identifier in party.identifiers)
    return " · ".join(part for part in (party.name, town, codes) if part)


Column = tuple[Text, Callable[[Any], Cell]]


def _tables(document: Document) -> Iterator[Table]:
    lines = tuple(getattr(document, "lines", ()))
    yield _table(_("Lines"), lines, _columns(document))
    if isinstance(document, DespatchDocument):
        yield _table(_("Packages"), document.packages, _packages())
    if isinstance(document, InvoiceDocument):
        yield _table(_("Taxes"), document.taxes, _taxes())
        yield _table(_("Totals"), _totals(document), [(_("Total"), lambda row: Cell(row[0])), _money("amount", 1)])
    if isinstance(document, AcknowledgementDocument):
        yield _table(_("Verdicts"), document.verdicts, _verdicts())


def _table(title: Text, rows: tuple[Any, ...] | list[Any], columns: list[Column]) -> Table:
    shown = tuple(tuple(cell(row) for _label, cell in columns) for row in rows[:SHOWN])
    used = [at for at in range(len(columns)) if any(row[at].text for row in shown)]
    headings = tuple((columns[at][0], any(row[at].number for row in shown)) for at in used)
    return Table(title, headings, tuple(tuple(row[at] for at in used) for row in shown), max(0, len(rows) - SHOWN))


def _columns(document: Document) -> list[Column]:
    kinds: list[tuple[type[Document], Callable[[], list[Column]]]] = [
        (OrderChangeDocument, _of_changes),
        (OrderResponseDocument, _of_answers),
        (DespatchDocument, _of_despatch),
        (ReceiptDocument, _of_receipt),
        (RemittanceDocument, _of_remittance),
        (CatalogueDocument, _of_catalogue),
        (StockDocument, _of_quantities),
    ]
    return next((columns() for kind, columns in kinds if isinstance(document, kind)), _of_order())


def _line(get: Callable[[Any], ItemLine] = lambda row: row) -> list[Column]:
    return [
        (_("Line"), lambda row: Cell(get(row).number)),
        (_("Product"), lambda row: _item(get(row))),
    ]


def _item(line: ItemLine) -> Cell:
    codes = line.seller_sku or line.gtin or line.buyer_sku
    return Cell(line.description[:80] or codes, under=codes if line.description else "")


def _quantity(name: str, label: Text, get: Callable[[Any], Any] = lambda row: row) -> Column:
    def cell(row: Any) -> Cell:
        unit = getattr(get(row), "unit", "")
        value = getattr(get(row), name, None)
        text = f"{_number(value)} {unit_label(unit) if unit else ''}".strip() if value is not None else ""
        return Cell(text, number=True)

    return label, cell


def _money(name: str, at: int | None = None, label: Text = "") -> Column:
    def cell(row: Any) -> Cell:
        return Cell(_amount(getattr(row, name, None) if at is None else row[at]), number=True)

    return label or _("Amount"), cell


def _price(get: Callable[[Any], Any] = lambda row: row) -> Column:
    def cell(row: Any) -> Cell:
        line = get(row)
        base = getattr(line, "price_base", Decimal(1))
        text = _amount(line.unit_price)
        return Cell(f"{text} / {_number(base)}" if text and base not in (None, 1) else text, number=True)

    return _("Price"), cell


def _value(name: str, label: Text, get: Callable[[Any], Any] = lambda row: row) -> Column:
    return label, lambda row: Cell(_plain(getattr(get(row), name, None)))


def _of_order() -> list[Column]:
    return [
        *_line(),
        _quantity("quantity", _("Quantity")),
        _price(),
        _money("stated_amount"),
        _money("amount"),
        _value("delivery_date", _("Delivery")),
    ]


def _of_changes() -> list[Column]:
    get = lambda row: row.line  # noqa: E731
    tones = {"added": "good", "deleted": "bad", "changed": "warn", "unchanged": "still"}
    change: Column = (_("Change"), lambda row: Cell(_verdict(row.change), tone=tones.get(str(row.change), "info")))
    return [
        *_line(get),
        change,
        _quantity("quantity", _("Quantity"), get),
        _price(get),
        _value("delivery_date", _("Delivery"), get),
    ]


def _of_answers() -> list[Column]:
    tones = {"accepted": "good", "rejected": "bad"}
    answer: Column = (
        _("Answer"),
        lambda row: Cell(_verdict(row.answer), tone=tones.get(str(row.answer), "warn"), under=row.reason),
    )
    rest = [_quantity("quantity", _("Quantity")), _price(), _value("delivery_date", _("Delivery"))]
    return [*_line(lambda row: row.ordered), answer, *rest, _value("substitute", _("Instead"))]


def _of_despatch() -> list[Column]:
    return [
        *_line(),
        _quantity("quantity", _("Sent")),
        _value("order_number", _("Order")),
        _value("order_line", _("Its line")),
        _value("package", _("Package")),
        _value("batch", _("Batch")),
        _value("best_before", _("Best before")),
    ]


def _of_receipt() -> list[Column]:
    numbers = [
        _quantity("received", _("Arrived")),
        _quantity("rejected", _("Refused")),
        _quantity("short", _("Missing")),
    ]
    return [*_line(), *numbers, _value("order_number", _("Order")), _value("reason", _("Reason"))]


def _of_remittance() -> list[Column]:
    return [
        _value("invoice", _("Invoice")),
        _money("invoiced", label=_("Invoiced")),
        _money("discount", label=_("Discount")),
        _money("paid", label=_("Paid")),
    ]


def _of_catalogue() -> list[Column]:
    def prices(row: Any) -> Cell:
        return Cell(", ".join(f"{_number(price.amount)} {price.currency}".strip() for price in row.prices), number=True)

    return [*_line(), (_("Price"), prices), _value("unit", _("Unit"))]


def _of_quantities() -> list[Column]:
    def counted(row: Any) -> Cell:
        return Cell(", ".join(f"{each.kind.replace('_', ' ')} {_number(each.quantity)}" for each in row.quantities))

    return [*_line(), (_("Quantities"), counted), _value("location", _("Location"))]


def _packages() -> list[Column]:
    return [
        _value("id", _("Package")),
        _value("parent", _("In")),
        _value("kind", _("Kind")),
        _value("sscc", "SSCC"),
        _value("count", _("Count")),
        _value("gross_weight", _("Weight")),
    ]


def _taxes() -> list[Column]:
    return [
        _value("kind", _("Tax")),
        _value("category", _("Category")),
        _value("rate", _("Rate %")),
        _money("taxable", label=_("On")),
        _money("amount", label=_("Tax amount")),
    ]


def _totals(document: InvoiceDocument) -> list[tuple[Text, Decimal]]:
    totals = document.totals
    rows = [
        (_("Lines"), totals.lines),
        (_("Discounts"), totals.allowances),
        (_("Surcharges"), totals.charges),
        (_("Taxable"), totals.taxable),
        (_("Tax"), totals.tax),
        (_("Total"), totals.total),
        (_("Paid before"), totals.prepaid),
        (_("Rounding"), totals.rounding),
        (_("To be paid"), totals.payable),
    ]
    return [(label, value) for label, value in rows if value is not None]


def _verdicts() -> list[Column]:
    tones = {"accepted": "good", "rejected": "bad"}

    def errors(row: Any) -> Cell:
        told = "; ".join(
            " ".join(part for part in (each.code, each.text, each.where) if part) for each in row.errors[:5]
        )
        return Cell(told)

    return [
        _value("kind", _("What")),
        _value("reference", _("Reference")),
        (_("Verdict"), lambda row: Cell(_verdict(row.verdict), tone=tones.get(row.verdict, "warn"))),
        (_("Errors"), errors),
    ]


def _number(value: Decimal | int | None) -> str:
    return format_number(value)


def _amount(value: Decimal | None) -> str:
    """As stated, with two decimals at least: the currency stands in the head of the sheet."""
    exponent = value.as_tuple().exponent if value is not None else 0
    return format_number(value, max(2, -exponent if isinstance(exponent, int) else 2))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return format_day(value)
    return _number(value) if isinstance(value, Decimal | int) else str(value)
