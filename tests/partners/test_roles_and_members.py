"""Roles and memberships: success, refused state and refused actor of each act."""

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError
from core.models import TrailEntry, TrailReader
from partners import actions, capabilities
from partners.actors import actor_for
from partners.capabilities import register
from partners.models import Membership, Role
from tests.factories import MembershipFactory, RoleFactory
from tests.partners.factories import (
    administrator,
    last,
)

pytestmark = pytest.mark.django_db


class TestRoles:
    def test_a_tick_takes_effect_at_the_next_request_and_tells_open_sockets(self, organisation, admin, controls):
        role = RoleFactory(organisation=organisation)
        member = MembershipFactory(organisation=organisation, roles=[role])
        assert not actor_for(member.user, organisation.pk, "web").can("trail.view")
        actions.set_capability(actor=admin, role=role, capability="trail.view", held=True)
        assert actor_for(member.user, organisation.pk, "web").can("trail.view")
        assert (f"member.{member.pk}", {"do": "recheck"}) in controls
        entry = last("role.granted")
        assert entry.data["code"] == "trail.view"
        assert list(TrailReader.objects.filter(entry=entry).values_list("organisation", flat=True)) == [organisation.pk]
        actions.set_capability(actor=admin, role=role, capability="trail.view", held=False)
        assert not actor_for(member.user, organisation.pk, "web").can("trail.view")

    def test_saying_it_twice_changes_nothing(self, organisation, admin):
        role = RoleFactory(organisation=organisation, capabilities=["trail.view"])
        actions.set_capability(actor=admin, role=role, capability="trail.view", held=True)
        assert not TrailEntry.objects.exists()

    def test_nobody_gives_what_they_do_not_hold(self, organisation, act_for):
        administrator(organisation)
        actor = act_for(organisation, "roles.manage")
        role = RoleFactory(organisation=organisation)
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.set_capability(actor=actor, role=role, capability="trail.view", held=True)
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.create_role(
                actor=actor, name="Mighty", like=RoleFactory(organisation=organisation, preset="finance")
            )
        assert not role.codes()

    def test_without_the_capability(self, organisation, act_for):
        role = RoleFactory(organisation=organisation)
        with pytest.raises(PermissionDenied, match=f"Ask an administrator of {organisation}"):
            actions.set_capability(actor=act_for(organisation), role=role, capability="trail.view", held=True)

    def test_the_role_of_another_organisation_is_not_there(self, admin):
        with pytest.raises(Role.DoesNotExist):
            actions.set_capability(actor=admin, role=RoleFactory(), capability="trail.view", held=True)

    def test_an_unknown_capability(self, organisation, admin):
        with pytest.raises(DomainError, match="no such capability"):
            actions.set_capability(
                actor=admin, role=RoleFactory(organisation=organisation), capability="world.rule", held=True
            )

    def test_the_administrator_role_is_fixed_and_knows_new_capabilities(self, organisation, admin, monkeypatch):
        role = organisation.roles.get(preset="administrator")
        for change in (
            lambda: actions.set_capability(actor=admin, role=role, capability="trail.view", held=False),
            lambda: actions.rename_role(actor=admin, role=role, name="Boss"),
            lambda: actions.delete_role(actor=admin, role=role),
        ):
            with pytest.raises(PermissionDenied, match="always holds everything"):
                change()
        monkeypatch.setattr(capabilities, "REGISTRY", dict(capabilities.REGISTRY))
        register("new.thing", "New", "Do the new thing", "", set())
        assert "new.thing" in Role.objects.get(pk=role.pk).codes()

    def test_two_that_exclude_each_other(self, organisation, admin, monkeypatch):
        monkeypatch.setattr(capabilities, "REGISTRY", dict(capabilities.REGISTRY))
        monkeypatch.setattr("partners.actions.roles.REGISTRY", capabilities.REGISTRY)
        monkeypatch.setattr("partners.permissions.REGISTRY", capabilities.REGISTRY)
        register("wall", "W", "The wall", "", set(), excludes=frozenset({"trail.view"}))
        role = RoleFactory(organisation=organisation, capabilities=["trail.view"])
        with pytest.raises(DomainError, match="exclude each other"):
            actions.set_capability(actor=admin, role=role, capability="wall", held=True)
        actions.set_capability(actor=admin, role=role, capability="trail.view", held=False)
        actions.set_capability(actor=admin, role=role, capability="wall", held=True)
        with pytest.raises(DomainError, match="exclude each other"):
            actions.set_capability(actor=admin, role=role, capability="trail.view", held=True)
        both = MembershipFactory(
            organisation=organisation, roles=[role, RoleFactory(organisation=organisation, capabilities=["trail.view"])]
        )
        assert both.capabilities() == {"wall"}

    def test_names_are_unique_whatever_their_case(self, organisation, admin):
        role = actions.create_role(actor=admin, name="Field sales")
        with pytest.raises(DomainError, match="of that name"):
            actions.create_role(actor=admin, name="FIELD sales")
        other = actions.create_role(actor=admin, name="Inside sales", like=role)
        with pytest.raises(DomainError, match="of that name"):
            actions.rename_role(actor=admin, role=other, name="field sales")
        assert actions.rename_role(actor=admin, role=other, name="Desk").name == "Desk"

    def test_a_role_in_use_is_not_deleted(self, organisation, admin):
        used, free = RoleFactory(organisation=organisation), RoleFactory(organisation=organisation)
        MembershipFactory(organisation=organisation, roles=[used])
        with pytest.raises(PermissionDenied, match="still has this role"):
            actions.delete_role(actor=admin, role=used)
        actions.delete_role(actor=admin, role=free)
        assert not Role.objects.filter(pk=free.pk).exists()


