"""Promotions by API: the same rules as on the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promotions.models import Promotion
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.promotions.factories import CodeFactory, ShareFactory
from tests.promotions.test_redeeming import deliver

pytestmark = pytest.mark.django_db
PATH = "/api/v1/promotions/"


@pytest.fixture
def manager(market, sign_in):
    return sign_in(market.vendor, "promotions.view", "promotions.manage")


@pytest.fixture
def partner(market, sign_in):
    return sign_in(market.partner, "promotions.view")


def send(client, body, path=PATH, method="post"):
    return getattr(client, method)(path, body, content_type="application/json")


def body(**changes):
    return {"name": "Winter", "start": "2026-11-01", "currency": "EUR", "kind": "percent", "value": "7.5", **changes}


def test_a_promotion_is_written_started_and_seen_by_the_partner(market, manager, partner):
    payer = OrganisationFactory()
    PartnershipFactory(vendor=market.vendor, partner=payer)
    answer = send(manager, body(
        kind="volume", breaks=[{"start": "10", "percent": "5"}], products=[market.product.pk], countries=["IT"],
        partnerships=[market.partnership.pk], shares=[{"organisation": payer.pk, "percent": "40"}],
    ))  # fmt: skip
    assert answer.status_code == 201, answer.content
    row = Promotion.objects.get()
    assert answer.json()["limits"]["countries"] == ["IT"] and row.breaks == [["10", "5"]]
    assert partner.get(f"{PATH}{row.pk}/").status_code == 404
    market.partner.country = "IT"
    market.partner.save()
    assert send(manager, {}, f"{PATH}{row.pk}/activate/").json()["state"] == "active"
    seen = partner.get(f"{PATH}{row.pk}/").json()
    assert seen["limits"] is None and "5% from 10 units" in seen["terms"][0]
    assert partner.get(PATH, {"side": "own"}).json()["results"] == []
    assert len(partner.get(PATH, {"side": "offered", "state": "active"}).json()["results"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"value": "120"}, 409),
        ({"kind": "bundle"}, 409),
        ({"products": [999999]}, 400),
        ({"countries": ["Italy"]}, 400),
    ],
)
def test_what_makes_no_promotion_is_refused(manager, changes, status):
    assert send(manager, body(**changes)).status_code == status
    assert not Promotion.objects.exists()


def test_foreign_tiers_and_partnerships_are_as_good_as_missing(manager):
    elsewhere = PartnershipFactory()
    assert send(manager, body(partnerships=[elsewhere.pk])).status_code == 400


def test_limits_change_while_it_runs_and_terms_do_not(market, manager):
    row = market.run()
    answer = send(manager, {"budget": "700", "value": "50"}, f"{PATH}{row.pk}/", "patch")
    assert (answer.status_code, answer.json()["limits"]["budget"]) == (200, "700.0000")
    row.refresh_from_db()
    assert row.value == 10


def test_codes_and_redemptions(market, manager, partner):
    row = market.run(codes_kind="many")
    made = send(manager, {"count": 3}, f"{PATH}{row.pk}/codes/")
    assert made.status_code == 201 and len(made.json()) == 3
    order = market.order(code=made.json()[0]["text"])
    deliver()
    codes = manager.get(f"{PATH}{row.pk}/codes/").json()["results"]
    assert [code["order"] for code in codes if code["order"]] == [order.pk]
    for client in (manager, partner):
        [use] = client.get(f"{PATH}{row.pk}/redemptions/").json()["results"]
        assert (use["order_number"], use["amount"], use["state"]) == ("PO-1", "100.0000", "reserved")
    assert partner.get(f"{PATH}{row.pk}/codes/").status_code == 403
    assert send(partner, {}, f"{PATH}{row.pk}/pause/").status_code == 403
    assert send(manager, {}, f"{PATH}{row.pk}/cancel/").status_code == 403  # an order uses it


def test_the_list_costs_the_same_for_one_and_three(market, partner):
    def queries():
        partner.get(PATH)  # the session is read once
        with CaptureQueriesContext(connection) as caught:
            assert partner.get(PATH).status_code == 200
        return len(caught)

    def more():
        row = market.run(codes_kind="one", kind="bundle", buy=2, get=1, reward=market.product)
        row.products.set([market.product])
        CodeFactory(promotion=row)
        ShareFactory(promotion=row)

    more()
    first = queries()
    more()
    more()
    assert queries() == first
