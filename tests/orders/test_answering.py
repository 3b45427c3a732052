"""The seller answers, the buyer changes and cancels."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import InvalidTransition
from core.models import TrailEntry
from orders.actions import Answer, acknowledge_order, cancel_order, respond_to_order
from orders.documents import LineAnswer, ResponseLineDocument
from orders.documents_of import response_document
from orders.errors import AnswerRefused, OrderRefused, UnknownOrder
from orders.models import CrossReference, Order
from tests.factories import OrganisationFactory
from tests.orders.factories import ProductFactory, line, place, trade

D = Decimal

pytestmark = pytest.mark.django_db
ANSWERABLE = ["received", "acknowledged", "change_requested"]
SETTLED = ["accepted", "rejected", "cancelled", "shipped", "closed"]


@pytest.fixture
def order(act_for):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller, sku="A")
    return place(
        act_for,
        line("10", "6", "100", seller_sku=product.sku, buyer_sku="MINE-1", delivery_date=date(2027, 1, 15)),
        line("20", "3", "0.335", seller_sku="?"),
        seller=seller,
        buyer=buyer,
    )


@pytest.fixture
def seller(act_for, order):
    return act_for(order.seller, "orders.respond", "orders.view")


@pytest.mark.parametrize("state", ANSWERABLE)
def test_accepting_all_confirms_what_was_ordered(order, seller, state):
    Order.objects.update(state=state)
    response = respond_to_order(actor=seller, order=order, note="Thank you")
    order.refresh_from_db()
    assert (order.state, response.answer, response.total) == ("accepted", "accepted", order.total)
    assert order.answered_at
    rows = list(response.lines.values_list("answer", "quantity", "unit_price", "delivery_date"))
    assert rows == [("accepted", D(6), D(100), date(2027, 1, 15)), ("accepted", D(3), D("0.335"), None)]
    entry = TrailEntry.objects.get(verb="order.accepted")
    assert (entry.data["number"], entry.data["note"], entry.data["response"]) == ("PO-1", "Thank you", response.pk)
    assert set(entry.readers.values_list("organisation", flat=True)) == {order.buyer_id, order.seller_id}


def test_the_buyers_own_number_of_a_confirmed_line_is_remembered(order, seller, act_for):
    respond_to_order(actor=seller, order=order)
    assert CrossReference.objects.get().number == "MINE-1"
    again = place(act_for, line(buyer_sku="MINE-1"), seller=order.seller, buyer=order.buyer, number="PO-2")
    assert again.lines.get().product.sku == "A"


def test_changes_line_by_line(order, seller):
    answers = [
        Answer(1, LineAnswer.CHANGED, D(4), D("101.50"), date(2027, 2, 1), "Two are in repair"),
        Answer(2, LineAnswer.REJECTED, reason="No longer made"),
    ]
    response = respond_to_order(actor=seller, order=order, answers=answers)
    order.refresh_from_db()
    assert (order.state, response.answer) == ("accepted_with_changes", "accepted_with_changes")
    assert response.total == D(406)
    written = response_document(response)
    assert (written.seller_order_number, written.order.number) == (order.seller_number, "PO-1")
    first, second = written.lines
    assert isinstance(first, ResponseLineDocument)
    assert (first.ordered.number, first.answer, first.quantity, first.unit_price, first.delivery_date) == (
        "10",
        LineAnswer.CHANGED,
        D(4),
        D("101.50"),
        date(2027, 2, 1),
    )
    assert (second.answer, second.quantity, second.reason) == (LineAnswer.REJECTED, 0, "No longer made")


def test_a_line_is_changed_by_what_is_confirmed_not_by_its_name(order, seller):
    same = Answer(1, LineAnswer.CHANGED, D("6.00"), D("100.0"), date(2027, 1, 15))
    other = Answer(2, LineAnswer.ACCEPTED, D(2))
    response = respond_to_order(actor=seller, order=order, answers=[same, other])
    assert list(response.lines.values_list("answer", flat=True)) == ["accepted", "changed"]


def test_rejecting_every_line_rejects_the_order(order, seller):
    answers = [Answer(n, LineAnswer.REJECTED, reason="Closed") for n in (1, 2)]
    response = respond_to_order(actor=seller, order=order, answers=answers)
    order.refresh_from_db()
    assert (order.state, response.total) == ("rejected", 0)
    assert TrailEntry.objects.filter(verb="order.rejected").exists()


def test_a_backordered_line_is_a_change(order, seller):
    response = respond_to_order(actor=seller, order=order, answers=[Answer(1, LineAnswer.BACKORDERED, reason="May")])
    assert response.answer == "accepted_with_changes"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([Answer(9)], AnswerRefused),
        ([Answer(1), Answer(1)], AnswerRefused),
        ([Answer(1, LineAnswer.CHANGED, D(0))], AnswerRefused),
        ([Answer(1, LineAnswer.CHANGED, D(-1))], OrderRefused),
        ([Answer(1, LineAnswer.CHANGED, D("NaN"))], OrderRefused),
        ([Answer(1, LineAnswer.CHANGED, None, D(-5))], OrderRefused),
        ([Answer(1, LineAnswer.CHANGED, D("99999999999999"), D(1000))], OrderRefused),
    ],
)
def test_an_answer_that_contradicts_itself_changes_nothing(order, seller, answers, error):
    with pytest.raises(error):
        respond_to_order(actor=seller, order=order, answers=answers)
    order.refresh_from_db()
    assert order.state == "received"
    assert not order.responses.exists()


@pytest.mark.parametrize("state", ["draft", *SETTLED])
def test_only_open_orders_are_answered(order, seller, state):
    Order.objects.update(state=state)
    refusal = Order.DoesNotExist if state == "draft" else InvalidTransition
    with pytest.raises(refusal):
        respond_to_order(actor=seller, order=order)
    assert not order.responses.exists()


def test_only_the_sellers_order_desk_answers(order, act_for):
    for actor in (act_for(order.buyer, "orders.respond"), act_for(order.seller, "orders.view")):
        with pytest.raises(PermissionDenied):
            respond_to_order(actor=actor, order=order)
        with pytest.raises(PermissionDenied):
            acknowledge_order(actor=actor, order=order)
    with pytest.raises(Order.DoesNotExist):
        respond_to_order(actor=act_for(OrganisationFactory(), "orders.respond"), order=order)


def test_taking_in_hand(order, seller):
    assert acknowledge_order(actor=seller, order=order).state == "acknowledged"
    with pytest.raises(InvalidTransition):
        acknowledge_order(actor=seller, order=order)


@pytest.mark.parametrize("state", [*ANSWERABLE, "accepted", "accepted_with_changes"])
def test_the_buyer_cancels_what_was_not_shipped(order, act_for, state):
    Order.objects.update(state=state)
    done = cancel_order(actor=act_for(order.buyer, "orders.send"), order=order, reason="Site closed")
    assert done.state == "cancelled"
    assert TrailEntry.objects.get(verb="order.cancelled").data["reason"] == "Site closed"


@pytest.mark.parametrize("state", ["partly_shipped", "shipped", "invoiced", "closed", "rejected", "cancelled"])
def test_what_is_shipped_or_over_is_not_cancelled(order, act_for, state):
    Order.objects.update(state=state)
    with pytest.raises(InvalidTransition):
        cancel_order(actor=act_for(order.buyer, "orders.send"), order=order)


def test_only_the_buyer_cancels(order, act_for):
    for actor in (act_for(order.seller, "orders.send", "orders.respond"), act_for(order.buyer, "orders.view")):
        with pytest.raises(PermissionDenied):
            cancel_order(actor=actor, order=order)
    with pytest.raises(Order.DoesNotExist):
        cancel_order(actor=act_for(OrganisationFactory(), "orders.send"), order=order)


def sent(act_for, order, *lines, **more):
    return place(act_for, *lines, seller=order.seller, buyer=order.buyer, **more)


def test_a_change_before_the_answer_replaces_the_order_and_keeps_the_version(order, act_for):
    changed = sent(act_for, order, line("10", "8", "100", seller_sku="A"), function="change")
    changed.refresh_from_db()
    assert (changed.pk, changed.state, changed.version, changed.total) == (order.pk, "received", 2, D(800))
    version = changed.versions.get()
    assert version.document["lines"][0]["quantity"] == "6"
    told = [(d.line, d.what, d.before, d.after) for d in version.differences]
    assert ("10", "quantity", "6", "8") in told
    assert ("20", "line", "3 × ?", "") in told
    assert TrailEntry.objects.get(verb="order.changed").data["version"] == 2


def test_a_change_after_the_answer_asks_for_a_new_one_and_keeps_the_old_answer(order, seller, act_for):
    response = respond_to_order(actor=seller, order=order)
    changed = sent(act_for, order, line("10", "8", "100", seller_sku="A"), function="replace")
    assert changed.state == "change_requested"
    response.refresh_from_db()
    assert response_document(response).lines[0].ordered.quantity == 6
    again = respond_to_order(actor=seller, order=changed)
    assert (again.total, again.order_version, changed.responses.count()) == (D(800), 3, 2)


def test_no_change_once_goods_are_on_their_way(order, act_for):
    Order.objects.update(state="shipped")
    with pytest.raises(InvalidTransition):
        sent(act_for, order, function="change")
    assert order.lines.count() == 2


def test_a_cancellation_by_document(order, act_for):
    assert sent(act_for, order, function="cancel", notes=("Not needed",)).state == "cancelled"


@pytest.mark.parametrize("function", ["change", "replace", "cancel"])
def test_a_change_of_an_unknown_order_is_refused(order, act_for, function):
    with pytest.raises(UnknownOrder) as refused:
        sent(act_for, order, number="OTHER", function=function)
    assert refused.value.code == "unknown_order"
