"""Many at once: a budget is never passed and a code never used twice. And all doors give the same numbers."""

import json
import re
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from core.audit import SUBSCRIBERS
from core.models import TrailEntry
from edi.exchange import receive
from edi.mapping import PartyRef, write
from orders.documents import Identifier, PartyDocument, Scheme
from orders.models import Order
from promotions.actions import renew
from promotions.models import PromotionCode, Redemption
from tests.edi.fixtures import envelope
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, edifact, pair, x12
from tests.orders.factories import ProductFactory, document, line
from tests.promotions.factories import CodeFactory, PromotionFactory
from tests.promotions.test_redeeming import deliver

D = Decimal


@pytest.fixture
def nobody_hears(monkeypatch):
    """Orders come in and nothing follows yet, so that all of it may follow at once."""
    monkeypatch.setitem(SUBSCRIBERS, "order.received", [])


def at_once(orders):
    gate, failed = threading.Barrier(len(orders)), []

    def run(order):
        gate.wait()
        try:
            renew(order=order)
        except Exception as error:  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.django_db(transaction=True)
def test_twenty_orders_at_once_use_a_budget_for_seven_seven_times(market, nobody_hears):
    promotion = market.run(budget=D("79.99"))
    orders = [market.order(quantity="1") for _each in range(20)]
    at_once(orders)
    promotion.refresh_from_db()
    assert (promotion.spent, promotion.used) == (70, 7)
    assert Redemption.objects.live().count() == 7
    told = Order.objects.filter(findings__code="code_refused").distinct()
    assert told.count() == 13 and set(told.values_list("total", flat=True)) == {100}


@pytest.mark.django_db(transaction=True)
def test_ten_orders_at_once_take_a_code_for_one_order_once(market, nobody_hears):
    code = CodeFactory(promotion=market.run(codes_kind="many"), single=True)
    orders = [market.order(quantity="1", code=code.text) for _each in range(10)]
    at_once(orders)
    assert Redemption.objects.live().count() == 1
    assert PromotionCode.objects.get().order == Redemption.objects.live().get().order


def by_edifact(couple, number):
    day = localdate().strftime("%Y%m%d")
    segments = (
        f"BGM+220+{number}+9'", f"DTM+137:{day}:102'", "RFF+PD:WINTER'", f"NAD+BY+{BUYER_GLN}::9'",
        f"NAD+SU+{SELLER_GLN}::9'", "CUX+2:EUR:9'", "LIN+1'", "PIA+5+AP-100:SA'", "QTY+21:10:PCE'", "UNS+S'",
    )  # fmt: skip
    message = f"UNH+1+ORDERS:D:96A:UN'{''.join(segments)}UNT+{len(segments) + 2}+1'"
    receive(actor=couple.actor, data=edifact(message, control="81").encode())


def by_x12(couple, number):
    sent = x12(number).replace("*20261114~", f"*{localdate():%Y%m%d}~")
    sent = re.sub(r"PO1\*1.*?PO1\*2[^~]*~", "PO1*1*10*EA***VP*AP-100~", sent, flags=re.DOTALL)
    sent = sent.replace("CUR*BY*EUR~", "CUR*BY*EUR~REF*PD*WINTER~").replace("CTT*2~", "CTT*1~")
    receive(actor=couple.actor, data=sent.encode())


def by_xml(couple, number, standard, price=None):
    """UBL and cXML: the code is a reference of the document, by any case of the word."""
    glns = (BUYER_GLN, SELLER_GLN)
    refs = [PartyRef(gln, "14") for gln in glns]
    sides = [PartyDocument((Identifier(gln, Scheme.GLN),), name="Company") for gln in glns]
    order = document(
        line("1", "10", price, seller_sku="AP-100", unit="C62"), number=number, issued_on=localdate(),
        references=(("promotion", "WINTER"),), buyer=sides[0], seller=sides[1],
    )  # fmt: skip
    written = write([order], standard=standard, envelope=envelope(sender=refs[0], receiver=refs[1])).data
    assert b">WINTER<" in written and b"promotion" in written
    receive(actor=couple.actor, data=written.replace(b"promotion", b"Promotion"))


def by_web(couple, number, sign_in):
    client = sign_in(couple.buyer, "orders.send", "orders.view")
    data = {
        "number": number, "codes": "winter", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "lines-0-product": str(couple.product.pk), "lines-0-text": "x", "lines-0-quantity": "10",
        "lines-0-unit_price": "",
    }  # fmt: skip
    answer = client.post(f"{reverse('orders:new')}?seller={couple.seller.pk}", data)
    assert answer.status_code == 302


def by_api(couple, number, sign_in):
    client = sign_in(couple.buyer, "orders.send", "orders.view")
    body = {
        "seller": couple.seller.pk, "number": number, "issued_on": localdate().isoformat(), "currency": "EUR",
        "codes": ["WINTER"], "lines": [{"seller_sku": "AP-100", "quantity": "10", "unit": "C62"}],
    }  # fmt: skip
    answer = client.post("/api/v1/orders/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content


@pytest.mark.django_db
def test_web_api_and_edi_give_the_same_numbers(sign_in):
    couple = pair()
    couple.product = ProductFactory(vendor=couple.seller, sku="AP-100")
    promotion = PromotionFactory(
        vendor=couple.seller, codes_kind="one", kind="volume", breaks=[["5", "4"], ["10", "7.5"]]
    )
    CodeFactory(promotion=promotion, text="WINTER")
    PromotionFactory(vendor=couple.seller, kind="bundle", buy=4, get=1)
    by_edifact(couple, "E-1")
    by_x12(couple, "X-1")
    by_xml(couple, "U-1", "ubl")
    by_xml(couple, "C-1", "cxml", price="92.5")  # cXML has no line without a price
    by_web(couple, "W-1", sign_in)
    by_api(couple, "A-1", sign_in)
    deliver()
    assert TrailEntry.objects.filter(verb="promotion.reserved").count() == 6
    found = {}
    for order in Order.objects.all():
        row = order.lines.get()
        used = order.redemptions.order_by("promotion_id").values_list("units", "given", "price_after", "amount")
        found[order.number] = (row.expected_price, row.pricing["given"], order.total, list(used))
    expected = (D("92.5"), "2", D(925), [(10, 0, D("92.5"), 75), (10, 2, D("92.5"), 185)])
    assert found == {f"{door}-1": expected for door in "EXUCWA"}
