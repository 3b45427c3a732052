"""The demo's trade: plausible, complete, and the same each time."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from stdnum import ean

from core.models import TrailEntry
from orders.demo import catalogue, fill
from orders.demo_cast import PLAN
from orders.models import Order, Product
from partners import demo as network

pytestmark = pytest.mark.django_db


def world_of(seed):
    world = network.build(seed, timezone.now())
    catalogue(world)
    fill(world)
    return world


def test_the_demo_has_120_products_and_orders_in_every_state():
    world = world_of(7)
    assert Product.objects.count() == 120
    assert {len(own) for own in world.products.values()} >= {12}
    assert all(ean.is_valid(product.gtin) for product in Product.objects.all())
    assert Counter(order.state for order in world.orders) == {state: number for state, number, *_ in PLAN}
    assert set(Order.State.values) - {"sent"} == {state for state, *_ in PLAN}
    answered = Order.objects.filter(state__in=["accepted", "accepted_with_changes", "rejected", "closed"])
    assert not answered.filter(responses=None).exists()
    for state in ("accepted_with_changes", "rejected"):
        found = Order.objects.filter(state=state).values_list("responses__answer", flat=True)
        assert set(found) == {state}
    assert Order.objects.exclude(findings=None).exists()
    assert Order.objects.filter(currency="USD").exists()
    told = TrailEntry.objects.filter(verb="order.received")
    assert told.count() == Order.objects.exclude(state="draft").count()
    assert not TrailEntry.objects.filter(verb__startswith="order.", created__gt=timezone.now()).exists()


def snapshot(seed):
    with transaction.atomic():
        orders = world_of(seed).orders
        transaction.set_rollback(True)
    return [(order.number, order.total, order.state, order.seller_number, order.source) for order in orders]


def test_the_same_seed_gives_the_same_trade():
    first = snapshot(7)
    assert first == snapshot(7)
    assert first != snapshot(8)
