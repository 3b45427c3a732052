"""Despatches, receipts and invoices through the API."""

import pytest
from django.test import Client

from tests.edi.carrying import carrier
from tests.edi.test_exchange_documents import despatch, invoice, trade
from tests.edi.traffic import erp_of
from tests.factories import OrganisationFactory

__all__ = ["carrier", "trade"]
pytestmark = pytest.mark.django_db


def ask(key, path, **query):
    return Client().get(f"/api/v1/{path}/", query, headers={"Authorization": f"Bearer {key}"})


def test_both_sides_read_what_was_sent_and_invoiced(trade):
    trade.seller_posts(despatch(), invoice())
    _account, key = erp_of(trade.couple.seller, "orders.view")
    for bearer in (trade.couple.key, key):
        [sent] = ask(bearer, "despatches").json()["results"]
        assert (sent["number"], sent["orders"], sent["seller"]["name"]) == ("D-1", ["PO-1"], "Aurora Pumps")
        [billed] = ask(bearer, "invoices", order="PO-1").json()["results"]
        assert billed["document"]["lines"][0]["unit_price"] == "120.5" and billed["kind"] == "invoice"
        one = ask(bearer, f"invoices/{billed['id']}").json()
        assert one["number"] == "I-1"
    assert ask(trade.couple.key, "invoices", number="NOPE").json()["results"] == []


def test_strangers_and_those_without_the_capability_see_nothing(trade):
    trade.seller_posts(despatch())
    _account, key = erp_of(OrganisationFactory(), "orders.view")
    assert ask(key, "despatches").json()["results"] == []
    _account, key = erp_of(trade.couple.buyer, "edi.view")
    assert ask(key, "despatches").status_code == 403


def test_the_list_asks_the_database_the_same_for_one_row_and_for_three(trade, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    trade.seller_posts(invoice())
    ask(trade.couple.key, "invoices")
    with CaptureQueriesContext(connection) as first:
        ask(trade.couple.key, "invoices")
    trade.seller_posts(invoice("I-2"), invoice("I-3"))
    with django_assert_num_queries(len(first)):
        assert len(ask(trade.couple.key, "invoices").json()["results"]) == 3