class TestMembers:
    def test_change_roles(self, organisation, admin, controls):
        before, after = RoleFactory(organisation=organisation), RoleFactory(organisation=organisation, preset="sales")
        member = MembershipFactory(organisation=organisation, roles=[before])
        actions.change_roles(actor=admin, membership=member, roles=[after])
        assert list(member.roles.all()) == [after]
        assert last("member.roles_changed").data["before"] == [before.name]
        assert controls == [(f"member.{member.pk}", {"do": "recheck"})]

    def test_a_role_beyond_ones_own_is_refused_and_one_that_was_there_stays(self, organisation, act_for):
        administrator(organisation)
        actor = act_for(organisation, "members.manage")
        strong, weak = RoleFactory(organisation=organisation, preset="finance"), RoleFactory(organisation=organisation)
        member = MembershipFactory(organisation=organisation, roles=[weak])
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.change_roles(actor=actor, membership=member, roles=[weak, strong])
        member.roles.set([strong])
        actions.change_roles(actor=actor, membership=member, roles=[strong, weak])
        assert set(member.roles.all()) == {strong, weak}

    def test_nobody_makes_themselves_mightier(self, organisation, act_for):
        administrator(organisation)
        actor = act_for(organisation, "members.manage")
        with pytest.raises(PermissionDenied):
            actions.change_roles(
                actor=actor, membership=actor.membership, roles=[organisation.roles.get(preset="administrator")]
            )

    def test_without_any_role(self, organisation, admin):
        member = MembershipFactory(organisation=organisation, roles=[RoleFactory(organisation=organisation)])
        with pytest.raises(DomainError, match="at least one role"):
            actions.change_roles(actor=admin, membership=member, roles=[RoleFactory()])

    def test_the_last_administrator_stays(self, organisation, admin):
        weak = RoleFactory(organisation=organisation)
        for change in (
            lambda: actions.close_membership(actor=admin, membership=admin.membership),
            lambda: actions.change_roles(actor=admin, membership=admin.membership, roles=[weak]),
        ):
            with pytest.raises(DomainError, match="without an administrator"):
                change()
        assert Membership.objects.get(pk=admin.membership.pk).active
        assert not TrailEntry.objects.exists()

    def test_the_last_administrator_by_a_custom_role_stays_too(self, organisation, act_for):
        actor = act_for(organisation, "members.manage", "roles.manage")
        role = actor.membership.roles.get()
        with pytest.raises(DomainError, match="without an administrator"):
            actions.set_capability(actor=actor, role=role, capability="roles.manage", held=False)
        assert "roles.manage" in Role.objects.get(pk=role.pk).codes()

    def test_a_deactivated_account_does_not_count_as_administrator(self, organisation, admin):
        other = administrator(organisation)
        other.user.is_active = False
        other.user.save()
        with pytest.raises(DomainError, match="without an administrator"):
            actions.close_membership(actor=admin, membership=admin.membership)

    def test_with_a_second_administrator_one_may_go(self, organisation, admin, controls):
        administrator(organisation)
        actions.close_membership(actor=admin, membership=admin.membership)
        assert actor_for(admin.user, organisation.pk, "web") is None
        assert (f"member.{admin.membership.pk}", {"do": "recheck"}) in controls

    def test_closing_twice_and_reopening(self, organisation, admin):
        member = MembershipFactory(organisation=organisation, roles=[RoleFactory(organisation=organisation)])
        actions.close_membership(actor=admin, membership=member)
        with pytest.raises(PermissionDenied, match="closed already"):
            actions.close_membership(actor=admin, membership=member)
        actions.reopen_membership(actor=admin, membership=member)
        with pytest.raises(PermissionDenied, match="open"):
            actions.reopen_membership(actor=admin, membership=member)

    def test_reopening_somebody_mightier_than_oneself(self, organisation, act_for):
        former = administrator(organisation)
        Membership.objects.filter(pk=former.pk).update(active=False)
        administrator(organisation)
        with pytest.raises(PermissionDenied, match="do not hold it yourself"):
            actions.reopen_membership(actor=act_for(organisation, "members.manage"), membership=former)

    def test_a_stranger_is_not_there(self, admin):
        with pytest.raises(Membership.DoesNotExist):
            actions.close_membership(actor=admin, membership=MembershipFactory())
