"""Organisations, their sign-in policy, service accounts and keys."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import DomainError
from core.models import TrailEntry
from partners import actions, capabilities
from partners.actors import actor_for, actor_for_key
from partners.models import Role
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.partners.factories import (
    ServiceAccountFactory,
    key_for,
    last,
    with_second_factor,
)

pytestmark = pytest.mark.django_db


class TestOrganisations:
    def test_found(self):
        user = UserFactory(language="it")
        membership = actions.found_organisation(user=user, name="Brenta", country="IT")
        assert membership.capabilities() >= {"members.manage", "roles.manage", "organisation.manage"}
        assert membership.organisation.roles.count() == len(capabilities.PRESETS)
        assert last("organisation.founded").user == user

    def test_update_keeps_before_and_after(self, organisation, admin):
        actions.update_organisation(actor=admin, city="Padova", currency="EUR")
        entry = last("organisation.changed")
        assert entry.data == {"before": {"city": ""}, "after": {"city": "Padova"}}

    def test_update_without_capability(self, organisation, act_for):
        with pytest.raises(PermissionDenied):
            actions.update_organisation(actor=act_for(organisation), city="Padova")

    def test_second_factor_needs_ones_own_first(self, organisation, admin, controls):
        with pytest.raises(PermissionDenied, match="your own second factor first"):
            actions.change_sign_in_policy(actor=admin, requires_second_factor=True)
        with_second_factor(admin.user)
        actions.change_sign_in_policy(actor=admin, requires_second_factor=True)
        assert controls == [(f"organisation.{organisation.pk}", {"do": "recheck"})]
        other = MembershipFactory(organisation=organisation)
        assert actor_for(other.user, organisation.pk, "api") is None
        assert actor_for(admin.user, organisation.pk, "api") is not None


class TestMachines:
    def test_a_key_opens_until_it_is_revoked(self, organisation, admin):
        role = RoleFactory(organisation=organisation, preset="integration")
        account = actions.create_service_account(actor=admin, name="ERP", role=role)
        key, secret = actions.create_key(actor=admin, account=account, days=30)
        actor = actor_for_key(secret, "192.0.2.9")
        assert actor.organisation == organisation
        assert actor.can("integration.manage")
        assert secret not in str(TrailEntry.objects.values_list("data", flat=True))
        assert key.key_sha256 == hashlib.sha256(secret.encode()).hexdigest()
        actions.revoke_key(actor=admin, key=key)
        assert actor_for_key(secret, "192.0.2.9") is None
        actions.revoke_key(actor=admin, key=key)
        assert TrailEntry.objects.filter(verb="service_key.revoked").count() == 1

    def test_expired_switched_off_or_unknown(self, organisation):
        account = ServiceAccountFactory(organisation=organisation)
        row, secret = key_for(account)
        assert actor_for_key(secret, None)
        assert actor_for_key(secret + "x", None) is None
        assert actor_for_key(secret[4:], None) is None
        row.expires_at = now() - timedelta(seconds=1)
        row.save()
        assert actor_for_key(secret, None) is None
        _row, secret = key_for(account)
        account.active = False
        account.save()
        assert actor_for_key(secret, None) is None

    @pytest.mark.parametrize(
        ("networks", "address", "opens"),
        [
            (["192.0.2.0/24"], "192.0.2.7", True),
            (["192.0.2.0/24"], "198.51.100.7", False),
            (["192.0.2.0/24"], None, False),
            (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", True),
            (["2001:db8::/32"], "192.0.2.7", False),
        ],
    )
    def test_networks(self, organisation, networks, address, opens):
        _row, secret = key_for(ServiceAccountFactory(organisation=organisation, networks=networks))
        assert (actor_for_key(secret, address) is not None) is opens

    def test_a_machine_gets_no_more_than_its_maker_holds(self, organisation, act_for):
        actor = act_for(organisation, "integration.manage")
        strong = RoleFactory(organisation=organisation, preset="administrator")
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.create_service_account(actor=actor, name="ERP", role=strong)
        account = ServiceAccountFactory(organisation=organisation, role=strong)
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.create_key(actor=actor, account=account)
        weak = ServiceAccountFactory(organisation=organisation)
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.update_service_account(actor=actor, account=weak, name="ERP", role=strong, networks=[])

    def test_the_role_of_another_organisation(self, admin):
        with pytest.raises(Role.DoesNotExist):
            actions.create_service_account(actor=admin, name="ERP", role=RoleFactory())

    @pytest.mark.parametrize("days", [0, -1, 731])
    def test_length_of_a_key(self, organisation, admin, days):
        with pytest.raises(DomainError, match="1 to 730 days"):
            actions.create_key(actor=admin, account=ServiceAccountFactory(organisation=organisation), days=days)

    def test_same_name_twice(self, organisation, admin):
        role = RoleFactory(organisation=organisation)
        actions.create_service_account(actor=admin, name="ERP", role=role)
        with pytest.raises(DomainError, match="of that name"):
            actions.create_service_account(actor=admin, name="erp", role=role)
