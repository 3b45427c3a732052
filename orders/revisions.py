"""What a change did to an order: two documents side by side. Pure."""

from collections.abc import Iterator

from orders.documents import OrderDocument, OrderLineDocument, PartyDocument

LINE_FIELDS = ("quantity", "unit", "unit_price", "delivery_date", "seller_sku", "gtin", "description")
MAX_LENGTH = 200


def differences(before: OrderDocument, after: OrderDocument) -> list[list[str]]:
    """Each difference as [line, field, before, after]; the line is "" for the order itself."""
    return [*_of_order(before, after), *_of_lines(before, after)]


def _of_order(before: OrderDocument, after: OrderDocument) -> Iterator[list[str]]:
    pairs = {
        "currency": (before.currency, after.currency or before.currency),
        "delivery_date": (before.delivery_date, after.delivery_date),
        "ship_to": (_address(before.ship_to), _address(after.ship_to)),
        "notes": ("\n".join(before.notes), "\n".join(after.notes)),
        "terms": (before.terms, after.terms),
    }
    for what, (old, new) in pairs.items():
        if old != new:
            yield ["", what, _text(old), _text(new)]


def _of_lines(before: OrderDocument, after: OrderDocument) -> Iterator[list[str]]:
    old = {line.number: line for line in before.lines}
    new = {line.number: line for line in after.lines}
    for number, line in old.items():
        if number not in new:
            yield [number, "line", _name(line), ""]
    for number, line in new.items():
        if number not in old:
            yield [number, "line", "", _name(line)]
        else:
            yield from _of_line(old[number], line)


def _of_line(old: OrderLineDocument, new: OrderLineDocument) -> Iterator[list[str]]:
    for field in LINE_FIELDS:
        was, became = getattr(old, field), getattr(new, field)
        if was != became:
            yield [new.number, field, _text(was), _text(became)]


def _name(line: OrderLineDocument) -> str:
    name = line.description or line.seller_sku or line.gtin or line.buyer_sku
    return _text(f"{_text(line.quantity)} × {name}")


def _address(party: PartyDocument | None) -> str:
    if party is None:
        return ""
    return ", ".join(part for part in (party.name, party.street, party.postcode, party.city, party.country) if part)


def _text(value: object) -> str:
    return "" if value is None else str(value)[:MAX_LENGTH]
