"""The rows of one document into the document. Values of the header are taken from the first row that has them."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from stdnum import ean

from edi.mapping.checks import check_order
from edi.mapping.tables.fields import ANSWERS
from edi.mapping.tables.records import Lines, Record
from edi.syntax.findings import Place
from orders.documents import (
    CatalogueDocument,
    CatalogueLineDocument,
    Document,
    Identifier,
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    PriceDocument,
    QuantityDocument,
    ResponseLineDocument,
    Scheme,
    StockDocument,
    StockLineDocument,
)

PARTIES = ("buyer", "seller", "ship_to")
_HEADER_TEXTS = ("number", "issued_on", "currency")
_ITEM = ("gtin", "seller_sku", "buyer_sku", "description", "note")
_ANSWER_OF = {word: answer for answer, words in ANSWERS.items() for word in words}


def document_of(kind: str, lines: Lines) -> Document | None:
    """The document of these rows; None where its kind is not read, or no row of it can be."""
    return _BUILDERS[kind](lines)


def _header(lines: Lines, *names: str) -> dict[str, Any]:
    """Header fields and parties; a later row that says otherwise is told of once for each field."""
    found = _agreed(lines)
    parties = {role: party for role in PARTIES if (party := _party(role, found)) is not None}
    parties = {**lines.parties, **parties}
    kept = {name: found[name] for name in (*_HEADER_TEXTS, *names) if name in found}
    kept.setdefault("number", "")
    kept["number"] = str(kept["number"])[:100]
    references = tuple((name, str(found[name])) for name in ("contract", "deal") if name in found)
    notes = (str(found["note"]),) if "note" in found else ()
    return {**kept, **parties, "references": references, "notes": notes, "origin": tuple(_header_origin(lines))}


def _agreed(lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    differing: set[str] = set()
    for record in lines.records:
        for name, value in record.values.items():
            if name.startswith("line.") or found.setdefault(name, value) == value or name in differing:
                continue
            differing.add(name)
            text = f"Row {record.line} says {str(value)[:40]!r} for {name}, an earlier row {str(found[name])[:40]!r}."
            place = record.places.get(name, Place(line=record.line))
            lines.findings.warning("header-differs", f"{text} The earlier one counts.", place, value=str(value))
    return found


def _header_origin(lines: Lines) -> list[Any]:
    first = lines.records[0]
    lined = {name.removeprefix("line.") for name in first.values if name.startswith("line.")}
    return [each for each in first.origin if each.field not in lined]


def _party(role: str, found: dict[str, Any]) -> PartyDocument | None:
    values = {name.partition(".")[2]: str(value) for name, value in found.items() if name.startswith(f"{role}.")}
    if not values:
        return None
    code = values.pop("id", "")
    return PartyDocument(identifiers=(identifier(code, role),) if code else (), **values)


def identifier(code: str, role: str) -> Identifier:
    """A GLN where it is one by its check digit (GS1); else a code that the other side assigned."""
    if len(code) == 13 and code.isdigit() and ean.is_valid(code):
        return Identifier(code, Scheme.GLN)
    return Identifier(code, Scheme.BUYER if role == "seller" else Scheme.SELLER if role == "buyer" else Scheme.OTHER)


def _item(record: Record, position: int) -> dict[str, Any]:
    values = {name: str(record.values[f"line.{name}"]) for name in _ITEM if f"line.{name}" in record.values}
    number = str(record.values.get("line.number", position))
    origin = tuple(each for each in record.origin if f"line.{each.field}" in record.values)
    return {**values, "number": number, "place": f"row {record.line}", "origin": origin, "extras": tuple(record.extras)}


def _line(record: Record, *names: str) -> dict[str, Any]:
    return {name: record.values[f"line.{name}"] for name in names if f"line.{name}" in record.values}


def _needs(lines: Lines, record: Record, name: str) -> bool:
    """Whether a row has what its line cannot do without; an error says so when it is simply empty."""
    if f"line.{name}" in record.values:
        return True
    if f"line.{name}" not in record.places:  # else the value was there and was refused already
        text = f"Row {record.line} has no {name.replace('_', ' ')}."
        lines.findings.error("value-missing", text, Place(line=record.line), value=name)
    return False


def _place(record: Record) -> Place:
    return Place(line=record.line)


def _order(lines: Lines) -> Document | None:
    records = [each for each in lines.records if _needs(lines, each, "quantity")]
    if not records:
        return None
    made = tuple(
        OrderLineDocument(
            **_item(record, position),
            **_line(record, "quantity", "unit", "unit_price", "price_base", "stated_amount", "delivery_date"),
        )
        for position, record in enumerate(records, 1)
    )
    order = OrderDocument(**_header(lines, "delivery_date", "terms", "incoterm"), lines=made)
    header = partial(_place, records[0])
    check_order(order, lines.findings, [partial(_place, record) for record in records], header)
    return order


def _response(lines: Lines) -> Document | None:
    header = _header(lines, "order_number", "seller_order_number")
    number = header.pop("order_number", "")
    answers = tuple(filter(None, (_answered(lines, record, at) for at, record in enumerate(lines.records, 1))))
    if not answers:
        return None
    kinds = {line.answer for line in answers}
    whole = kinds.pop() if len(kinds) == 1 else ""
    answer = str(whole) if whole in {LineAnswer.ACCEPTED, LineAnswer.REJECTED} else "accepted_with_changes"
    order = OrderDocument(number=str(number)[:100], currency=header.get("currency", ""))
    header["number"] = header["number"] or order.number
    return OrderResponseDocument(**header, answer=answer, order=order, lines=answers)


def _answered(lines: Lines, record: Record, position: int) -> ResponseLineDocument | None:
    values = record.values
    ordered = values.get("line.ordered_quantity", values.get("line.quantity"))
    word = str(values.get("line.answer", "")).strip().lower()
    answer = _ANSWER_OF.get(word)
    if word and answer is None:
        text = f"Row {record.line}: the answer {word[:40]!r} is not known (accepted, changed, rejected, backordered)."
        lines.findings.error("code-unknown", text, record.places.get("line.answer", _place(record)), value=word)
        return None
    if ordered is None and not _needs(lines, record, "quantity"):
        return None
    quantity = values.get("line.quantity", ordered)
    if answer is None:
        answer = "rejected" if not quantity else "accepted" if quantity == ordered else "changed"
    item = _item(record, position)
    extras, origin, place = item.pop("extras"), item.pop("origin"), item.pop("place")
    return ResponseLineDocument(
        ordered=OrderLineDocument(**item, quantity=ordered or Decimal(0), **_line(record, "unit")),
        answer=LineAnswer(answer),
        quantity=Decimal(0) if answer == "rejected" else quantity or Decimal(0),
        **_line(record, "unit_price", "delivery_date"),
        reason=str(values.get("line.reason", "")),
        substitute=str(values.get("line.substitute", "")),
        place=place,
        origin=origin,
        extras=extras,
    )


def _catalogue(lines: Lines) -> Document:
    header = _header(lines, "valid_from", "valid_until")
    made = tuple(_offered(lines, record, at, header.get("currency", "")) for at, record in enumerate(lines.records, 1))
    return CatalogueDocument(**header, lines=made)


def _offered(lines: Lines, record: Record, position: int, currency: str) -> CatalogueLineDocument:
    values = record.values
    price = values.get("line.unit_price")
    prices: tuple[PriceDocument, ...] = ()
    if price is not None:
        base = values.get("line.price_base") or Decimal(1)
        unit, least = values.get("line.unit", ""), values.get("line.from_quantity")
        prices = (PriceDocument(price, base=base, unit=unit, currency=currency, from_quantity=least),)
    days = values.get("line.lead_days")
    line = _line(record, "unit", "pack_quantity", "minimum", "available_from", "available_until", "replaces")
    lead = int(days) if days is not None and 0 <= days < 10_000 else None
    return CatalogueLineDocument(**_item(record, position), **line, prices=prices, lead_days=lead)


def _stock(lines: Lines) -> Document | None:
    records = [each for each in lines.records if _needs(lines, each, "quantity")]
    if not records:
        return None
    header = _header(lines, "as_of")
    made = tuple(_stocked(record, position) for position, record in enumerate(records, 1))
    return StockDocument(**header, lines=made)


def _stocked(record: Record, position: int) -> StockLineDocument:
    unit, location = record.values.get("line.unit", ""), str(record.values.get("line.location", ""))
    on_hand = QuantityDocument("on_hand", record.values["line.quantity"], unit)
    return StockLineDocument(**_item(record, position), quantities=(on_hand,), location=location)


_BUILDERS: dict[str, Callable[[Lines], Document | None]] = {
    "order": _order,
    "response": _response,
    "catalogue": _catalogue,
    "stock": _stock,
}
