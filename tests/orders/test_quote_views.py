"""The pages of quotes and their API: what each side sees and may do."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from core import paper
from orders import quote_paper
from orders.actions import revise_quote, save_quote, send_quote, set_discount_limits
from orders.models import DiscountLimit, Order, Quote
from orders.search import search
from orders.waiting import counts, waiting
from tests.factories import OrganisationFactory
from tests.orders.factories import ProductFactory, trade
from tests.orders.quotes import WRITES, content, line, offered
from tests.partners.pictures import with_logo

pytestmark = pytest.mark.django_db


@pytest.fixture
def edge():
    return trade()[2]


@pytest.fixture
def product(edge):
    return ProductFactory(vendor=edge.vendor, sku="P-1", list_price=100, name="Vertical pump")


def url(name, quote):
    return reverse(f"orders:{name}", args=[quote.pk])


def form(product, **more):
    said = {"title": "Pumps <b>", "valid_until": localdate().isoformat(), "codes": "", "note": ""}
    lines = {"lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-product": product.pk}
    return {**said, **lines, "lines-0-quantity": "2", "lines-0-text": "x", "lines-0-choices": "", **more}


def test_a_vendor_writes_sends_and_a_partner_accepts(sign_in, edge, product):
    vendor, partner = sign_in(edge.vendor, *WRITES), sign_in(edge.partner, *WRITES)
    new = reverse("orders:quote_new")
    assert "Quote for" in vendor.get(new).text
    more = {"lines-0-discount_percent": "10", "lines-0-discount_reason": "First order"}
    assert vendor.post(f"{new}?partnership={edge.pk}", form(product, **more)).status_code == 302
    quote = Quote.objects.get()
    page = vendor.get(url("quote", quote)).text
    for text in ("Pumps &lt;b&gt;", "Vertical pump", "Discount (−10%) €90.00", "First order", "€180.00", "Draft"):
        assert text in page
    assert partner.get(url("quote", quote)).status_code == 404
    vendor.post(url("quote_send", quote))
    shown = partner.get(url("quote", quote)).text
    assert url("quote_accept", quote) in shown and url("quote_withdraw", quote) not in shown
    assert "Please name" in partner.get(url("quote_print", quote)).text
    done = partner.post(url("quote_accept", quote), {"number": "PO-9", "send": "on"})
    order = Order.objects.get()
    assert done.url == reverse("orders:detail", args=[order.pk]) and (order.number, order.state) == ("PO-9", "received")
    assert "Accepted" in vendor.get(url("quote", quote)).text and "PO-9" in vendor.get(url("quote", quote)).text
    assert partner.post(url("quote_decline", quote)).status_code == 403


def test_what_is_wrong_is_said_at_the_form(sign_in, edge, product):
    client = sign_in(edge.partner, *WRITES)
    new = f"{reverse('orders:quote_new')}?partnership={edge.pk}"
    for more, said in (
        ({"lines-0-quantity": ""}, "How many?"),
        ({"lines-0-product": ""}, "Choose a product from the list."),
        ({"lines-0-discount_percent": "5"}, "Say why there is a discount."),
        ({"lines-0-choices": "X"}, "There is no option “X”."),
        ({"title": ""}, "required"),
        ({"lines-0-product": ProductFactory().pk}, "Select a valid choice"),
    ):
        answer = client.post(new, form(product, **more))
        assert answer.status_code == 422
        assert said in answer.text
    assert client.get(f"{reverse('orders:quote_new')}?partnership=0").status_code == 404
    assert sign_in(edge.partner, "orders.view").get(new).status_code == 403


def test_drafts_are_edited_and_thrown_away(act_for, sign_in, edge, product):
    quote = save_quote(actor=act_for(edge.vendor, *WRITES), partnership=edge, content=content(line(product)))
    client = sign_in(edge.vendor, *WRITES)
    assert "Vertical pump" in client.get(url("quote_edit", quote)).text
    said = form(product, version=quote.version, **{"lines-0-quantity": "7"})
    assert client.post(url("quote_edit", quote), said).status_code == 302
    assert client.post(url("quote_edit", quote), said).status_code == 422, "an old page"
    client.post(url("quote_delete", quote))
    assert not Quote.objects.exists()


def test_approval_on_the_page(act_for, sign_in, edge, product):
    chief = act_for(edge.vendor, *WRITES)
    set_discount_limits(actor=chief, limits={None: Decimal(5)})
    seller = act_for(edge.vendor, "orders.view", "quotes.write")
    said = content(line(product, discount_percent=Decimal(10), discount_reason="Why not"))
    quote = send_quote(actor=seller, quote=save_quote(actor=seller, partnership=edge, content=said))
    desk = sign_in(edge.vendor, *WRITES)
    assert counts(chief)["quotes"] == 1 and counts(seller)["quotes"] == 0
    assert "waits for its discount" in str(waiting(chief)[0].title)
    assert desk.post(url("quote_hand_back", quote), {"note": ""}).status_code == 422
    desk.post(url("quote_hand_back", quote), {"note": "Less, please"})
    assert "Less, please" in desk.get(url("quote", quote)).text
    send_quote(actor=seller, quote=quote)
    assert desk.post(url("quote_approve", quote)).status_code == 302
    assert counts(act_for(edge.partner, *WRITES))["quotes"] == 1
    partner = sign_in(edge.partner, *WRITES)
    assert "Approved by" not in partner.get(url("quote", quote)).text


def test_both_sides_see_the_versions_beside_each_other(act_for, sign_in, edge, product):
    first = offered(act_for, edge, line(product))
    client = sign_in(edge.partner, *WRITES)
    assert client.post(url("quote_revise", first)).status_code == 302
    second = Quote.objects.get(revision=2)
    actor = act_for(edge.partner, *WRITES)
    save_quote(actor=actor, quote=second, content=content(line(product, "9")))
    send_quote(actor=actor, quote=second)
    vendor = sign_in(edge.vendor, *WRITES)
    page = vendor.get(url("quote", second)).text
    assert "Changed from version 1" in page and "Prepare an offer" in page and url("quote", first) in page
    vendor.post(url("quote_decline", second), {"note": "Sold out"})
    assert "Sold out" in client.get(url("quote", second)).text
    third = revise_quote(actor=act_for(edge.vendor, *WRITES), quote=second)
    vendor.post(url("quote_send", third))
    vendor.post(url("quote_withdraw", third), {"note": "A mistake"})
    assert "A mistake" in client.get(url("quote", third)).text


def test_the_list_the_search_and_what_it_costs(act_for, sign_in, edge, product):
    first = offered(act_for, edge, line(product))
    client = sign_in(edge.partner, "orders.view")
    client.get(reverse("orders:quotes"))

    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert first.number in client.get(address).text
        return len(caught)

    detail = url("quote", first)
    one = queries(reverse("orders:quotes"))
    two = queries(detail)
    for _n in range(2):
        offered(act_for, edge, line(product), line(product))
    assert queries(reverse("orders:quotes")) == one
    more = offered(act_for, edge, line(product), line(product), line(product))
    Quote.objects.filter(pk=more.pk).update(number=first.number + "0")
    assert queries(url("quote", more)) == two
    reader = act_for(edge.partner, "orders.view")
    assert first.number in [hit.title for hit in search(reader, first.number, 5)]
    assert search(act_for(OrganisationFactory(), "orders.view"), first.number, 5) == []


def test_limits_are_set_on_their_page(sign_in, edge):
    client = sign_in(edge.vendor, *WRITES)
    page = reverse("orders:quote_limits")
    assert client.post(page, {"general": "101"}).status_code == 422
    client.post(page, {"general": "7,5"})
    client.post(page, {"general": "7.5"})
    assert DiscountLimit.objects.get().percent == 7.5 and "7.5" in client.get(page).text
    assert sign_in(edge.vendor, "orders.view", "quotes.write").get(page).status_code == 403


def test_the_api_writes_sends_revises_and_accepts(api, edge, product):
    vendor, partner = api(edge.vendor, *WRITES), api(edge.partner, *WRITES)
    said = {"partnership": edge.pk, "title": "Pumps", "valid_until": localdate().isoformat()}
    lines = [{"product": product.pk, "quantity": "2", "discount_percent": "10", "discount_reason": "First"}]
    made = vendor.post("/api/v1/quotes/", {**said, "lines": lines}, format="json")
    assert made.status_code == 201, made.content
    where = f"/api/v1/quotes/{made.json()['id']}/"
    assert Decimal(made.json()["lines"][0]["unit_price"]) == 90 and made.json()["state"] == "draft"
    assert partner.get(where).status_code == 404
    changed = vendor.patch(where, {"lines": [{"product": product.pk, "quantity": "3"}]}, format="json").json()
    assert (changed["total"], changed["title"]) == ("300.0000", "Pumps")
    assert vendor.patch(where, {"title": "x"}, format="json", headers={"If-Match": '"quote-1-0"'}).status_code == 412
    assert vendor.post(f"{where}send/").json()["state"] == "sent"
    assert vendor.post(f"{where}accept/").status_code == 403
    second = vendor.post(f"{where}revise/")
    assert second.status_code == 201
    again = f"/api/v1/quotes/{second.json()['id']}/"
    vendor.post(f"{again}send/")
    assert partner.post(f"{where}accept/").status_code == 403, "a version that was replaced"
    accepted = partner.post(f"{again}accept/", {"number": "PO-1"}, format="json").json()
    assert accepted["state"] == "accepted" and accepted["order"]
    assert vendor.get(again).json()["order"] is None, "a draft is its buyer's alone"
    assert len(vendor.get("/api/v1/quotes/", {"state": "replaced"}).json()["results"]) == 1
    for body in ({}, {**said, "lines": []}, {**said, "lines": [{"product": 0, "quantity": "1"}]}):
        assert partner.post("/api/v1/quotes/", body, format="json").status_code in (400, 404), json.dumps(body)
    for act in ("decline", "withdraw", "approve", "hand-back"):
        assert partner.post(f"{again}{act}/").status_code == 403
    assert api(OrganisationFactory(), *WRITES).post(f"{again}decline/").status_code == 404


@pytest.fixture
def written(monkeypatch):
    """What is put on paper."""
    found, plain = [], paper.seen

    def spy(text):
        found.append(plain(text))
        return found[-1]

    monkeypatch.setattr(paper, "seen", spy)
    return found


def test_a_quote_is_a_pdf_in_the_readers_language(act_for, sign_in, edge, product, written):
    edge.partner.name, edge.partner.city = "Łódź Pömpen Ελλάς Съд", "Kraków"
    edge.partner.save()
    said = line(product, "1500", discount_percent=Decimal("12.5"), discount_reason="Première\u202e commande {nb}\x07")
    quote = offered(act_for, edge, *[said] * 60, note="A\r\nB " + "W" * 900)
    client = sign_in(edge.partner, *WRITES)
    answer = client.get(url("quote_pdf", quote))
    data = b"".join(answer)
    assert (
        answer["Content-Type"] == "application/pdf" and f"{quote.number.lower()}.pdf" in answer["Content-Disposition"]
    )
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF") and data.count(b"/Type /Page\n") > 1
    for text in ("Valid until", "€87.50", "Première commande {nb}", "Łódź Pömpen Ελλάς Съд\nKraków IT", "A\nB "):
        assert any(text in each for each in written), text
    assert b"".join(client.get(url("quote_pdf", quote))) == data, "the same bytes each time"
    written.clear()
    italian = b"".join(client.get(url("quote_pdf", quote), {"language": "it"}))
    assert "Valida fino al" in written or "Valido fino al" in written
    assert b"/Lang (it)" in italian and any("87,50" in each for each in written)
    assert b"".join(client.get(url("quote_pdf", quote), {"language": "../x"})) == data
    assert b"".join(client.get(f"/api/v1/quotes/{quote.pk}/pdf/")) == data
    made = quote_paper.paper_of(quote)
    made.octets()
    assert not any(font.missing_glyphs for font in made.fonts.values())


def test_the_paper_wears_the_logo_of_who_writes(act_for, sign_in, edge, product):
    quote = offered(act_for, edge, line(product, "1"))
    client = sign_in(edge.partner, *WRITES)
    with_logo(edge.partner)
    assert b"/Subtype /Image" not in b"".join(client.get(url("quote_pdf", quote))), "not that of who reads"
    assert "/logo/" not in client.get(url("quote_print", quote)).text
    with_logo(edge.vendor, mode="RGBA")
    data = b"".join(client.get(url("quote_pdf", quote)))
    assert b"/Subtype /Image" in data and b"".join(client.get(url("quote_pdf", quote))) == data
    page = client.get(url("quote_print", quote)).text
    assert edge.vendor.logo_path in page and edge.partner.logo_path not in page


def test_prices_and_options_follow_the_typing(sign_in, edge, product):
    product.options = [{"name": "Motor", "choices": [["M-2", "2 kW", "0"], ["M-5", "5 kW", "40"]]}]
    product.save()
    client, stranger = sign_in(edge.partner, *WRITES), sign_in(OrganisationFactory(), *WRITES)
    asked = {"line": "lines-0", "lines-0-product": product.pk, "lines-0-choices": "M-5"}
    grid = client.get(reverse("orders:quote_choices"), asked).text
    assert 'name="lines-0-choices"' in grid and '<option value="M-5" selected>5 kW (+€40.00)' in grid
    assert "<select" not in stranger.get(reverse("orders:quote_choices"), asked).text
    assert "<select" not in client.get(reverse("orders:quote_choices"), {**asked, "lines-0-product": "x"}).text
    assert client.get(reverse("orders:quote_choices"), {**asked, "line": "<b>"}).status_code == 404
    there = f"{reverse('orders:quote_prices')}?partnership={edge.pk}"
    said = form(product, title="", **{"lines-0-choices": ["M-5"], "lines-1-text": "half"})
    assert "€280.00" in client.post(there, said).text
    assert not Quote.objects.exists()
    assert "There is no option" in client.post(there, {**said, "lines-0-choices": ["M-9"]}).text
    assert "Choose products" in client.post(there, {**said, "lines-0-quantity": ""}).text
    assert "Choose products" in client.post(there, {}).text
    assert stranger.post(there, said).status_code == 404
    new = f"{reverse('orders:quote_new')}?partnership={edge.pk}"
    client.post(new, {**said, "title": "T", "lines-1-text": ""})
    assert Quote.objects.get().lines.get().choices == ["M-5"]
    assert '<option value="M-5" selected>' in client.get(url("quote_edit", Quote.objects.get())).text
