"""The pages of rebates, and the same through the API."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from partners.models import Membership, Programme, Tier
from rebates.actions import accrue_lines, close_statement, dispute_statement
from rebates.models import Accrual, RebateAgreement, Statement
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.orders.factories import ProductFactory
from tests.programmes.factories import billed
from tests.rebates.factories import RebateFactory

pytestmark = pytest.mark.django_db
EVERYTHING = ("rebates.view", "rebates.manage", "rebates.settle")
DAY = date(2026, 2, 10)
TYPED = {
    "name": "Volume", "form": "rebate", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "period": "quarter",
    "rule": "tiers", "basis": "net", "rate": "", "steps": "0: 1\n1000: 2.5", "retroactive": "on", "product_lines": "",
    "grace_days": "15",
}  # fmt: skip


@pytest.fixture
def edge():
    return PartnershipFactory(vendor__name="Aurora", partner__name="Brenta")


@pytest.fixture
def vendor(edge, sign_in):
    return sign_in(edge.vendor, *EVERYTHING)


@pytest.fixture
def partner(edge, sign_in):
    return sign_in(edge.partner, *EVERYTHING)


@pytest.fixture
def statement(edge):
    agreement = RebateFactory(partnership=edge)
    billed(edge, "1000", "500.50", day=DAY, number="INV-9")
    accrue_lines(agreement=agreement)
    return Statement.objects.get()


def text(response):
    return response.content.decode()


def url(name, row):
    return reverse(f"rebates:{name}", args=[row.pk])


def test_an_agreement_is_written_proposed_declined_accepted_and_ended(edge, vendor, partner):
    assert vendor.post(reverse("rebates:new"), {**TYPED, "partnership": edge.pk}).status_code == 302
    row = RebateAgreement.objects.get()
    assert (row.steps, row.currency, row.retroactive) == ([["0", "1"], ["1000", "2.5"]], "EUR", True)
    assert partner.get(row.get_absolute_url()).status_code == 404
    assert vendor.post(url("edit", row), {**TYPED, "name": "Better"}).status_code == 302
    assert vendor.post(url("propose", row)).status_code == 302
    assert "2.5% from €1,000.00" in text(partner.get(row.get_absolute_url()))
    assert vendor.post(url("accept", row)).status_code == 403
    assert partner.post(url("decline", row), {"decline-reason": ""}).status_code == 422
    assert partner.post(url("decline", row), {"decline-reason": "Too little"}).status_code == 302
    assert partner.get(row.get_absolute_url()).status_code == 404
    for step in ("propose", "withdraw", "propose"):
        assert vendor.post(url(step, row)).status_code == 302
    assert partner.post(url("accept", row)).status_code == 302
    assert partner.post(url("accept", row)).status_code == 403  # it is in force already
    assert vendor.post(url("end", row), {"end-reason": "x", "end-day": "2020-01-01"}).status_code == 422
    assert vendor.post(url("end", row), {"end-reason": "x", "end-day": str(localdate())}).status_code == 302
    assert RebateAgreement.objects.get().state == "ended"


def test_what_does_not_fit_is_said_at_its_field(edge, vendor):
    others = ProductFactory()
    for change in (
        {"partnership": ""},
        {"partnership": PartnershipFactory().pk},
        {"ends_on": "2025-01-01"},
        {"steps": ""},
        {"steps": "a: b"},
        {"steps": "0: NaN"},
        {"steps": "0: 1\n0: 2"},
        {"rule": "percent", "rate": "0"},
        {"rule": "fixed", "rate": "1"},
        {"form": "promotion"},
        {"grace_days": "91"},
        {"products": [others.pk]},
    ):
        sent = {**TYPED, "partnership": edge.pk, **change}
        assert vendor.post(reverse("rebates:new"), sent).status_code == 422, change
    assert not RebateAgreement.objects.exists()


def test_a_tier_gets_an_agreement_for_each_of_its_partners(edge, vendor):
    tier = Tier.objects.create(programme=Programme.objects.create(vendor=edge.vendor, name="P"), name="Gold", rank=1)
    assert vendor.post(reverse("rebates:new"), {**TYPED, "tier": tier.pk}).status_code == 422
    for _each in range(2):
        PartnershipFactory(vendor=edge.vendor, tier=tier)
    assert vendor.post(reverse("rebates:new"), {**TYPED, "tier": tier.pk}).status_code == 302
    assert RebateAgreement.objects.count() == 2


def test_a_look_at_the_last_year_saves_nothing(edge, vendor):
    billed(edge, "2000", day=localdate())
    page = text(vendor.post(reverse("rebates:new"), {**TYPED, "partnership": edge.pk, "preview": "1"}))
    assert "Would have earned" in page and "€50.00" in page
    assert not RebateAgreement.objects.exists()


def test_a_bonus_names_its_person_when_it_is_accepted(edge, partner):
    row = RebateFactory(partnership=edge, form="spiff", state="proposed")
    assert partner.post(url("accept", row), {"accept-member": MembershipFactory().pk}).status_code == 422
    member = Membership.objects.filter(organisation=edge.partner).first()
    assert partner.post(url("accept", row), {"accept-member": member.pk}).status_code == 302
    assert RebateAgreement.objects.get(pk=row.pk).person == str(member.user)


def test_both_sides_read_the_same_statement_and_take_it_as_csv(statement, vendor, partner):
    for client in (vendor, partner):
        page = text(client.get(statement.get_absolute_url()))
        assert "INV-9" in page and "€30.01" in page and "€500.50" in page and ">2%<" in page
        csv = b"".join(client.get(f"{statement.get_absolute_url()}?format=csv").streaming_content).decode()
        assert "INV-9,1,2026-02-10" in csv and ",500.5" in csv and "€" not in csv and "%" not in csv


def test_a_partner_sees_where_its_own_list_differs(statement, partner):
    lines = Accrual.objects.order_by("pk")
    good = "invoice;line;amount\n" + "".join(f"INV-9;{row.invoice_line.number};{row.amount}\n" for row in lines)
    bad = "invoice,line,amount\nINV-9,1,19.00\nINV-7,1,5\n"

    def ask(content):
        return partner.post(url("compare", statement), {"file": SimpleUploadedFile("l.csv", content.encode())})

    assert "says the same" in text(ask(good))
    page = text(ask(bad))
    assert "3 lines differ" in page and "-€1.00" in page
    for broken in ("a,b\n1,2", "invoice,line,amount\nX,1,many", "invoice,line,amount\nX,1,NaN"):
        assert ask(broken).status_code == 422


def test_a_period_is_closed_and_settled_on_its_page(statement, vendor, partner):
    assert partner.post(url("close", statement)).status_code == 403
    assert vendor.post(url("close", statement)).status_code == 302
    said = {"settle-settlement": "payment", "settle-reference": "SEPA 1", "settle-day": str(localdate())}
    assert vendor.post(url("settle", statement), {**said, "settle-reference": ""}).status_code == 422
    assert vendor.post(url("settle", statement), said).status_code == 302
    assert "SEPA 1" in text(partner.get(statement.get_absolute_url()))


def test_a_partner_disputes_and_confirms_what_was_issued(statement, vendor, partner):
    assert partner.post(url("confirm", statement)).status_code == 403  # it is still open
    assert "Closes by itself on" in text(partner.get(statement.get_absolute_url()))
    vendor.post(url("close", statement))
    assert vendor.post(url("confirm", statement)).status_code == 403
    assert vendor.post(url("answer", statement), {"answer-reply": "x"}).status_code == 403
    assert partner.post(url("dispute", statement), {"dispute-reason": " "}).status_code == 422
    assert partner.post(url("dispute", statement), {"dispute-reason": "INV-8 <b>is missing"}).status_code == 302
    page = text(vendor.get(statement.get_absolute_url()))
    assert "INV-8 &lt;b&gt;is missing" in page and "Statement: " in page
    said = {"settle-settlement": "payment", "settle-reference": "SEPA 1", "settle-day": str(localdate())}
    assert vendor.post(url("settle", statement), said).status_code == 403
    assert partner.post(url("answer", statement), {"answer-reply": "x"}).status_code == 403
    assert vendor.post(url("answer", statement), {"answer-reply": "It is of another seller"}).status_code == 302
    assert "It is of another seller" in text(partner.get(statement.get_absolute_url()))
    assert partner.post(url("confirm", statement)).status_code == 302
    assert vendor.post(url("settle", statement), said).status_code == 302
    assert partner.post(url("dispute", statement), {"dispute-reason": "Late"}).status_code == 403


def test_what_waits_and_what_is_found(statement, edge, act_for):
    from rebates import search, waiting

    finance, buyer = act_for(edge.vendor, *EVERYTHING), act_for(edge.partner, *EVERYTHING)
    RebateFactory(partnership=edge, state="proposed")
    assert [each.action_label for each in waiting.waiting(buyer)] == ["Answer"]
    statement = close_statement(actor=finance, statement=statement)
    assert [each.action_label for each in waiting.waiting(buyer)] == ["Answer", "Check it"]
    assert waiting.counts(buyer) == {"rebates": 2} and waiting.counts(finance) == {"rebates": 0}
    dispute_statement(actor=buyer, statement=statement, reason="Wrong")
    assert [each.action_label for each in waiting.waiting(finance)] == ["Answer"]
    assert (
        waiting.waiting(act_for(edge.vendor, "rebates.view")) == [] == waiting.waiting(act_for(OrganisationFactory()))
    )
    number = statement.agreement.number
    assert [hit.title for hit in search.search(finance, number, 5)] == [str(statement.agreement)]
    assert search.search(act_for(OrganisationFactory(), *EVERYTHING), number, 5) == []
    assert search.search(act_for(edge.vendor), number, 5) == []


def test_a_stranger_sees_nothing(statement, sign_in):
    client = sign_in(OrganisationFactory(), *EVERYTHING)
    assert client.get(statement.get_absolute_url()).status_code == 404
    assert client.get(statement.agreement.get_absolute_url()).status_code == 404
    assert "No agreements here" in text(client.get(reverse("rebates:list")))


@pytest.mark.parametrize("page", ["list", "statements", "statement"])
def test_a_list_costs_the_same_for_three_rows(edge, statement, vendor, page):
    address = statement.get_absolute_url() if page == "statement" else reverse(f"rebates:{page}")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert vendor.get(address).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _each in range(2):
        other = RebateFactory(partnership__vendor=edge.vendor)
        billed(other.partnership, "10", "20", day=DAY)
        accrue_lines(agreement=other)
    billed(edge, "10", "20", day=DAY)
    accrue_lines(agreement=statement.agreement)
    assert cost() == few


def test_rebates_through_the_api(edge, vendor, partner):
    def api_of(client):
        api = APIClient()
        api.force_login(client.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return api

    ours, theirs = api_of(vendor), api_of(partner)
    sent = {
        "partnership": edge.pk, "name": "V", "rule": "percent", "rate": "2", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }  # fmt: skip
    made = ours.post("/api/v1/rebates/", sent, format="json")
    assert made.status_code == 201, made.content
    one = f"/api/v1/rebates/{made.json()['id']}/"
    assert theirs.get(one).status_code == 404
    assert ours.post(f"{one}propose/").json()["state"] == "proposed"
    assert theirs.post(f"{one}decline/", {"reason": "No"}, format="json").status_code == 204
    ours.post(f"{one}propose/")
    assert theirs.post(f"{one}accept/", {}, format="json").json()["state"] == "active"
    billed(edge, "100", day=DAY)
    accrue_lines(agreement=RebateAgreement.objects.get())
    statement = theirs.get("/api/v1/rebate-statements/").json()["results"][0]
    lines = theirs.get(f"/api/v1/rebate-statements/{statement['id']}/lines/").json()["results"]
    assert [(line["part"], line["amount"]) for line in lines] == [("line", "2.0000")]
    there = f"/api/v1/rebate-statements/{statement['id']}/"
    assert theirs.post(f"{there}close/").status_code == 403
    assert ours.post(f"{there}close/").json()["payable"] == "2.0000"
    assert theirs.post(f"{there}dispute/", {"reason": "No"}, format="json").json()["state"] == "disputed"
    assert ours.post(f"{there}settle/", {"settlement": "offset", "reference": "O"}, format="json").status_code == 403
    assert ours.post(f"{there}answer/", {"reply": "Yes"}, format="json").json()["reply"] == "Yes"
    assert theirs.post(f"{there}confirm/").json()["state"] == "confirmed"
    settled = ours.post(f"{there}settle/", {"settlement": "offset", "reference": "O-1"}, format="json")
    assert settled.json()["state"] == "settled"
    assert ours.post(f"{one}end/", {"reason": "Over"}, format="json").json()["state"] == "ended"
