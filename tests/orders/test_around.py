"""What waits, what the search finds, who is told, and how history reads."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.audit import DESCRIPTIONS, sentence
from core.models import TrailEntry
from inbox.models import Notification
from orders.actions import cancel_order, receive_order, respond_to_order, save_draft
from orders.findings import KINDS
from orders.findings import sentence as finding_sentence
from orders.models import Order
from orders.search import search
from orders.waiting import counts, waiting
from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory
from tests.orders.factories import ProductFactory, document, line, place, trade

pytestmark = pytest.mark.django_db


def test_orders_wait_for_the_sellers_desk_the_late_ones_in_red(act_for):
    order = place(act_for)
    late = place(act_for, seller=order.seller, buyer=order.buyer, number="LATE")
    Order.objects.filter(pk=late.pk).update(received_at=now() - timedelta(days=3))
    place(act_for)
    desk = act_for(order.seller, "orders.respond")
    items = waiting(desk)
    assert [(item.tone, "LATE" in item.title) for item in items] == [("bad", True), ("info", False)]
    assert counts(desk) == {"orders": 2}
    respond_to_order(actor=desk, order=late)
    assert counts(desk) == {"orders": 1}
    assert waiting(act_for(order.seller, "orders.view")) == []
    assert counts(act_for(order.seller, "orders.view")) == {}


def test_a_draft_waits_for_its_buyer_alone(act_for):
    seller, buyer, _partnership = trade()
    save_draft(actor=act_for(buyer, "orders.send"), document=document(), seller=seller)
    assert len(waiting(act_for(buyer, "orders.send"))) == 1
    assert waiting(act_for(seller, "orders.respond", "orders.send")) == []


def test_the_search_finds_orders_and_products_that_one_may_see(act_for):
    order = place(act_for, line(), number="4500087121")
    ProductFactory(vendor=order.seller, sku="VT-400", name="Vertical pump")
    buyer = act_for(order.buyer, "orders.view")
    assert [hit.title for hit in search(buyer, "87121", 5)] == ["4500087121"]
    assert [hit.title for hit in search(buyer, "vert", 5)] == ["Vertical pump"]
    stranger = act_for(OrganisationFactory(), "orders.view")
    for text in ("87121", "vert", order.buyer.name):
        assert search(stranger, text, 5) == []
        assert search(act_for(order.buyer), text, 5) == []


def member(organisation, *capabilities):
    return MembershipFactory(
        organisation=organisation, roles=[RoleFactory(organisation=organisation, capabilities=list(capabilities))]
    )


def test_the_sellers_desk_hears_of_an_order_and_the_buyers_of_its_answer(act_for, django_capture_on_commit_callbacks):
    seller, buyer, _partnership = trade()
    desk = member(seller, "orders.view", "orders.respond")
    member(seller, "orders.view")
    purchaser = member(buyer, "orders.view", "orders.send")
    with django_capture_on_commit_callbacks(execute=True):
        order = receive_order(actor=act_for(buyer, "orders.send"), document=document(), buyer=buyer, seller=seller)
    assert list(Notification.objects.values_list("membership", flat=True)) == [desk.pk]
    with django_capture_on_commit_callbacks(execute=True):
        respond_to_order(actor=act_for(seller, "orders.respond"), order=order)
    told = set(Notification.objects.filter(entry__verb="order.accepted").values_list("membership", flat=True))
    assert purchaser.pk in told
    assert desk.pk not in told


def test_every_verb_reads_as_a_sentence(act_for):
    order = place(act_for)
    cancel_order(actor=act_for(order.buyer, "orders.send"), order=order)
    for entry in TrailEntry.objects.filter(verb__startswith="order."):
        assert entry.verb in DESCRIPTIONS
        assert "PO-1" in sentence(entry)
        assert "%(" not in sentence(entry)


@pytest.mark.parametrize("code", KINDS)
def test_every_finding_reads_as_a_sentence_even_without_data(code):
    assert finding_sentence(code, {})
    assert "%(" not in finding_sentence(code, {"number": "100%", "codes": "%(actor)s"}).replace("%(actor)s", "")


def test_an_unknown_finding_shows_its_code():
    assert finding_sentence("brand_new", {}) == "brand_new"
