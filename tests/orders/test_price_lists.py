"""Price lists: kept by the vendor, read by whom they hold for, filled from tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import localdate

from core.errors import DomainError, StaleObject
from orders.actions import save_price_list, take_prices, take_products
from orders.models import PriceList, Product
from orders.price_tables import Asked, asked_in, overlaps_of
from orders.pricing import price_for
from orders.product_tables import products_in
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.orders.factories import PriceListFactory, PriceListItemFactory, ProductFactory, trade
from tests.partners.factories import TierFactory

D = Decimal
pytestmark = pytest.mark.django_db
KEEPS = ("orders.view", "catalogue.manage")


@pytest.fixture
def market():
    """A vendor with a partner and a product."""
    vendor, partner, edge = trade()
    return vendor, partner, edge, ProductFactory(vendor=vendor, sku="P-1", list_price=D(100))


def values(edge, **more):
    return {"name": "Frame", "currency": "EUR", "partnership": edge, "valid_from": date(2026, 1, 1), **more}


def test_a_vendor_makes_and_changes_a_list(act_for, market):
    vendor, _partner, edge, _product = market
    keeper = act_for(vendor, *KEEPS)
    row = save_price_list(actor=keeper, **values(edge))
    assert save_price_list(actor=keeper, price_list=row, version=1, name="Frame 2").version == 2
    with pytest.raises(StaleObject):
        save_price_list(actor=keeper, price_list=row, version=1, name="Old page")


def test_whose_lists_one_may_not_keep(act_for, market):
    vendor, partner, edge, _product = market
    with pytest.raises(PermissionDenied):
        save_price_list(actor=act_for(vendor, "orders.view"), **values(edge))
    row = PriceListFactory(vendor=vendor, partnership=edge)
    with pytest.raises(PermissionDenied):
        save_price_list(actor=act_for(partner, *KEEPS), price_list=row, name="Cheaper")
    with pytest.raises(PermissionDenied):
        take_prices(actor=act_for(partner, *KEEPS), price_list=row, asked=asked_in("P-1;1;1"))
    with pytest.raises(PriceList.DoesNotExist):
        take_prices(actor=act_for(OrganisationFactory(), *KEEPS), price_list=row, asked=[])


def test_a_list_is_for_one_partnership_or_one_tier_of_ones_own(act_for, market):
    vendor, _partner, edge, _product = market
    keeper, tier = act_for(vendor, *KEEPS), TierFactory(programme__vendor=vendor)
    wrong = [
        ({"partnership": None}, "tier"),
        ({"tier": tier}, "tier"),
        ({"partnership": PartnershipFactory()}, "partnership"),
        ({"partnership": None, "tier": TierFactory()}, "tier"),
        ({"valid_until": date(2025, 12, 31)}, "valid_until"),
    ]
    for more, field in wrong:
        with pytest.raises(DomainError) as refused:
            save_price_list(actor=keeper, **values(edge, **more))
        assert refused.value.field == field
    assert save_price_list(actor=keeper, **values(None, tier=tier)).tier == tier


def test_a_table_sets_prices_and_says_what_became_of_each_line(act_for, market):
    vendor, _partner, edge, product = market
    row = PriceListFactory(vendor=vendor, partnership=edge)
    PriceListItemFactory(price_list=row, product=product, price=D(90))
    PriceListItemFactory(price_list=row, product=product, min_quantity=50, price=D(70))
    ProductFactory(sku="THEIRS")
    text = "SKU;From;Price\np-1;1;85\nP-1;10;80,5\nP-1;10;81\nTHEIRS;1;5\nP-1;x;5\nP-1;0;5\nP-1;5;-1"
    text += "\nP-1;5;1.234\nP-1;50;70"
    found = take_prices(actor=act_for(vendor, *KEEPS), price_list=row, asked=asked_in(text))
    outcomes = [(line.asked.number, line.outcome) for line in found.lines]
    assert outcomes == [(2, "changed"), (3, "new"), *[(n, "refused") for n in range(4, 10)], (10, "same")]
    assert "Line 3 says it already." in found.lines[2].reason
    assert "no product “THEIRS”" in found.lines[3].reason
    assert [(item.min_quantity, item.price) for item in row.items.order_by("min_quantity")] == [
        (1, 85),
        (10, D("80.5")),
        (50, 70),
    ]
    assert price_for(product, edge, D(10), localdate()).amount == D("80.5")


def test_replacing_takes_the_rest_away_but_never_for_a_wrong_table(act_for, market):
    vendor, _partner, edge, product = market
    row = PriceListFactory(vendor=vendor, partnership=edge)
    PriceListItemFactory(price_list=row, product=product, min_quantity=50, price=D(70))
    keeper = act_for(vendor, *KEEPS)
    with pytest.raises(DomainError):
        take_prices(actor=keeper, price_list=row, asked=asked_in("P-1;1;85\nNONE;1;5"), replace=True)
    assert row.items.get().min_quantity == 50
    found = take_prices(actor=keeper, price_list=row, asked=asked_in("P-1;1;85"), replace=True)
    assert (found.taken, len(found.gone), row.items.get().price) == (1, 1, 85)


def test_lists_that_meet_are_told(market):
    vendor, _partner, edge, product = market
    first, second, other_days, other_product = (
        PriceListFactory(vendor=vendor, partnership=edge, **days)
        for days in ({}, {}, {"valid_from": date(2010, 1, 1), "valid_until": date(2010, 2, 1)}, {})
    )
    for row in (first, second, other_days):
        PriceListItemFactory(price_list=row, product=product)
    PriceListItemFactory(price_list=other_product, product=ProductFactory(vendor=vendor))
    assert [(each.other, each.products, each.newer) for each in overlaps_of(first)] == [(second, 1, True)]
    assert [each.newer for each in overlaps_of(second)] == [False]
    assert overlaps_of(other_days) == []


def test_the_pages_of_a_vendor_from_a_new_list_to_its_csv_and_back(sign_in, market):
    vendor, _partner, edge, product = market
    client = sign_in(vendor, *KEEPS)
    said = {"name": "Frame", "currency": "EUR", "partnership": edge.pk, "tier": "", "valid_from": "2026-01-01"}
    made = client.post(reverse("orders:price_list_new"), said)
    row = PriceList.objects.get()
    prices = reverse("orders:price_list_prices", args=[row.pk])
    assert made.url == prices
    shown = client.post(prices, {"text": "P-1;1;85\nX;1;<b>"})
    assert "&lt;b&gt;" in shown.text and "Set 1 price" in shown.text and not row.items.exists()
    assert "1 new, 1 left out" in shown.text and ">Line 2" in shown.text
    nothing = client.post(prices, {"text": "P-1;1;\nhello"}).text
    assert nothing.count("A number is missing.") == 2 and "Nothing of it changes a price." in nothing
    assert 'name="take"' not in nothing
    client.post(prices, {"text": "P-1;1;85\nX;1;5", "take": "1"})
    page = client.get(reverse("orders:price_list", args=[row.pk]))
    assert product.name in page.text and "€85.00" in page.text
    csv = b"".join(client.get(reverse("orders:price_list_csv", args=[row.pk])).streaming_content).decode()
    again = client.post(prices, {"text": csv})
    assert "As it is" in again.text
    only = client.post(prices, {"text": "X;1;5", "replace": "on"})
    assert "Take 1 price away" in only.text and "1 taken away, 1 left out" in only.text
    wrong = client.post(prices, {"text": ""})
    assert wrong.status_code == 422
    refused = client.post(reverse("orders:price_list_new"), {**said, "partnership": ""})
    assert refused.status_code == 422 and "Say for which partner or for which tier" in refused.text
    assert "Constraint" not in refused.text and 'value="Frame"' in refused.text
    assert 'href="/orders/catalogue/" aria-current' in " ".join(refused.text.split())


def test_a_partner_reads_its_own_lists_and_edits_none(sign_in, market):
    vendor, partner, edge, _product = market
    row, secret = (
        PriceListFactory(vendor=vendor, partnership=edge),
        PriceListFactory(vendor=vendor, partnership=PartnershipFactory(vendor=vendor), name="For a rival"),
    )
    client = sign_in(partner, *KEEPS)
    listing = client.get(reverse("orders:price_lists")).text
    assert row.name in listing and secret.name not in listing
    assert client.get(reverse("orders:price_list", args=[row.pk])).status_code == 200
    assert client.get(reverse("orders:price_list_prices", args=[row.pk])).status_code == 403
    assert client.get(reverse("orders:price_list", args=[secret.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_row_and_for_three(sign_in, market, django_assert_max_num_queries):
    vendor, _partner, edge, product = market
    client = sign_in(vendor, *KEEPS)

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("orders:price_lists"))
        return len(caught)

    PriceListItemFactory(price_list=PriceListFactory(vendor=vendor, partnership=edge), product=product)
    client.get(reverse("orders:price_lists"))
    one = queries()
    for _n in range(2):
        PriceListItemFactory(price_list=PriceListFactory(vendor=vendor, partnership=edge), product=product)
    assert queries() == one


def test_the_product_page_says_what_tiers_and_partners_pay(sign_in, market):
    vendor, partner, edge, product = market
    edge.tier = TierFactory(programme__vendor=vendor, name="Gold", discount_percent=10)
    edge.save()
    row = PriceListFactory(vendor=vendor, partnership=edge, name="Frame contract")
    PriceListItemFactory(price_list=row, product=product, min_quantity=20, price=D(80))
    over = PriceListFactory(
        vendor=vendor, partnership=edge, name="Last year", valid_until=localdate() - timedelta(days=1)
    )
    PriceListItemFactory(price_list=over, product=product, price=D(1))
    page = sign_in(vendor, *KEEPS).get(reverse("orders:product", args=[product.pk])).text
    for text in ("What partners pay", "Gold", "€90.00", "Frame contract", "€80.00", "Gold (−10%) €90.00"):
        assert text in page
    assert "Last year" not in page
    theirs = sign_in(partner, "orders.view")
    assert "Agreed prices" in theirs.get(reverse("orders:product", args=[product.pk])).text
    tried = theirs.get(reverse("orders:product_try", args=[product.pk]), {"partnership": edge.pk, "quantity": "20"})
    assert "€1,600.00" in tried.text
    rival = PartnershipFactory(vendor=vendor)
    asked = {"partnership": rival.pk, "quantity": "1"}
    assert "Choose products" in theirs.get(reverse("orders:product_try", args=[product.pk]), asked).text


def test_products_from_a_table(act_for, sign_in, market):
    vendor, partner, _edge, product = market
    text = (
        "SKU;Name;List price;GTIN;Unit;Pack size;Lifecycle\nP-1;;120;;;;\nNEW-1;Valve;5,5;4006381333931;EA;10;active\n"
        "NEW-2;;5;;;;\nNEW-3;Bad;5;123;;;\nNEW-4;Bad;x;;;;\nnew-1;Twice;5;;;;\nNEW-5;Bad;5;;ZZZ;;\nNEW-6;Bad;5;;;0;\n"
        "NEW-7;Bad;5;;;;gone\n;Bad;5;;;;"
    ).replace(";EA;", ";C62;")
    keeper = act_for(vendor, *KEEPS)
    tried = take_products(actor=keeper, rows=products_in(text), really=False)
    assert Product.objects.count() == 1
    done = take_products(actor=keeper, rows=products_in(text))
    assert [each.outcome for each in tried] == [each.outcome for each in done]
    assert [each.outcome for each in done] == ["changed", "new", *["refused"] * 8]
    product.refresh_from_db()
    made = Product.objects.get(sku="NEW-1")
    assert (product.list_price, product.name != "", made.list_price, made.pack_size) == (120, True, D("5.5"), 10)
    assert take_products(actor=keeper, rows=products_in(text))[0].outcome == "same"
    with pytest.raises(PermissionDenied):
        take_products(actor=act_for(vendor, "orders.view"), rows=products_in(text))
    client = sign_in(vendor, *KEEPS)
    shown = client.post(reverse("orders:product_import"), {"text": "SKU;Name;Price\nNEW-9;<i>;5"})
    assert "&lt;i&gt;" in shown.text and "Take 1 product" in shown.text
    client.post(reverse("orders:product_import"), {"text": "SKU;Name;Price\nNEW-9;Nine;5", "take": "1"})
    assert Product.objects.filter(sku="NEW-9", vendor=vendor).exists()
    assert client.post(reverse("orders:product_import"), {"text": "NEW-9;5"}).status_code == 422
    assert sign_in(partner, "orders.view").get(reverse("orders:product_import")).status_code == 403


def test_a_price_of_the_api_is_asked_as_on_the_page(act_for, market):
    vendor, _partner, edge, _product = market
    row = PriceListFactory(vendor=vendor, partnership=edge)
    asked = [Asked(0, "P-1", D(1), D("85.12345"))]
    found = take_prices(actor=act_for(vendor, *KEEPS), price_list=row, asked=asked)
    assert found.lines[0].outcome == "refused"


def test_the_api_makes_a_list_and_sets_its_prices(api, market):
    vendor, partner, edge, _product = market
    client = api(vendor, *KEEPS)
    said = {"name": "Frame", "currency": "EUR", "partnership": edge.pk, "valid_from": "2026-01-01"}
    made = client.post("/api/v1/price-lists/", said, format="json")
    assert made.status_code == 201, made.content
    url = f"/api/v1/price-lists/{made.json()['id']}/"
    items = [{"sku": "P-1", "price": "85"}, {"sku": "NONE", "price": "1"}]
    report = client.post(f"{url}prices/", {"items": items}, format="json").json()
    assert [line["outcome"] for line in report["lines"]] == ["new", "refused"]
    assert client.get(url).json()["items"] == [{"sku": "P-1", "min_quantity": "1.000", "price": "85.0000"}]
    assert client.patch(url, {"name": "Other"}, format="json").json()["name"] == "Other"
    assert client.patch(url, {"tier": TierFactory().pk}, format="json").status_code in (400, 404)
    theirs = api(partner, *KEEPS)
    assert theirs.get(url).status_code == 200
    assert theirs.patch(url, {"name": "Mine"}, format="json").status_code == 403
    assert theirs.post(f"{url}prices/", {"items": []}, format="json").status_code == 403
    assert api(OrganisationFactory(), *KEEPS).get(url).status_code == 404
    assert len(client.get("/api/v1/price-lists/", {"vendor": vendor.pk}).json()["results"]) == 1
