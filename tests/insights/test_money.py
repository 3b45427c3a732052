"""The page of the money: who reads it, that each number opens its lines, and who learns nothing by it."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Expense, Participant
from funds.ledger.models import Account
from insights.attribution.board import page
from insights.attribution.keeping import keep_all
from insights.attribution.scopes import money_scope
from insights.models import Credit, Trace
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.insights.sales import Sale
from tests.insights.stories import at

DAYS = "from=2026-11-01&to=2026-11-20"
READS = ("insights.view", "deals.view", "orders.view")
ALL = (*READS, "leads.view", "promotions.view", "funds.view", "audiences.view", "rebates.view")
SECRETS = ("Fair in Hannover", "Kept among ourselves", "Rivals Ltd", "4711.11", "FT-RIVAL")


@pytest.fixture
def sales(db, time_machine):
    """A sale with everything before it, of 100.01 and a credit of 20; and a rival's, of 4711.11 with a 900 discount."""
    time_machine.move_to(at(20, 12), tick=False)
    sale = Sale(PartnershipFactory(vendor__name="Vendor", partner__name="Buyers Ltd"))
    deal = sale.deal(customer_email="anna@zirkonia.example", source="campaign")
    order = sale.order(deal)
    sale.lead(deal)
    sale.activity(paid=(30, 20, -10))
    sale.read(sale.vendor, clicked=at(4))
    sale.promotion = sale.redeem(order, "7.50")
    sale.first = sale.invoice(order, "100.01")
    sale.invoice(order, "20.00", kind="credit_note")
    sale.invoice(sale.order(), "55.00", currency="USD")
    rival = Sale(PartnershipFactory(vendor=sale.vendor, partner__name="Rivals Ltd"))
    other = rival.order(rival.deal())
    rival.redeem(other, "900", promotion=sale.promotion)
    rival.activity(paid=(800,))
    rival.invoice(other, "4711.11", number="FT-RIVAL")
    sale.rival = rival
    keep_all()
    return sale


def scope_for(act_for, organisation, query=""):
    return money_scope(act_for(organisation, *ALL), QueryDict(f"{DAYS}&currency=EUR&{query}"))


def by_kind(found):
    return {row.key.kind: (row.spent, row.back) for row, _url in found["returns"]}


def test_what_was_spent_and_what_came_back_on_each_side(sales, act_for):
    vendor = page(scope_for(act_for, sales.vendor, "model=last"))
    promoted = Decimal("80.01") + Decimal("4711.11")  # the last touch of each sale
    assert by_kind(vendor)["promotion"] == (Decimal("907.5"), promoted)
    assert by_kind(vendor)["campaign"] == (None, 0)
    assert sum(row.spent for row, _url in vendor["returns"] if row.key.kind == "fund") == 840
    mine = page(scope_for(act_for, sales.vendor, f"model=last&with={sales.partner.pk}"))
    assert by_kind(mine)["promotion"] == (Decimal("7.5"), Decimal("80.01"))
    partner = page(scope_for(act_for, sales.partner, "model=last"))
    assert by_kind(partner) == {"promotion": (Decimal("7.5"), Decimal("80.01")), "fund": (40, 0)}
    assert partner["returns"][0][0].times == Decimal("10.7")
    assert [amount for _model, amount in partner["totals"]] == [Decimal("80.01")] * 4


def test_sums_over_sources_are_the_revenue_and_each_opens_its_lines(sales, sign_in, act_for):
    for owner, side in ((sales.vendor, "vendor"), (sales.partner, "partner")):
        client = sign_in(owner, *ALL)
        found = client.get(f"{reverse('insights:money')}?{DAYS}&side={side}&currency=EUR").context
        whole = found["totals"][0][1]
        for at_, (model, _label) in enumerate(found["models"].items()):
            assert sum(line.cells[at_][1] for line in found["sources"]) == whole, model
        for line in found["sources"]:
            for model, amount, url in line.cells[1:3]:
                assert sum(_credited(client, url, str(found["models"][model]))) == amount
        months = sum(amount for column in found["columns"] for amount, _url in column.cells)
        assert months == whole
        assert found["chart"].columns[-1].values


def _credited(client, url, label):
    text = b"".join(client.get(f"{url}&format=csv").streaming_content).decode("utf-8-sig")
    return [Decimal(row[label]) for row in csv.DictReader(io.StringIO(text))]


