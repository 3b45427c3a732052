"""What despatches, receipts and invoices have in common: who may bring them, which orders they move."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.states import can_move, move
from orders.actions.delivering import facts
from orders.amounts import check_number
from orders.codec import dump
from orders.documents import Document, ItemLine
from orders.errors import DuplicateDocument, OrderRefused
from orders.models import Order
from orders.models.fulfilment import FollowUp
from orders.progress import step_of
from orders.targets import Targets
from partners.actors import Actor
from partners.models import Organisation

MAX_LINES = 20_000
MAX_NUMBER = 70


def check_follow_up(document: Document, lines: Iterable[ItemLine], *, numbers: tuple[str, ...]) -> None:
    """Refuse what has no number, too many lines, or a number that cannot be kept. Raises OrderRefused."""
    if not document.number.strip():
        raise OrderRefused("number_missing", _("The document has no number."), field="number")
    if len(document.number.strip()) > MAX_NUMBER:
        raise OrderRefused("number_too_long", _("The number is longer than 70 characters."), field="number")
    lines = list(lines)
    if len(lines) > MAX_LINES:
        raise OrderRefused("too_many_lines", _("The document has more than %d lines.") % MAX_LINES, field="lines")
    for line in lines:
        for name in numbers:
            check_number(getattr(line, name), what=name, negative=True)


def save_follow_up(row: FollowUp, document: Document, buyer: Organisation, seller: Organisation) -> None:
    """Fill what every such document has and save it. Raises DuplicateDocument."""
    row.buyer, row.seller = buyer, seller
    row.number = document.number.strip()
    row.issued_on = document.issued_on or localdate()
    row.document = dump(document)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DuplicateDocument(row.number) from error


def line_values(targets: Targets, document: Document, position: int, line: ItemLine) -> dict[str, Any]:
    """What every line of such a document is kept with."""
    order = targets.order_of(line, getattr(document, "order_number", ""))
    ordered = targets.line_of(line, order)
    codes = line.seller_sku or line.gtin or line.buyer_sku
    return {
        "position": position,
        "number": line.number[:35],
        "order": order,
        "order_line": ordered,
        "title": (line.description or (ordered.title if ordered else "") or codes)[:200],
        "unit": getattr(line, "unit", "")[:10],
    }


def orders_of(targets: Targets, rows: Iterable[Any]) -> list[Order]:
    """The orders that a document is about, each once, in the order of their keys."""
    named = {row.order.pk: row.order for row in rows if row.order is not None}
    if targets.only is not None:
        named[targets.only.pk] = targets.only
    return [named[pk] for pk in sorted(named)] or [next(iter(targets.orders.values()))]


def advance(actor: Actor, order: Order, verb: str, about: Model, **told: Any) -> None:
    """Move the order on as far as its quantities say, and tell its story."""
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer", "seller").get(pk=order.pk)
    moved = {}
    step = step_of(order)
    if step and can_move(order, step):
        before, after = move(order, step)
        if before != after:
            order.version += 1
            order.save(update_fields=["state", "version"])
            moved = {"before": before, "after": after}
    related = [[about._meta.label_lower, about.pk], *facts(order).get("related", [])]
    record(actor=actor, verb=verb, target=order, **{**facts(order, **moved, **told), "related": related})
