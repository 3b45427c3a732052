"""Documents into CSV, in the shape that a mapping describes. No cell of text can act as a formula."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from edi.mapping.model import Envelope
from edi.mapping.tables.fields import FIELDS, WORDS
from edi.mapping.tables.mapping import ColumnMapping
from edi.syntax.findings import Findings
from edi.syntax.numbers import plain
from orders.documents import (
    CatalogueDocument,
    CatalogueLineDocument,
    Document,
    OrderDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
    StockDocument,
    StockLineDocument,
)

_KINDS: dict[str, type[Document]] = {
    "order": OrderDocument,
    "response": OrderResponseDocument,
    "catalogue": CatalogueDocument,
    "stock": StockDocument,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_table(documents: Sequence[Document], mapping: ColumnMapping, findings: Findings) -> bytes:
    """One row a line, with a row of headers, UTF-8 with BOM unless the mapping says another encoding. A document of
    another kind than the mapping's is an error; what the encoding cannot say is a warning and a question mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mapping.delimiter or ";", lineterminator="\r\n")
    names = list(mapping.known)
    writer.writerow([guarded(mapping.known[name]) for name in names])
    for document in documents:
        if not isinstance(document, _KINDS.get(mapping.kind, ())):
            text = f"A table of {mapping.kind} cannot hold a {type(document).__name__}."
            findings.error("cannot-be-written", text, value=document.number)
            continue
        rows = list(_rows(document))
        for values in rows:
            writer.writerow([_written(values.get(name), mapping) for name in names])
        _tell_of_losses(document, rows, mapping, findings)
    return _encoded(out.getvalue(), mapping.encoding or "utf-8-sig", findings)


def write(documents: Sequence[Document], envelope: Envelope, findings: Findings) -> bytes:
    """Documents of one kind as CSV with a column for every field, under headers that `suggest` knows again. A table has
    no envelope: who sends it to whom is not in it."""
    kind = next((name for name, kept in _KINDS.items() if documents and isinstance(documents[0], kept)), "order")
    headers = {name: (WORDS.get(name, "").partition("|")[0] or _spoken(name)).capitalize() for name in FIELDS[kind]}
    return write_table(documents, ColumnMapping(kind, headers), findings)


def _spoken(name: str) -> str:
    return name.replace("line.", "line ").replace(".", " ").replace("_", " ")


def _goes_without(name: str, value: Any, position: int) -> bool:
    """What a reader supplies by itself: a price for one unit, and line numbers that count from one."""
    return (name, value) in {("line.price_base", 1), ("line.number", str(position))}


def _tell_of_losses(
    document: Document, rows: Sequence[dict[str, Any]], mapping: ColumnMapping, findings: Findings
) -> None:
    """Values that have no column, once for each field."""
    for name in FIELDS[mapping.kind]:
        values = [(at, row.get(name)) for at, row in enumerate(rows, 1)]
        told = (each for at, each in values if each not in (None, "") and not _goes_without(name, each, at))
        found = next(told, None)
        if found is not None and name not in mapping.known and mapping.constants.get(name) != str(found):
            text = f"The table has no column for {_spoken(name)}: {str(found)[:60]!r} is not written."
            findings.warning("not-expressible", text, value=str(found))
    for name in ("allowances", "taxes", "packages", "schedule"):
        holders = (document, *getattr(document, "lines", ()))
        if any(getattr(each, name, ()) for each in holders):
            findings.warning("not-expressible", f"A table has no place for {name}; they are not written.", value=name)


def _encoded(text: str, encoding: str, findings: Findings) -> bytes:
    try:
        return text.encode(encoding)
    except LookupError:
        return text.encode("utf-8-sig")
    except UnicodeEncodeError as fault:
        lost = text[fault.start : fault.start + 1]
        message = f"The encoding {encoding} has no {lost!r} and perhaps other letters; a question mark stands for them."
        findings.warning("charset-replaced", message, value=lost)
        return text.encode(encoding, "replace")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe before = + - @ and controls.
    A plain number keeps its sign."""
    if text.startswith(_FORMULA) and not re.fullmatch(r"[+-]?[\d.,]+", text, re.ASCII):
        return f"'{text}"
    return text


def _written(value: Any, mapping: ColumnMapping) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value).replace(".", mapping.decimal_mark)
    if isinstance(value, date):
        return written_day(value, mapping.date_format)
    return guarded(str(value).replace("\x00", ""))


def written_day(day: date, form: str) -> str:
    """A day in one of DATE_FORMATS."""
    parts = {"YYYY": f"{day.year:04}", "YY": f"{day.year % 100:02}", "MM": f"{day.month:02}", "DD": f"{day.day:02}"}
    return re.sub("YYYY|YY|MM|DD", lambda found: parts[found[0]], form or "YYYY-MM-DD")


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    header = {**_header(document)}
    for line in getattr(document, "lines", ()):
        yield {**header, **_line(line)}


def _header(document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(document, name) for name in ("number", "issued_on", "currency")}
    values["note"] = " ".join(document.notes)
    for name in ("delivery_date", "terms", "incoterm", "seller_order_number", "valid_from", "valid_until", "as_of"):
        values[name] = getattr(document, name, None)
    values |= {kind: value for kind, value in document.references if kind in ("contract", "deal")}
    if isinstance(document, OrderResponseDocument):
        values["order_number"] = document.order.number
    for role in ("buyer", "seller", "ship_to"):
        values |= _party(role, getattr(document, role, None))
    return values


def _party(role: str, party: PartyDocument | None) -> dict[str, str]:
    if party is None:
        return {}
    values = {f"{role}.{name}": getattr(party, name) for name in ("name", "street", "city", "postcode", "country")}
    return values | ({f"{role}.id": party.identifiers[0].value} if party.identifiers else {})


def _line(line: Any) -> dict[str, Any]:
    item = line.ordered if isinstance(line, ResponseLineDocument) else line
    names = ("number", "gtin", "seller_sku", "buyer_sku", "description", "note", "unit", "price_base", "stated_amount")
    values = {f"line.{name}": getattr(item, name, None) for name in names}
    for name in ("quantity", "unit_price", "delivery_date", "reason", "substitute", "location"):
        values[f"line.{name}"] = getattr(line, name, None)
    if isinstance(line, ResponseLineDocument):
        values |= {"line.answer": str(line.answer), "line.ordered_quantity": line.ordered.quantity}
    if isinstance(line, CatalogueLineDocument):
        values |= _offer(line)
    if isinstance(line, StockLineDocument) and line.quantities:
        values |= {"line.quantity": line.quantities[0].quantity, "line.unit": line.quantities[0].unit}
    return values


def _offer(line: CatalogueLineDocument) -> dict[str, Any]:
    names = ("pack_quantity", "minimum", "available_from", "available_until", "replaces")
    values = {f"line.{name}": getattr(line, name) for name in names}
    values["line.lead_days"] = Decimal(line.lead_days) if line.lead_days is not None else None
    if line.prices:
        price = line.prices[0]
        values |= {
            "line.unit_price": price.amount,
            "line.price_base": price.base,
            "line.from_quantity": price.from_quantity,
        }
    return values
