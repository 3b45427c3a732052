"""The demo world is as rich as it is said to be, and the files of the documentation work in it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client

from chat.models import Message
from deals.models import Deal
from orders.models import Order, Product
from partners.models import Membership
from portal import demo

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


@pytest.fixture
def world(demo_world, db):
    return demo_world


def test_the_world_is_rich(world):
    vendors = {edge.vendor_id for edge in world.partnerships}
    partners = {edge.partner_id for edge in world.partnerships}
    assert len(vendors) >= 3
    assert len(partners) >= 8
    assert vendors & partners, "some companies are both"
    assert len(world.people) >= 25
    assert Product.objects.count() == 120
    assert Deal.objects.count() >= 150
    assert set(Deal.objects.values_list("state", flat=True)) == set(Deal.State.values)
    # "sent" lasts only while an order is on its way to a seller's own system
    assert set(Order.objects.values_list("state", flat=True)) == set(Order.State.values) - {"sent"}
    assert Message.objects.count() > 300


def test_the_sign_in_list_has_everybody_and_the_keys(world, tmp_path):
    found = demo.write_access(tmp_path / "access.json", "http://localhost:8000", world.keys)
    assert json.loads((tmp_path / "access.json").read_text()) == found
    assert len(found["users"]) == Membership.objects.count()
    assert set(found["users"][0]) == {"email", "password", "organisation", "roles"}
    assert set(found["api_keys"][0]) == {"organisation", "service_account", "key"}


def test_an_old_sign_in_list_keeps_its_keys(world, tmp_path):
    demo.write_access(tmp_path / "access.json", "http://localhost:8000", world.keys)
    again = demo.write_access(tmp_path / "access.json", "http://localhost:9000", None)
    assert again["api_keys"] == world.keys
    assert again["base_url"] == "http://localhost:9000"


@pytest.mark.parametrize(
    ("file", "company", "accept", "starts"),
    [
        ("orders-d96a.edi", "Brenta Impianti", "application/edifact", b"UN"),
        ("850-4010.edi", "Great Lakes Supply", "application/edi-x12", b"ISA"),
        ("order-ubl21.xml", "Rhein Technik", "application/xml", b"<?xml"),
    ],
)
def test_the_examples_of_the_documentation_become_orders(world, file, company, accept, starts):
    key = next(each["key"] for each in world.keys if each["organisation"] == company)
    headers = {"Authorization": f"Bearer {key}", "Accept": accept}
    answer = Client().post(
        "/api/v1/edi/inbound/", (EXAMPLES / file).read_bytes(), content_type="application/octet-stream", headers=headers
    )
    assert answer.status_code == 201, answer.content
    assert answer["Content-Type"].startswith(accept)
    assert answer.content.startswith(starts)
    order = Order.objects.get(buyer__name=company, source="edi", number__in=["PO-2026-0815", "GL-77120", "RT-2026-118"])
    assert order.seller.name == "Aurora Pumps"
    assert Counter(line.product.sku for line in order.lines.all()) == {"AP-CBL10": 1, "AP-BS2": 1}
    assert (order.deal is not None) == (company == "Brenta Impianti")
