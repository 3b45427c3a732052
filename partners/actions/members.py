"""Colleagues: their roles, closing and reopening their memberships."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.realtime import control
from partners.access import require
from partners.actions.organisations import lock_organisation
from partners.actors import Actor
from partners.models import Membership, Organisation, Role
from partners.permissions import may_close, may_give, may_manage_people, may_reopen

ADMINISTERS = frozenset({"members.manage", "roles.manage"})


def ensure_administrator(organisation: Organisation) -> None:
    """Raise DomainError when nobody is left who may manage people and roles; call it after the change, locked."""
    live = Membership.objects.live().filter(organisation=organisation)
    if not any(membership.capabilities() >= ADMINISTERS for membership in live):
        raise DomainError(
            _("%(who)s would be left without an administrator. Make somebody else one first; nothing was changed.")
            % {"who": organisation}
        )


def recheck(memberships: Iterable[Membership]) -> None:
    """Tell the open sockets of these members to look again at what they may do."""
    for membership in memberships:
        control(f"member.{membership.pk}", do="recheck")


def _mine(actor: Actor, membership: Membership) -> Membership:
    return Membership.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=membership.pk)


@transaction.atomic
def change_roles(*, actor: Actor, membership: Membership, roles: Iterable[Role]) -> Membership:
    """Give a member exactly these roles. Raises DomainError without any, or when no administrator would be left."""
    organisation = lock_organisation(actor)
    membership = _mine(actor, membership)
    wanted = list(Role.objects.visible_to(actor).filter(pk__in=[role.pk for role in roles]))
    had = list(membership.roles.all())
    require(may_manage_people(actor))
    require(may_give(actor, [role for role in wanted if role not in had]))
    if not wanted:
        raise DomainError(_("Choose at least one role; close the membership to take all away."), field="roles")
    if set(wanted) == set(had):
        return membership
    membership.roles.set(wanted)
    ensure_administrator(organisation)
    names: dict[str, Any] = {"before": sorted(map(str, had)), "after": sorted(map(str, wanted))}
    record(actor=actor, verb="member.roles_changed", target=membership, roles=", ".join(names["after"]), **names)
    recheck([membership])
    return membership


@transaction.atomic
def close_membership(*, actor: Actor, membership: Membership) -> Membership:
    """End a person's access to the organisation at once; what they did stays. Never the last administrator's."""
    organisation = lock_organisation(actor)
    membership = _mine(actor, membership)
    require(may_close(actor, membership))
    membership.active = False
    membership.save(update_fields=["active"])
    ensure_administrator(organisation)
    record(actor=actor, verb="member.closed", target=membership)
    recheck([membership])
    return membership


@transaction.atomic
def reopen_membership(*, actor: Actor, membership: Membership) -> Membership:
    """Let a former colleague in again, with the roles they had."""
    lock_organisation(actor)
    membership = _mine(actor, membership)
    require(may_reopen(actor, membership))
    membership.active = True
    membership.save(update_fields=["active"])
    record(actor=actor, verb="member.reopened", target=membership)
    return membership
