"""The seller tells what it sent off; the buyer what arrived."""

from typing import Any

from django.db import transaction

from core.audit import record
from orders.actions.following import advance, check_follow_up, line_values, orders_of, save_follow_up
from orders.codec import clean
from orders.documents import DespatchDocument, ReceiptDocument
from orders.models import DespatchAdvice, DespatchLine, DespatchPackage, Order, ReceiptAdvice, ReceiptLine
from orders.permissions import may_receive_goods, may_ship
from orders.targets import targets_of
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

BATCH = 200


@transaction.atomic
def receive_despatch(
    *,
    actor: Actor,
    document: DespatchDocument,
    buyer: Organisation,
    seller: Organisation,
    order: Order | None = None,
    source: str = "edi",
) -> DespatchAdvice:
    """Take in what a seller sent off, and move its orders on to shipped or partly shipped.

    `order` is the one that a person chose for a document that names none. A cancellation of a despatch is told and
    undoes nothing. Raises UnknownOrder, DuplicateDocument and OrderRefused.
    """
    require(may_ship(actor, seller.pk))
    document = clean(document)
    check_follow_up(document, document.lines, numbers=("quantity",))
    targets = targets_of(document, document.lines, buyer_id=buyer.pk, seller_id=seller.pk, order=order)
    row = DespatchAdvice(
        source=source,
        shipped_on=document.shipped_on,
        delivery_date=document.delivery_date,
        carrier=(document.carrier.name if document.carrier else "")[:200],
        tracking=document.tracking[:200],
    )
    save_follow_up(row, document, buyer, seller)
    lines = [
        DespatchLine(
            despatch=row,
            quantity=line.quantity,
            package=line.package[:35],
            batch=line.batch[:80],
            best_before=line.best_before,
            **line_values(targets, document, position, line),
        )
        for position, line in enumerate(document.lines, 1)
    ]
    DespatchLine.objects.bulk_create(lines, batch_size=BATCH)
    DespatchPackage.objects.bulk_create(_packages(row, document), batch_size=BATCH)
    _tell(actor, row, orders_of(targets, lines), "order.despatched", document=row.number)
    return row


def _packages(row: DespatchAdvice, document: DespatchDocument) -> list[DespatchPackage]:
    return [
        DespatchPackage(
            despatch=row,
            position=position,
            reference=package.id[:35],
            parent=package.parent[:35],
            kind=package.kind[:20],
            sscc=package.sscc[:20],
            count=package.count,
            gross_weight=package.gross_weight,
            weight_unit=package.weight_unit[:10],
        )
        for position, package in enumerate(document.packages, 1)
    ]


@transaction.atomic
def receive_receipt(
    *,
    actor: Actor,
    document: ReceiptDocument,
    buyer: Organisation,
    seller: Organisation,
    order: Order | None = None,
    source: str = "edi",
) -> ReceiptAdvice:
    """Take in what a buyer received. Raises UnknownOrder, DuplicateDocument and OrderRefused."""
    require(may_receive_goods(actor, buyer.pk))
    document = clean(document)
    check_follow_up(document, document.lines, numbers=("received", "rejected", "short"))
    order = order or _order_of_despatch(document, buyer, seller)
    targets = targets_of(document, document.lines, buyer_id=buyer.pk, seller_id=seller.pk, order=order)
    despatch = _despatch(document, buyer, seller)
    row = ReceiptAdvice(source=source, received_on=document.received_on, despatch=despatch)
    save_follow_up(row, document, buyer, seller)
    lines = [
        ReceiptLine(
            receipt=row,
            quantity=line.received,
            rejected=line.rejected,
            short=line.short,
            reason=line.reason[:200],
            **line_values(targets, document, position, line),
        )
        for position, line in enumerate(document.lines, 1)
    ]
    ReceiptLine.objects.bulk_create(lines, batch_size=BATCH)
    _tell(actor, row, orders_of(targets, lines), "order.delivered", document=row.number)
    return row


def _despatch(document: ReceiptDocument, buyer: Organisation, seller: Organisation) -> DespatchAdvice | None:
    named = document.despatch_number.strip()
    rows = DespatchAdvice.objects.filter(buyer=buyer, seller=seller, number=named)
    return rows.order_by("-pk").first() if named else None


def _order_of_despatch(document: ReceiptDocument, buyer: Organisation, seller: Organisation) -> Order | None:
    """A receipt that names only the despatch is about the despatch's order, where that had one."""
    if document.order_number.strip() or any(line.order_number.strip() for line in document.lines):
        return None
    despatch = _despatch(document, buyer, seller)
    orders = list(despatch.orders.all()[:2]) if despatch else []
    return orders[0] if len(orders) == 1 else None


def _tell(actor: Actor, row: DespatchAdvice | ReceiptAdvice, orders: list[Order], verb: str, **told: Any) -> None:
    row.orders.set(orders)
    kind = "despatch" if isinstance(row, DespatchAdvice) else "receipt"
    record(actor=actor, verb=f"{kind}.received", target=row, orders=[order.number for order in orders][:20])
    for order in orders:
        advance(actor, order, verb, row, **told)
