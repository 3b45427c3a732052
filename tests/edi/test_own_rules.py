"""A connection's own rules: what a company asks for beyond the standard, kept as data and applied while reading."""

import json

import pytest
from django.urls import reverse

from edi.exchange import receive
from edi.models import Interchange
from orders.models import Order
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, connect, edifact, orders_message, pair

pytestmark = pytest.mark.django_db
FORBIDS = {"ORDERS": [{"segment": "IMD", "group": "SG25", "use": "forbidden"}]}


def found(couple, text) -> set[str]:
    [row] = receive(actor=couple.actor, data=text.encode()).interchanges
    return set(row.findings.values_list("code", flat=True))


def errors(couple, text) -> set[str]:
    [row] = receive(actor=couple.actor, data=text.encode()).interchanges
    return set(row.findings.filter(severity="error").values_list("code", flat=True))


@pytest.mark.parametrize("whose", ["receiver", "sender"])
def test_what_one_side_asks_for_refuses_what_breaks_it(whose):
    couple = pair()
    if whose == "receiver":
        connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN], guide_rules=FORBIDS)
    else:
        connect(couple.buyer, couple.seller, guide_rules=FORBIDS)
    assert errors(couple, edifact()) == {"segment-forbidden"} and not Order.objects.exists()


def test_the_rules_of_others_and_of_other_messages_change_nothing():
    couple, other = pair(), pair(("8055555000008",), ("8066666000009",))
    connect(other.seller, other.buyer, ["8066666000009"], ["8055555000008"], guide_rules=FORBIDS)
    connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN], guide_rules={"INVOIC": FORBIDS["ORDERS"]})
    assert errors(couple, edifact()) == set() and Order.objects.count() == 1


def test_a_segment_that_the_standard_lacks_may_be_added():
    couple = pair()
    message = orders_message().replace("UNT+18", "UNT+19").replace("QTY+21:4:PCE'", "QTY+21:4:PCE'MTX+ZZ+x'")
    test = edifact(message, test=True, control="1")
    assert "segment-not-allowed" in found(couple, test)
    added = {"add": "MTX", "group": "SG25", "after": "QTY", "max": 5, "elements": ["an..3!", "an..256"]}
    connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN], guide_rules={"ORDERS": [added]})
    assert "segment-not-allowed" not in found(couple, edifact(message, control="2"))


VALUES = {"format": "edifact:D.96A", "own_id": BUYER_GLN, "their_id": SELLER_GLN, "mode": "live", "state": "active"}


@pytest.mark.parametrize(
    ("rules", "status", "said"),
    [
        (json.dumps(FORBIDS), 302, ""),
        ("", 302, ""),
        ("{not json", 422, "JSON"),
        ("[1]", 422, "Write an object"),
        ('{"ORDERS": 7}', 422, "Write an object"),
        ('{"NOPE": []}', 422, "There is no guide"),
        ('{"ORDERS": [{"segment": "QQQ", "use": "required"}]}', 422, "QQQ"),
    ],
)
def test_rules_are_edited_on_the_connections_page(sign_in, rules, status, said):
    couple = pair()
    row = connect(couple.buyer, couple.seller, guide_rules={"ORDERS": []})
    client = sign_in(couple.buyer, "integration.manage", "edi.view")
    data = {**VALUES, "acknowledged_within": "24", "version": "1", "guide_rules": rules}
    response = client.post(reverse("edi:connection", args=[row.pk]), data)
    assert response.status_code == status and said in response.content.decode()
    row.refresh_from_db()
    if status == 302:
        assert row.guide_rules == (json.loads(rules) if rules else {})


# --- units of one's own ---


def test_units_are_translated_on_the_way_in_and_back_on_the_way_out(django_capture_on_commit_callbacks):
    couple = pair()
    connect(couple.buyer, couple.seller, code_rules={"units": {"KOLLO": "BX"}})
    connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN], code_rules={"units": {"SCA": "BX"}})
    with django_capture_on_commit_callbacks(execute=True):
        found(couple, edifact(orders_message().replace("QTY+21:4:PCE", "QTY+21:4:KOLLO")))
    assert [line.unit for line in Order.objects.get().lines.all()] == ["BX", "PCE"]
    [sent] = Interchange.objects.filter(direction="out", content="order")
    assert b"QTY+21:4:SCA" in sent.raw and b"QTY+21:10:PCE" in sent.raw


@pytest.mark.parametrize(
    "codes", ['{"units": {"A": "NOPE"}}', '{"prices": {}}', '{"units": []}', "[]x", '{"units": {"A": 1}}']
)
def test_units_that_are_not_known_are_refused(sign_in, codes):
    couple = pair()
    row = connect(couple.buyer, couple.seller)
    client = sign_in(couple.buyer, "integration.manage", "edi.view")
    data = {**VALUES, "acknowledged_within": "24", "version": "1", "code_rules": codes}
    assert client.post(reverse("edi:connection", args=[row.pk]), data).status_code == 422
    row.refresh_from_db()
    assert row.code_rules == {}
