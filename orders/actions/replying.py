"""What a seller's system answers and a buyer's system changes, applied as a person's answer and change are."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.states import can_move
from orders.actions.answering import Answer, acknowledge_order, respond_to_order
from orders.actions.delivering import locked
from orders.actions.revising import cancel_order, change_order
from orders.changing import changed
from orders.codec import clean
from orders.documents import (
    LineAnswer,
    OrderChangeDocument,
    OrderLineDocument,
    OrderResponseDocument,
    ResponseLineDocument,
)
from orders.documents_of import order_document
from orders.errors import AnswerRefused, UnknownOrder
from orders.models import Order, OrderLine
from orders.permissions import may_send, may_work_on
from orders.targets import Targets, find_order
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

NUMBER = 40


@transaction.atomic
def receive_change(
    *,
    actor: Actor,
    document: OrderChangeDocument,
    buyer: Organisation,
    seller: Organisation,
    order: Order | None = None,
) -> Order:
    """Change or cancel an order as the buyer's system says (ORDCHG, 860, OrderChange, OrderCancellation).

    Raises UnknownOrder, OrderRefused and InvalidTransition.
    """
    require(may_send(actor, buyer.pk))
    document = clean(document)
    number = document.order.number or next((value for kind, value in document.references if kind == "order"), "")
    order = order or find_order(buyer_id=buyer.pk, seller_id=seller.pk, number=number)
    if order is None:
        raise UnknownOrder(number)
    if document.function == "cancel":
        reason = document.reason or "\n".join(document.notes)
        return cancel_order(actor=actor, order=order, reason=reason[:500])
    return change_order(actor=actor, order=order, document=changed(order_document(order), document))


@transaction.atomic
def receive_response(
    *,
    actor: Actor,
    document: OrderResponseDocument,
    buyer: Organisation,
    seller: Organisation,
    order: Order | None = None,
) -> Order:
    """Answer an order as the seller's system says (ORDRSP, 855, 865, OrderResponse, ConfirmationRequest).

    Lines that the answer leaves out are accepted as ordered, or rejected where the whole is. An answer given before is
    replaced while nothing was shipped. Raises UnknownOrder, AnswerRefused, OrderRefused and InvalidTransition.
    """
    document = clean(document)
    number, sellers = document.order.number, document.seller_order_number
    order = order or find_order(buyer_id=buyer.pk, seller_id=seller.pk, number=number, sellers_number=sellers)
    if order is None:
        raise UnknownOrder(number or sellers)
    order = locked(actor, order)
    require(may_work_on(actor, order))
    if sellers.strip() and order.seller_number != sellers.strip()[:NUMBER]:
        order.seller_number = sellers.strip()[:NUMBER]
        order.save(update_fields=["seller_number"])
    if document.answer == "acknowledged":
        return acknowledge_order(actor=actor, order=order) if can_move(order, "acknowledge") else order
    answers = _answers(order, document)
    note = document.note or "\n".join(document.notes)
    number = document.number.strip()[:NUMBER]
    respond_to_order(actor=actor, order=order, answers=answers, note=note, number=number, again=True)
    order.refresh_from_db()
    return order


def _answers(order: Order, document: OrderResponseDocument) -> list[Answer]:
    lines = list(OrderLine.objects.filter(order=order).select_related("product"))
    given: dict[int, Answer] = {}
    targets = Targets({}, order, {order.pk: lines})
    for each in document.lines:
        line = _line_of(targets, order, each.ordered)
        if line is None:
            said = each.ordered.number or each.ordered.seller_sku or each.ordered.gtin
            raise AnswerRefused(_("The answer is about line “%s”, which the order does not have.") % said[:40])
        given[line.position] = _merged(given.get(line.position), _answer(line, each))
    if document.answer == "rejected":
        return [given.get(row.position) or Answer(row.position, LineAnswer.REJECTED) for row in lines]
    return list(given.values())


def _line_of(targets: Targets, order: Order, ordered: OrderLineDocument) -> OrderLine | None:
    """The line answered: an answer repeats the number that the line had in the order."""
    found = targets.line_of(ordered, order)
    if found is not None:
        return found
    same = [row for row in targets.lines[order.pk] if row.number.lstrip("0") == ordered.number.strip().lstrip("0")]
    return same[0] if len(same) == 1 else None


def _answer(line: OrderLine, each: ResponseLineDocument) -> Answer:
    comes = _("Replaced by %s.") % each.substitute if each.substitute else ""
    reason = " ".join(part for part in (each.reason, comes) if part)
    if each.answer is LineAnswer.REJECTED:
        return Answer(line.position, each.answer, reason=reason)
    quantity = each.quantity if each.quantity or each.answer is LineAnswer.BACKORDERED else None
    kind = LineAnswer.BACKORDERED if each.answer is LineAnswer.BACKORDERED else LineAnswer.CHANGED
    kind = LineAnswer.ACCEPTED if each.answer is LineAnswer.ACCEPTED else kind
    return Answer(line.position, kind, quantity, each.unit_price, each.delivery_date, reason)


def _merged(before: Answer | None, more: Answer) -> Answer:
    """A line answered in parts (so many now, so many later): the quantities add up, the later date holds."""
    if before is None:
        return more
    quantity = (before.quantity or Decimal(0)) + (more.quantity or Decimal(0)) or None
    dates = [day for day in (before.delivery_date, more.delivery_date) if day]
    reason = " ".join(dict.fromkeys(part for part in (before.reason, more.reason) if part))
    kind = before.answer if before.answer is not LineAnswer.ACCEPTED else more.answer
    return replace(before, answer=kind, quantity=quantity, delivery_date=max(dates, default=None), reason=reason)
