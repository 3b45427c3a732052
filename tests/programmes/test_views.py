"""The pages of programmes, and the same through the API."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from core.models import TrailEntry
from partners.models import Membership, Partnership
from programmes.actions import reckon
from programmes.models import Certification, Requirement, Standing
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.programmes.factories import billed, programme, tier_of

pytestmark = pytest.mark.django_db
VENDOR = ("programmes.view", "programmes.manage", "partnerships.manage", "orders.view", "deals.view")
PARTNER = ("programmes.view", "programmes.certify")


@pytest.fixture
def edge():
    vendor = programme()
    edge = PartnershipFactory(vendor=vendor, tier=tier_of(vendor, 1), partner__name="Brenta")
    billed(edge, "700")
    reckon(vendor=vendor)
    return edge


@pytest.fixture
def vendor(edge, sign_in):
    return sign_in(edge.vendor, *VENDOR)


@pytest.fixture
def partner(edge, sign_in):
    return sign_in(edge.partner, *PARTNER)


def text(response):
    return response.content.decode()


def report(client, edge, **more):
    person = Membership.objects.filter(organisation=edge.partner).first()
    said = {"partnership": edge.pk, "membership": person.pk, "name": "Fire pumps", "given_on": str(localdate()), **more}
    return client.post(reverse("programmes:certification_new"), said)


def test_the_list_has_a_row_a_partner_and_goes_out_as_csv(vendor):
    home = reverse("programmes:home")
    assert "Brenta" in text(vendor.get(home))
    csv = b"".join(vendor.get(f"{home}?view=all&format=csv").streaming_content).decode()
    assert "Brenta" in csv and "700.00" in csv


@pytest.mark.parametrize("route", ["programmes:home", "programmes:certifications"])
def test_a_list_costs_the_same_for_three_rows(edge, vendor, django_assert_num_queries, route):
    def rows(number):
        for _each in range(number):
            other = PartnershipFactory(vendor=edge.vendor, tier=tier_of(edge.vendor, 2))
            member = MembershipFactory(organisation=other.partner)
            Certification.objects.create(
                vendor=edge.vendor, partner=other.partner, membership=member, person="P", name="N", given_by="G",
                given_on=localdate(), state="confirmed",
            )  # fmt: skip
        reckon(vendor=edge.vendor)

    rows(1)
    vendor.get(reverse(route))
    with CaptureQueriesContext(
        connection,
    ) as few:
        vendor.get(reverse(route))
    rows(2)
    with django_assert_num_queries(len(few)):
        assert vendor.get(reverse(route)).status_code == 200


def test_both_sides_see_the_same_figures_and_what_is_missing(edge, vendor, partner):
    url = edge.standing.get_absolute_url()
    for page in (text(vendor.get(url)), text(partner.get(url))):
        assert "To tier Advanced" in page and "€700.00" in page and "€300.00" in page
    assert reverse("orders:invoices") in text(vendor.get(url))
    assert reverse("orders:invoices") not in text(partner.get(url))  # the role does not read invoices
    assert "Set the tier by hand" not in text(partner.get(url))


def test_each_figure_opens_the_rows_it_came_from(edge, vendor):
    billed(edge, "10", day=localdate() - timedelta(days=500), number="OLD-1")
    page = text(vendor.get(edge.standing.get_absolute_url()))
    link = page.split(f'href="{reverse("orders:invoices")}')[1].split('"')[0].replace("&amp;", "&")
    rows = text(vendor.get(reverse("orders:invoices") + link))
    assert "INV-00001" in rows and "OLD-1" not in rows


def test_a_tier_is_set_by_hand_and_given_back(edge, vendor, partner):
    standing = edge.standing
    url = reverse("programmes:fix", args=[standing.pk])
    assert vendor.post(url, {"fix-tier": tier_of(edge.vendor, 3).pk}).status_code == 422
    said = {"fix-tier": tier_of(edge.vendor, 3).pk, "fix-until": str(localdate()), "fix-reason": "Key account"}
    assert partner.post(url, said).status_code == 403
    assert vendor.post(url, said).status_code == 302
    assert Partnership.objects.get(pk=edge.pk).tier.rank == 3
    assert "Key account" in text(partner.get(standing.get_absolute_url()))
    free = reverse("programmes:free", args=[standing.pk])
    assert vendor.post(free).status_code == 302
    assert vendor.post(free).status_code == 422


def test_the_vendor_writes_what_a_tier_asks(edge, vendor, partner):
    url = reverse("programmes:tier", args=[tier_of(edge.vendor, 2).pk])
    terms = {"name": "Advanced", "discount_percent": "5", "protection_days": 60, "open_deals": 20}
    assert vendor.post(url, {**terms, "rank": 3}).status_code == 422
    assert vendor.post(url, {**terms, "rank": 2, "revenue": "650", "won": ""}).status_code == 302
    assert Requirement.objects.get(tier__rank=2).at_least == 650
    assert "Revenue of at least €650.00" in text(vendor.get(reverse("programmes:rules")))
    assert partner.get(reverse("programmes:rules")).status_code == 403
    new = reverse("programmes:tier_new")
    assert vendor.post(new, {**terms, "name": "Elite", "rank": 4}).status_code == 302
    scheme = {"window": "calendar", "grace_days": "12", "active": "on"}
    assert vendor.post(reverse("programmes:rules"), {**scheme, "grace_days": "999"}).status_code == 422
    assert vendor.post(reverse("programmes:rules"), scheme).status_code == 302


def test_a_certificate_is_reported_confirmed_and_counts(edge, vendor, partner):
    upload = SimpleUploadedFile("c.txt", b"Certificate", content_type="text/plain")
    assert report(partner, edge, upload=upload).status_code == 302
    row = Certification.objects.get()
    assert partner.post(reverse("programmes:certification_confirm", args=[row.pk])).status_code == 403
    assert vendor.get(reverse("programmes:certification_file", args=[row.pk])).status_code == 200
    assert "Fire pumps" in text(vendor.get(row.get_absolute_url()))
    vendor.post(reverse("programmes:certification_confirm", args=[row.pk]))
    reckon(vendor=edge.vendor)
    assert Standing.objects.get().value("certifications") == 1
    withdraw = reverse("programmes:certification_withdraw", args=[row.pk])
    assert partner.post(withdraw).status_code == 403
    refuse = reverse("programmes:certification_refuse", args=[row.pk])
    assert vendor.post(refuse, {"refuse-reason": ""}).status_code == 422
    assert vendor.post(refuse, {"refuse-reason": "Of another product"}).status_code == 302
    assert "Of another product" in text(partner.get(row.get_absolute_url()))
    assert partner.post(withdraw).status_code == 302
    assert not Certification.objects.exists()
    assert TrailEntry.objects.filter(verb="certification.withdrawn").count() == 1


def test_only_ones_own_people_active_vendors_and_sound_days_are_reported(edge, partner, vendor):
    strange = MembershipFactory()
    assert report(partner, edge, membership=strange.pk).status_code == 422
    assert report(partner, edge, partnership=PartnershipFactory().pk).status_code == 422
    assert report(partner, edge, valid_until=str(localdate() - timedelta(days=1))).status_code == 422
    exe = SimpleUploadedFile("c.exe", b"MZ\x00", content_type="text/plain")
    assert report(partner, edge, upload=exe).status_code == 422
    Partnership.objects.update(state="suspended")
    assert report(partner, edge).status_code == 422
    assert not Certification.objects.exists()


def test_empty_pages_say_what_they_are_for(sign_in):
    client = sign_in(OrganisationFactory(), *VENDOR, "programmes.certify")
    assert "No standings yet" in text(client.get(reverse("programmes:home")))
    assert "No certifications here" in text(client.get(reverse("programmes:certifications")))
    assert "No tiers yet" in text(client.get(reverse("programmes:rules")))


def api_of(client):
    api = APIClient()
    api.force_login(client.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return api


def test_standings_and_certificates_through_the_api(edge, vendor, partner):
    ours, theirs = api_of(vendor), api_of(partner)
    shown = ours.get("/api/v1/standings/").json()["results"][0]
    assert (shown["tier"], shown["values"]["revenue"]) == ("Registered", "700.00")
    url = f"/api/v1/standings/{shown['id']}/"
    assert len(theirs.get(f"{url}history/").json()["results"]) == 4
    said = {"tier": tier_of(edge.vendor, 2).pk, "until": str(localdate()), "reason": "x"}
    assert theirs.post(f"{url}fix/", said, format="json").status_code in {400, 403}
    assert ours.post(f"{url}fix/", said, format="json").json()["tier"] == "Advanced"
    assert ours.post(f"{url}free/").status_code == 200
    assert ours.post(f"{url}free/").status_code == 409
    person = Membership.objects.filter(organisation=edge.partner).first()
    sent = {"partnership": edge.pk, "membership": person.pk, "name": "Pumps", "given_on": str(localdate())}
    made = theirs.post("/api/v1/certifications/", sent, format="json")
    assert made.status_code == 201, made.content
    one = f"/api/v1/certifications/{made.json()['id']}/"
    assert theirs.post(f"{one}confirm/").status_code == 403
    assert ours.post(f"{one}confirm/").json()["state"] == "confirmed"
    assert ours.post(f"{one}refuse/", {"reason": "No"}, format="json").json()["state"] == "refused"
