"""Requests about deals through the API."""

import pytest
from django.urls import reverse

from tests.deals.factories import ApprovedFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def url(name, *args):
    return reverse(f"api:request-{name}", args=args)


def test_more_time_is_asked_for_and_granted(sign_in):
    deal = ApprovedFactory()
    partner = sign_in(deal.partner, "deals.view", "deals.register")
    vendor = sign_in(deal.vendor, "deals.view", "deals.decide")
    made = partner.post(url("list"), {"deal": deal.pk, "kind": "extension", "reason": "The tender moved."}, **JSON)
    assert (made.status_code, made.json()["state"]) == (201, "pending"), made.text
    pk = made.json()["id"]
    again = partner.post(url("list"), {"deal": deal.pk, "kind": "extension", "reason": "Again."}, **JSON)
    assert again.status_code == 409
    assert [each["id"] for each in vendor.get(url("list"), {"state": "pending"}).json()["results"]] == [pk]
    assert vendor.post(url("refuse", pk), {}, **JSON).status_code == 409
    assert partner.post(url("grant", pk), {}, **JSON).status_code == 403
    assert vendor.post(url("grant", pk), {"answer": "Good luck."}, **JSON).json()["answer"] == "Good luck."
    assert partner.post(url("drop", pk), {}, **JSON).status_code == 409


def test_a_stranger_finds_nothing(sign_in):
    deal = ApprovedFactory()
    partner = sign_in(deal.partner, "deals.view", "deals.register")
    stranger = sign_in(OrganisationFactory(), "deals.view", "deals.register")
    said = {"deal": deal.pk, "kind": "extension", "reason": "The tender moved."}
    foreign, missing = (stranger.post(url("list"), {**said, "deal": pk}, **JSON) for pk in (deal.pk, 999_999))
    assert (foreign.status_code, foreign.text.replace(f'pk \\"{deal.pk}', 'pk \\"999999')) == (400, missing.text)
    pk = partner.post(url("list"), said, **JSON).json()["id"]
    assert stranger.get(url("detail", pk)).status_code == 404
    assert stranger.post(url("drop", pk)).status_code == 404
    assert partner.post(url("list"), {**said, "kind": "nonsense"}, **JSON).status_code == 400


def test_a_proposed_revocation_cannot_be_probed(sign_in):
    deal = ApprovedFactory()
    partner = sign_in(deal.partner, "deals.view", "deals.register")
    vendor = sign_in(deal.vendor, "deals.view", "deals.decide")
    said = {"deal": deal.pk, "kind": "revocation", "reason": "Doubts."}
    before = partner.post(url("list"), said, **JSON)
    pk = vendor.post(url("list"), said, **JSON).json()["id"]
    after = partner.post(url("list"), said, **JSON)
    assert (before.status_code, before.text) == (after.status_code, after.text) == (403, before.text)
    assert partner.get(url("detail", pk)).status_code == 404