def test_a_partner_and_a_rival_learn_nothing_of_the_others(sales, sign_in):
    client = sign_in(sales.partner, *ALL)
    trace = Trace.objects.get(invoice=sales.first)
    theirs = Trace.objects.get(invoice__number="FT-RIVAL")
    letter = Credit.objects.filter(kind="mailing").first()
    pages = [
        f"{reverse('insights:money')}?{DAYS}",
        f"{reverse('insights:money')}?{DAYS}&side=vendor",
        f"{reverse('insights:money')}?{DAYS}&format=csv",
        f"{reverse('insights:money_lines')}?{DAYS}",
        f"{reverse('insights:money_lines')}?{DAYS}&kind=mailing&source={letter.source_id}",
        reverse("insights:chain", args=[trace.pk]),
        reverse("insights:money_of_invoice", args=[sales.first.pk]),
        reverse("insights:money_of_deal", args=[trace.deal_id]),
        f"{reverse('api:money-list')}?{DAYS}",
        f"{reverse('api:credit-list')}?{DAYS}",
    ]
    for url in pages:
        response = client.get(url)
        text = response.content.decode()
        assert response.status_code == 200 and not [word for word in SECRETS if word in text], url
    assert client.get(reverse("insights:chain", args=[theirs.pk])).status_code == 404
    hidden = Credit.objects.filter(owner=sales.vendor).first()
    assert client.get(reverse("api:credit-detail", args=[hidden.pk])).status_code == 404
    said = sign_in(sales.vendor, *ALL).get(reverse("insights:chain", args=[trace.pk])).content.decode()
    assert "Fair in Hannover" in said and "Kept among ourselves" in said and "Followed a link" in said
    assert (
        "Nothing was invoiced" in sign_in(OrganisationFactory(), *ALL).get(reverse("insights:money")).content.decode()
    )


def test_it_takes_three_capabilities_and_names_only_what_one_may_see(sales, sign_in):
    for held in (READS[:2], READS[1:], (READS[0], READS[2])):
        client = sign_in(sales.vendor, *held)
        for name in ("money", "money_lines"):
            assert client.get(reverse(f"insights:{name}")).status_code == 403
        assert client.get(reverse("api:money-list")).status_code == 403
        assert client.get(reverse("api:credit-list")).status_code == 403
    client = sign_in(sales.vendor, *READS)
    found = client.get(f"{reverse('insights:money')}?{DAYS}")
    assert not found.context["returns"] and not found.context["purses"]
    assert sum(line.cells[0][1] for line in found.context["sources"]) == found.context["totals"][0][1]
    text = found.content.decode() + client.get(f"{reverse('api:money-list')}?{DAYS}").content.decode()
    text += client.get(f"{reverse('insights:money_lines')}?{DAYS}&kind=campaign&name=Fair+in+Hannover").content.decode()
    text += client.get(reverse("insights:chain", args=[Trace.objects.get(invoice=sales.first).pk])).content.decode()
    text += client.get(f"{reverse('api:credit-list')}?{DAYS}").content.decode()
    for word in ("Hannover", sales.promotion.name, "Kept among", "Growth fund", "Fair of the year"):
        assert word not in text.replace('value="Fair in Hannover"', "").replace("Fair+in+Hannover", ""), word


def test_odd_addresses_are_no_errors_and_nothing_is_written(sales, sign_in):
    client = sign_in(sales.vendor, *ALL)
    odd = (
        "from=x&to=&side=both&with=x&model=&currency=%C3", "from=0001-01-01&to=9999-12-31&kind=campaign&source=-1",
        f"kind=fund&source={'9' * 30}&name={'x' * 5000}", "kind=%F0%9F%92%A9&model=median&currency=XXX&with=999999999",
        f"kind=campaign&name={'x' * 300}&source=%D9%A1&sort=nothing",
    )  # fmt: skip
    for query in odd:
        for name in ("insights:money", "insights:money_lines", "api:money-list", "api:credit-list"):
            assert client.get(f"{reverse(name)}?{query}").status_code == 200, (name, query)
    for name in ("insights:money", "insights:money_lines"):
        assert client.post(reverse(name)).status_code == 405
    assert client.post(reverse("api:money-list")).status_code == 405


