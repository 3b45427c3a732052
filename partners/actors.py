"""The actor: who acts, for which organisation, with which capabilities, through which door."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import now

from partners.models import Membership, Organisation, ServiceAccount, ServiceKey, User

KEY_PREFIX = "flr_"


@dataclass(frozen=True, slots=True)
class Actor:
    """Built once at each door from a live membership or a live service account; never stored."""

    organisation: Organisation
    capabilities: frozenset[str]
    via: str
    user: User | None = None
    membership: Membership | None = None
    service_account: ServiceAccount | None = None

    def can(self, capability: str) -> bool:
        """True when one of the actor's roles holds the capability."""
        return capability in self.capabilities

    @property
    def name(self) -> str:
        """How the trail and other people name the actor."""
        return str(self.user or self.service_account or self.organisation)


def memberships_of(user: User) -> list[Membership]:
    """The person's live memberships, with organisation and roles, in the order of the switcher."""
    mine = Membership.objects.filter(user=user, active=True)
    return list(
        mine.select_related("organisation", "user").prefetch_related("roles").order_by("organisation__name", "pk")
    )


def actor_for(user: User | AnonymousUser, organisation_id: int | None, via: str) -> Actor | None:
    """The actor of a signed-in person for the chosen organisation (or the first).

    None without a live membership, and where the organisation asks for a second factor that the person lacks.
    """
    if not isinstance(user, User) or not user.is_active:
        return None
    return choose(user, memberships_of(user), organisation_id, via)


def chosen_membership(memberships: list[Membership], organisation_id: int | None) -> Membership | None:
    """The membership in the chosen organisation, or the first; None when there is none."""
    chosen = next((m for m in memberships if m.organisation_id == organisation_id), None)
    return chosen or next(iter(memberships), None)


def choose(user: User, memberships: list[Membership], organisation_id: int | None, via: str) -> Actor | None:
    """Like `actor_for`, from memberships that were read already."""
    membership = chosen_membership(memberships, organisation_id)
    if membership is None or lacks_second_factor(user, membership.organisation):
        return None
    return acting(membership, via)


def acting(membership: Membership, via: str) -> Actor:
    """The actor of one live membership."""
    return Actor(membership.organisation, membership.capabilities(), via, user=membership.user, membership=membership)


def lacks_second_factor(user: User, organisation: Organisation) -> bool:
    """True when the organisation asks for a second factor and the person has set up none."""
    return organisation.requires_second_factor and not is_mfa_enabled(user)


def without_second_factor(memberships: list[Membership]) -> list[Membership]:
    """Those of the members who have set up none; one query, however many."""
    users = [membership.user_id for membership in memberships]
    second = Authenticator.objects.filter(user__in=users).exclude(type=Authenticator.Type.RECOVERY_CODES)
    have = set(second.values_list("user_id", flat=True))
    return [membership for membership in memberships if membership.user_id not in have]


def actor_for_key(key: str, address: str | None, via: str = "api") -> Actor | None:
    """The actor of a service account by its bearer key; None unless key, account and network are all live."""
    if not key.startswith(KEY_PREFIX):
        return None
    found = (
        ServiceKey.objects.select_related("account__organisation", "account__role")
        .filter(key_sha256=hashlib.sha256(key.encode()).hexdigest(), revoked_at=None, expires_at__gt=now())
        .filter(account__active=True)
        .first()
    )
    if found is None or not _from_allowed_network(found.account, address):
        return None
    if found.last_used_at is None or found.last_used_at < now() - timedelta(minutes=5):
        ServiceKey.objects.filter(pk=found.pk).update(last_used_at=now())
    account = found.account
    return Actor(account.organisation, account.capabilities(), via, service_account=account)


def _from_allowed_network(account: ServiceAccount, address: str | None) -> bool:
    if not account.networks:
        return True
    if address is None:
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in account.networks)


def system_actor(organisation: Organisation) -> Actor:
    """The portal itself, acting for an organisation (timers, rules); it holds no capabilities."""
    return Actor(organisation, frozenset(), "system")
