"""What follows an order: despatch, receipt, invoice, answers and changes by other systems, and what does not agree."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import InvalidTransition
from core.models import TrailEntry
from orders.actions import (
    receive_change,
    receive_despatch,
    receive_invoice,
    receive_receipt,
    receive_response,
)
from orders.documents import (
    ChangeLineDocument,
    DespatchDocument,
    DespatchLineDocument,
    InvoiceDocument,
    InvoiceLineDocument,
    LineAnswer,
    LineChange,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PackageDocument,
    ReceiptDocument,
    ReceiptLineDocument,
    ResponseLineDocument,
    TaxDocument,
    TotalsDocument,
)
from orders.errors import AnswerRefused, DuplicateDocument, OrderRefused, UnknownOrder
from orders.models import DespatchAdvice, DespatchPackage, Invoice, InvoiceTax, Order
from orders.progress import progress_of
from tests.orders.factories import line, place, trade

pytestmark = pytest.mark.django_db
TWO = (line("1", "4", "120.50", seller_sku="AP-100"), line("2", "10", "8.125", seller_sku="AP-200"))


@pytest.fixture
def case(act_for):
    """An order of two lines, its seller's and its buyer's systems."""
    seller, buyer, _edge = trade()
    order = place(act_for, *TWO, seller=seller, buyer=buyer)
    selling = act_for(seller, "orders.respond", "orders.invoice", "orders.view")
    return order, selling, act_for(buyer, "orders.send", "orders.view")


def sides(order: Order) -> dict:
    return {"buyer": order.buyer, "seller": order.seller}


def sent(number="D-1", *quantities: str, order="PO-1", **more) -> DespatchDocument:
    lines = tuple(
        DespatchLineDocument(number=str(at), quantity=Decimal(each), order_number=order, order_line=str(at))
        for at, each in enumerate(quantities, 1)
        if each != "0"
    )
    return DespatchDocument(number=number, lines=lines, issued_on=date(2026, 11, 20), **more)


def billed(number="I-1", quantities=("4", "10"), prices=("120.50", "8.125"), **more) -> InvoiceDocument:
    lines = tuple(
        InvoiceLineDocument(number=str(at), quantity=Decimal(many), unit_price=Decimal(price), order_line=str(at))
        for at, (many, price) in enumerate(zip(quantities, prices, strict=True), 1)
    )
    given = {"order_number": "PO-1", "currency": "EUR", "issued_on": date(2026, 11, 21), **more}
    return InvoiceDocument(number=number, lines=lines, **given)


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_goods_go_out_in_two_parts(case):
    order, selling, _buying = case
    receive_despatch(actor=selling, document=sent("D-1", "4", "3"), **sides(order))
    assert state(order) == "partly_shipped"
    receive_despatch(actor=selling, document=sent("D-2", "0", "7"), **sides(order))
    assert state(order) == "shipped"
    verbs = TrailEntry.objects.filter(target="orders.order", target_id=order.pk).values_list("verb", flat=True)
    assert list(verbs).count("order.despatched") == 2
    assert [each.despatched for each in progress_of(order).lines] == [Decimal(4), Decimal(10)]


def test_packages_and_their_nesting_are_kept(case):
    order, selling, _buying = case
    boxes = (PackageDocument("1", kind="201"), PackageDocument("2", parent="1", sscc="380123450000000014", count=2))
    row = receive_despatch(actor=selling, document=sent("D-1", "4", "10", packages=boxes), **sides(order))
    kept = [(each.reference, each.parent, each.sscc, each.count) for each in DespatchPackage.objects.all()]
    assert kept == [("1", "", "", None), ("2", "1", "380123450000000014", 2)]
    assert row.document["packages"][1]["sscc"] == "380123450000000014"


def test_a_line_is_found_by_its_item_where_it_names_no_number(case):
    order, selling, _buying = case
    lines = (DespatchLineDocument(number="9", quantity=Decimal(10), seller_sku="ap-200"),)
    document = DespatchDocument(number="D-1", order_number="PO-1", lines=lines)
    row = receive_despatch(actor=selling, document=document, **sides(order))
    assert row.lines.get().order_line.number == "2"


def test_a_line_number_with_another_item_is_not_taken_for_it(case):
    order, selling, _buying = case
    lines = (DespatchLineDocument(number="1", quantity=Decimal(1), order_line="1", seller_sku="XX-9"),)
    document = DespatchDocument(number="D", order_number="PO-1", lines=lines)
    receive_despatch(actor=selling, document=document, **sides(order))
    found = progress_of(order)
    assert found.stray == ["Despatch D brings 1 × XX-9, which no line ordered."] and not found.agrees


def test_everything_agrees_from_order_to_invoice(case):
    order, selling, buying = case
    receive_despatch(actor=selling, document=sent("D-1", "4", "10"), **sides(order))
    arrived = tuple(
        ReceiptLineDocument(number=str(at), received=Decimal(each), order_line=str(at))
        for at, each in enumerate(("4", "10"), 1)
    )
    document = ReceiptDocument(number="R-1", despatch_number="D-1", lines=arrived)
    receipt = receive_receipt(actor=buying, document=document, **sides(order))
    assert receipt.despatch.number == "D-1" and receipt.orders.get() == order
    taxes = (TaxDocument(category="S", rate=Decimal(22), taxable=Decimal("563.25"), amount=Decimal("123.92")),)
    totals = TotalsDocument(lines=Decimal("563.25"), tax=Decimal("123.92"), total=Decimal("687.17"))
    invoice = receive_invoice(actor=selling, document=billed(taxes=taxes, totals=totals), **sides(order))
    assert state(order) == "invoiced"
    assert (invoice.net, invoice.tax, invoice.total, invoice.payable) == (
        Decimal("563.25"),
        Decimal("123.92"),
        Decimal("687.17"),
        Decimal("687.17"),
    )
    assert InvoiceTax.objects.get().rate == Decimal(22)
    found = progress_of(order)
    assert found.known and found.agrees and [each.amount for each in found.lines] == [482, Decimal("81.25")]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (billed(prices=("121", "8.125")), "Invoice I-1 charges 121 each; 120.5 was agreed."),
        (billed(quantities=("5", "10")), "5 are invoiced, but 4 were sent."),
        (billed(currency="USD"), "Invoice I-1 is in USD, the order in EUR."),
    ],
)
def test_differences_are_said_in_words(case, document, sentence):
    order, selling, _buying = case
    receive_despatch(actor=selling, document=sent("D-1", "4", "10"), **sides(order))
    receive_invoice(actor=selling, document=document, **sides(order))
    assert progress_of(order).lines[0].differences == [sentence]


def test_a_line_amount_that_is_not_quantity_times_price(case):
    order, selling, _buying = case
    wrong = InvoiceLineDocument(
        number="1", quantity=Decimal(4), unit_price=Decimal("120.50"), amount=Decimal(500), order_line="1"
    )
    document = InvoiceDocument(number="I", order_number="PO-1", currency="EUR", lines=(wrong,))
    receive_invoice(actor=selling, document=document, **sides(order))
    [said] = progress_of(order).lines[0].differences
    assert said == "Invoice I charges 500 for this line; quantity times price is 482."


def test_goods_that_did_not_arrive(case):
    order, selling, buying = case
    receive_despatch(actor=selling, document=sent("D-1", "4", "10"), **sides(order))
    arrived = (ReceiptLineDocument(number="1", received=Decimal(2), rejected=Decimal(1), order_line="1"),)
    receive_receipt(
        actor=buying, document=ReceiptDocument(number="R", order_number="PO-1", lines=arrived), **sides(order)
    )
    said = progress_of(order).lines[0].differences
    assert said == ["1 that were sent did not arrive.", "1 were refused on arrival."]


def test_a_credit_note_takes_the_invoice_back(case):
    order, selling, _buying = case
    receive_invoice(actor=selling, document=billed(), **sides(order))
    assert state(order) == "invoiced", "services are invoiced without a despatch"
    receive_invoice(actor=selling, document=billed("C-1", kind="credit_note", preceding="I-1"), **sides(order))
    assert [each.invoiced for each in progress_of(order).lines] == [0, 0]
    assert Invoice.objects.get(kind="credit_note").preceding == "I-1"


def test_the_same_document_is_taken_in_once(case):
    order, selling, _buying = case
    for receive, document, model in (
        (receive_despatch, sent("D-1", "4", "10"), DespatchAdvice),
        (receive_invoice, billed(), Invoice),
    ):
        receive(actor=selling, document=document, **sides(order))
        with pytest.raises(DuplicateDocument):
            receive(actor=selling, document=document, **sides(order))
        assert model.objects.count() == 1


def test_an_order_that_is_not_here_is_said_and_a_person_names_it(case):
    order, selling, _buying = case
    document = sent("D-1", "4", "10", order="ELSEWHERE")
    with pytest.raises(UnknownOrder):
        receive_despatch(actor=selling, document=document, **sides(order))
    receive_despatch(actor=selling, document=document, order=order, **sides(order))
    assert state(order) == "shipped"


def test_an_order_of_other_companies_is_not_found(case, act_for):
    order, _selling, _buying = case
    seller, buyer, _edge = trade()
    selling = act_for(seller, "orders.respond")
    with pytest.raises(UnknownOrder):
        receive_despatch(actor=selling, document=sent("D", "4"), buyer=buyer, seller=seller)
    with pytest.raises(UnknownOrder):
        receive_despatch(actor=selling, document=sent("D", "4"), buyer=order.buyer, seller=seller)


@pytest.mark.parametrize("document", [sent("", "4"), sent("N" * 71, "4"), sent("D", "1E+40"), sent("D", "NaN")])
def test_what_cannot_be_kept_is_refused(case, document):
    order, selling, _buying = case
    with pytest.raises(OrderRefused):
        receive_despatch(actor=selling, document=document, **sides(order))
    assert not DespatchAdvice.objects.exists()


def test_each_side_says_only_what_is_its_own(case, act_for):
    order, selling, buying = case
    reader = act_for(order.seller, "orders.view")
    for actor in (buying, reader):
        with pytest.raises(PermissionDenied):
            receive_despatch(actor=actor, document=sent("D", "4"), **sides(order))
        with pytest.raises(PermissionDenied):
            receive_invoice(actor=actor, document=billed(), **sides(order))
    with pytest.raises(PermissionDenied):
        receive_receipt(actor=selling, document=ReceiptDocument(number="R", order_number="PO-1"), **sides(order))


# --- answers and changes of other systems ---


def said(number, answer, quantity="0", **more) -> ResponseLineDocument:
    ordered = OrderLineDocument(number=number, quantity=Decimal(0), seller_sku=more.pop("sku", ""))
    return ResponseLineDocument(ordered=ordered, answer=answer, quantity=Decimal(quantity), **more)


def response(answer, *lines, number="PO-1", **more) -> OrderResponseDocument:
    return OrderResponseDocument(number="OR-1", answer=answer, order=OrderDocument(number=number), lines=lines, **more)


def test_an_answer_by_system_is_the_answer_on_the_web(case):
    order, selling, _buying = case
    lines = (
        said("001", LineAnswer.CHANGED, "3", delivery_date=date(2026, 12, 1)),
        said("2", LineAnswer.REJECTED, reason="No longer made"),
    )
    document = response("accepted_with_changes", *lines, seller_order_number="SAP-77", note="Sorry")
    receive_response(actor=selling, document=document, **sides(order))
    order.refresh_from_db()
    assert (order.state, order.seller_number) == ("accepted_with_changes", "SAP-77")
    rows = order.responses.get().lines.all()
    assert [(row.answer, row.quantity, row.reason) for row in rows] == [
        ("changed", Decimal(3), ""),
        ("rejected", Decimal(0), "No longer made"),
    ]
    assert order.responses.get().number == "OR-1"


def test_a_later_answer_replaces_the_one_before(case):
    order, selling, _buying = case
    receive_response(actor=selling, document=response("accepted"), **sides(order))
    later = response("accepted_with_changes", said("1", LineAnswer.CHANGED, "4", delivery_date=date(2026, 12, 9)))
    receive_response(actor=selling, document=later, **sides(order))
    order.refresh_from_db()
    assert order.state == "accepted_with_changes"
    assert [each.number for each in order.responses.all()] == ["OR-1", "OR-1-2"]


def test_a_line_answered_in_parts_is_one_answer(case):
    order, selling, _buying = case
    parts = (
        said("1", LineAnswer.ACCEPTED, "1"),
        said("1", LineAnswer.BACKORDERED, "3", delivery_date=date(2027, 1, 7)),
    )
    receive_response(actor=selling, document=response("accepted_with_changes", *parts), **sides(order))
    row = order.responses.get().lines.get(position=1)
    assert (row.answer, row.quantity, row.delivery_date) == ("backordered", Decimal(4), date(2027, 1, 7))


def test_a_receipt_of_the_order_takes_it_in_hand(case):
    order, selling, _buying = case
    receive_response(actor=selling, document=response("acknowledged"), **sides(order))
    assert state(order) == "acknowledged"


def test_a_rejection_without_lines_rejects_them_all(case):
    order, selling, _buying = case
    receive_response(actor=selling, document=response("rejected"), **sides(order))
    assert state(order) == "rejected"


def test_answers_to_nothing_are_refused(case):
    order, selling, buying = case
    with pytest.raises(UnknownOrder):
        receive_response(actor=selling, document=response("accepted", number="X"), **sides(order))
    stray = response("accepted", said("77", LineAnswer.ACCEPTED, "1"))
    with pytest.raises(AnswerRefused, match="does not have"):
        receive_response(actor=selling, document=stray, **sides(order))
    with pytest.raises(PermissionDenied):
        receive_response(actor=buying, document=response("accepted"), **sides(order))


def change(*lines, function="change", **head) -> OrderChangeDocument:
    return OrderChangeDocument(
        number="CH-1", function=function, order=OrderDocument(number="PO-1", **head), lines=lines
    )


def test_a_change_says_only_what_differs(case):
    order, _selling, buying = case
    more = OrderLineDocument(number="3", quantity=Decimal(1), seller_sku="AP-300", unit_price=Decimal(5))
    document = change(
        ChangeLineDocument(OrderLineDocument(number="1", quantity=Decimal(6)), LineChange.CHANGED),
        ChangeLineDocument(OrderLineDocument(number="2", quantity=Decimal(0)), LineChange.DELETED),
        ChangeLineDocument(more, LineChange.ADDED),
        delivery_date=date(2026, 12, 24),
    )
    receive_change(actor=buying, document=document, **sides(order))
    order.refresh_from_db()
    assert order.delivery_date == date(2026, 12, 24)
    kept = [(row.number, row.quantity, row.unit_price, row.seller_sku) for row in order.lines.all()]
    assert kept == [("1", 6, Decimal("120.50"), "AP-100"), ("3", 1, Decimal(5), "AP-300")]


def test_a_cancellation_cancels_and_not_twice(case):
    order, _selling, buying = case
    receive_change(actor=buying, document=change(function="cancel"), **sides(order))
    assert state(order) == "cancelled"
    with pytest.raises(InvalidTransition):
        receive_change(actor=buying, document=change(function="cancel"), **sides(order))


def test_only_the_buyer_changes(case):
    order, selling, _buying = case
    with pytest.raises(PermissionDenied):
        receive_change(actor=selling, document=change(function="cancel"), **sides(order))
