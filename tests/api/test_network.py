"""Organisations and partnerships over the API."""

import pytest
from django.test import Client

from tests.factories import OrganisationFactory, PartnershipFactory, RoleFactory
from tests.partners.factories import ServiceAccountFactory, key_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return PartnershipFactory()


def machine(organisation, *capabilities, **account):
    role = RoleFactory(organisation=organisation, capabilities=list(capabilities))
    _row, secret = key_for(ServiceAccountFactory(organisation=organisation, role=role, **account))
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_me(partnership):
    client = machine(partnership.vendor, "partnerships.view")
    body = client.get("/api/v1/organisations/me/").json()
    assert body["name"] == partnership.vendor.name
    assert body["capabilities"] == ["partnerships.view"]


def test_organisations_are_oneself_and_ones_partners(partnership):
    PartnershipFactory()
    client = machine(partnership.vendor, "partnerships.view")
    names = {each["name"] for each in client.get("/api/v1/organisations/").json()["results"]}
    assert names == {partnership.vendor.name, partnership.partner.name}


def test_both_sides_see_the_partnership_and_a_stranger_does_not(partnership):
    url = f"/api/v1/partnerships/{partnership.pk}/"
    for side in (partnership.vendor, partnership.partner):
        body = machine(side, "partnerships.view").get(url).json()
        assert (body["vendor"]["name"], body["state"]) == (partnership.vendor.name, "active")
    stranger = machine(OrganisationFactory(), "partnerships.view")
    theirs, nobodys = stranger.get(url), stranger.get("/api/v1/partnerships/999999/")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert stranger.get("/api/v1/partnerships/").json()["results"] == []


def test_state_narrows(partnership):
    PartnershipFactory(vendor=partnership.vendor, state="ended")
    client = machine(partnership.vendor, "partnerships.view")
    assert [each["id"] for each in client.get("/api/v1/partnerships/?state=active").json()["results"]] == [
        partnership.pk
    ]
    assert client.get("/api/v1/partnerships/?state=nonsense").json()["results"] == []
    assert client.get("/api/v1/partnerships/?state=%00nonsense").status_code == 400


@pytest.mark.parametrize("path", ["organisations/", "partnerships/"])
def test_without_key_capability_or_from_another_network(partnership, path):
    url = f"/api/v1/{path}"
    assert Client().get(url).status_code == 401
    assert Client(headers={"Authorization": "Bearer flr_wrong"}).get(url).status_code == 401
    refused = machine(partnership.vendor).get(url)
    assert refused.status_code == 403
    assert "See partnerships" in refused.json()["detail"]
    elsewhere = machine(partnership.vendor, "partnerships.view", networks=["203.0.113.0/24"])
    assert elsewhere.get(url).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_here(partnership, method):
    client = machine(partnership.vendor, "partnerships.view", "partnerships.manage")
    assert getattr(client, method)(f"/api/v1/partnerships/{partnership.pk}/").status_code == 405


@pytest.mark.parametrize("path", ["organisations/", "partnerships/"])
def test_the_list_costs_the_same_for_one_and_three(django_assert_max_num_queries, path):
    counts = []
    for size in (1, 3):
        vendor = OrganisationFactory()
        PartnershipFactory.create_batch(size, vendor=vendor)
        client = machine(vendor, "partnerships.view")
        client.get(f"/api/v1/{path}")
        with django_assert_max_num_queries(15) as captured:
            assert len(client.get(f"/api/v1/{path}").json()["results"]) >= size
        counts.append(len(captured))
    assert counts[0] == counts[1]
