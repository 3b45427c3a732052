"""The forecast: each figure is the sum of exactly the deals to which it leads."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deals.models import Deal
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db
FORECAST = reverse("deals:forecast")
SELLS = ("deals.view", "deals.register")
DECIDES = ("deals.view", "deals.decide")
TODAY = date(2026, 11, 18)


@pytest.fixture
def deals(at_noon):
    """Deals of every state, stage and category over months and currencies, of one partnership and a second vendor."""
    first = DealFactory(amount=Decimal("1000.01"), probability=33, decision_date=TODAY)
    common = {"partnership": first.partnership, "type": first.type}
    sketches = [
        {"amount": 2000, "stage": "commitment", "probability": 90, "decision_date": TODAY + timedelta(days=2)},
        {"amount": 4000, "forecast": "best_case", "probability": 50, "decision_date": TODAY + timedelta(days=40)},
        {"amount": 8000, "forecast": "committed", "probability": 75, "decision_date": TODAY + timedelta(days=40)},
        {"amount": 16000, "forecast": "omitted", "stage": "commitment", "decision_date": TODAY},
        {"amount": 32000, "state": "won", "decision_date": TODAY - timedelta(days=30)},
        {"amount": 64000, "state": "lost", "decision_date": TODAY},
        {"amount": 128000, "state": "in_review", "decision_date": date(2026, 8, 31)},
        {"amount": 256000, "state": "returned", "decision_date": date(2027, 10, 1)},
        {"amount": 512000, "currency": "USD", "decision_date": TODAY},
        {"amount": 7, "forecast": "pipeline", "stage": "commitment", "decision_date": TODAY},
        {"amount": 3, "decision_date": None},
    ]
    for sketch in sketches:
        DealFactory(**common, **sketch)
    DealFactory(partnership=PartnershipFactory(partner=first.partner), amount=11, decision_date=TODAY)
    DraftFactory(**common, amount=999, decision_date=TODAY)
    return first


def figures(page):
    """Every figure with its address, wherever it stands on the page."""
    lines = [page.context["totals"], *page.context["months"], *page.context["groups"]]
    return [(line["label"], cell) for line in lines for cell in line["cells"] if cell["amount"] is not None]


def listed(client, address):
    text = b"".join(client.get(f"{address}&format=csv&columns=title").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    return sum(Decimal(row["Value"]) for row in rows), sum(Decimal(row["Weighted"]) for row in rows), len(rows)


@pytest.mark.parametrize("side", ["partner", "vendor"])
@pytest.mark.parametrize("currency", ["EUR", "USD"])
@pytest.mark.parametrize("by", ["vendor", "partner", "seller"])
def test_each_figure_is_the_sum_of_the_deals_behind_it(deals, sign_in, side, currency, by):
    client = sign_in(getattr(deals, side), *(SELLS if side == "partner" else DECIDES))
    page = client.get(FORECAST, {"side": side, "currency": currency, "by": by})
    checked = 0
    for label, cell in figures(page):
        if not cell["url"]:
            assert cell["amount"] == 0
            continue
        total, weighted, _number = listed(client, cell["url"])
        if cell["kind"] == "weighted":  # the list rounds each deal, the figure their sum
            assert abs(weighted - cell["amount"]) <= Decimal("0.05"), (label, cell)
        else:
            assert total == cell["amount"], (label, cell)
        checked += 1
    assert checked == (6 if currency == "USD" else checked) and checked > 5


def test_the_figures_are_those_of_the_deals(deals, sign_in):
    page = sign_in(deals.vendor, *DECIDES).get(FORECAST, {"side": "vendor", "currency": "EUR"})
    sums = {cell["kind"]: cell["amount"] for cell in page.context["totals"]["cells"]}
    assert sums["committed"] == 2000 + 8000
    assert sums["best"] == sums["committed"] + 4000
    assert sums["open"] == Decimal("1000.01") + 2000 + 4000 + 8000 + 128000 + 256000 + 7
    assert sums["won"] == 32000
    months = {line["label"]: line for line in page.context["months"]}
    assert next(iter(months)) == "Decision was due earlier"
    assert list(months)[-1] == "Later"
    november = {cell["kind"]: cell["amount"] for cell in months["Nov 2026"]["cells"]}
    assert november["weighted"] == Decimal("330.00") + 1800 + Decimal("1.40")


def test_currencies_are_never_mixed(deals, sign_in):
    client = sign_in(deals.vendor, *DECIDES)
    assert client.get(FORECAST).context["currencies"] == ["EUR", "USD"]
    usd = client.get(FORECAST, {"currency": "USD"})
    assert usd.context["totals"]["cells"][4]["amount"] == 512000
    assert client.get(FORECAST, {"currency": "<b>"}).context["currency"] == "EUR"


def test_a_vendor_is_not_told_who_sells(deals, sign_in):
    Deal.objects.filter(pk=deals.pk).update(seller=deals.submitter)
    page = sign_in(deals.vendor, *DECIDES).get(FORECAST, {"side": "vendor", "by": "seller"})
    assert page.context["by"] == "partner"


def test_a_stranger_adds_up_nothing(deals, sign_in):
    page = sign_in(PartnershipFactory().vendor, *DECIDES).get(FORECAST)
    assert page.context["months"][0]["deals"] == 0 if page.context["months"] else True
    assert page.context["currencies"] == []


@pytest.mark.parametrize("params", [{"from": "x"}, {"from": "2026-13"}, {"from": "9999-01"}, {"side": "x", "by": "x"}])
def test_nonsense_shows_the_usual(deals, sign_in, params):
    assert sign_in(deals.vendor, *DECIDES).get(FORECAST, params).status_code == 200


def test_csv_has_every_currency_and_guards_formulas(deals, sign_in):
    deals.partner.name = "=cmd()"
    deals.partner.save()
    answer = sign_in(deals.vendor, *DECIDES).get(FORECAST, {"side": "vendor", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["ISO 4217"] for row in rows} == {"EUR", "USD"}
    assert sum(Decimal(row["Open"]) for row in rows if row["ISO 4217"] == "USD") == 512000
    assert {row["Partner"] for row in rows} == {"'=cmd()"}


def test_it_costs_the_same_for_one_deal_and_for_many(sign_in):
    deal = ApprovedFactory()
    client = sign_in(deal.vendor, *DECIDES)
    client.get(FORECAST)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(FORECAST)
        return len(captured)

    before = cost()
    DealFactory.create_batch(5, partnership=deal.partnership, type=deal.type)
    assert cost() == before
