"""Leads through the API: the vendor's own, and offers that show a teaser until they are accepted."""

import pytest
from rest_framework.test import APIClient

from leads import actions
from leads.models import Lead
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db
TEASER = {"need", "product_line", "size", "country", "region"}
SECRETS = ("irkonia", "uandt", "5550123", "Leverkusen", "before noon", "31415", "Hannover", "Stand 12")


@pytest.fixture
def api(sign_in):
    """A client of the API for an organisation with these capabilities."""

    def build(organisation, *capabilities):
        client = APIClient()
        user = sign_in(organisation, *capabilities).user
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return build


@pytest.fixture
def desk(api, vendor):
    return api(vendor, "leads.view", "leads.manage")


@pytest.fixture
def partner_api(api):
    return lambda offer: api(offer.partner, "leads.view", "leads.work", "deals.view", "deals.register")


def test_a_vendor_adds_corrects_routes_recalls_and_closes(desk, edge, to_all):
    partner = edge()
    typed = {"company": "Hotel Adler", "email": "a@adler.example", "country": "DE", "need": "A pump"}
    made = desk.post("/api/v1/leads/", typed, format="json")
    assert made.status_code == 201, made.content
    lead = made.json()
    assert (lead["state"], lead["source"]) == ("new", "api")
    assert desk.post("/api/v1/leads/", typed, format="json").status_code == 409
    url = f"/api/v1/leads/{lead['id']}/"
    assert desk.patch(url, {"city": "Köln"}, format="json").json()["city"] == "Köln"
    assert desk.patch(url, {"city": "Bonn"}, format="json", headers={"If-Match": '"lead-1-1"'}).status_code == 412
    assert desk.post(f"{url}route/").json()["state"] == "routed"
    offered = desk.post(f"{url}offer/", {"partnerships": [partner.pk]}, format="json")
    assert offered.json()["state"] == "offered"
    assert desk.post(f"{url}route/").status_code == 409
    assert desk.post(f"{url}recall/", {"note": "Sorry."}, format="json").json()["state"] == "routed"
    assert desk.post(f"{url}close/", {"code": "x"}, format="json").status_code == 400
    assert desk.post(f"{url}close/", {"code": "no_need"}, format="json").json()["state"] == "closed"
    assert [row["id"] for row in desk.get("/api/v1/leads/?state=closed").json()["results"]] == [lead["id"]]


def test_what_is_wrong_is_refused(desk, vendor, api, edge):
    bad = {"company": "", "need": "A", "email": "x"}
    assert desk.post("/api/v1/leads/", bad, format="json").status_code == 400
    nobody = {"company": "A", "need": "B"}
    assert desk.post("/api/v1/leads/", nobody, format="json").status_code == 409
    reader = api(vendor, "leads.view")
    assert reader.post("/api/v1/leads/", {**nobody, "email": "a@b.example"}, format="json").status_code == 403
    lead = LeadFactory(vendor=vendor)
    from tests.factories import PartnershipFactory

    foreign = {"partnerships": [PartnershipFactory().pk]}
    assert desk.post(f"/api/v1/leads/{lead.pk}/offer/", foreign, format="json").status_code in {400, 404}
    assert not lead.offers.exists()


def test_a_partner_finds_no_lead_among_leads(held, offered, partner_api):
    for offer in (offered(), held()[0]):
        client = partner_api(offer)
        assert client.get("/api/v1/leads/").json()["results"] == []
        assert client.get(f"/api/v1/leads/{offer.lead_id}/").status_code == 404


def test_an_offer_is_a_teaser_until_it_is_accepted_and_after_it_is_gone(offered, partner_api, manager):
    offer = offered()
    client, url = partner_api(offer), f"/api/v1/lead-offers/{offer.pk}/"

    def hides():
        for answer in (client.get(url), client.get("/api/v1/lead-offers/")):
            assert answer["Cache-Control"] == "no-store"
            assert not [secret for secret in SECRETS if secret in answer.content.decode()]
        shown = client.get(url).json()
        assert set(shown["teaser"]) == TEASER
        return (shown["details"], shown["deal"], shown["lead"]) == (None, None, None)

    assert hides()
    accepted = client.post(f"{url}accept/").json()
    assert accepted["details"]["company"].startswith("Zirkonia")
    assert set(accepted["details"]) >= {"email", "phone", "message", "consent_text"}
    assert not {"score", "campaign", "source", "consent_source", "why"} & set(accepted["details"])
    assert client.post(f"{url}touch/", {"note": "Called."}, format="json").status_code == 200
    deal = client.post(f"{url}convert/").json()["deal"]
    assert client.get(f"/api/v1/deals/{deal}/").json()["source"] == "lead"
    Lead.objects.filter(pk=offer.lead_id).update(state="working", deal=None)
    actions.recall_lead(actor=manager, lead=offer.lead)
    assert hides()


def test_declining_and_taking_it_back(offered, partner_api):
    offer = offered()
    client, url = partner_api(offer), f"/api/v1/lead-offers/{offer.pk}/"
    assert client.post(f"{url}decline/", {"code": "x"}, format="json").status_code == 400
    assert client.post(f"{url}decline/", {"code": "other"}, format="json").status_code == 409
    assert client.post(f"{url}decline/", {"code": "no_fit"}, format="json").json()["state"] == "declined"
    assert client.post(f"{url}accept/").status_code == 409
    assert client.post(f"{url}reconsider/").json()["state"] == "offered"


def test_the_vendor_reads_its_offers_and_answers_none(offered, desk):
    offer = offered()
    shown = desk.get(f"/api/v1/lead-offers/{offer.pk}/").json()
    assert shown["lead"] == offer.lead_id
    assert desk.post(f"/api/v1/lead-offers/{offer.pk}/accept/").status_code == 403


@pytest.mark.parametrize("resource", ["leads", "lead-offers"])
def test_a_list_costs_the_same_for_one_row_and_for_three(resource, desk, offered, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        offered()
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/api/v1/{resource}/").status_code == 200
        return len(queries)

    count()
    one = count()
    count()
    assert count() == one