def test_a_share_of_a_campaign_is_its_own_participant_s_alone(sales, act_for, sign_in):
    campaign = Campaign.objects.create(
        owner=sales.vendor, number="C-1", name="Kept between two", starts=date(2026, 10, 1), ends=date(2026, 12, 1),
        state="running", budget=1000,
    )  # fmt: skip
    for who, share in ((sales.vendor, 700), (sales.partner, 300)):
        Participant.objects.create(campaign=campaign, owner=sales.vendor, organisation=who, state="active", share=share)
    for who, share in ((sales.vendor, 700), (sales.partner, 300), (sales.rival.partner, None)):
        spent = {row.name.text: row.spent for row, _url in page(scope_for(act_for, who))["returns"]}
        assert spent.get("Kept between two") == share
    text = sign_in(sales.partner, *ALL).get(f"{reverse('insights:money')}?{DAYS}&currency=EUR").content.decode()
    assert "300.00" in text and "700.00" not in text


def test_currencies_are_never_added_up(sales, act_for, sign_in):
    assert page(scope_for(act_for, sales.vendor))["totals"][0][1] == Decimal("4791.12")
    dollars = money_scope(act_for(sales.vendor, *ALL), QueryDict(f"{DAYS}&currency=USD"))
    assert page(dollars)["totals"][0][1] == 55
    lines = sign_in(sales.vendor, *ALL).get(f"{reverse('insights:money')}?{DAYS}&format=csv&currency=USD")
    rows = list(csv.DictReader(io.StringIO(lines.content.decode("utf-8-sig"))))
    assert {row["currency"] for row in rows} == {"USD"} and rows[-1]["linear"] == "55"


def test_the_page_costs_the_same_for_much(sales, sign_in):
    client, counts = sign_in(sales.vendor, *ALL), []
    urls = (
        f"{reverse('insights:money')}?{DAYS}&currency=EUR",
        f"{reverse('insights:money_lines')}?{DAYS}&currency=EUR",
    )
    for _round in range(3):
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        for _each in range(3):
            more = Sale(PartnershipFactory(vendor=sales.vendor))
            order = more.order(more.deal(source="campaign"))
            more.redeem(order)
            more.activity(paid=(5,))
            more.lead(order.deal, campaign="Another")
            more.read(sales.vendor, clicked=at(4))
            more.invoice(order)
        keep_all()
    assert counts[2:4] == counts[4:], "from the second round on there is more than a page"


def test_what_funds_hold_is_told_to_those_whose_it_is(sales, act_for):
    from funds.actions import open_fund

    manager = act_for(sales.vendor, "funds.manage", "funds.view")
    fields = {"name": "For Italy", "currency": "EUR", "starts": date(2026, 1, 1), "ends": date(2026, 12, 31)}
    fields |= {"reach": "country", "country": sales.partner.country, "claim_days": 30}
    fund = open_fund(actor=manager, fields=fields, amount=Decimal(12345))
    held = {each.fund.pk: each.held["available"] for each in page(scope_for(act_for, sales.vendor))["purses"]}
    assert held[fund.pk] == 12345
    held = {each.fund.pk: each.held["available"] for each in page(scope_for(act_for, sales.partner))["purses"]}
    assert held[fund.pk] is None and sales.rival.edge.pk
    assert Account.objects.filter(purse=fund.purse).exists()


def test_what_was_recorded_takes_the_place_of_what_was_planned(sales, act_for, sign_in):
    campaign = Campaign.objects.create(
        owner=sales.vendor, number="C-1", name="Kept between two", starts=date(2026, 10, 1), ends=date(2026, 12, 1),
        state="running", budget=1000,
    )  # fmt: skip
    seat = Participant.objects.create(
        campaign=campaign, owner=sales.vendor, organisation=sales.vendor, state="active", share=700
    )

    def told():
        return {row.name.text: row for row, _url in page(scope_for(act_for, sales.vendor))["returns"]}[campaign.name]

    def words():
        client = sign_in(sales.vendor, *ALL, "campaigns.view")
        return client.get(f"{reverse('insights:money')}?{DAYS}&currency=EUR").content.decode()

    row = told()
    assert (row.spent, row.planned) == (700, True) and "planned, our own share" in words()
    about = {"campaign": campaign, "participant": seat, "organisation": sales.vendor, "what": "Stand"}
    Expense.objects.create(**about, day=date(2024, 1, 9), amount=50)  # before the days that are looked at
    row = told()
    assert (row.spent, row.planned, row.times) == (0, False, None)
    Expense.objects.create(**about, day=date(2026, 11, 10), amount=Decimal("412.50"))
    row = told()
    assert (row.spent, row.planned) == (Decimal("412.50"), False) and "spent, our own costs" in words()
    others = page(scope_for(act_for, sales.partner))["returns"]
    assert not [row for row, _url in others if row.name.text == "Kept between two" and row.spent]
