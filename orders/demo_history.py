"""What happened to the demo's orders: answers, changes, cancellations, and the trail of it all."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from orders import demo_cast as cast
from orders.actions import Answer, prepare
from orders.actions.delivering import facts
from orders.codec import dump
from orders.documents import LineAnswer
from orders.documents_of import order_document
from orders.models import Order, OrderLine, OrderResponse, OrderResponseLine, OrderVersion
from orders.revisions import differences

ANSWERED = ("accepted", "partly_shipped", "shipped", "invoiced", "closed", "change_requested")


def tell(world: Any, orders: list[Order]) -> None:
    """Write answers and history of each order."""
    for order in orders:
        buyer, seller = _buyer(world, order), world.actor(world.key_of(order.seller), "order_desk")
        if order.state == Order.State.DRAFT:
            world.trail(buyer, "order.drafted", order, order.created, parties=(), number=order.number)
            continue
        _receive(world, order, buyer)
        _answer(world, order, buyer, seller)


def _buyer(world: Any, order: Order) -> Any:
    key = world.key_of(order.buyer)
    if order.source == Order.Source.WEB:
        return world.actor(key, "order_desk")
    return replace(world.machine(key), via=order.source)


def _receive(world: Any, order: Order, buyer: Any) -> None:
    world.trail(buyer, "order.received", order, order.created, **facts(order, lines=order.lines.count()))
    if order.deal:
        linked = {"deal": order.deal_id, "deal_number": order.deal.number, "basis": "number", "number": order.number}
        world.trail(buyer, "order.linked", order, order.created + timedelta(seconds=1), **linked)


def _answer(world: Any, order: Order, buyer: Any, seller: Any) -> None:
    rng, when = world.rng, order.created
    if (order.state != Order.State.RECEIVED and rng.random() < 0.6) or order.state == Order.State.ACKNOWLEDGED:
        when = min(when + timedelta(minutes=rng.randint(10, 180)), world.now - timedelta(minutes=2))
        world.trail(seller, "order.acknowledged", order, when, **facts(order))
    when = min(when + timedelta(minutes=rng.randint(30, 1500)), world.now - timedelta(minutes=1))
    if order.state == Order.State.CANCELLED:
        world.trail(buyer, "order.cancelled", order, when, **facts(order, reason=rng.choice(cast.CANCELLED)))
    elif order.state in (*ANSWERED, "accepted_with_changes", "rejected"):
        _respond(world, order, seller, when)
    if order.state == Order.State.CHANGE_REQUESTED:
        _change(world, order, buyer, min(when + timedelta(hours=3), world.now - timedelta(seconds=30)))


def _respond(world: Any, order: Order, seller: Any, when: Any) -> None:
    lines = list(order.lines.select_related("product"))
    given = {"accepted_with_changes": _changes, "rejected": _refusals}.get(order.state, lambda *_: [])(world.rng, lines)
    prepared = prepare(order, lines, given)
    response = OrderResponse.objects.create(
        order=order,
        number=f"{order.seller_number}-1",
        answer=prepared.answer,
        issued_on=when.date(),
        total=prepared.total,
        created=when,
    )
    for row in prepared.rows:
        row.response = response
    OrderResponseLine.objects.bulk_create(prepared.rows)
    order.answered_at = when
    order.save(update_fields=["answered_at"])
    told = facts(order, before="received", after=prepared.answer, response=response.pk, confirmed=str(prepared.total))
    world.trail(seller, f"order.{prepared.answer}", order, when, **told)


def _changes(rng: Any, lines: list[OrderLine]) -> list[Answer]:
    first = lines[0]
    later = (first.order.delivery_date or first.order.created.date()) + timedelta(days=rng.choice((7, 14, 21)))
    answers = [Answer(1, LineAnswer.CHANGED, delivery_date=later, reason=rng.choice(cast.REASONS["changed"]))]
    if len(lines) > 2:
        answers.append(Answer(2, LineAnswer.BACKORDERED, reason=rng.choice(cast.REASONS["backordered"])))
    if len(lines) > 3:
        answers.append(Answer(4, LineAnswer.REJECTED, reason=rng.choice(cast.REASONS["rejected"])))
    return answers


def _refusals(rng: Any, lines: list[OrderLine]) -> list[Answer]:
    reason = rng.choice(cast.REASONS["rejected"])
    return [Answer(line.position, LineAnswer.REJECTED, reason=reason) for line in lines]


def _change(world: Any, order: Order, buyer: Any, when: Any) -> None:
    """After the answer the buyer took two of the first line back."""
    now = order_document(order)
    first = now.lines[0]
    before = replace(now, lines=(replace(first, quantity=first.quantity + Decimal(2)), *now.lines[1:]))
    changes = differences(before, now)
    OrderVersion.objects.create(order=order, version=1, document=dump(before), changes=changes, created=when)
    order.version = 2
    order.save(update_fields=["version"])
    world.trail(buyer, "order.changed", order, when, **facts(order, version=2, changes=changes))
