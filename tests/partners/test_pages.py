"""Every page of people and partnerships, as its four kinds of visitor see it."""

import re

import pytest
from django.urls import reverse

from partners.models import Partnership, Role
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory
from tests.partners.factories import (
    AgreementFactory,
    InvitationFactory,
    ProgrammeFactory,
    ServiceAccountFactory,
    administrator,
    key_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A vendor with a partner and one of everything, and a stranger with the same."""
    found = {}
    for name in ("vendor", "stranger"):
        vendor = OrganisationFactory()
        ProgrammeFactory(vendor=vendor)
        account = ServiceAccountFactory(organisation=vendor)
        key, _secret = key_for(account)
        role = RoleFactory(organisation=vendor)
        found[name] = {
            "organisation": vendor,
            "administrator": administrator(vendor),
            "person": MembershipFactory(organisation=vendor, roles=[role]),
            "role": role,
            "invitation": InvitationFactory(organisation=vendor, roles=[role]),
            "service": account,
            "key": key,
            "version": AgreementFactory(vendor=vendor),
            "partnership": PartnershipFactory(vendor=vendor, state=Partnership.State.INVITED),
        }
    return found


def sign(client, membership):
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def bare(page):
    """A page without the token that differs each time."""
    return re.sub(r'content="[0-9A-Za-z]{64}"', "", page)


OWN_PAGES = [
    ("details", None),
    ("policy", "organisation.manage"),
    ("people", None),
    ("invite", "members.manage"),
    ("invitations", "members.manage"),
    ("roles", None),
    ("role_new", "roles.manage"),
    ("services", "integration.manage"),
    ("service_new", "integration.manage"),
    ("programme", "partnerships.manage"),
    ("publish", "partnerships.manage"),
    ("partnerships", "partnerships.view"),
    ("invite_company", "partnerships.manage"),
]
OBJECT_PAGES = [
    ("person", "person", None),
    ("role", "role", None),
    ("service", "service", "integration.manage"),
    ("version", "version", "partnerships.view"),
    ("partnership", "partnership", "partnerships.view"),
    ("agreement", "partnership", "partnerships.view"),
]
OBJECT_POSTS = [
    ("person_roles", "person", "members.manage"),
    ("person_close", "person", "members.manage"),
    ("person_reopen", "person", "members.manage"),
    ("invitation_resend", "invitation", "members.manage"),
    ("invitation_revoke", "invitation", "members.manage"),
    ("role_capability", "role", "roles.manage"),
    ("role_delete", "role", "roles.manage"),
    ("service_switch", "service", "integration.manage"),
    ("key_new", "service", "integration.manage"),
    ("terms", "partnership", "partnerships.manage"),
    ("check", "partnership", "partnerships.manage"),
    ("accept_agreement", "partnership", "partnerships.manage"),
]


@pytest.mark.parametrize(("name", "capability"), OWN_PAGES)
def test_page(client, sign_in, world, name, capability):
    url = reverse(f"partners:{name}")
    assert client.get(url).status_code == 302
    page = sign(client, world["vendor"]["administrator"]).get(url)
    assert page.status_code == 200
    assert world["stranger"]["organisation"].name not in page.text
    colleague = sign_in(world["vendor"]["organisation"]).get(url)
    assert colleague.status_code == (403 if capability else 200)
    if capability:
        assert "Ask an administrator" in colleague.text


@pytest.mark.parametrize(("name", "what", "capability"), OBJECT_PAGES)
def test_object_page(client, sign_in, world, name, what, capability):
    url = reverse(f"partners:{name}", args=[world["vendor"][what].pk])
    foreign = reverse(f"partners:{name}", args=[world["stranger"][what].pk])
    missing = reverse(f"partners:{name}", args=[999_999])
    assert client.get(url).status_code == 302
    admin = sign(client, world["vendor"]["administrator"])
    assert admin.get(url).status_code == 200
    theirs, nobodys = admin.get(foreign), admin.get(missing)
    assert theirs.status_code == nobodys.status_code == 404
    assert bare(theirs.text).replace(foreign, "") == bare(nobodys.text).replace(missing, "")
    assert sign_in(world["vendor"]["organisation"]).get(url).status_code == (403 if capability else 200)


@pytest.mark.parametrize(("name", "what", "capability"), OBJECT_POSTS)
def test_object_post_refuses_strangers_colleagues_and_other_methods(client, sign_in, world, name, what, capability):
    url = reverse(f"partners:{name}", args=[world["vendor"][what].pk])
    foreign = reverse(f"partners:{name}", args=[world["stranger"][what].pk])
    assert client.post(url).status_code == 302
    admin = sign(client, world["vendor"]["administrator"])
    assert admin.get(url).status_code == 405
    assert admin.post(foreign).status_code == 404
    assert sign_in(world["vendor"]["organisation"]).post(url).status_code == 403


@pytest.mark.parametrize("step", sorted(Partnership.TRANSITIONS))
def test_step_refuses_strangers_and_colleagues(client, sign_in, world, step):
    admin = sign(client, world["vendor"]["administrator"])
    foreign = reverse("partners:step", args=[world["stranger"]["partnership"].pk, step])
    assert admin.post(foreign, {"reason": "x"}).status_code == 404
    own = reverse("partners:step", args=[world["vendor"]["partnership"].pk, step])
    assert sign_in(world["vendor"]["organisation"]).post(own, {"reason": "x"}).status_code == 403


def test_unknown_step_is_404(client, world):
    admin = sign(client, world["vendor"]["administrator"])
    assert admin.post(reverse("partners:step", args=[world["vendor"]["partnership"].pk, "explode"])).status_code == 404


def test_foreign_key_of_an_own_account_is_404(client, world):
    admin = sign(client, world["vendor"]["administrator"])
    args = [world["vendor"]["service"].pk, world["stranger"]["key"].pk]
    assert admin.post(reverse("partners:key_revoke", args=args)).status_code == 404


def test_posting_a_foreign_role_gives_nothing_and_confirms_nothing(client, world):
    admin = sign(client, world["vendor"]["administrator"])
    url = reverse("partners:person_roles", args=[world["vendor"]["person"].pk])
    theirs = admin.post(url, {"roles": [world["stranger"]["role"].pk]})
    nobodys = admin.post(url, {"roles": [999_999]})
    assert theirs.status_code == nobodys.status_code == 422
    assert list(world["vendor"]["person"].roles.all()) == [world["vendor"]["role"]]


def test_the_settings_list_shows_only_what_one_may_open(sign_in, world):
    page = sign_in(world["vendor"]["organisation"]).get(reverse("partners:details")).text
    assert reverse("partners:people") in page
    assert reverse("partners:services") not in page


@pytest.mark.parametrize("name", ["people", "partnerships", "roles", "invitations", "services", "policy", "programme"])
def test_lists_cost_the_same_for_one_and_three(client, django_assert_max_num_queries, name):
    counts = []
    for extra in (0, 2):
        vendor = OrganisationFactory()
        sign(client, administrator(vendor))
        for _each in range(1 + extra):
            role = RoleFactory(organisation=vendor)
            MembershipFactory(organisation=vendor, roles=[role])
            InvitationFactory(organisation=vendor, roles=[role])
            key_for(ServiceAccountFactory(organisation=vendor, role=role))
            PartnershipFactory(vendor=vendor)
            AgreementFactory(vendor=vendor, version=vendor.agreements.count() + 1)
        url = reverse(f"partners:{name}")
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_people_list_answers_fragments_and_csv(client, world):
    admin = sign(client, world["vendor"]["administrator"])
    url = reverse("partners:people")
    fragment = admin.get(url, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "<!doctype" not in fragment.text
    assert 'id="list"' in fragment.text
    csv = b"".join(admin.get(url + "?format=csv").streaming_content).decode()
    assert world["vendor"]["person"].user.name in csv
    assert world["stranger"]["person"].user.name not in csv


def test_partnership_list_shows_both_directions(client, world):
    mine = world["vendor"]["organisation"]
    above = PartnershipFactory(partner=mine)
    below = PartnershipFactory(vendor=mine)
    page = sign(client, world["vendor"]["administrator"]).get(reverse("partners:partnerships")).text
    assert above.vendor.name in page
    assert below.partner.name in page
    assert Role.objects.count() > 0
