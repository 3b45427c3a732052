"""The life of an invitation: sent, opened, accepted once, by nobody else, not too late."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from core.errors import DomainError
from core.models import TrailEntry, TrailReader
from partners import actions
from partners.models import Invitation, Membership, Organisation, Partnership, User
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory, UserFactory
from tests.partners.factories import (
    AgreementFactory,
    InvitationFactory,
    administrator,
    last,
    with_address,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
PASSWORD = "a calm green river"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def link(invitation):
    return reverse("partners:join", args=[invitation.token])


def signed(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def role(organisation):
    return RoleFactory(organisation=organisation, preset="sales", name="Sales")


@pytest.fixture
def invitation(organisation, role):
    return InvitationFactory(organisation=organisation, email="marta@example.test", roles=[role])


class TestSending:
    def test_the_link_goes_to_the_address_and_nowhere_else(
        self, organisation, admin, role, mailoutbox, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            sent = actions.invite_colleague(actor=admin, email="Marta@Example.test", roles=[role])
        (mail,) = mailoutbox
        assert mail.to == ["marta@example.test"]
        assert organisation.name in mail.subject
        found = re.search(r"/organisation/join/([0-9a-f]{64})/", mail.body)
        assert actions.invitation_of(found.group(1)) == sent
        stored = str(Invitation.objects.values().get(pk=sent.pk)) + str(list(TrailEntry.objects.values("data")))
        assert found.group(1) not in stored
        sent.refresh_from_db()
        assert sent.sent_at

    def test_a_name_with_line_ends_does_not_break_the_head_of_the_mail(
        self, organisation, admin, mailoutbox, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            actions.invite_company(
                actor=admin, email="a@example.test", company_name="Evil\r\nBcc: x@example.test", kind="reseller"
            )
        assert "\n" not in mailoutbox[0].subject
        assert mailoutbox[0].to == ["a@example.test"]

    def test_sent_again_the_old_link_is_dead(self, admin, invitation):
        old = invitation.token
        again = actions.resend_invitation(actor=admin, invitation=invitation)
        assert actions.invitation_of(old) is None
        assert actions.invitation_of(again.token) == invitation

    def test_nobody_invites_to_more_than_they_hold(self, organisation, act_for):
        actor = act_for(organisation, "members.manage")
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.invite_colleague(
                actor=actor, email="x@example.test", roles=[RoleFactory(organisation=organisation, preset="finance")]
            )
        assert not Invitation.objects.exists()

    def test_roles_of_another_organisation_are_not_given(self, admin):
        with pytest.raises(DomainError, match="at least one role"):
            actions.invite_colleague(actor=admin, email="x@example.test", roles=[RoleFactory()])

    def test_twice_or_a_member(self, organisation, admin, role, invitation):
        with pytest.raises(DomainError, match="has an invitation already"):
            actions.invite_colleague(actor=admin, email="MARTA@example.test", roles=[role])
        member = MembershipFactory(organisation=organisation, roles=[role])
        with pytest.raises(DomainError, match="member already"):
            actions.invite_colleague(actor=admin, email=member.user.email, roles=[role])

    def test_without_capability(self, organisation, act_for, role, invitation):
        actor = act_for(organisation, "partnerships.view")
        for act in (
            lambda: actions.invite_colleague(actor=actor, email="x@example.test", roles=[role]),
            lambda: actions.invite_company(actor=actor, email="x@example.test", company_name="X", kind="reseller"),
            lambda: actions.resend_invitation(actor=actor, invitation=invitation),
            lambda: actions.revoke_invitation(actor=actor, invitation=invitation),
        ):
            with pytest.raises(PermissionDenied):
                act()

    def test_another_organisations_invitation_is_not_there(self, admin):
        with pytest.raises(Invitation.DoesNotExist):
            actions.revoke_invitation(actor=admin, invitation=InvitationFactory())

    def test_through_the_page(self, organisation, admin, role):
        client = signed(admin.user)
        url = reverse("partners:invite")
        assert client.post(url, {"email": "no address", "roles": [role.pk]}).status_code == 422
        response = client.post(url, {"email": "luca@example.test", "roles": [role.pk]})
        assert response.status_code == 302
        assert "luca@example.test" in client.get(response["Location"]).text


class TestAColleague:
    def test_without_an_account_makes_one_and_joins(self, client, organisation, role, invitation):
        page = client.get(link(invitation))
        assert organisation.name in page.text
        assert "Sales" in page.text
        response = client.post(link(invitation), {"name": "Marta Riva", "password": PASSWORD})
        assert response.status_code == 302
        member = Membership.objects.get(user__email="marta@example.test")
        assert (member.organisation, list(member.roles.all())) == (organisation, [role])
        assert client.get(reverse("partners:details")).status_code == 200
        assert last("member.joined").user == member.user

    def test_works_once(self, client, invitation):
        client.post(link(invitation), {"name": "Marta", "password": PASSWORD})
        again = Client().get(link(invitation))
        assert again.status_code == 410
        assert "works once" in again.text
        assert Client().post(link(invitation), {"name": "Eve", "password": PASSWORD}).status_code == 410
        assert User.objects.filter(name="Eve").count() == 0

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"expires_at": now() - timedelta(seconds=1)}, "has expired"),
            ({"revoked_at": now()}, "taken back"),
        ],
    )
    def test_too_late(self, client, invitation, change, words):
        Invitation.objects.filter(pk=invitation.pk).update(**change)
        for response in (
            client.get(link(invitation)),
            client.post(link(invitation), {"name": "M", "password": PASSWORD}),
        ):
            assert response.status_code == 410
            assert words in response.text
        assert not Membership.objects.filter(organisation=invitation.organisation).exists()

    @pytest.mark.parametrize("token", ["0" * 64, "x", "..", "%00", "a" * 5000])
    def test_a_wrong_token_is_not_there(self, client, token):
        assert client.get(f"/organisation/join/{token}/").status_code == 404

    def test_a_weak_password_is_refused_and_nothing_is_made(self, client, invitation):
        response = client.post(link(invitation), {"name": "Marta", "password": "12345"})
        assert response.status_code == 422
        assert not User.objects.filter(email="marta@example.test").exists()

    def test_with_an_account_signs_in_first(self, client, invitation):
        user = with_address(UserFactory(email="marta@example.test"))
        page = client.get(link(invitation)).text
        assert f"{reverse('account_login')}?next={link(invitation)}" in page
        assert client.post(link(invitation), {"name": "Eve", "password": PASSWORD}).status_code == 200
        user.refresh_from_db()
        assert user.name != "Eve"
        theirs = signed(user)
        assert "Join" in theirs.get(link(invitation)).text
        assert theirs.post(link(invitation)).status_code == 302
        assert Membership.objects.filter(user=user, organisation=invitation.organisation).exists()

    def test_somebody_else_cannot_use_it(self, invitation):
        other = with_address(UserFactory())
        for response in (signed(other).get(link(invitation)), signed(other).post(link(invitation))):
            assert response.status_code == 403
            assert "another address" in response.text
        assert not Membership.objects.filter(user=other).exists()

    def test_an_unverified_address_is_not_enough(self, invitation):
        user = with_address(UserFactory())
        user.emailaddress_set.create(email=invitation.email, verified=False, primary=False)
        assert signed(user).post(link(invitation)).status_code == 403

    def test_a_second_verified_address_is(self, invitation):
        user = with_address(with_address(UserFactory()), invitation.email)
        assert signed(user).post(link(invitation)).status_code == 302

    def test_a_former_colleague_comes_back_with_the_new_roles_only(self, organisation, role, invitation):
        user = with_address(UserFactory(email=invitation.email))
        strong = RoleFactory(organisation=organisation, preset="finance")
        MembershipFactory(user=user, organisation=organisation, roles=[strong], active=False)
        signed(user).post(link(invitation))
        member = Membership.objects.get(user=user)
        assert member.active
        assert list(member.roles.all()) == [role]


class TestACompany:
    @pytest.fixture
    def invitation(self, organisation):
        return InvitationFactory(
            organisation=organisation, email="ceo@example.test", company_name="Brenta", kind="reseller"
        )

    def test_from_nothing_to_an_active_partner(self, client, organisation, invitation):
        agreement = AgreementFactory(vendor=organisation)
        client.post(link(invitation), {"name": "Anna", "password": PASSWORD})
        assert "Brenta" in client.get(link(invitation)).text
        response = client.post(link(invitation), {"organisation": "new", "name": "Brenta Impianti", "country": "IT"})
        partnership = Partnership.objects.get()
        assert (partnership.vendor, partnership.partner.name, partnership.state) == (
            organisation,
            "Brenta Impianti",
            "invited",
        )
        assert response["Location"] == reverse("partners:agreement", args=[partnership.pk])
        assert agreement.text in client.get(response["Location"]).text
        accepted = reverse("partners:accept_agreement", args=[partnership.pk])
        assert client.post(accepted, {"agreement": agreement.pk}).status_code == 302
        partnership.refresh_from_db()
        assert partnership.state == "active"
        assert partnership.acceptances.get().address == "127.0.0.1"
        readers = TrailReader.objects.filter(entry=last("partnership.accepted"))
        assert organisation.pk in readers.values_list("organisation", flat=True)

    def test_without_an_agreement_it_is_active_at_once(self, client, organisation, invitation):
        client.post(link(invitation), {"name": "Anna", "password": PASSWORD})
        client.post(link(invitation), {"organisation": "new", "name": "Brenta Impianti", "country": "IT"})
        assert Partnership.objects.get().state == "active"

    def test_for_a_company_that_is_here(self, organisation, invitation):
        own = OrganisationFactory()
        member = administrator(own)
        with_address(member.user, invitation.email)
        signed(member.user).post(link(invitation), {"organisation": own.pk})
        assert Partnership.objects.get().partner == own
        assert Organisation.objects.count() == 2

    def test_for_a_company_of_others_or_without_the_capability(self, organisation, invitation):
        own = OrganisationFactory()
        member = MembershipFactory(organisation=own, roles=[RoleFactory(organisation=own)])
        with_address(member.user, invitation.email)
        for target in (own.pk, OrganisationFactory().pk, organisation.pk):
            assert signed(member.user).post(link(invitation), {"organisation": target}).status_code == 422
        assert not Partnership.objects.exists()

    def test_where_a_second_factor_is_asked_first(self, invitation):
        own = OrganisationFactory(requires_second_factor=True)
        member = administrator(own)
        with_address(member.user, invitation.email)
        elsewhere = MembershipFactory(user=member.user)
        client = signed(member.user)
        client.post(reverse("partners:switch"), {"organisation": elsewhere.organisation_id})
        assert client.post(link(invitation), {"organisation": own.pk}).status_code == 422
        with_second_factor(member.user)
        assert client.post(link(invitation), {"organisation": own.pk}).status_code == 302

    def test_twice_the_same_partnership(self, organisation, invitation):
        own = OrganisationFactory()
        member = administrator(own)
        with_address(member.user, invitation.email)
        PartnershipFactory(vendor=organisation, partner=own)
        response = signed(member.user).post(link(invitation), {"organisation": own.pk})
        assert response.status_code == 422
        assert "already" in response.text
        invitation.refresh_from_db()
        assert invitation.state == "open"

    def test_a_new_company_needs_a_name(self, client, invitation):
        client.post(link(invitation), {"name": "Anna", "password": PASSWORD})
        assert client.post(link(invitation), {"organisation": "new", "name": ""}).status_code == 422
        assert Organisation.objects.count() == 1
