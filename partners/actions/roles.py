"""Roles: what they are called and what they hold. Every change takes effect on the next request."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actions.members import ensure_administrator, recheck
from partners.actions.organisations import lock_organisation
from partners.actors import Actor
from partners.capabilities import REGISTRY, label_of
from partners.models import Membership, Role
from partners.permissions import may_delete, may_edit, may_manage_roles, may_pass_on


def _mine(actor: Actor, role: Role) -> Role:
    return Role.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=role.pk)


def _free_name(actor: Actor, name: str, but: Role | None = None) -> str:
    others = Role.objects.visible_to(actor).filter(name__iexact=name).exclude(pk__in=[but.pk] if but else [])
    if others.exists():
        raise DomainError(_("There is a role of that name already."), field="name")
    return name


@transaction.atomic
def create_role(*, actor: Actor, name: str, like: Role | None = None) -> Role:
    """Make a role, empty or with what another one holds (so far as one may give that)."""
    lock_organisation(actor)
    require(may_manage_roles(actor))
    codes = sorted(_mine(actor, like).codes() & set(REGISTRY)) if like else []
    require(may_pass_on(actor, codes))
    role = Role.objects.create(organisation=actor.organisation, name=_free_name(actor, name), capabilities=codes)
    record(actor=actor, verb="role.created", target=role, after=codes)
    return role


@transaction.atomic
def rename_role(*, actor: Actor, role: Role, name: str) -> Role:
    """Call a role something else."""
    lock_organisation(actor)
    role = _mine(actor, role)
    require(may_edit(actor, role))
    before, role.name = role.name, _free_name(actor, name, but=role)
    role.save(update_fields=["name"])
    record(actor=actor, verb="role.renamed", target=role, before=before, after=name)
    return role


@transaction.atomic
def delete_role(*, actor: Actor, role: Role) -> None:
    """Delete a role that no member, invitation or machine has."""
    lock_organisation(actor)
    role = _mine(actor, role)
    used = role.memberships.count() + role.service_accounts.count() + role.invitation_set.unanswered().count()
    require(may_delete(actor, role, used_by=used))
    record(actor=actor, verb="role.deleted", target=role, before=sorted(role.codes()))
    role.delete()


@transaction.atomic
def set_capability(*, actor: Actor, role: Role, capability: str, held: bool) -> Role:
    """Put a capability on a role or take it off.

    Raises DomainError for an unknown one, for two that exclude each other, and when no administrator would be left.
    """
    organisation = lock_organisation(actor)
    role = _mine(actor, role)
    require(may_edit(actor, role))
    if capability not in REGISTRY:
        raise DomainError(_("The portal knows no such capability."))
    codes = set(role.capabilities)
    if (capability in codes) == held:
        return role
    if held:
        require(may_pass_on(actor, {capability}))
        _refuse_clash(codes, capability)
    role.capabilities = sorted(codes ^ {capability})
    role.save(update_fields=["capabilities"])
    ensure_administrator(organisation)
    change: dict[str, Any] = {"capability": str(label_of(capability)), "code": capability, "held": held}
    record(actor=actor, verb="role.granted" if held else "role.withdrawn", target=role, **change)
    recheck(Membership.objects.filter(roles=role, active=True))
    return role


def _refuse_clash(codes: set[str], capability: str) -> None:
    clash = next((code for code in sorted(codes) if clashes(code, capability)), None)
    if clash:
        raise DomainError(
            _("“%(one)s” and “%(other)s” exclude each other: a role may hold only one of them.")
            % {"one": label_of(capability), "other": label_of(clash)}
        )


def clashes(one: str, other: str) -> bool:
    """True when one of two capabilities bars the other."""
    known = [code for code in (one, other) if code in REGISTRY]
    return any(other in REGISTRY[code].excludes or one in REGISTRY[code].excludes for code in known)
