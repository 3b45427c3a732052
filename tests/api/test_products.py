"""Products over the API."""

from decimal import Decimal

import pytest

from orders.models import Product
from tests.factories import OrganisationFactory
from tests.orders.factories import PriceListFactory, PriceListItemFactory, ProductFactory, trade

pytestmark = pytest.mark.django_db
PATH = "/api/v1/products/"
NEW = {"sku": "N-1", "name": "Pump", "list_price": "1250.75", "currency": "EUR", "gtin": "8012345000012"}


def send(client, method, path, data, **headers):
    return getattr(client, method)(path, data, content_type="application/json", headers=headers)


def test_a_vendor_adds_and_changes_a_product(sign_in):
    vendor = OrganisationFactory()
    client = sign_in(vendor, "orders.view", "catalogue.manage")
    made = send(client, "post", PATH, NEW)
    assert made.status_code == 201
    assert (made.json()["vendor"], made.json()["list_price"]) == (vendor.pk, "1250.7500")
    path, etag = f"{PATH}{made.json()['id']}/", made["ETag"]
    changed = send(client, "patch", path, {"list_price": "1300"}, **{"If-Match": etag})
    assert changed.json()["list_price"] == "1300.0000"
    assert send(client, "patch", path, {"list_price": "1"}, **{"If-Match": etag}).status_code == 412
    again = send(client, "post", PATH, {**NEW, "sku": "n-1"})
    assert (again.status_code, again.json()["field"]) == (409, "sku")
    assert Product.objects.get().list_price == 1300


@pytest.mark.parametrize(
    "changes",
    [
        {"gtin": "8012345000013"},
        {"list_price": "-1"},
        {"list_price": "x"},
        {"currency": "eur"},
        {"unit": "??"},
        {"sku": ""},
    ],
)
def test_wrong_values_are_refused_by_field(sign_in, changes):
    client = sign_in(OrganisationFactory(), "orders.view", "catalogue.manage")
    response = send(client, "post", PATH, {**NEW, **changes})
    assert response.status_code == 400
    assert set(response.json()["errors"]) == set(changes)


def test_a_replacement_must_be_ones_own(sign_in):
    vendor, partner, _partnership = trade()
    client = sign_in(partner, "orders.view", "catalogue.manage")
    seen, unseen = ProductFactory(vendor=vendor), ProductFactory()
    for pk in (seen.pk, unseen.pk, 999_999):
        assert send(client, "post", PATH, {**NEW, "replacement": pk}).status_code == 404


def test_partners_see_but_do_not_change_and_strangers_see_nothing(sign_in):
    vendor, partner, partnership = trade()
    product = ProductFactory(vendor=vendor)
    path = f"{PATH}{product.pk}/"
    theirs = sign_in(partner, "orders.view", "catalogue.manage")
    assert theirs.get(path).json()["sku"] == product.sku
    assert send(theirs, "patch", path, {"name": "Mine"}).status_code == 403
    stranger = sign_in(OrganisationFactory(), preset="administrator")
    assert stranger.get(path).content == stranger.get(f"{PATH}999999/").content
    assert send(stranger, "patch", path, {"name": "Mine"}).status_code == 404
    assert stranger.get(f"{path}price/").status_code == 404
    partnership.state = "ended"
    partnership.save()
    assert theirs.get(path).status_code == 404
    assert theirs.get(PATH).json()["results"] == []


def test_the_price_is_the_callers_own(sign_in):
    vendor, partner, partnership = trade()
    product = ProductFactory(vendor=vendor, list_price=Decimal(100))
    agreed = PriceListFactory(vendor=vendor, partnership=partnership)
    PriceListItemFactory(price_list=agreed, product=product, price=Decimal(80), min_quantity=10)
    client = sign_in(partner, "orders.view")
    one = client.get(f"{PATH}{product.pk}/price/").json()
    ten = client.get(f"{PATH}{product.pk}/price/", {"quantity": "10"}).json()
    assert (one["basis"], Decimal(one["amount"])) == ("list", 100)
    assert (ten["basis"], Decimal(ten["amount"])) == ("price_list", 80)
    assert client.get(f"{PATH}{product.pk}/price/", {"quantity": "none"}).status_code == 400
    own = sign_in(vendor, "orders.view").get(f"{PATH}{product.pk}/price/").json()
    assert own["basis"] == "list"


def test_the_list_narrows_and_costs_the_same_for_one_and_three(sign_in, django_assert_max_num_queries):
    vendor = OrganisationFactory()
    client = sign_in(vendor, "orders.view")
    client.get(PATH)
    costs = []
    for _count in (1, 2):
        ProductFactory(vendor=vendor)
        with django_assert_max_num_queries(18) as queries:
            client.get(PATH)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    wanted = ProductFactory(vendor=vendor, sku="THAT")
    found = client.get(PATH, {"sku": "THAT", "vendor": vendor.pk}).json()["results"]
    assert [each["id"] for each in found] == [wanted.pk]
    assert client.get(PATH, {"vendor": "x"}).json()["results"] == []
