"""The pages of credits, and the same through the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from orders.models import InvoiceLine
from rebates.models import CreditedLine
from tests.factories import OrganisationFactory
from tests.rebates.test_credits import Shop

pytestmark = pytest.mark.django_db
MAY = ("rebates.view", "rebates.settle", "orders.view")


@pytest.fixture
def shop(act_for):
    shop = Shop(act_for)
    shop.bill("100", "200", "300")
    shop.credit(("150", ""), number="CN-7", title="Goodwill <b>")
    shop.earned()
    return shop


@pytest.fixture
def asked(shop):
    return CreditedLine.objects.get()


def url(name, row):
    return reverse(f"rebates:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


def test_finance_matches_it_with_one_click(shop, asked, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(shop.vendor, *MAY)
    listed = text(client.get(reverse("rebates:credits")))
    assert "CN-7" in listed and "does not say what it credits" in listed
    page = text(client.get(url("credit", asked)))
    assert "Goodwill &lt;b&gt;" in page and page.count("This one") == 3
    line = InvoiceLine.objects.get(invoice__number="INV-1", number="3")
    response = client.post(url("credit_match", asked), {"line": line.pk})
    assert response.status_code == 302
    page = text(client.get(url("credit", asked)))
    assert "matched by hand" in page and "This one" not in page
    assert client.post(url("credit_match", asked), {"line": line.pk}).status_code == 403


@pytest.mark.parametrize("said", ["", "x", "-1", "0", "9" * 40, "٣", "99999999"])
def test_what_is_no_line_is_refused_in_words(shop, asked, sign_in, said):
    response = sign_in(shop.vendor, *MAY).post(url("credit_match", asked), {"line": said})
    assert response.status_code == 422 and "Choose an invoice line" in text(response)


def test_it_looks_for_an_invoice_by_its_number(shop, asked, sign_in):
    client = sign_in(shop.vendor, *MAY)
    assert "This one" not in text(client.get(url("credit", asked), {"q": "nowhere%\x00" + "9" * 500}))
    assert text(client.get(url("credit", asked), {"q": "inv-1"})).count("This one") == 3


def test_the_partner_reads_and_strangers_find_nothing(shop, asked, sign_in):
    partner = sign_in(shop.partner, *MAY)
    page = text(partner.get(url("credit", asked)))
    assert "CN-7" in page and f"Only {shop.vendor}" in page
    assert partner.post(url("credit_dismiss", asked)).status_code == 403
    reader = sign_in(shop.vendor, "rebates.view")
    assert reader.post(url("credit_dismiss", asked)).status_code == 403
    rival = sign_in(OrganisationFactory(), *MAY)
    assert rival.get(url("credit", asked)).status_code == 404
    assert rival.post(url("credit_match", asked), {"line": 1}).status_code == 404
    assert "CN-7" not in text(rival.get(reverse("rebates:credits")))


def test_it_is_put_aside_and_opened_again(shop, asked, sign_in):
    client = sign_in(shop.vendor, *MAY)
    client.post(url("credit_dismiss", asked))
    assert "Open it again" in text(client.get(url("credit", asked)))
    client.post(url("credit_reopen", asked))
    assert client.post(url("credit_reopen", asked)).status_code == 403
    assert CreditedLine.objects.get().state == "open"


def test_the_list_asks_as_often_for_three_as_for_one(shop, sign_in):
    client = sign_in(shop.vendor, *MAY)

    def asked_for():
        with CaptureQueriesContext(
            connection,
        ) as told:
            client.get(reverse("rebates:credits"))
        return len(told)

    asked_for()
    once = asked_for()
    for serial in range(3):
        shop.credit(("5", ""), number=f"CN-9{serial}")
    shop.earned()
    assert asked_for() == once and CreditedLine.objects.count() == 4


def test_the_statement_says_what_a_credit_takes_back(shop, sign_in):
    shop.credit(("300", ""), preceding="INV-1", number="CN-8")
    shop.earned()
    statement = shop.agreement.statements.get()
    assert "Takes back INV-1, line 3" in text(sign_in(shop.partner, *MAY).get(statement.get_absolute_url()))


def test_the_same_through_the_api(shop, asked, act_for):
    client = APIClient()
    finance = act_for(shop.vendor, *MAY)
    client.force_authenticate(finance.user, token=finance)
    listed = client.get("/api/v1/rebate-credits/").json()["results"]
    assert [(row["credit_note"], row["rest"], row["reason"]) for row in listed] == [
        ("CN-7", "150.0000", "nothing_said")
    ]
    path = f"/api/v1/rebate-credits/{asked.pk}/"
    for said in ({}, {"line": "x"}, {"line": -1}, {"line": 10**30}):
        assert client.post(f"{path}match/", said, format="json").status_code == 400
    assert client.post(f"{path}match/", {"line": 99_999_999}, format="json").status_code == 409
    line = InvoiceLine.objects.get(invoice__number="INV-1", number="1")
    told = client.post(f"{path}match/", {"line": line.pk}, format="json").json()
    assert (told["rest"], told["state"]) == ("50.0000", "open")
    assert told["parts"] == [
        {
            "invoice": "INV-1", "line": "1", "invoice_line": line.pk, "amount": "100.0000", "units": "1",
            "by_hand": True,
        }
    ]  # fmt: skip
    assert client.post(f"{path}dismiss/").json()["state"] == "dismissed"
    assert client.post(f"{path}reopen/").json()["state"] == "open"
    other = act_for(OrganisationFactory(), *MAY)
    client.force_authenticate(other.user, token=other)
    assert client.get(path).status_code == 404
