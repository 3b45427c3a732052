"""Organisations and partnerships over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from partners.models import Logo
from tests.factories import OrganisationFactory, PartnershipFactory, RoleFactory
from tests.partners.factories import ServiceAccountFactory, key_for
from tests.partners.pictures import BAD, picture, with_logo

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


class TestLogo:
    AT = "/api/v1/organisations/me/logo/"

    def put(self, client, octets):
        body = encode_multipart(BOUNDARY, {"logo": SimpleUploadedFile("logo.png", octets)})
        return client.put(self.AT, body, content_type=MULTIPART_CONTENT)

    def test_put_up_read_by_partners_and_taken_away(self, partnership):
        ours = machine(partnership.vendor, "organisation.manage", "partnerships.view")
        answer = self.put(ours, picture())
        assert answer.status_code == 200
        address = answer.json()["logo"]
        assert address.startswith("http") and Client().get(f"/logo/{address.rsplit('/', 1)[1]}").status_code == 200
        theirs = machine(partnership.partner, "partnerships.view")
        logos = {each["name"]: each["logo"] for each in theirs.get("/api/v1/organisations/").json()["results"]}
        assert logos == {partnership.vendor.name: address, partnership.partner.name: ""}
        assert ours.delete(self.AT).status_code == ours.delete(self.AT).status_code == 204
        assert ours.get("/api/v1/organisations/me/").json()["logo"] == ""

    def test_once_with_a_key(self, partnership):
        client = machine(partnership.vendor, "organisation.manage")
        body = encode_multipart(BOUNDARY, {"logo": SimpleUploadedFile("logo.png", picture())})
        for _ in range(2):
            said = client.put(self.AT, body, content_type=MULTIPART_CONTENT, headers={"Idempotency-Key": "1"})
            assert said.status_code == 200
        assert Logo.objects.count() == 1

    @pytest.mark.parametrize("bad", ["svg", "huge", "nothing", "moving png", "truncated webp"])
    def test_what_is_no_logo(self, partnership, bad):
        answer = self.put(machine(partnership.vendor, "organisation.manage"), BAD[bad][0])
        assert answer.status_code == 409 and BAD[bad][1].split("|")[0] in answer.json()["detail"]

    def test_who_may_not(self, partnership):
        with_logo(partnership.vendor)
        client = machine(partnership.vendor, "partnerships.view", "partnerships.manage")
        refused = self.put(client, picture(size=(80, 80)))
        assert refused.status_code == 403 and "Edit the organisation" in refused.json()["detail"]
        assert client.delete(self.AT).status_code == 403
        assert self.put(Client(), picture()).status_code == Client().delete(self.AT).status_code == 401
        whole = machine(partnership.vendor, "organisation.manage")
        assert whole.put(self.AT, {"logo": "x"}, content_type="application/json").status_code == 415
        assert whole.put(self.AT, encode_multipart(BOUNDARY, {}), content_type=MULTIPART_CONTENT).status_code == 400
        assert Logo.objects.count() == 1
