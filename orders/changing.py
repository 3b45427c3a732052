"""A change of an order, which says only what differs, put on top of the order as it stands. Pure."""

from dataclasses import fields, replace
from typing import TypeVar

from orders.documents import LineChange, OrderChangeDocument, OrderDocument, OrderLineDocument

Record = TypeVar("Record", OrderDocument, OrderLineDocument)
OF_THE_FILE = frozenset({"number", "lines", "function", "origin", "place", "stated_total", "stated_line_count"})


def changed(before: OrderDocument, change: OrderChangeDocument) -> OrderDocument:
    """The order as it shall be: what the change says replaces, what it leaves out stays. Lines that it names are
    added, changed or deleted; a full list ("replace") takes the place of all."""
    head = _over(before, change.order)
    notes = (*before.notes, change.reason) if change.reason and change.reason not in before.notes else before.notes
    lines = _lines(before, change)
    return replace(head, notes=change.order.notes or notes, lines=lines, stated_total=None, stated_line_count=None)


def _lines(before: OrderDocument, change: OrderChangeDocument) -> tuple[OrderLineDocument, ...]:
    if change.function == "replace" and change.lines:
        return tuple(each.line for each in change.lines if each.change is not LineChange.DELETED)
    lines = {line.number: line for line in before.lines}
    for each in change.lines:
        number = next((known for known in lines if known.lstrip("0") == each.line.number.lstrip("0")), "")
        if each.change is LineChange.DELETED:
            lines.pop(number, None)
        elif number and each.change is not LineChange.UNCHANGED:
            lines[number] = replace(_over(lines[number], each.line), number=number)
        elif not number:
            lines[each.line.number] = each.line
    return tuple(lines.values())


def _over(old: Record, new: Record) -> Record:
    """`old` with every value that `new` states; the amount of a line falls with what it was computed of."""
    stated = {
        field.name: value
        for field in fields(new)
        if field.name not in OF_THE_FILE and (value := getattr(new, field.name)) not in (None, "", (), field.default)
    }
    if isinstance(new, OrderLineDocument):
        stated["stated_amount"] = new.stated_amount
    return replace(old, **stated)
