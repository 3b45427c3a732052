"""The pages: what each side sees and may do, and what strangers get."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from orders.actions import respond_to_order, save_draft
from orders.hooks import DOCUMENTS, Document
from orders.models import Order, Product
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.orders.factories import ProductFactory, document, line, place, trade

D = Decimal
pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SELLER = ("orders.view", "orders.respond", "deals.view")
BUYER = ("orders.view", "orders.send", "deals.view")


@pytest.fixture
def order(act_for):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller, sku="AP-1", name="Vertical pump")
    return place(
        act_for,
        line("10", "6", "100", seller_sku=product.sku),
        line("20", "1", "5", seller_sku="UNKNOWN-9", description="<b>Mystery</b>"),
        seller=seller,
        buyer=buyer,
        notes=("<script>alert(1)</script>",),
    )


def without_token(response) -> str:
    return re.sub(r'"[0-9A-Za-z]{64}"', "", response.text)


def url(name, order, *more):
    return reverse(f"orders:{name}", args=[order.pk, *more])


def test_both_sides_see_the_order_with_its_lines_and_what_was_noticed(order, sign_in):
    for organisation, capabilities in ((order.seller, SELLER), (order.buyer, BUYER)):
        page = sign_in(organisation, *capabilities).get(url("detail", order))
        assert page.status_code == 200
        for text in (
            "Order PO-1",
            "Vertical pump",
            "AP-1",
            "&lt;b&gt;Mystery&lt;/b&gt;",
            ">600.00<",
            "€605.00",
            "received, lines: 2",
        ):
            assert text in page.text
        assert "The catalogue has no product “UNKNOWN-9”" in page.text
        assert "<script>alert" not in page.text


def test_each_side_has_its_own_acts(order, sign_in):
    seller = sign_in(order.seller, *SELLER).get(url("detail", order)).text
    buyer = sign_in(order.buyer, *BUYER).get(url("detail", order)).text
    assert url("accept", order) in seller
    assert url("cancel", order) not in seller
    assert url("accept", order) not in buyer
    assert url("cancel", order) in buyer
    reader = sign_in(order.seller, "orders.view").get(url("detail", order)).text
    assert url("accept", order) not in reader
    assert "Your role does not allow" in reader


def test_the_panel_and_the_live_part_are_fragments_of_the_same_page(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    panel = client.get(url("detail", order), headers={**HTMX, "HX-Target": "div#panel"})
    live = client.get(url("detail", order), headers=HTMX)
    for fragment in (panel, live):
        assert "<!doctype" not in fragment.text.lower()
        assert "HX-Request" in fragment["Vary"]
    assert 'id="record"' in live.text
    assert 'id="record"' not in panel.text


def test_accepting_all_from_the_page(order, sign_in):
    response = sign_in(order.seller, *SELLER).post(url("accept", order), headers=HTMX)
    assert response.status_code == 200
    assert "toast" in response["HX-Trigger"]
    assert "Accepted" in response.text
    order.refresh_from_db()
    assert order.state == "accepted"


def test_a_broken_rule_is_said_on_the_record(order, sign_in):
    Order.objects.update(state="shipped")
    for name, client in (
        ("accept", sign_in(order.seller, *SELLER)),
        ("acknowledge", sign_in(order.seller, *SELLER)),
        ("cancel", sign_in(order.buyer, *BUYER)),
    ):
        response = client.post(url(name, order))
        assert response.status_code == 422
        assert "this is shipped" in response.text


POSTS = ["accept", "acknowledge", "cancel", "send", "delete", "link"]


@pytest.mark.parametrize("name", ["detail", "edit", "answer", *POSTS, "answer_summary"])
def test_a_stranger_cannot_tell_that_the_order_exists(order, sign_in, name):
    client = sign_in(OrganisationFactory(), preset="administrator")
    method = client.post if name in {*POSTS, "answer_summary"} else client.get
    theirs, missing = method(url(name, order)), method(reverse(f"orders:{name}", args=[999_999]))
    assert theirs.status_code == missing.status_code == 404
    assert without_token(theirs) == without_token(missing)


def test_a_strangers_product_and_line_do_not_exist_either(order, sign_in):
    client = sign_in(OrganisationFactory(), preset="administrator")
    product = Product.objects.get()
    assert client.get(reverse("orders:product", args=[product.pk])).status_code == 404
    assert client.get(reverse("orders:product_edit", args=[product.pk])).status_code == 404
    assert client.post(url("match", order, 2), {"product": product.pk}).status_code == 404
    assert client.get(reverse("orders:product_options"), {"seller": order.seller_id}).status_code == 404


def test_colleagues_without_the_capability_are_told_what_is_missing(order, sign_in):
    nobody = sign_in(order.seller)
    for name in ("detail", "answer"):
        refused = nobody.get(url(name, order))
        assert refused.status_code == 403
        assert "Ask an administrator" in refused.text
    reader = sign_in(order.seller, "orders.view")
    assert reader.post(url("accept", order)).status_code == 403
    assert sign_in(order.buyer, "orders.view").post(url("cancel", order)).status_code == 403
    assert sign_in(order.buyer, *BUYER).post(url("accept", order)).status_code == 403
    assert reader.get(reverse("orders:product_new")).status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_acts_are_posts(order, sign_in, name):
    assert sign_in(order.seller, *SELLER).get(url(name, order)).status_code == 405


def test_people_who_are_not_signed_in_are_led_there(order, client):
    assert client.get(url("detail", order)).status_code == 302


def answer_data(**changes):
    data = {"note": "See the dates"}
    for position, quantity, price in ((1, "6", "100"), (2, "1", "5")):
        data |= {
            f"l{position}-answer": "accepted",
            f"l{position}-quantity": quantity,
            f"l{position}-unit_price": price,
            f"l{position}-delivery_date": "",
            f"l{position}-reason": "",
        }
    return {**data, **changes}


def test_the_answer_form_is_prefilled_and_accepts_as_it_stands(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    page = client.get(url("answer", order))
    assert 'name="l1-quantity" value="6"' in page.text
    assert 'name="l1-unit_price" value="100"' in page.text
    assert "Every line as ordered." in page.text
    assert client.post(url("answer", order), answer_data()).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.responses.get().note) == ("accepted", "See the dates")


def test_a_line_is_changed_and_another_rejected(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    changes = {"l1-quantity": "4", "l1-delivery_date": "2027-02-01", "l2-answer": "rejected", "l2-reason": "Unknown"}
    summary = client.post(url("answer_summary", order), answer_data(**changes))
    assert "Accepted with changes" in summary.text
    assert "€400.00" in summary.text
    order.refresh_from_db()
    assert order.state == "received"
    client.post(url("answer", order), answer_data(**changes))
    order.refresh_from_db()
    assert order.state == "accepted_with_changes"
    detail = client.get(url("detail", order)).text
    assert "Unknown" in detail
    assert "<b>4</b>" in detail


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"l2-answer": "rejected"}, "Say why"),
        ({"l1-quantity": "many"}, "Enter a number"),
        ({"l1-quantity": "-1"}, "Write 0 or more."),
        ({"l1-quantity": "0"}, "to confirm nothing, reject the line"),
        ({"l1-answer": "perhaps"}, "Select a valid choice"),
        ({"l1-delivery_date": "soon"}, "Enter a valid date"),
        ({"l1-quantity": "9" * 40}, "no more than 15 digits"),
        ({"l1-unit_price": "999999999", "l1-quantity": "99999999"}, "larger than the portal can keep"),
    ],
)
def test_a_wrong_answer_is_shown_again_with_the_reason(order, sign_in, changes, said):
    response = sign_in(order.seller, *SELLER).post(url("answer", order), answer_data(**changes))
    assert response.status_code == 422
    assert said in response.text
    order.refresh_from_db()
    assert order.state == "received"


def test_an_answered_order_is_not_answered_again(order, sign_in, act_for):
    respond_to_order(actor=act_for(order.seller, "orders.respond"), order=order)
    client = sign_in(order.seller, *SELLER)
    assert client.get(url("answer", order)).status_code == 302
    assert client.post(url("answer", order), answer_data()).status_code == 302
    assert order.responses.count() == 1


def test_the_seller_recognises_a_line(order, sign_in):
    client = sign_in(order.seller, *SELLER)
    product = ProductFactory(vendor=order.seller, list_price=D(5))
    foreign = ProductFactory()
    assert client.post(url("match", order, 2), {"product": foreign.pk}).status_code == 422
    assert client.post(url("match", order, 2), {"product": product.pk}).status_code == 302
    assert order.lines.get(position=2).product == product
    assert not order.findings.exists()
    assert client.post(url("match", order, 99), {"product": product.pk}).status_code == 404


def new_order(product, **changes):
    data = {"number": "W-1", "delivery_date": "", "note": "", "ship_name": "Site 4", "ship_country": "it"}
    data |= {"ship_street": "", "ship_postcode": "", "ship_city": "Trento"}
    data |= {"lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-product": product.pk}
    data |= {"lines-0-text": str(product), "lines-0-quantity": "3", "lines-0-unit_price": ""}
    data |= {"lines-1-product": "", "lines-1-text": "", "lines-1-quantity": "", "lines-1-unit_price": ""}
    return {**data, **changes}


def test_a_partner_without_an_erp_orders_from_the_catalogue(sign_in):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller, sku="AP-1", list_price=D("12.50"))
    client = sign_in(buyer, *BUYER)
    assert client.get(reverse("orders:new")).status_code == 200
    response = client.post(f"{reverse('orders:new')}?seller={seller.pk}", new_order(product))
    order = Order.objects.get()
    assert response["Location"] == url("detail", order)
    assert (order.state, order.source, order.total) == ("received", "web", D("37.50"))
    assert order.parties["ship_to"] == {**order.parties["ship_to"], "name": "Site 4", "country": "IT"}
    assert not order.findings.exists()


def test_a_draft_is_kept_edited_and_sent(sign_in):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller)
    client, theirs = sign_in(buyer, *BUYER), sign_in(seller, *SELLER)
    client.post(f"{reverse('orders:new')}?seller={seller.pk}", new_order(product, number="", draft="1"))
    order = Order.objects.get()
    assert order.state == "draft"
    assert theirs.get(url("detail", order)).status_code == 404
    form = client.get(url("edit", order))
    assert f'value="{order.number}"' in form.text
    assert 'value="Site 4"' in form.text
    client.post(url("edit", order), new_order(product, number=order.number, **{"lines-0-quantity": "8", "draft": "1"}))
    client.post(url("send", order))
    order.refresh_from_db()
    assert (order.state, order.lines.get().quantity) == ("received", 8)
    assert theirs.get(url("detail", order)).status_code == 200
    assert client.get(url("edit", order)).status_code == 302


def test_a_draft_is_thrown_away(sign_in, act_for):
    seller, buyer, _partnership = trade()
    order = save_draft(actor=act_for(buyer, "orders.send"), document=document(), seller=seller)
    assert sign_in(buyer, *BUYER).post(url("delete", order)).status_code == 302
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines-0-quantity": "0"}, "Write 0.001 or more."),
        ({"lines-0-quantity": ""}, "How many?"),
        ({"lines-0-product": "", "lines-0-text": "a pump"}, "Choose a product from the list."),
        ({"lines-0-product": "", "lines-0-text": "", "lines-0-quantity": ""}, "Add at least one line."),
        ({"lines-0-product": "999999"}, "Select a valid choice"),
        ({"lines-TOTAL_FORMS": "5000"}, "at most 200"),
        ({"number": "9" * 71}, "at most 70 characters"),
    ],
)
def test_a_wrong_order_is_shown_again_with_the_reason(sign_in, changes, said):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller)
    data = new_order(product, **changes)
    response = sign_in(buyer, *BUYER).post(f"{reverse('orders:new')}?seller={seller.pk}", data)
    assert response.status_code == 422
    assert said in response.text
    assert not Order.objects.exists()


def test_a_foreign_product_or_seller_is_no_choice(sign_in):
    seller, buyer, _partnership = trade()
    foreign = ProductFactory()
    client = sign_in(buyer, *BUYER)
    page = client.post(f"{reverse('orders:new')}?seller={seller.pk}", new_order(foreign))
    gone = client.post(f"{reverse('orders:new')}?seller={seller.pk}", new_order(foreign, **{"lines-0-product": 99999}))
    assert page.status_code == gone.status_code == 422
    for stranger in (foreign.vendor_id, 999_999, "x"):
        assert client.get(reverse("orders:new"), {"seller": stranger}).status_code == 404


def test_with_several_sellers_one_chooses_first_and_with_none_is_told_why(sign_in):
    seller, buyer, _partnership = trade()
    client = sign_in(buyer, *BUYER)
    other = PartnershipFactory(partner=buyer).vendor
    page = client.get(reverse("orders:new")).text
    assert seller.name in page
    assert other.name in page
    lonely = sign_in(OrganisationFactory(), *BUYER).get(reverse("orders:new"))
    assert "Nobody to order from yet" in lonely.text


def test_the_lookup_offers_the_sellers_products_at_the_readers_price(sign_in):
    seller, buyer, _partnership = trade()
    ProductFactory(vendor=seller, sku="VT-400", name="Vertical pump", list_price=D("24800"), pack_size=2)
    ProductFactory(vendor=seller, sku="OLD", name="Vertical pump, old", lifecycle="ended")
    ProductFactory(sku="VT-500", name="Vertical pump of somebody else")
    client = sign_in(buyer, "orders.view")
    found = client.get(reverse("orders:product_options"), {"seller": seller.pk, "q": "vert"}).json()["options"]
    assert [option["label"] for option in found] == ["VT-400 Vertical pump"]
    assert found[0]["fill"]["unit_price"] == "24800"
    assert "packs of 2" in found[0]["note"]


def test_the_list_has_tabs_search_and_csv(order, sign_in, act_for):
    place(act_for, line(), seller=order.seller, buyer=order.buyer, number="=CMD()", source="api")
    client = sign_in(order.seller, *SELLER)
    assert "PO-1" in client.get(reverse("orders:list")).text
    found = client.get(reverse("orders:list"), {"view": "answer", "state": "received", "q": "po-1"}).text
    assert "PO-1" in found
    assert "=CMD" not in found
    export = b"".join(client.get(reverse("orders:list"), {"format": "csv"}).streaming_content).decode()
    assert "'=CMD()" in export


def test_many_are_taken_in_hand_at_once(order, sign_in, act_for):
    other = place(act_for, seller=order.seller, buyer=order.buyer, number="2")
    answered = place(act_for, seller=order.seller, buyer=order.buyer, number="3")
    respond_to_order(actor=act_for(order.seller, "orders.respond"), order=answered)
    foreign = place(act_for)
    chosen = {"pk": [order.pk, other.pk, answered.pk, foreign.pk, "x", "9" * 5000]}
    page = sign_in(order.seller, *SELLER).post(reverse("orders:bulk_acknowledge"), chosen, follow=True)
    assert "2 orders taken in hand." in page.text
    assert "1 order was left as it is." in page.text
    states = dict(Order.objects.values_list("pk", "state"))
    assert [states[o.pk] for o in (order, other, answered, foreign)] == ["acknowledged"] * 2 + ["accepted", "received"]


@pytest.mark.parametrize("page", ["list", "products"])
def test_lists_cost_the_same_for_one_and_three(sign_in, act_for, page, django_assert_max_num_queries):
    seller, buyer, _partnership = trade()
    client = sign_in(seller, *SELLER, "catalogue.manage")
    client.get(reverse(f"orders:{page}"))
    costs = []
    for count in (1, 2):
        for n in range(count):
            place(
                act_for,
                line(seller_sku=ProductFactory(vendor=seller).sku),
                seller=seller,
                buyer=buyer,
                number=f"{count}{n}",
            )
        with django_assert_max_num_queries(25) as queries:
            client.get(reverse(f"orders:{page}"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_record_costs_the_same_for_one_line_and_many(sign_in, act_for, django_assert_max_num_queries):
    seller, buyer, _partnership = trade()
    product = ProductFactory(vendor=seller)
    client = sign_in(seller, *SELLER)
    costs = []
    for count in (1, 12):
        lines = [line(str(n), seller_sku=product.sku, price="1") for n in range(count)]
        order = place(act_for, *lines, seller=seller, buyer=buyer, number=str(count))
        respond_to_order(actor=act_for(seller, "orders.respond"), order=order)
        client.get(url("detail", order))
        with django_assert_max_num_queries(45) as queries:
            client.get(url("detail", order))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_vendor_keeps_its_catalogue(sign_in):
    vendor, partner, _partnership = trade()
    client = sign_in(vendor, "orders.view", "catalogue.manage")
    data = {"sku": "N-1", "name": "New pump", "gtin": "8012345 000012", "unit": "C62", "pack_size": "1"}
    data |= {"list_price": "1250.75", "currency": "EUR", "lifecycle": "active", "product_line": "", "description": ""}
    response = client.post(reverse("orders:product_new"), data)
    product = Product.objects.get()
    assert response["Location"] == reverse("orders:product", args=[product.pk])
    assert (product.vendor, product.gtin, product.list_price) == (vendor, "8012345000012", D("1250.75"))
    assert "SKU already" in client.post(reverse("orders:product_new"), {**data, "sku": "n-1"}).text
    edit = reverse("orders:product_edit", args=[product.pk])
    assert client.post(edit, {**data, "list_price": "1300", "version": "1"}).status_code == 302
    stale = client.post(edit, {**data, "list_price": "1", "version": "1"})
    assert stale.status_code == 422
    assert "Somebody changed this" in stale.text
    assert client.post(edit, {**data, "list_price": "1300", "version": "9" * 5000}).status_code == 302  # none
    wrong = client.post(edit, {**data, "gtin": "8012345000017", "list_price": "-1", "currency": "euro"})
    assert wrong.status_code == 422
    assert "not a GTIN" in wrong.text
    theirs = sign_in(partner, "orders.view", "catalogue.manage")
    assert theirs.get(reverse("orders:product", args=[product.pk])).status_code == 200
    assert theirs.get(edit).status_code == 403
    product.refresh_from_db()
    assert product.list_price == D(1300)


def test_the_product_page_tells_each_reader_their_own_price_and_no_other(sign_in):
    vendor, partner, partnership = trade()
    rival = PartnershipFactory(vendor=vendor)
    product = ProductFactory(vendor=vendor, list_price=D(100))
    from tests.orders.factories import PriceListFactory, PriceListItemFactory

    for edge, price in ((partnership, 91), (rival, 77)):
        PriceListItemFactory(
            price_list=PriceListFactory(vendor=vendor, partnership=edge), product=product, price=D(price)
        )
    page = sign_in(partner, "orders.view").get(reverse("orders:product", args=[product.pk])).text
    assert "€91.00" in page
    assert "€77.00" not in page


def test_other_apps_add_their_documents(order, sign_in):
    DOCUMENTS.append(lambda actor, order: [Document("ORDERS 00001", "/exchange/1/", "EDIFACT D.96A", "Valid", "good")])
    try:
        assert "ORDERS 00001" in sign_in(order.seller, *SELLER).get(url("detail", order)).text
    finally:
        DOCUMENTS.pop()


def test_a_seller_that_can_be_none_is_missing(sign_in):
    _vendor, partner, _partnership = trade()
    client = sign_in(partner, *BUYER)
    for key in ("x", "9" * 30, "9" * 5000):
        assert client.get(reverse("orders:new"), {"seller": key}).status_code == 404
