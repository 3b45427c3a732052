"""Orders come in: what is kept, recognised, priced and noticed, and what is refused."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from core.models import TrailEntry
from orders.actions import delete_draft, receive_order, save_draft, send_order
from orders.documents import AllowanceDocument, Identifier, PartyDocument, Scheme
from orders.documents_of import order_document
from orders.errors import DuplicateOrder, OrderRefused
from orders.models import CrossReference, Order, OrderFinding, Product
from partners.models import Partnership, Programme, Tier
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.orders.factories import (
    PriceListFactory,
    PriceListItemFactory,
    ProductFactory,
    document,
    line,
    place,
    trade,
)

D = Decimal

pytestmark = pytest.mark.django_db


def codes(order) -> list[str]:
    return list(order.findings.values_list("code", flat=True))


def test_an_order_is_kept_as_it_was_written_and_told_to_both(act_for):
    seller, buyer, partnership = trade()
    product = ProductFactory(vendor=seller, sku="AP-VT400", list_price=D("100"))
    whole = document(
        line("10", "6", "100.00", seller_sku="ap-vt400", stated_amount=D("600.00"), place="segment 14"),
        number=" 4500087121 ",
        buyer=PartyDocument(identifiers=(Identifier("8012345000012", Scheme.GLN, "9"),), name="Brenta"),
        ship_to=PartyDocument(name="Site", city="Trento", country="IT"),
        notes=("Call before delivery",),
        references=(("contract", "C-7"),),
        stated_total=D("600.00"),
        stated_line_count=1,
    )
    order = receive_order(actor=act_for(buyer, "orders.send", via="edi"), document=whole, buyer=buyer, seller=seller)
    order.refresh_from_db()
    assert (order.state, order.number, order.total, order.partnership) == (
        "received",
        "4500087121",
        D(600),
        partnership,
    )
    assert order.seller_number.startswith("SO-")
    assert codes(order) == []
    row = order.lines.get()
    assert (row.product, row.matched_by, row.amount, row.place) == (product, "sku", D(600), "segment 14")
    assert order_document(order) == replace(whole, number="4500087121")
    entry = TrailEntry.objects.get(verb="order.received")
    assert entry.via == "edi"
    assert set(entry.readers.values_list("organisation", flat=True)) == {buyer.pk, seller.pk}
    assert (entry.data["number"], entry.data["lines"], entry.data["total"]) == ("4500087121", 1, "600.00")


def test_a_line_is_recognised_by_gtin_then_sku_then_the_buyers_own_number(act_for):
    seller, buyer, _partnership = trade()
    by_gtin = ProductFactory(vendor=seller, gtin="8012345000012")
    by_sku = ProductFactory(vendor=seller, sku="ABC")
    known = ProductFactory(vendor=seller)
    CrossReference.objects.create(vendor=seller, partner=buyer, number="B-9", product=known)
    foreign = ProductFactory(sku="FOREIGN", gtin="4006381333931")
    order = place(
        act_for,
        line("1", gtin="08012345000012", seller_sku="ABC"),
        line("2", gtin="4006381333931", seller_sku="abc", buyer_sku="B-9"),
        line("3", buyer_sku="B-9"),
        line("4", seller_sku=foreign.sku),
        seller=seller,
        buyer=buyer,
    )
    found = list(order.lines.values_list("product", "matched_by"))
    assert found == [(by_gtin.pk, "gtin"), (by_sku.pk, "sku"), (known.pk, "cross"), (None, "")]
    assert codes(order) == ["product_conflict", "product_unknown"]


def test_another_partners_numbers_mean_nothing(act_for):
    seller, buyer, _partnership = trade()
    rival = PartnershipFactory(vendor=seller).partner
    CrossReference.objects.create(
        vendor=seller, partner=rival, number="B-9", product=ProductFactory(vendor=seller, list_price=D(1))
    )
    order = place(act_for, line(buyer_sku="B-9"), seller=seller, buyer=buyer)
    assert order.lines.get().product is None


def test_prices_come_from_the_tier_and_a_difference_is_a_finding(act_for):
    seller, buyer, partnership = trade()
    tier = Tier.objects.create(
        programme=Programme.objects.create(vendor=seller, name="P"), name="Gold", rank=1, discount_percent=D(7)
    )
    Partnership.objects.filter(pk=partnership.pk).update(tier=tier)
    product = ProductFactory(vendor=seller, list_price=D("914.25"))
    order = place(
        act_for,
        line("1", price="850.2525", seller_sku=product.sku),
        line("2", price="850.25", seller_sku=product.sku),
        line("3", price="914.25", seller_sku=product.sku),
        line("4", price="85025.25", price_base=D(100), seller_sku=product.sku),
        line("5", price=None, seller_sku=product.sku),
        seller=seller,
        buyer=buyer,
    )
    assert [(f.code, f.line.number) for f in order.findings.all()] == [("price_differs", "3"), ("price_missing", "5")]
    rows = list(order.lines.all())
    assert {row.expected_price for row in rows} == {D("850.2525")}
    assert (rows[4].unit_price, rows[4].amount) == (None, D("1700.51"))
    said = order.findings.first().message
    assert "914.25" in said
    assert "850.2525 EUR (list price less tier discount)" in said


def test_an_agreed_price_list_wins_by_quantity_and_date(act_for):
    seller, buyer, partnership = trade()
    product = ProductFactory(vendor=seller)
    agreed = PriceListFactory(vendor=seller, partnership=partnership, valid_from=date(2026, 1, 1))
    PriceListItemFactory(price_list=agreed, product=product, price=D(90))
    PriceListItemFactory(price_list=agreed, product=product, price=D(80), min_quantity=10)
    other = PriceListFactory(vendor=seller, partnership=PartnershipFactory(vendor=seller))
    PriceListItemFactory(price_list=other, product=product, price=D(1))
    order = place(
        act_for,
        line("1", "9", "90", seller_sku=product.sku),
        line("2", "10", "80", seller_sku=product.sku),
        seller=seller,
        buyer=buyer,
    )
    assert codes(order) == []
    early = place(
        act_for, line(seller_sku=product.sku), seller=seller, buyer=buyer, number="E", issued_on=date(2025, 12, 31)
    )
    assert early.lines.get().expected_price == D(100)


def test_everything_odd_is_said_and_nothing_of_it_refuses_the_order(act_for):
    seller, buyer, _partnership = trade()
    successor = ProductFactory(vendor=seller, sku="NEW")
    ended = ProductFactory(vendor=seller, lifecycle="ended", replacement=successor)
    gone = ProductFactory(vendor=seller, lifecycle="ended")
    packed = ProductFactory(vendor=seller, pack_size=12)
    dollars = ProductFactory(vendor=seller, currency="USD")
    yesterday = localdate() - timedelta(days=1)
    order = place(
        act_for,
        line("1", "0", seller_sku=ended.sku, delivery_date=yesterday),
        line("1", seller_sku=gone.sku, unit="KGM"),
        line("3", "13", seller_sku=packed.sku),
        line("4", seller_sku=dollars.sku, unit="WAT"),
        line("5", price=None),
        line("6", seller_sku=packed.sku, quantity="12", stated_amount=D("1199.98")),
        seller=seller,
        buyer=buyer,
        currency="EURO",
        delivery_date=yesterday,
        stated_line_count=7,
    )
    expected = {
        None: ["currency_unknown", "line_count_differs", "delivery_past", "line_number_repeated"],
        1: ["quantity_zero", "delivery_past", "product_replaced"],
        2: ["product_ended", "unit_differs"],
        3: ["pack_size"],
        4: ["unit_unknown", "unit_differs", "currency_differs"],
        5: ["product_unknown", "price_unknown"],
        6: ["line_amount_differs"],
    }
    found = {position: [] for position in expected}
    for code, position in order.findings.values_list("code", "line__position"):
        found[position].append(code)
    assert {position: sorted(codes) for position, codes in found.items()} == {
        position: sorted(codes) for position, codes in expected.items()
    }
    assert order.state == "received"
    assert all(finding.message and "%" not in finding.message for finding in order.findings.all())


def test_a_stated_total_is_compared_with_tolerance_and_never_trusted(act_for):
    seller, buyer, _partnership = trade()
    lines = [line(str(n), "3", "0.335", seller_sku="X") for n in range(1, 4)]
    order = place(act_for, *lines, seller=seller, buyer=buyer, stated_total=D("3.015"))
    assert order.total == D("3.03")
    assert "total_differs" not in codes(order)
    other = place(act_for, *lines, seller=seller, buyer=buyer, number="2", stated_total=D("3.99"))
    assert "total_differs" in codes(other)
    assert other.total == D("3.03")


def test_discounts_on_the_order_count(act_for):
    cut = AllowanceDocument(charge=False, percent=D(10))
    order = place(act_for, line("1", "1", "100"), allowances=(cut,), stated_total=D(90))
    assert order.total == D(90)
    assert "total_differs" not in codes(order)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "  "}, "number_missing"),
        ({"number": "9" * 71}, "number_too_long"),
        ({"lines": ()}, "no_lines"),
        ({"lines": (line(gtin="1" * 81),)}, "value_too_long"),
        ({"lines": (line(quantity="-1"),)}, "number_out_of_range"),
        ({"lines": (line(quantity="1E+50"),)}, "number_out_of_range"),
        ({"lines": (line(quantity="999999999999999", price="10"),)}, "amount_too_large"),
        ({"stated_total": D("NaN")}, "number_out_of_range"),
    ],
)
def test_what_cannot_be_an_order_is_refused_whole(act_for, change, code):
    seller, buyer, _partnership = trade()
    with pytest.raises(OrderRefused) as refused:
        receive_order(
            actor=act_for(buyer, "orders.send"), document=replace(document(), **change), buyer=buyer, seller=seller
        )
    assert refused.value.code == code
    assert not Order.objects.exists()
    assert not TrailEntry.objects.exists()


def test_five_thousand_lines_are_taken_and_one_more_is_not(act_for):
    order = place(act_for, *[line(str(n), description="x" * 500) for n in range(1, 1001)])
    assert order.lines.count() == 1000
    with pytest.raises(OrderRefused) as refused:
        place(act_for, *[line(str(n)) for n in range(5001)])
    assert refused.value.code == "too_many_lines"


def test_without_an_active_partnership_there_is_no_trade(act_for):
    for state in ("suspended", "ended", "invited"):
        seller, buyer, _partnership = trade(state=state)
        with pytest.raises(OrderRefused) as refused:
            place(act_for, seller=seller, buyer=buyer)
        assert refused.value.code == "no_partnership"


def test_a_vendor_may_order_from_its_supplier(act_for):
    partnership = PartnershipFactory(kind="supplier")
    order = place(act_for, seller=partnership.partner, buyer=partnership.vendor)
    assert order.partnership == partnership


def test_only_the_buyer_with_the_capability_orders(act_for):
    seller, buyer, _partnership = trade()
    stranger = OrganisationFactory()
    for actor in (act_for(buyer), act_for(seller, "orders.send"), act_for(stranger, "orders.send")):
        with pytest.raises(PermissionDenied):
            receive_order(actor=actor, document=document(), buyer=buyer, seller=seller)
    assert not Order.objects.exists()


def test_the_same_number_is_taken_once(act_for):
    order = place(act_for)
    with pytest.raises(DuplicateOrder) as refused:
        place(act_for, seller=order.seller, buyer=order.buyer)
    assert refused.value.code == "duplicate_order"
    assert Order.objects.count() == 1
    for function in ("duplicate", "confirm"):
        again = place(act_for, line("1", "99"), seller=order.seller, buyer=order.buyer, function=function)
        assert again == order
    assert order.lines.get().quantity == 2
    assert TrailEntry.objects.filter(verb="order.received").count() == 1


def test_the_same_number_from_another_buyer_or_to_another_seller_is_another_order(act_for):
    first = place(act_for)
    place(act_for, seller=first.seller, buyer=PartnershipFactory(vendor=first.seller).partner)
    place(act_for, seller=PartnershipFactory(partner=first.buyer).vendor, buyer=first.buyer)
    assert Order.objects.filter(number=first.number).count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_order_twice_at_once_is_one_order(act_for):
    seller, buyer, _partnership = trade()
    actor = act_for(buyer, "orders.send")
    outcomes = []
    gate = threading.Barrier(4)

    def post():
        gate.wait()
        try:
            outcomes.append(receive_order(actor=actor, document=document(), buyer=buyer, seller=seller).pk)
        except DuplicateOrder as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Order.objects.count() == 1
    assert outcomes.count("duplicate_order") == 3
    assert TrailEntry.objects.filter(verb="order.received").count() == 1


def test_hostile_text_is_kept_as_text(act_for):
    nasty = "<script>alert(1)</script>\x00\ud800%(actor)s{{ x }}'; DROP TABLE orders_order; --"
    order = place(act_for, line(description=nasty, note=nasty), notes=(nasty,), number="PO-<b>")
    order.refresh_from_db()
    assert order.lines.get().description == nasty.replace("\x00", "").replace("\ud800", "")
    assert "<script>" in order.notes[0]


def test_a_draft_is_the_buyers_alone_until_it_is_sent(act_for):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller)
    mine, theirs = act_for(buyer, "orders.send"), act_for(seller, "orders.view", "orders.respond")
    draft = save_draft(actor=mine, document=document(line(seller_sku=product.sku), number=""), seller=seller)
    assert draft.number.startswith("P-")
    assert not Order.objects.visible_to(theirs).exists()
    entry = TrailEntry.objects.get()
    assert (entry.verb, list(entry.readers.values_list("organisation", flat=True))) == ("order.drafted", [buyer.pk])
    draft = save_draft(
        actor=mine, document=document(line("1", "5", seller_sku=product.sku), number=""), seller=seller, order=draft
    )
    Product.objects.filter(pk=product.pk).update(list_price=200)
    with pytest.raises(Order.DoesNotExist):
        send_order(actor=theirs, order=draft)
    sent = send_order(actor=mine, order=draft)
    assert (sent.state, sent.lines.get().quantity, codes(sent)) == ("received", 5, ["price_differs"])
    assert Order.objects.visible_to(theirs).get() == sent
    for again in (send_order, delete_draft):
        with pytest.raises(PermissionDenied):
            again(actor=mine, order=sent)


def test_a_draft_is_thrown_away_by_its_buyer(act_for):
    seller, buyer, _partnership = trade()
    draft = save_draft(actor=act_for(buyer, "orders.send"), document=document(), seller=seller)
    with pytest.raises(PermissionDenied):
        delete_draft(actor=act_for(buyer, "orders.view"), order=draft)
    with pytest.raises(Order.DoesNotExist):
        delete_draft(actor=act_for(seller, "orders.send"), order=draft)
    delete_draft(actor=act_for(buyer, "orders.send"), order=draft)
    assert not Order.objects.exists()
    assert not OrderFinding.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_lines(act_for):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller)
    actor = act_for(buyer, "orders.send")
    costs = []
    for number, count in (("warm-up", 1), ("one", 1), ("thirty", 30)):
        lines = [line(str(n), seller_sku=product.sku, buyer_sku=f"B{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            receive_order(actor=actor, document=document(*lines, number=number), buyer=buyer, seller=seller)
        costs.append(len(queries))
    assert costs[1] == costs[2] <= 50
