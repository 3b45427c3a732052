"""Machines that act for an organisation: service accounts and their bearer keys."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import KEY_PREFIX, Actor
from partners.capabilities import REGISTRY
from partners.models import Role, ServiceAccount, ServiceKey
from partners.permissions import may_manage_machines, may_pass_on

LONGEST = 730
MOST_KEYS = 10


def _mine(actor: Actor, account: ServiceAccount) -> ServiceAccount:
    return ServiceAccount.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=account.pk)


def _give(actor: Actor, role: Role) -> Role:
    role = Role.objects.visible_to(actor).get(pk=role.pk)
    require(may_pass_on(actor, role.codes() & set(REGISTRY)))
    return role


def _free_name(actor: Actor, name: str, but: ServiceAccount | None = None) -> str:
    others = ServiceAccount.objects.visible_to(actor).filter(name__iexact=name).exclude(pk__in=[but.pk] if but else [])
    if others.exists():
        raise DomainError(_("There is a service account of that name already."), field="name")
    return name


@transaction.atomic
def create_service_account(*, actor: Actor, name: str, role: Role, networks: Iterable[str] = ()) -> ServiceAccount:
    """Make a machine member with one role, perhaps only from some networks (CIDR). Nobody gives what they lack."""
    require(may_manage_machines(actor))
    role = _give(actor, role)
    account = ServiceAccount.objects.create(
        organisation=actor.organisation, name=_free_name(actor, name), role=role, networks=list(networks)
    )
    record(actor=actor, verb="service_account.created", target=account, role=role.name, networks=account.networks)
    return account


@transaction.atomic
def update_service_account(
    *, actor: Actor, account: ServiceAccount, name: str, role: Role, networks: Iterable[str]
) -> ServiceAccount:
    """Change a machine's name, role and networks; its keys follow at once."""
    account = _mine(actor, account)
    require(may_manage_machines(actor))
    before = {"name": account.name, "role": account.role.name, "networks": account.networks}
    if role.pk != account.role_id:
        account.role = _give(actor, role)
    account.name, account.networks = _free_name(actor, name, but=account), list(networks)
    account.save(update_fields=["name", "role", "networks"])
    after = {"name": account.name, "role": account.role.name, "networks": account.networks}
    if before != after:
        record(actor=actor, verb="service_account.changed", target=account, before=before, after=after)
    return account


@transaction.atomic
def set_service_account_active(*, actor: Actor, account: ServiceAccount, active: bool) -> ServiceAccount:
    """Switch a machine off (all its keys with it) or on again."""
    account = _mine(actor, account)
    require(may_manage_machines(actor))
    if active:
        _give(actor, account.role)
    account.active = active
    account.save(update_fields=["active"])
    record(actor=actor, verb="service_account.opened" if active else "service_account.closed", target=account)
    return account


@transaction.atomic
def create_key(*, actor: Actor, account: ServiceAccount, days: int = 365) -> tuple[ServiceKey, str]:
    """A new bearer key, valid for 1 to 730 days: the row and the key itself, which is stored only as its SHA-256."""
    account = _mine(actor, account)
    require(may_manage_machines(actor))
    _give(actor, account.role)
    if not 1 <= days <= LONGEST:
        raise DomainError(_("A key is valid for 1 to %(most)s days.") % {"most": LONGEST}, field="days")
    if account.keys.filter(revoked_at=None, expires_at__gt=now()).count() >= MOST_KEYS:
        raise DomainError(_("This account has %(most)s live keys. Revoke one first.") % {"most": MOST_KEYS})
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    key = ServiceKey.objects.create(
        account=account,
        prefix=secret[:12],
        key_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=now() + timedelta(days=days),
    )
    record(actor=actor, verb="service_key.created", target=account, prefix=key.prefix, days=days)
    return key, secret


@transaction.atomic
def revoke_key(*, actor: Actor, key: ServiceKey) -> ServiceKey:
    """End a key at once and for good. Harmless when repeated."""
    account = _mine(actor, key.account)
    require(may_manage_machines(actor))
    key = account.keys.get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        record(actor=actor, verb="service_key.revoked", target=account, prefix=key.prefix)
    return key
