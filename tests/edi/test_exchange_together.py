"""Many orders of one interchange: what is looked up once for all of them changes nothing for any of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from core import audit
from core.audit import deliver_owed
from core.models import TrailEntry
from edi import sharing
from edi.exchange import receive
from edi.models import Message
from orders.models import CrossReference, Order, OrderLine
from partners.models import Partnership
from tests.edi.traffic import edifact, orders_message, pair
from tests.orders.factories import PriceListFactory, PriceListItemFactory, ProductFactory

pytestmark = pytest.mark.django_db


def take(couple, *messages, control="4711"):
    [row] = receive(actor=couple.actor, data=edifact(*messages, control=control).encode()).interchanges
    return row


def many(count, start=1):
    return [orders_message(str(at), f"PO-{at}") for at in range(start, start + count)]


def refusals(row):
    return list(row.findings.filter(severity="error").values_list("message__position", "code").order_by("pk"))


def test_each_further_order_costs_a_fixed_number_of_statements():
    couple = pair()
    take(couple, *many(1), control="0")  # begins the series of numbers

    def statements(count, start, control):
        with CaptureQueriesContext(connection) as caught:
            assert take(couple, *many(count, start), control=control).validation == "valid"
        plain = [each["sql"] for each in caught if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "SET LOCAL"))]
        return len(plain)

    few, more = statements(2, 10, "1"), statements(12, 100, "2")
    assert (more - few) / 10 == 10  # number, order, lines, findings, room, seats, sides, entry, its readers, message


def test_one_interchange_may_hold_more_than_is_looked_up_at_once(monkeypatch):
    monkeypatch.setattr(sharing, "MOST_ORDERS", 2)
    couple = pair()
    product = ProductFactory(vendor=couple.seller, sku="AP-100", list_price=Decimal("120.50"))
    row = take(couple, *many(5))
    assert row.validation == "valid"
    assert sorted(Order.objects.values_list("number", flat=True)) == ["PO-1", "PO-2", "PO-3", "PO-4", "PO-5"]
    assert OrderLine.objects.filter(product=product, matched_by="sku").count() == 5
    assert sorted(Order.objects.values_list("seller_number", flat=True)) == [
        "SO-0000013",
        "SO-0000021",
        "SO-0000037",
        "SO-0000045",
        "SO-0000059",
    ]


def test_many_lines_are_not_looked_up_at_once(monkeypatch):
    monkeypatch.setattr(sharing, "MOST_LINES", 3)
    assert take(pair(), *many(3)).validation == "valid"
    assert Order.objects.count() == 3


def test_a_number_that_comes_twice_in_one_interchange_is_one_order():
    row = take(
        pair(), orders_message("1", "PO-1"), orders_message("2", "PO-1", quantity="9"), orders_message("3", "PO-2")
    )
    assert row.validation == "partly" and refusals(row) == [(2, "duplicate-order")]
    assert sorted(Order.objects.values_list("number", flat=True)) == ["PO-1", "PO-2"]
    assert sorted(Order.objects.values_list("seller_number", flat=True)) == ["SO-0000013", "SO-0000021"], "no gap"
    assert Order.objects.get(number="PO-1").lines.get(position=1).quantity == 4


def test_an_order_is_changed_by_a_later_message_of_its_own_interchange():
    changed = orders_message("2", "PO-1", quantity="6").replace("BGM+220+PO-1+9", "BGM+220+PO-1+5")
    row = take(pair(), orders_message("1", "PO-1"), changed)
    order = Order.objects.get()
    assert row.validation == "valid" and refusals(row) == []
    assert (order.version, order.lines.get(position=1).quantity) == (2, 6)
    assert set(Message.objects.values_list("order", flat=True)) == {order.pk}


def test_a_copy_of_an_order_of_the_same_interchange_gives_that_order():
    copy = orders_message("2", "PO-1").replace("BGM+220+PO-1+9", "BGM+220+PO-1+7")
    row = take(pair(), orders_message("1", "PO-1"), copy)
    assert row.validation == "valid" and Order.objects.count() == 1
    assert set(Message.objects.values_list("order__number", flat=True)) == {"PO-1"}


def test_prices_are_those_of_each_orders_own_day():
    couple = pair()
    product = ProductFactory(vendor=couple.seller, sku="AP-100", list_price=Decimal(200))
    edge = Partnership.objects.get()
    spring = PriceListFactory(
        vendor=couple.seller, partnership=edge, valid_from=date(2026, 3, 1), valid_until=date(2026, 5, 31)
    )
    PriceListItemFactory(price_list=spring, product=product, price=Decimal(150))
    older = orders_message("2", "PO-2").replace("DTM+137:20261114", "DTM+137:20260401")
    take(couple, orders_message("1", "PO-1"), older, orders_message("3", "PO-3"))
    expected = OrderLine.objects.filter(product=product).order_by("order__number")
    assert list(expected.values_list("expected_price", flat=True)) == [200, 150, 200]


def test_the_buyers_own_numbers_and_control_characters_in_codes_are_recognised_as_by_a_single_order():
    couple = pair()
    by_number = ProductFactory(vendor=couple.seller, sku="X-1")
    by_sku = ProductFactory(vendor=couple.seller, sku="AP-200")
    CrossReference.objects.create(vendor=couple.seller, partner=couple.buyer, number="MINE-7", product=by_number)
    first = orders_message("1", "PO-1").replace("PIA+1+AP-100:SA'", "PIA+1+MINE-7:IN'")
    second = orders_message("2", "PO-2").replace("PIA+5+AP-200:SA'", "PIA+5+AP\x07-200:SA'")
    take(couple, first, second)
    found = OrderLine.objects.filter(product__isnull=False).order_by("order__number", "position")
    assert list(found.values_list("order__number", "product", "matched_by")) == [
        ("PO-1", by_number.pk, "cross"),
        ("PO-1", by_sku.pk, "sku"),
        ("PO-2", by_sku.pk, "sku"),
    ]


def test_an_ended_partnership_is_noticed_between_two_runs_of_one_interchange(monkeypatch):
    monkeypatch.setattr(sharing, "MOST_ORDERS", 1)
    couple = pair()
    real, turns = sharing.Surroundings.of_many, iter(range(10))

    def ended_before_the_second(*given, **more):
        if next(turns) == 1:
            Partnership.objects.update(state="ended")
        return real(*given, **more)

    monkeypatch.setattr(sharing.Surroundings, "of_many", ended_before_the_second)
    row = take(couple, *many(2))
    assert refusals(row) == [(2, "no-partnership")] and Order.objects.count() == 1


@pytest.fixture
def jobs(monkeypatch):
    """The entries that each job was to hand on."""
    found = []
    monkeypatch.setattr(audit.fan_out_all.__class__, "enqueue", lambda task, *given: found.append((task.name, *given)))
    return found


@pytest.mark.django_db(transaction=True)
def test_entries_of_an_interchange_are_handed_on_by_few_jobs(monkeypatch, jobs):
    monkeypatch.setattr(audit, "TOGETHER", 3)
    take(pair(), *many(5))
    orders = list(TrailEntry.objects.filter(verb="order.received").order_by("pk").values_list("pk", flat=True))
    verdict = TrailEntry.objects.get(verb="edi.received").pk
    assert jobs == [("fan_out_all", orders[:3]), ("fan_out_all", orders[3:]), ("fan_out", verdict)]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_fails_costs_no_order_and_the_sweeper_makes_good(monkeypatch, caplog):
    def fails(task, *given):
        raise RuntimeError("the queue is down")

    with monkeypatch.context() as patch:
        patch.setattr(audit.fan_out_all.__class__, "enqueue", fails)
        assert take(pair(), *many(2)).validation == "valid"
    assert "2 entries of the trail were left to the sweeper" in caplog.text
    assert TrailEntry.objects.filter(fanned_out_at=None).count() == 3
    TrailEntry.objects.update(created=now() - timedelta(minutes=2))
    deliver_owed.call()
    assert not TrailEntry.objects.filter(fanned_out_at=None).exists()
