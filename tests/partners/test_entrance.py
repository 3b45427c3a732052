"""Signing in through the pages, the second factor that an organisation may ask for, and changing organisations."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory, UserFactory
from tests.partners.factories import administrator, with_address, with_second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "a calm green river"


def code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def person():
    user = with_address(UserFactory())
    user.set_password(PASSWORD)
    user.save()
    MembershipFactory(user=user)
    return user


def sign_in_by_password(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


class TestSigningIn:
    def test_by_password(self, client, person):
        assert sign_in_by_password(client, person)["Location"] == "/"
        assert client.get(reverse("partners:details")).status_code == 200

    def test_a_wrong_password_and_an_unknown_address_read_the_same(self, client, person):
        url = reverse("account_login")
        wrong = client.post(url, {"login": person.email, "password": "wrong wrong wrong"})
        unknown = client.post(url, {"login": "nobody@example.test", "password": "wrong wrong wrong"})
        assert wrong.status_code == unknown.status_code == 200
        assert "not correct" in wrong.text
        assert "not correct" in unknown.text

    def test_with_an_authenticator_app(self, client, person):
        secret = with_second_factor(person)
        response = sign_in_by_password(client, person)
        assert response["Location"] == reverse("mfa_authenticate")
        assert client.get(reverse("partners:details")).status_code == 302
        assert client.post(response["Location"], {"code": "000000"}).status_code == 200
        assert client.get(reverse("partners:details")).status_code == 302
        client.post(response["Location"], {"code": code(secret)})
        assert client.get(reverse("partners:details")).status_code == 200

    def test_a_recovery_code_works_once(self, person):
        with_second_factor(person)
        recovery = RecoveryCodes.activate(person).get_unused_codes()[0]
        for attempt, status in ((Client(), 200), (Client(), 302)):
            response = sign_in_by_password(attempt, person)
            attempt.post(response["Location"], {"code": recovery})
            assert attempt.get(reverse("partners:details")).status_code == status

    def test_sign_up_asks_for_the_name_and_the_code_of_the_mail(self, client, mailoutbox):
        fields = {"email": "new@example.test", "name": "Nina New", "password1": PASSWORD, "password2": PASSWORD}
        response = client.post(reverse("account_signup"), fields)
        page = client.get(response["Location"])
        assert "new@example.test" in page.text
        assert client.get(reverse("partners:details")).status_code == 302
        sent = next(line for line in mailoutbox[0].body.splitlines() if line.strip().isupper() and "-" in line)
        client.post(response["Location"], {"code": sent.strip()})
        assert "Nina New" in client.get(reverse("partners:profile")).text

    def test_after_signing_up_one_has_no_organisation_and_may_found_one(self, client, person):
        person.memberships.all().delete()
        sign_in_by_password(client, person)
        assert client.get(reverse("partners:people"))["Location"] == reverse("partners:no_organisation")
        assert person.email in client.get(reverse("partners:no_organisation")).text
        assert client.post(reverse("partners:found"), {"name": "", "country": "IT"}).status_code == 422
        client.post(reverse("partners:found"), {"name": "Brenta Impianti", "country": "IT"})
        assert "Brenta Impianti" in client.get(reverse("partners:details")).text

    ENTRANCE = ("account_login", "account_signup", "account_request_login_code", "account_reset_password")
    MANAGE = (
        "account_email",
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "account_reauthenticate",
        "mfa_list_webauthn",
    )

    @pytest.mark.parametrize("name", ENTRANCE)
    def test_the_pages_before_signing_in_wear_the_look(self, client, name):
        page = client.get(reverse(name)).text
        assert 'class="entrance"' in page
        assert 'class="field"' in page
        assert "style=" not in page

    @pytest.mark.parametrize("name", MANAGE)
    def test_the_pages_of_the_account_wear_the_look(self, client, person, name):
        sign_in_by_password(client, person)
        page = client.get(reverse(name), follow=True).text
        assert "style=" not in page
        assert "Sessions" in page or "entrance" in page

    def test_activating_an_app_asks_the_password_again_and_shows_a_code_to_scan(self, client, person):
        sign_in_by_password(client, person)
        session = client.session
        session["account_authentication_methods"] = []  # signed in too long ago to change how one signs in
        session.save()
        asked = client.get(reverse("mfa_activate_totp"))
        client.post(asked["Location"], {"password": PASSWORD})
        response = client.get(reverse("mfa_activate_totp"))
        assert "data:image/svg+xml" in response.text
        secret = response.context["form"].secret
        done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
        assert done.status_code == 200
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


class TestSecondFactorPolicy:
    @pytest.fixture
    def strict(self, person):
        organisation = OrganisationFactory(requires_second_factor=True)
        MembershipFactory(user=person, organisation=organisation, roles=[RoleFactory(organisation=organisation)])
        return organisation

    def test_led_to_set_one_up_before_anything_else(self, client, person, strict):
        sign_in_by_password(client, person)
        client.post(reverse("partners:switch"), {"organisation": strict.pk})
        for name in ("partners:details", "partners:people", "partners:roles"):
            assert client.get(reverse(name))["Location"] == reverse("partners:second_factor")
        page = client.get(reverse("partners:second_factor")).text
        assert strict.name in page
        assert reverse("mfa_activate_totp") in page
        assert client.get(reverse("mfa_index")).status_code == 200
        assert client.get("/api/v1/partnerships/").status_code in {401, 403}

    def test_other_organisations_stay_open(self, client, person, strict):
        sign_in_by_password(client, person)
        client.post(reverse("partners:switch"), {"organisation": strict.pk})
        other = person.memberships.exclude(organisation=strict).get().organisation
        assert other.name in client.get(reverse("partners:second_factor")).text
        client.post(reverse("partners:switch"), {"organisation": other.pk})
        assert client.get(reverse("partners:details")).status_code == 200

    def test_with_one_the_organisation_opens(self, client, person, strict):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.post(reverse("partners:switch"), {"organisation": strict.pk})
        with_second_factor(person)
        assert strict.name in client.get(reverse("partners:details")).text
        assert client.get(reverse("partners:second_factor"))["Location"] == "/"


class TestSwitching:
    def test_to_an_organisation_of_ones_own(self, client, person):
        second = MembershipFactory(user=person).organisation
        sign_in_by_password(client, person)
        response = client.post(reverse("partners:switch"), {"organisation": second.pk, "next": "/organisation/people/"})
        assert response["Location"] == "/organisation/people/"
        assert f"<h1>{second}</h1>" in client.get(reverse("partners:details")).text

    @pytest.mark.parametrize("wanted", ["999999", "", "abc", "-1", "1" * 400])
    def test_to_nowhere(self, client, person, wanted):
        sign_in_by_password(client, person)
        assert client.post(reverse("partners:switch"), {"organisation": wanted}).status_code == 404

    def test_to_a_foreign_or_former_one(self, client, person):
        former = MembershipFactory(user=person, active=False).organisation
        sign_in_by_password(client, person)
        for organisation in (OrganisationFactory(), former):
            assert client.post(reverse("partners:switch"), {"organisation": organisation.pk}).status_code == 404

    @pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
    def test_never_out_of_the_portal(self, client, person, evil):
        sign_in_by_password(client, person)
        own = person.memberships.get().organisation_id
        assert client.post(reverse("partners:switch"), {"organisation": own, "next": evil})["Location"] == "/"
        assert client.post(reverse("partners:language"), {"language": "it", "next": evil})["Location"] == "/"

    def test_closing_the_membership_ends_access_at_the_next_request(self, client):
        organisation = OrganisationFactory()
        administrator(organisation)
        member = administrator(organisation)
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(reverse("partners:people")).status_code == 200
        member.active = False
        member.save()
        assert client.get(reverse("partners:people"))["Location"] == reverse("partners:no_organisation")


class TestLanguage:
    def test_a_strangers_choice_is_a_cookie_and_a_members_their_own(self, client, person):
        client.post(reverse("partners:language"), {"language": "it"})
        assert client.cookies["django_language"].value == "it"
        sign_in_by_password(client, person)
        client.post(reverse("partners:language"), {"language": "it"})
        person.refresh_from_db()
        assert person.language == "it"

    def test_an_unknown_one_changes_nothing(self, client, person):
        sign_in_by_password(client, person)
        client.post(reverse("partners:language"), {"language": "xx"})
        person.refresh_from_db()
        assert person.language == "en"

    def test_profile(self, client, person):
        sign_in_by_password(client, person)
        url = reverse("partners:profile")
        fields = {"name": "Anna Verdi", "language": "it", "time_zone": "America/New_York"}
        assert client.post(url, fields).status_code == 302
        assert client.post(url, {**fields, "time_zone": "Mars/Olympus"}).status_code == 422
        assert client.post(url, {**fields, "name": ""}).status_code == 422
        person.refresh_from_db()
        assert (person.name, person.time_zone) == ("Anna Verdi", "America/New_York")
