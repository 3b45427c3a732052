"""Orders over the API: the same rules as on the pages, in JSON."""

import pytest

from orders.models import Order
from tests.factories import OrganisationFactory
from tests.orders.factories import ProductFactory, line, place, trade

pytestmark = pytest.mark.django_db
BUYER = ("orders.view", "orders.send")
SELLER = ("orders.view", "orders.respond")


@pytest.fixture
def order(act_for):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller, sku="A")
    return place(act_for, line("10", "6", "100", seller_sku=product.sku), seller=seller, buyer=buyer)


def send(client, body, path="/api/v1/orders/", **headers):
    return client.post(path, body, content_type="application/json", headers=headers)


def body(seller, **changes):
    lines = [{"seller_sku": "A", "quantity": "3", "unit": "EA", "unit_price": "100.00"}]
    return {"seller": seller.pk, "number": "API-1", "currency": "EUR", "lines": lines, **changes}


def test_an_order_is_sent_and_comes_back_whole(sign_in):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller, sku="A")
    response = send(sign_in(buyer, *BUYER), body(seller, ship_to={"name": "Site", "country": "IT"}))
    assert response.status_code == 201
    data = response.json()
    assert (data["number"], data["state"], data["source"], data["total"]) == ("API-1", "received", "api", "300.0000")
    assert response["ETag"]
    assert data["lines"][0] == {
        **data["lines"][0],
        "product": product.pk,
        "matched_by": "sku",
        "quantity": "3",
        "unit_price": "100.00",
        "expected_price": "100.0000",
    }
    assert data["findings"] == []
    assert data["parties"]["ship_to"]["name"] == "Site"


def test_findings_are_told_in_words(sign_in):
    seller, buyer, _partnership = trade()
    found = send(sign_in(buyer, *BUYER), body(seller)).json()["findings"]
    assert [(each["code"], each["line"]) for each in found] == [("product_unknown", 1)]
    assert "“A”" in found[0]["message"]


def test_the_same_number_twice_is_a_conflict_and_with_a_key_a_replay(sign_in):
    seller, buyer, _partnership = trade()
    client = sign_in(buyer, *BUYER)
    key = {"Idempotency-Key": "k1"}
    first = send(client, body(seller), **key)
    again = send(client, body(seller), **key)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    refused = send(client, body(seller))
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "duplicate_order", "number")
    assert refused["Content-Type"] == "application/problem+json"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"number": ""},
        {"currency": "EURO"},
        {"lines": [{"quantity": "-1"}]},
        {"lines": [{"quantity": "NaN"}]},
        {"lines": [{"quantity": "1e400"}]},
        {"lines": [{"quantity": "1", "price_base": "0"}]},
        {"lines": [{"quantity": "1", "delivery_date": "tomorrow"}]},
        {"lines": "everything"},
        {"seller": "them"},
        {"ship_to": "here"},
    ],
)
def test_malformed_orders_are_refused_by_field(sign_in, changes):
    seller, buyer, _partnership = trade()
    response = send(sign_in(buyer, *BUYER), {**body(seller), **changes})
    assert response.status_code == 400
    assert set(response.json()["errors"]) <= set(changes)
    assert not Order.objects.exists()


def test_broken_rules_are_conflicts(sign_in):
    seller, buyer, partnership = trade()
    client = sign_in(buyer, *BUYER)
    huge = [{"quantity": "999999999999999", "unit_price": "999999999999999"}]
    assert send(client, body(seller, lines=huge)).json()["code"] == "amount_too_large"
    partnership.state = "suspended"
    partnership.save()
    assert send(client, body(seller)).json()["code"] == "no_partnership"


def test_an_unknown_and_a_foreign_seller_are_the_same_404(sign_in):
    _seller, buyer, _partnership = trade()
    client = sign_in(buyer, *BUYER)
    foreign, missing = (send(client, {**body(buyer), "seller": pk}) for pk in (OrganisationFactory().pk, 999_999))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_the_seller_answers_line_by_line(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    path = f"/api/v1/orders/{order.pk}/respond/"
    answer = {"position": 1, "answer": "changed", "quantity": "4", "delivery_date": "2027-02-01", "reason": "Stock"}
    wrong = send(client, {"lines": [{**answer, "position": 9}]}, path)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (409, "answer_invalid", "9")
    done = send(client, {"note": "Soon", "lines": [answer]}, path)
    assert done.status_code == 200
    assert done.json()["state"] == "accepted_with_changes"
    response = done.json()["responses"][0]
    assert (response["total"], response["note"], response["lines"][0]["reason"]) == ("400.0000", "Soon", "Stock")
    assert send(client, {}, path).json()["code"] == "invalid_transition"


def test_an_empty_answer_accepts_everything(order, sign_in):
    done = send(sign_in(order.seller, *SELLER), {}, f"/api/v1/orders/{order.pk}/respond/")
    assert done.json()["state"] == "accepted"


def test_an_answer_to_a_version_that_is_gone_is_refused(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    etag = client.get(f"/api/v1/orders/{order.pk}/")["ETag"]
    assert send(client, {}, f"/api/v1/orders/{order.pk}/acknowledge/").status_code == 200
    stale = send(client, {}, f"/api/v1/orders/{order.pk}/respond/", **{"If-Match": etag})
    assert stale.status_code == 412
    order.refresh_from_db()
    assert order.state == "acknowledged"


def test_the_buyer_cancels(order, sign_in):
    path = f"/api/v1/orders/{order.pk}/cancel/"
    assert send(sign_in(order.seller, *SELLER), {}, path).status_code == 403
    assert send(sign_in(order.buyer, *BUYER), {"reason": "Site closed"}, path).json()["state"] == "cancelled"


@pytest.mark.parametrize("path", ["", "respond/", "cancel/", "acknowledge/"])
def test_strangers_get_the_same_404_as_for_nothing(order, sign_in, path):
    client = sign_in(OrganisationFactory(), preset="administrator")
    ask = client.post if path else client.get
    theirs, missing = ask(f"/api/v1/orders/{order.pk}/{path}"), ask(f"/api/v1/orders/999999/{path}")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content == missing.content
    assert client.get("/api/v1/orders/").json()["results"] == []


def test_capabilities_count(order, sign_in, client):
    assert client.get("/api/v1/orders/").status_code == 401
    assert sign_in(order.seller).get("/api/v1/orders/").status_code == 403
    reader = sign_in(order.seller, "orders.view")
    assert send(reader, {}, f"/api/v1/orders/{order.pk}/respond/").status_code == 403
    assert send(sign_in(order.buyer, "orders.view"), body(order.seller)).status_code == 403


def test_the_list_narrows_and_costs_the_same_for_one_and_three(order, sign_in, act_for, django_assert_max_num_queries):
    client = sign_in(order.seller, *SELLER)
    client.get("/api/v1/orders/")
    costs = []
    for number in ("2", "3"):
        with django_assert_max_num_queries(18) as queries:
            assert client.get("/api/v1/orders/").status_code == 200
        costs.append(len(queries))
        place(act_for, seller=order.seller, buyer=order.buyer, number=number)
    assert costs[0] == costs[1]
    found = client.get("/api/v1/orders/", {"number": "3", "state": "received"}).json()["results"]
    assert [each["number"] for each in found] == ["3"]
    assert client.get("/api/v1/orders/", {"state": "closed"}).json()["results"] == []
