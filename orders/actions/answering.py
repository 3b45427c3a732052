"""The seller answers an order, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.audit import record
from core.states import can_move, move
from orders.actions.delivering import facts, locked
from orders.amounts import amount_of, check_number, order_total
from orders.codec import dump, load_all
from orders.documents import AllowanceDocument, LineAnswer
from orders.documents_of import line_document
from orders.errors import AnswerRefused
from orders.matching import remember
from orders.models import Order, OrderLine, OrderResponse, OrderResponseLine
from orders.permissions import may_work_on
from partners.access import require
from partners.actors import Actor

STEPS = {"accepted": "accept", "accepted_with_changes": "accept_with_changes", "rejected": "reject"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the seller says of the line at `position`; None confirms what was ordered."""

    position: int
    answer: LineAnswer = LineAnswer.ACCEPTED
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    delivery_date: date | None = None
    reason: str = ""


@transaction.atomic
def acknowledge_order(*, actor: Actor, order: Order) -> Order:
    """Take an order in hand: the buyer sees that somebody works on it. Raises InvalidTransition when answered."""
    order = locked(actor, order)
    require(may_work_on(actor, order))
    before, after = move(order, "acknowledge")
    order.version += 1
    order.save(update_fields=["state", "version"])
    record(actor=actor, verb="order.acknowledged", target=order, **facts(order, before=before, after=after))
    return order


@transaction.atomic
def respond_to_order(
    *,
    actor: Actor,
    order: Order,
    answers: Iterable[Answer] = (),
    note: str = "",
    number: str = "",
    again: bool = False,
) -> OrderResponse:
    """Answer an order; lines without an answer are accepted as ordered.

    `number` is the seller's own for its answer. `again` lets an answer replace the one before it.

    All accepted → accepted; all rejected → rejected; anything else → accepted with changes. A line confirmed at another
    quantity, price or date counts as changed whatever it says. Raises AnswerRefused (its field is the line's position)
    and InvalidTransition.
    """
    order = locked(actor, order)
    require(may_work_on(actor, order))
    lines = list(OrderLine.objects.filter(order=order).select_related("product"))
    prepared = prepare(order, lines, answers)
    step = STEPS[prepared.answer]
    before, after = move(order, f"{step}_again" if again and not can_move(order, step) else step)
    response = _save(order, prepared, note, number)
    order.answered_at = now()
    order.version += 1
    order.save(update_fields=["state", "answered_at", "version"])
    confirmed = [line for line, row in zip(lines, prepared.rows, strict=True) if row.answer != LineAnswer.REJECTED]
    remember(confirmed, seller_id=order.seller_id, buyer_id=order.buyer_id)
    told = facts(
        order, before=before, after=after, response=response.pk, confirmed=str(response.total), note=note[:500]
    )
    record(actor=actor, verb=f"order.{prepared.answer}", target=order, **told)
    return response


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer before it is sent: its lines, what it is as a whole, and what it confirms in money."""

    rows: list[OrderResponseLine]
    answer: str
    total: Decimal


def prepare(order: Order, lines: list[OrderLine], answers: Iterable[Answer]) -> Prepared:
    """What these answers amount to; changes nothing. Raises AnswerRefused and OrderRefused."""
    given = _by_position(answers, lines)
    rows = [_answer_line(order, line, given.get(line.position, Answer(line.position))) for line in lines]
    return Prepared(rows, _overall(rows), _confirmed_total(order, lines, rows))


def _by_position(answers: Iterable[Answer], lines: list[OrderLine]) -> Mapping[int, Answer]:
    known = {line.position for line in lines}
    given: dict[int, Answer] = {}
    for answer in answers:
        if answer.position not in known:
            raise AnswerRefused(_("The order has no line %d.") % answer.position, field=str(answer.position))
        if answer.position in given:
            raise AnswerRefused(_("Line %d is answered twice.") % answer.position, field=str(answer.position))
        given[answer.position] = answer
    return given


def _answer_line(order: Order, line: OrderLine, given: Answer) -> OrderResponseLine:
    answer = _settled(order, line, given)
    row = OrderResponseLine(
        line=line, position=line.position, ordered=dump(line_document(line)), answer=answer, reason=given.reason[:200]
    )
    if answer == LineAnswer.REJECTED:
        row.quantity, row.unit_price = Decimal(0), line.unit_price
        return row
    row.quantity = line.quantity if given.quantity is None else given.quantity
    row.unit_price = price_of(line) if given.unit_price is None else given.unit_price
    row.delivery_date = given.delivery_date or line.delivery_date or order.delivery_date
    _check(line, row)
    return row


def _settled(order: Order, line: OrderLine, given: Answer) -> LineAnswer:
    """Accepted or changed by what is confirmed, not by what the answer calls itself."""
    if given.answer in (LineAnswer.REJECTED, LineAnswer.BACKORDERED):
        return given.answer
    wanted = line.delivery_date or order.delivery_date
    differs = (
        given.quantity not in (None, line.quantity)
        or given.unit_price not in (None, price_of(line))
        or given.delivery_date not in (None, wanted)
    )
    return LineAnswer.CHANGED if differs else LineAnswer.ACCEPTED


def _check(line: OrderLine, row: OrderResponseLine) -> None:
    check_number(row.quantity, what="quantity")
    check_number(row.unit_price, what="unit_price", negative=line.unit_price is not None and line.unit_price < 0)
    if row.quantity == 0 and line.quantity != 0:
        text = _("Line %s: to confirm nothing, reject the line.")
        raise AnswerRefused(text % line.number, field=str(line.position))


def price_of(line: OrderLine) -> Decimal | None:
    """What the line costs as ordered: the buyer's price, else the catalogue's."""
    return line.expected_price if line.unit_price is None else line.unit_price


def _overall(rows: list[OrderResponseLine]) -> str:
    kinds = {str(row.answer) for row in rows}
    if kinds == {LineAnswer.ACCEPTED}:
        return OrderResponse.Answer.ACCEPTED
    if kinds == {LineAnswer.REJECTED}:
        return OrderResponse.Answer.REJECTED
    return OrderResponse.Answer.ACCEPTED_WITH_CHANGES


def _save(order: Order, prepared: Prepared, note: str, number: str) -> OrderResponse:
    given = OrderResponse.objects.filter(order=order)
    serial = given.count() + 1
    if not number or given.filter(number=number).exists():
        number = f"{number or order.seller_number}-{serial}"[-40:]
    response = OrderResponse.objects.create(
        order=order,
        order_version=order.version,
        number=number,
        answer=prepared.answer,
        issued_on=localdate(),
        note=note[:2000],
        total=prepared.total,
    )
    for row in prepared.rows:
        row.response = response
    OrderResponseLine.objects.bulk_create(prepared.rows, batch_size=100)
    return response


def _confirmed_total(order: Order, lines: list[OrderLine], rows: list[OrderResponseLine]) -> Decimal:
    """What is confirmed: lines as ordered keep their amount; the order's own discounts apply."""
    amounts = [_confirmed(order, line, row) for line, row in zip(lines, rows, strict=True)]
    if all(row.answer == LineAnswer.REJECTED for row in rows):
        return Decimal(0)
    return order_total(amounts, load_all(AllowanceDocument, order.allowances), order.currency)


def _confirmed(order: Order, line: OrderLine, row: OrderResponseLine) -> Decimal | None:
    if row.answer == LineAnswer.REJECTED or row.unit_price is None:
        return None
    if (row.quantity, row.unit_price) == (line.quantity, price_of(line)):
        return line.amount
    return amount_of(row.quantity, row.unit_price, line.price_base, order.currency)
