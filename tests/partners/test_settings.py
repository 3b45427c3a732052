"""Settings through their pages: the matrix, keys, policy, programme, details, the record of a partnership."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from inbox.models import Notification
from partners.models import Agreement, Partnership, Programme, Role, ServiceAccount
from partners.search import search
from partners.waiting import waiting
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory, UserFactory
from tests.partners.factories import (
    AgreementFactory,
    InvitationFactory,
    ProgrammeFactory,
    ServiceAccountFactory,
    administrator,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed(actor):
    client = Client()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def toast_of(response):
    return json.loads(response["HX-Trigger"])["toast"]


class TestMatrix:
    def test_a_tick_is_saved_and_its_undo_takes_it_back(self, organisation, admin):
        role = RoleFactory(organisation=organisation)
        client = signed(admin)
        url = reverse("partners:role_capability", args=[role.pk])
        response = client.post(url, {"capability": "trail.view", "held": "on"}, headers=HTMX)
        assert response.status_code == 200
        assert 'id="matrix"' in response.text
        assert "<!doctype" not in response.text
        assert Role.objects.get(pk=role.pk).codes() == {"trail.view"}
        assert client.post(toast_of(response)["undo"]).status_code == 200
        assert Role.objects.get(pk=role.pk).codes() == set()

    def test_a_rule_that_says_no_is_a_toast_and_nothing_is_saved(self, organisation, act_for):
        actor = act_for(organisation, "members.manage", "roles.manage")
        role = actor.membership.roles.get()
        url = reverse("partners:role_capability", args=[role.pk])
        response = signed(actor).post(url, {"capability": "members.manage"}, headers=HTMX)
        assert response.status_code == 422
        assert "without an administrator" in toast_of(response)["text"]
        assert "members.manage" in Role.objects.get(pk=role.pk).codes()

    @pytest.mark.parametrize("capability", ["", "no.such", "x" * 5000, "<script>"])
    def test_hostile_capability(self, organisation, admin, capability):
        url = reverse("partners:role_capability", args=[RoleFactory(organisation=organisation).pk])
        assert signed(admin).post(url, {"capability": capability, "held": "on"}).status_code == 422

    def test_a_hostile_name_is_shown_as_text(self, organisation, admin):
        client = signed(admin)
        client.post(reverse("partners:role_new"), {"name": "<script>alert(1)</script>", "like": ""})
        page = client.get(reverse("partners:roles")).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_ones_own_role_counts_at_the_next_request(self, organisation, act_for, admin):
        actor = act_for(organisation, "roles.manage", "trail.view")
        client = signed(actor)
        url = reverse("partners:role_capability", args=[actor.membership.roles.get().pk])
        assert client.post(url, {"capability": "roles.manage"}).status_code == 200
        assert client.post(url, {"capability": "trail.view"}).status_code == 403


class TestMachines:
    def test_a_key_is_shown_once(self, organisation, admin):
        client = signed(admin)
        role = RoleFactory(organisation=organisation)
        fields = {"name": "SAP", "role": role.pk, "networks": "192.0.2.7/24\n2001:db8::/32"}
        assert client.post(reverse("partners:service_new"), fields).status_code == 302
        account = ServiceAccount.objects.get(name="SAP")
        assert account.networks == ["192.0.2.0/24", "2001:db8::/32"]
        shown = client.post(reverse("partners:key_new", args=[account.pk]), {"days": "90"})
        assert shown.status_code == 201
        assert shown["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        key = account.keys.get()
        secret = shown.context["secret"]
        assert secret in shown.text
        page = client.get(reverse("partners:service", args=[account.pk])).text
        assert key.prefix in page
        assert secret not in page
        client.post(reverse("partners:key_revoke", args=[account.pk, key.pk]))
        assert account.keys.get().revoked_at

    @pytest.mark.parametrize("networks", ["everywhere", "300.1.1.1/8", "192.0.2.0/99", "10.0.0.0/8 " * 30])
    def test_what_is_no_network(self, organisation, admin, networks):
        fields = {"name": "SAP", "role": RoleFactory(organisation=organisation).pk, "networks": networks}
        assert signed(admin).post(reverse("partners:service_new"), fields).status_code == 422

    def test_a_foreign_role_is_no_choice(self, admin):
        fields = {"name": "SAP", "role": RoleFactory().pk, "networks": ""}
        assert signed(admin).post(reverse("partners:service_new"), fields).status_code == 422
        assert not ServiceAccount.objects.exists()

    def test_off_and_on(self, organisation, admin):
        account = ServiceAccountFactory(organisation=organisation)
        url = reverse("partners:service_switch", args=[account.pk])
        for value, active in (("off", False), ("on", True)):
            signed(admin).post(url, {"active": value})
            account.refresh_from_db()
            assert account.active is active


class TestOrganisation:
    FIELDS = {"name": "Aurora", "country": "IT", "currency": "EUR", "vat_id": "", "gln": "", "duns": ""}

    @pytest.mark.parametrize(
        ("field", "value", "kept"),
        [
            ("vat_id", "it 00743110157", "IT00743110157"),
            ("gln", "4006381333931", "4006381333931"),
            ("duns", "15-048-3782", "150483782"),
            ("vat_id", "US12-3456789", "US12-3456789"),
        ],
    )
    def test_good_identifiers(self, organisation, admin, field, value, kept):
        assert signed(admin).post(reverse("partners:details"), {**self.FIELDS, field: value}).status_code == 302
        organisation.refresh_from_db()
        assert getattr(organisation, field) == kept

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("vat_id", "IT00743110158"),
            ("vat_id", "IT1"),
            ("gln", "4006381333930"),
            ("gln", "123"),
            ("duns", "1234"),
            ("duns", "١٢٣٤٥٦٧٨٩"),
            ("currency", "euro"),
            ("country", "ZZZ"),
            ("name", ""),
            ("website", "javascript:alert(1)"),
        ],
    )
    def test_bad_ones_are_named_and_nothing_is_saved(self, organisation, admin, field, value):
        response = signed(admin).post(reverse("partners:details"), {**self.FIELDS, field: value})
        assert response.status_code == 422
        assert 'aria-invalid="true"' in response.text
        organisation.refresh_from_db()
        assert organisation.name != "Aurora"

    def test_a_colleague_reads_but_does_not_change(self, organisation, sign_in):
        client = sign_in(organisation)
        assert "Ask an administrator" in client.get(reverse("partners:details")).text
        assert client.post(reverse("partners:details"), self.FIELDS).status_code == 403

    def test_policy(self, organisation, admin):
        client, url = signed(admin), reverse("partners:policy_change")
        assert client.post(url, {"requires_second_factor": "on"}).status_code == 403
        with_second_factor(admin.user)
        response = client.post(url, {"requires_second_factor": "on"}, headers=HTMX)
        assert "Everybody needs" in toast_of(response)["text"]
        organisation.refresh_from_db()
        assert organisation.requires_second_factor

    def test_programme_and_its_link(self, organisation, admin, pair):
        client = signed(admin)
        client.post(reverse("partners:programme"), {"name": "Circle", "takes_applications": "on"})
        programme = Programme.objects.get(vendor=organisation)
        link = reverse("partners:apply", args=[programme.code])
        assert link in client.get(reverse("partners:programme")).text
        applicant = signed(pair[1])
        assert organisation.name in applicant.get(link).text
        applicant.post(link, {"kind": "reseller", "application": "We know pumps."})
        found = Partnership.objects.get(vendor=organisation)
        assert "We know pumps." in client.get(reverse("partners:partnership", args=[found.pk])).text
        client.post(reverse("partners:programme"), {"name": "Circle"})
        assert applicant.get(link).status_code == 404

    def test_publishing_shows_partners_a_banner_until_they_accept(self, pair):
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation)
        vendor, partner = signed(pair[0]), signed(pair[1])
        fields = {"title": "Terms", "text": "Be <b>fair</b>.", "accept_within_days": "30"}
        vendor.post(reverse("partners:publish"), fields)
        url = reverse("partners:agreement", args=[found.pk])
        assert url in partner.get(reverse("partners:details")).text
        assert url not in vendor.get(reverse("partners:details")).text
        assert "Be &lt;b&gt;fair" in partner.get(url).text
        version = Agreement.objects.get()
        assert partner.get(reverse("partners:version", args=[version.pk]))["Location"] == url
        partner.post(reverse("partners:accept_agreement", args=[found.pk]), {"agreement": version.pk})
        assert url not in partner.get(reverse("partners:details")).text


class TestPartnershipPage:
    def test_both_sides_read_the_same_history(self, pair):
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation)
        url = reverse("partners:step", args=[found.pk, "suspend"])
        assert signed(pair[0]).post(url, {"reason": ""}).status_code == 422
        assert signed(pair[0]).post(url, {"reason": "Unpaid invoices"}).status_code == 302
        for actor in pair:
            assert "Unpaid invoices" in signed(actor).get(reverse("partners:partnership", args=[found.pk])).text

    def test_a_greyed_button_says_why(self, pair):
        AgreementFactory(vendor=pair[0].organisation)
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation, state="in_review")
        page = signed(pair[0]).get(reverse("partners:partnership", args=[found.pk])).text
        assert "has not accepted version 1" in page
        assert reverse("partners:step", args=[found.pk, "activate"]) not in page

    def test_the_checklist_answers_with_the_record(self, pair):
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation, state="in_review")
        url = reverse("partners:check", args=[found.pk])
        response = signed(pair[0]).post(url, {"item": "identity", "done": "on"}, headers=HTMX)
        assert response.status_code == 200
        assert 'id="record"' in response.text
        found.refresh_from_db()
        assert found.checklist == ["identity"]
        assert signed(pair[0]).post(url, {"item": "nonsense", "done": "on"}).status_code == 422
        assert signed(pair[1]).post(url, {"item": "terms", "done": "on"}).status_code == 403

    def test_terms_take_only_ones_own(self, pair):
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation)
        url = reverse("partners:terms", args=[found.pk])
        foreign = {"tier": "", "territory": "", "manager": pair[1].membership.pk}
        assert signed(pair[0]).post(url, foreign).status_code == 422
        own = {"tier": "", "territory": "Veneto", "manager": pair[0].membership.pk}
        assert signed(pair[0]).post(url, own).status_code == 302
        found.refresh_from_db()
        assert (found.territory, found.channel_manager) == ("Veneto", pair[0].user)

    def test_the_other_company_is_told(self, pair, django_capture_on_commit_callbacks):
        found = PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation)
        with django_capture_on_commit_callbacks(execute=True):
            signed(pair[0]).post(reverse("partners:step", args=[found.pk, "end"]), {"reason": "Merged"})
        (told,) = Notification.objects.all()
        assert told.membership == pair[1].membership
        assert told.url == reverse("partners:partnership", args=[found.pk])


class TestFinding:
    def test_search_finds_colleagues_and_companies_and_nobody_else(self, organisation, admin):
        anna = MembershipFactory(organisation=organisation, user=UserFactory(name="Anna Schäfer"))
        MembershipFactory(user=UserFactory(name="Anna Stranger"))
        PartnershipFactory(vendor=organisation, partner=OrganisationFactory(name="Annapurna Valves"))
        PartnershipFactory(partner=OrganisationFactory(name="Annapurna Secret"))
        found = [(str(hit.kind), hit.title) for hit in search(admin, "anna", 10)]
        assert found == [("Companies", "Annapurna Valves"), ("People", "Anna Schäfer")]
        assert search(admin, "schafer", 10)[0].url == reverse("partners:person", args=[anna.pk])

    def test_companies_only_for_who_may_see_partnerships(self, organisation, act_for):
        PartnershipFactory(vendor=organisation, partner=OrganisationFactory(name="Annapurna"))
        assert search(act_for(organisation), "annapurna", 10) == []

    def test_what_waits(self, pair):
        vendor, partner = pair
        AgreementFactory(vendor=vendor.organisation)
        ProgrammeFactory(vendor=vendor.organisation)
        found = PartnershipFactory(vendor=vendor.organisation, partner=partner.organisation, state="applied")
        InvitationFactory(organisation=partner.organisation, expires_at=found.created)
        assert [item.url for item in waiting(vendor)] == [reverse("partners:partnership", args=[found.pk])]
        assert [item.url for item in waiting(partner)] == [
            reverse("partners:agreement", args=[found.pk]),
            reverse("partners:invitations"),
        ]

    def test_nothing_waits_for_who_may_do_nothing(self, pair, act_for):
        PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation, state="applied")
        assert waiting(act_for(pair[0].organisation)) == []
        assert administrator(pair[0].organisation)
