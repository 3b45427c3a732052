"""Orders use promotions: priced, reserved, committed, released; refused with a sentence; each budget kept exactly."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from core.audit import deliver_owed, fan_out
from core.models import TrailEntry
from orders.actions import cancel_order, change_order, respond_to_order
from orders.actions.answering import Answer
from orders.documents import LineAnswer
from orders.documents_of import order_document
from promotions.actions import renew
from promotions.models import Redemption, RedemptionShare
from tests.factories import PartnershipFactory
from tests.orders.factories import line
from tests.promotions.factories import CodeFactory, ShareFactory, yesterday

pytestmark = pytest.mark.django_db
D = Decimal


def deliver():
    """Hand on what the trail owes, as the job does."""
    for pk in TrailEntry.objects.filter(fanned_out_at=None).order_by("pk").values_list("pk", flat=True):
        fan_out.call(pk)


def uses(promotion):
    promotion.refresh_from_db()
    live = Redemption.objects.live().filter(promotion=promotion)
    assert promotion.spent == (live.aggregate(sum=Sum("amount"))["sum"] or 0)
    assert promotion.used == live.values("order").distinct().count()
    return promotion.spent, promotion.used


def refusals(order):
    return [str(finding) for finding in order.findings.filter(code="code_refused")]


def test_an_order_is_priced_with_what_runs_and_reserves_it(market):
    promotion = market.run()
    order = market.order()
    row = order.lines.get()
    assert (row.expected_price, row.amount, order.total) == (90, 900, 900)
    deliver()
    [redemption] = Redemption.objects.all()
    assert (redemption.units, redemption.price_before, redemption.price_after) == (10, 100, 90)
    assert redemption.state == "reserved" and uses(promotion) == (100, 1)


def test_what_is_told_twice_is_reserved_once(market):
    promotion = market.run()
    order = market.order()
    deliver()
    renew(order=order)
    renew(order=order)
    assert uses(promotion) == (100, 1)


def test_the_answer_commits_and_lets_go_of_what_it_rejects(market):
    promotion = market.run()
    rows = [line("1", "10", None, seller_sku="PUMP-1"), line("2", "4", None, seller_sku="PUMP-1")]
    order = market.order(lines=rows)
    deliver()
    assert uses(promotion) == (140, 1)
    respond_to_order(actor=market.manager, order=order, answers=[Answer(2, LineAnswer.REJECTED)])
    deliver()
    assert uses(promotion) == (100, 1)
    assert set(Redemption.objects.values_list("position", "state")) == {(1, "committed"), (2, "released")}


def test_fewer_units_confirmed_keep_their_part(market):
    promotion = market.run()
    order = market.order(quantity="3")
    deliver()
    respond_to_order(actor=market.manager, order=order, answers=[Answer(1, LineAnswer.CHANGED, D(1))])
    deliver()
    assert uses(promotion) == (10, 1)
    respond_to_order(actor=market.manager, order=order, answers=[Answer(1, LineAnswer.ACCEPTED, D(3))], again=True)
    deliver()
    assert uses(promotion) == (10, 1)  # what was let go of may be somebody else's by now


def test_a_rejected_and_a_cancelled_order_give_everything_back(market):
    promotion = market.run(budget=D(500), max_uses=5)
    first, second = market.order(), market.order()
    deliver()
    assert uses(promotion) == (200, 2)
    respond_to_order(actor=market.manager, order=first, answers=[Answer(1, LineAnswer.REJECTED)])
    cancel_order(actor=market.buyer, order=second)
    deliver()
    assert uses(promotion) == (0, 0)
    assert set(Redemption.objects.values_list("state", flat=True)) == {"released"}


def test_a_changed_order_is_decided_anew(market):
    promotion = market.run(min_quantity=D(5))
    order = market.order()
    deliver()
    document = order_document(order)
    fewer = line("1", "4", None, seller_sku="PUMP-1")
    change_order(actor=market.buyer, order=order, document=type(document)(number=order.number, lines=(fewer,)))
    deliver()
    assert uses(promotion) == (0, 0)


def test_a_budget_that_is_used_up_meanwhile_is_told_and_taken_out_of_the_price(market):
    promotion = market.run(budget=D(150))
    first, second = market.order(), market.order()  # both were priced while the budget was there
    assert second.total == 900
    deliver()
    assert uses(promotion) == (100, 1)
    second.refresh_from_db()
    row = second.lines.get()
    assert (row.expected_price, row.amount, second.total) == (100, 1000, 1000)
    [said] = refusals(second)
    assert "50.00 left" in said and promotion.number in said
    assert refusals(first) == []


def test_what_others_pay_adds_up_to_the_last_cent(market):
    promotion = market.run(value=D("33.33"))
    payers = [ShareFactory(promotion=promotion, percent=D("33.33")) for _each in range(3)]
    market.order(quantity="1")
    deliver()
    paid = RedemptionShare.objects.values_list("organisation", "amount")
    assert {pk for pk, _amount in paid} == {each.organisation_id for each in payers}
    assert sum(amount for _pk, amount in paid) == D("33.33")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"state": "paused"}, "is paused"),
        ({"state": "ended"}, "has ended"),
        ({"until": yesterday()}, "runs from"),
        ({"min_quantity": D(40)}, "asks for 30 units more"),
        ({"needs_deal": True}, "registered deal"),
        ({"product_lines": ["Valves"]}, "none of the products"),
        ({"max_uses": 1, "used": 1}, "as often as it may be"),
        ({"territories": "XX"}, "no promotion"),
        ({"state": "draft"}, "no promotion"),
    ],
)
def test_a_code_that_does_not_apply_says_why(market, columns, says):
    code = CodeFactory(promotion=market.run(codes_kind="one", **columns))
    order = market.order(code=code.text.lower())
    [said] = refusals(order)
    assert says in said
    deliver()
    assert refusals(order) == [said] and not Redemption.objects.exists()


def test_a_code_of_another_vendor_or_for_others_is_unknown(market):
    elsewhere = CodeFactory()
    other = market.run(codes_kind="one", linked__partnerships=[PartnershipFactory(vendor=market.vendor)])
    for code in (elsewhere, CodeFactory(promotion=other)):
        [said] = refusals(market.order(code=code.text))
        assert said == f"The code {code.text} does not apply: There is no promotion “{code.text}” that you can use."


def test_a_promotion_with_a_code_waits_for_it(market):
    promotion = market.run(codes_kind="one")
    code = CodeFactory(promotion=promotion)
    assert market.order().total == 1000
    assert market.order(code=code.text).total == 900
    [said] = refusals(market.order(code=promotion.number))
    assert "with its code" in said


def test_a_code_for_one_order_is_taken_once_and_given_back(market):
    promotion = market.run(codes_kind="many")
    code = CodeFactory(promotion=promotion, single=True)
    first = market.order(code=code.text)
    second = market.order(code=code.text)
    deliver()
    code.refresh_from_db()
    assert code.order == first and uses(promotion) == (100, 1)
    assert "used by another order" in refusals(second)[0]
    cancel_order(actor=market.buyer, order=first)
    deliver()
    code.refresh_from_db()
    assert code.order is None
    assert market.order(code=code.text).total == 900


def test_one_partner_does_not_use_it_more_often_than_it_may(market):
    promotion = market.run(max_uses_each=1)
    market.order()
    deliver()
    assert market.order().total == 1000
    assert uses(promotion) == (100, 1)


def test_a_deal_number_in_the_same_element_is_no_wrong_code(market):
    assert refusals(market.order(code="D-0041271")) == []


def test_the_two_sides_read_in_the_orders_history_what_it_uses(market):
    promotion = market.run()
    order = market.order()
    deliver()
    entry = TrailEntry.objects.get(verb="promotion.reserved")
    assert entry.target_id == order.pk and entry.data["names"] == promotion.name
    assert set(entry.readers.values_list("organisation", flat=True)) == {market.vendor.pk, market.partner.pk}


def test_the_sweeper_makes_good_what_was_not_told(market):
    promotion = market.run()
    market.order()
    TrailEntry.objects.update(created=promotion.created.replace(year=2020))
    deliver_owed.call()
    assert uses(promotion) == (100, 1)
