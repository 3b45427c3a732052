"""The queue of exceptions, what is done from a document's page, the guides."""

import pytest
from django.urls import reverse

from edi.models import Case, Interchange
from orders.models import DespatchAdvice, Invoice
from tests.edi.carrying import carrier
from tests.edi.test_exchange_documents import despatch, invoice, trade
from tests.edi.traffic import edifact, orders_message, shown

__all__ = ["carrier", "trade"]
pytestmark = pytest.mark.django_db
PEOPLE = ("edi.view", "edi.send", "orders.view", "orders.invoice", "orders.respond")


@pytest.fixture
def waiting(trade):
    """An invoice whose order is not here."""
    return trade.seller_posts(invoice(order="WRONG"))


def names(client, **query) -> set[str]:
    return shown(client.get(reverse("edi:queue"), query))


def test_exceptions_are_taken_and_dealt_with_many_at_once(trade, waiting, sign_in):
    client = sign_in(trade.couple.seller, *PEOPLE)
    assert names(client) == {"INVOIC T1"} and names(client, nobody="1") == {"INVOIC T1"}
    client.post(reverse("edi:bulk_take"), {"pk": [waiting.pk]})
    assert Case.objects.get().assignee.user == client.user and names(client, nobody="1") == set()
    client.post(reverse("edi:bulk_settle"), {"pk": [waiting.pk, 999999]})
    assert names(client) == set() and names(client, settled="1") == {"INVOIC T1"}
    other = sign_in(trade.couple.buyer, *PEOPLE)
    assert names(other) == {"INVOIC T1"}, "the other side keeps its own queue"


def test_many_are_read_again(trade, sign_in):
    from edi.exchange import receive

    receive(actor=trade.buying, data=edifact(orders_message(number="PO-9"), control="9", count=4).encode())
    row = Interchange.objects.get(control_number="9", direction="in")
    client = sign_in(trade.couple.buyer, *PEOPLE)
    answer = client.post(reverse("edi:bulk_read"), {"pk": [row.pk]}, follow=True).content.decode()
    assert "stays as it is" in answer


def test_a_person_names_the_order_on_the_page(trade, waiting, sign_in):
    client = sign_in(trade.couple.seller, *PEOPLE)
    page = client.get(reverse("edi:interchange", args=[waiting.pk])).content.decode()
    assert "Which order is it about?" in page and f'value="{trade.order.pk}"' in page
    address = reverse("edi:link", args=[waiting.pk, 1])
    assert "Choose the order" in client.post(address, {"order": "x"}, follow=True).content.decode()
    client.post(address, {"order": trade.order.pk})
    assert Invoice.objects.get().orders.get() == trade.order
    page = client.get(reverse("edi:interchange", args=[waiting.pk])).content.decode()
    assert reverse("orders:invoice", args=[Invoice.objects.get().pk]) in page


def test_acting_on_the_queue_takes_the_capability(trade, waiting, sign_in):
    reader = sign_in(trade.couple.seller, "edi.view")
    for name in ("take", "settle", "reopen", "offer_again", "send_as_new"):
        assert reader.post(reverse(f"edi:{name}", args=[waiting.pk])).status_code == 403
        assert sign_in(trade.couple.seller, *PEOPLE).get(reverse(f"edi:{name}", args=[waiting.pk])).status_code == 405
    assert reader.post(reverse("edi:link", args=[waiting.pk, 1])).status_code == 403
    assert not Case.objects.exists() and not Invoice.objects.exists()


def test_one_document_is_taken_dealt_with_and_taken_back(trade, waiting, sign_in):
    client = sign_in(trade.couple.seller, *PEOPLE)
    for name, settled in (("take", False), ("settle", True), ("reopen", False)):
        client.post(reverse(f"edi:{name}", args=[waiting.pk]))
        assert (Case.objects.get().settled_at is not None) is settled
    assert str(client.user) in client.get(reverse("edi:interchange", args=[waiting.pk])).content.decode()


def test_the_queue_asks_the_database_the_same_for_one_row_and_for_three(
    trade, waiting, sign_in, django_assert_max_num_queries, django_assert_num_queries
):
    client = sign_in(trade.couple.seller, *PEOPLE)
    client.get(reverse("edi:queue"))
    with django_assert_max_num_queries(20) as first:
        client.get(reverse("edi:queue"))
    for number in ("X-2", "X-3"):
        trade.seller_posts(invoice(number, order="WRONG"))
    with django_assert_num_queries(len(first)):
        client.get(reverse("edi:queue"))


@pytest.mark.parametrize(("route", "make"), [("despatches", despatch), ("invoices", invoice)])
def test_the_lists_ask_the_database_the_same_for_one_row_and_for_three(
    trade, sign_in, django_assert_num_queries, django_assert_max_num_queries, route, make
):
    client = sign_in(trade.couple.buyer, *PEOPLE)
    trade.seller_posts(make())
    client.get(reverse(f"orders:{route}"))
    with django_assert_max_num_queries(20) as first:
        client.get(reverse(f"orders:{route}"))
    trade.seller_posts(make("N-2"), make("N-3"))
    with django_assert_num_queries(len(first)):
        text = client.get(reverse(f"orders:{route}")).content.decode()
    assert "N-2" in text and "N-3" in text


def test_an_order_shows_what_followed_and_what_differs(trade, sign_in):
    trade.seller_posts(despatch(second="9"), invoice())
    client = sign_in(trade.couple.buyer, *PEOPLE)
    page = client.get(reverse("orders:detail", args=[trade.order.pk])).content.decode()
    assert "Order, delivery and invoice" in page and "Despatch D-1" in page and "Invoice I-1" in page
    sent = DespatchAdvice.objects.get()
    for route, pk in (("despatch", sent.pk), ("invoice", Invoice.objects.get().pk)):
        text = client.get(reverse(f"orders:{route}", args=[pk])).content.decode()
        assert "PO-1" in text and "Lines" in text


def test_guides_are_listed_and_read(trade, sign_in):
    client = sign_in(trade.couple.buyer, "edi.view")
    assert "DESADV" in client.get(reverse("edi:guides")).content.decode()
    where = {"standard": "edifact", "kind": "ORDERS", "version": "D.96A"}
    page = client.get(reverse("edi:guide", kwargs=where)).content.decode()
    assert "BGM" in page and "SG25" in page and "UNH+1+ORDERS" in page
    assert client.get(reverse("edi:guide_schema", kwargs=where)).json()
    assert client.get(reverse("edi:guide_sample", kwargs=where)).content.startswith(b"UNA")
    for wrong in ({"kind": "NOPE"}, {"version": "D.99Z"}, {"standard": "x12"}):
        assert client.get(reverse("edi:guide", kwargs={**where, **wrong})).status_code == 404
