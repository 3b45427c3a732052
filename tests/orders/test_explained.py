"""Prices of orders are explained step by step, with what other apps offer, and say why a named code does not apply."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from orders import explaining
from orders.actions import match_line, save_draft, send_order
from orders.explaining import Basket, Quotation, Refusal, Step, Wanted, explain
from orders.price_notes import notes_of
from tests.factories import OrganisationFactory
from tests.orders.factories import ProductFactory, document, line, place, trade
from tests.partners.factories import TierFactory

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(monkeypatch):
    """An offer of ten percent for the code SPRING; any other code is refused."""
    asked = []

    def offer(basket, lines):
        asked.append(basket)
        refusals = tuple(Refusal(None, code, "it ended.") for code in basket.codes if code != "SPRING")
        if "SPRING" not in basket.codes:
            return Quotation(tuple(lines), refusals)
        step = [Step("promotion", "Spring", each.unit_price * D("0.9"), D(10), 7) for each in lines]
        taken = tuple(each.after(one) for each, one in zip(lines, step, strict=True))
        return Quotation(tuple(replace(each, given=D(1)) for each in taken), refusals)

    monkeypatch.setattr(explaining, "OFFERS", [offer])
    return asked


def test_options_are_discounted_by_a_tier_and_come_on_top_of_an_agreed_price():
    _seller, _buyer, edge = trade(tier=TierFactory(discount_percent=10))
    product = ProductFactory(vendor=edge.vendor, list_price=D(100))
    priced = explain(Basket(edge, document().issued_on, (Wanted("1", product, D(2), D(20)),))).lines[0]
    assert [(step.kind, step.unit_price) for step in priced.steps] == [("list", 100), ("options", 120), ("tier", 108)]
    assert priced.amount == 216


def test_an_order_keeps_the_steps_and_the_code_that_applied(act_for, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller, list_price=D(100))
    named = (("promotion", "SPRING"), ("promotion", "OLD"))
    order = place(act_for, line(price="90", seller_sku=product.sku), seller=seller, buyer=buyer, references=named)
    kept = order.lines.get()
    assert (kept.list_price, kept.expected_price) == (100, 90)
    assert [note.kind for note in notes_of(kept.pricing)] == ["list", "promotion"]
    assert [finding.message for finding in order.findings.all()] == ["The code OLD does not apply: it ended."]


def test_a_price_that_ignores_the_promotion_is_noticed_with_its_basis(act_for, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller, list_price=D(100))
    order = place(
        act_for,
        line(price="100", seller_sku=product.sku),
        seller=seller,
        buyer=buyer,
        references=(("promotion", "SPRING"),),
    )
    assert "90 EUR (promotion)" in order.findings.get().message


def test_a_draft_is_priced_anew_when_it_is_sent(act_for, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller, list_price=D(100))
    said = document(line(price=None, seller_sku=product.sku), references=(("promotion", "SPRING"),))
    draft = save_draft(actor=act_for(buyer, "orders.send"), document=said, seller=seller)
    assert draft.lines.get().expected_price == 90
    product.list_price = D(200)
    product.save()
    assert send_order(actor=act_for(buyer, "orders.send"), order=draft).lines.get().expected_price == 180


def test_a_line_that_a_person_recognises_is_priced_with_the_codes_of_its_order(act_for, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller, list_price=D(100))
    order = place(act_for, line(price=None), seller=seller, buyer=buyer, references=(("promotion", "SPRING"),))
    desk = act_for(seller, "orders.respond")
    assert match_line(actor=desk, order=order, line=order.lines.get(), product=product).expected_price == 90


def test_hostile_references_name_only_so_many_codes(act_for, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller)
    named = tuple(("promotion", f"C{n}") for n in range(500))
    order = place(act_for, line(price=None, seller_sku=product.sku), seller=seller, buyer=buyer, references=named)
    assert len(spring[0].codes) == explaining.MAX_CODES
    assert order.findings.filter(code="code_refused").count() == explaining.MAX_CODES


LINE = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-quantity": "2"}


def test_the_form_shows_the_steps_while_it_is_typed_and_takes_the_promotional_price(sign_in, spring):
    seller, buyer, _edge = trade()
    product = ProductFactory(vendor=seller, list_price=D(100), name="Spring pump")
    client = sign_in(buyer, "orders.send", "orders.view")
    said = {**LINE, "lines-0-product": product.pk, "lines-0-unit_price": "100", "codes": "SPRING, OLD"}
    shown = client.post(f"{reverse('orders:prices')}?seller={seller.pk}", said)
    for text in ("Spring pump", "Spring (−10%) €90.00", "€180.00", "it ended.", "1 more without charge"):
        assert text in shown.text
    empty = client.post(f"{reverse('orders:prices')}?seller={seller.pk}", LINE)
    assert "Choose products and quantities" in empty.text
    client.post(f"{reverse('orders:new')}?seller={seller.pk}", said)
    order = buyer.orders_given.get()
    assert order.lines.get().unit_price == 90
    page = client.get(reverse("orders:detail", args=[order.pk]))
    assert "Spring (−10%) €90.00" in page.text


def test_prices_of_a_company_that_one_does_not_buy_from_are_not_there(sign_in):
    _seller, buyer, _edge = trade()
    client = sign_in(buyer, "orders.send")
    assert client.post(f"{reverse('orders:prices')}?seller={OrganisationFactory().pk}", LINE).status_code == 404
    assert client.post(f"{reverse('orders:prices')}?seller=x", LINE).status_code == 404
