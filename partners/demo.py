"""The demo world: the companies, their people, roles, partnerships and agreements. Every app adds its part to it."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from core.models import TrailEntry, TrailReader
from partners.access import person_of
from partners.actions.logos import put_up
from partners.actors import Actor
from partners.capabilities import PRESETS, preset_codes
from partners.demo_cast import AGREEMENT, COMPANIES, PARTNERSHIPS, PEOPLE, TIERS
from partners.demo_logos import logo_of
from partners.models import (
    Agreement,
    AgreementAcceptance,
    Membership,
    Organisation,
    Partnership,
    Programme,
    Role,
    ServiceAccount,
    ServiceKey,
    Tier,
    User,
)

PASSWORD = "filiera-demo-2026"  # noqa: S105  printed by `make demo`: everybody may know it


@dataclass
class World:
    """What the apps build on. `now` is fixed for the run; `rng` is seeded, so the same seed gives the same world."""

    rng: random.Random
    now: datetime
    orgs: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    members: dict[str, list[Membership]] = field(default_factory=dict)
    partnerships: list[Partnership] = field(default_factory=list)
    products: dict[str, list[Any]] = field(default_factory=dict)
    deals: list[Any] = field(default_factory=list)
    orders: list[Any] = field(default_factory=list)
    keys: list[dict[str, str]] = field(default_factory=list)
    accounts: dict[str, ServiceAccount] = field(default_factory=dict)

    def key_of(self, organisation: Organisation) -> str:
        """The short name by which the demo calls an organisation."""
        return next(key for key, each in self.orgs.items() if each.pk == organisation.pk)

    def membership(self, org: str, preset: str) -> Membership:
        """The first member of an organisation with that role, else its first member."""
        holders = [each for each in self.members[org] if preset in {role.preset for role in each.roles.all()}]
        return (holders or self.members[org])[0]

    def person(self, org: str, preset: str) -> User:
        """The person with that role."""
        return self.membership(org, preset).user

    def actor(self, org: str, preset: str) -> Actor:
        """The actor with that role, through the web."""
        membership = self.membership(org, preset)
        return Actor(self.orgs[org], membership.capabilities(), "web", user=membership.user, membership=membership)

    def machine(self, org: str) -> Actor:
        """The organisation's ERP."""
        account = self.accounts[org]
        return Actor(self.orgs[org], account.capabilities(), "api", service_account=account)

    def trail(
        self,
        actor: Actor,
        verb: str,
        target: models.Model,
        when: datetime,
        parties: Iterable[int] | None = None,
        **data: Any,
    ) -> TrailEntry:
        """Write a piece of history that was delivered at its time, so no subscriber hears of it now."""
        entry = TrailEntry.objects.create(
            organisation=actor.organisation,
            user=actor.user,
            service_account=actor.service_account,
            via=actor.via,
            verb=verb,
            target=target._meta.label_lower,
            target_id=target.pk,
            title=str(target)[:200],
            data=data,
            created=when,
            fanned_out_at=when,
        )
        known = target.party_ids() if parties is None else parties  # type: ignore[attr-defined]
        readers = sorted({actor.organisation.pk, *known})
        TrailReader.objects.bulk_create([TrailReader(entry=entry, organisation_id=pk) for pk in readers])
        return entry


def build(seed: int, now: datetime) -> World:
    """Companies, people, roles, programmes, partnerships, agreements and the ERPs' keys."""
    world = World(rng=random.Random(seed), now=now)  # noqa: S311  a demo wants to repeat itself
    for key, fields in COMPANIES.items():
        world.orgs[key] = Organisation.objects.create(**fields, created=now - timedelta(days=400))
    for key, organisation in world.orgs.items():
        _roles(organisation)
        if logo := logo_of(key, organisation.name):
            put_up(organisation, logo, logo.code_for(organisation.pk))
    _people(world)
    _programmes(world)
    _partnerships(world)
    for key in ("brenta", "aurora", "lakes", "nordic", "rhein"):
        _erp(world, key)
    return world


def _roles(organisation: Organisation) -> None:
    Role.objects.bulk_create(
        Role(organisation=organisation, name=str(name), preset=preset, capabilities=preset_codes(preset))
        for preset, name in PRESETS.items()
    )


def _people(world: World) -> None:
    shared_password = _hashed_password()
    for email, name, language, seats in PEOPLE:
        user = User.objects.create(email=email, name=name, language=language, password=shared_password)
        world.people[email] = user
        for key, job_title, presets in seats:
            organisation = world.orgs[key]
            membership = Membership.objects.create(user=user, organisation=organisation, job_title=job_title)
            membership.roles.set(Role.objects.filter(organisation=organisation, preset__in=presets))
    _verify_addresses(world)
    for key, organisation in world.orgs.items():
        found = organisation.memberships.select_related("user", "organisation").prefetch_related("roles")
        world.members[key] = list(found.order_by("pk"))


def _hashed_password() -> str:
    from django.contrib.auth.hashers import get_hasher

    hasher = get_hasher()
    return hasher.encode(PASSWORD, hasher.salt())


def _verify_addresses(world: World) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in world.people.values()
    )


def _programmes(world: World) -> None:
    for key, (name, *_rest) in AGREEMENT.items():
        programme = Programme.objects.create(vendor=world.orgs[key], name=name)
        Tier.objects.bulk_create(Tier(programme=programme, **tier) for tier in TIERS)
        Agreement.objects.create(
            vendor=world.orgs[key],
            version=1,
            title=AGREEMENT[key][1],
            text=AGREEMENT[key][2],
            published_at=world.now - timedelta(days=380),
        )


def _partnerships(world: World) -> None:
    for vendor, partner, kind, state, rank, territory in PARTNERSHIPS:
        days = world.rng.randint(180, 360)
        edge = Partnership.objects.create(
            vendor=world.orgs[vendor],
            partner=world.orgs[partner],
            kind=kind,
            state=state,
            tier=Tier.objects.filter(programme__vendor=world.orgs[vendor], rank=rank).first(),
            territory=territory,
            channel_manager=world.person(vendor, "channel_manager"),
            created=world.now - timedelta(days=days),
            since=(world.now - timedelta(days=days - 9)).date() if state in {"active", "suspended"} else None,
        )
        world.partnerships.append(edge)
        _history_of(world, edge, vendor, partner, days)
    world.partnerships.sort(key=lambda edge: (edge.state != "active", edge.pk))


def _history_of(world: World, edge: Partnership, vendor: str, partner: str, days: int) -> None:
    manager, sales = world.actor(vendor, "channel_manager"), world.actor(partner, "administrator")
    world.trail(manager, "partnership.invited", edge, world.now - timedelta(days=days))
    agreement = Agreement.objects.filter(vendor=edge.vendor).first()
    if edge.state not in {"active", "suspended"} or agreement is None:
        return
    when = world.now - timedelta(days=days - 7)
    AgreementAcceptance.objects.create(
        partnership=edge,
        agreement=agreement,
        user=person_of(sales),
        accepted_at=when,
        address="192.0.2.17",
        text_sha256=hashlib.sha256(agreement.text.encode()).hexdigest(),
    )
    world.trail(sales, "agreement.accepted", edge, when, agreement=str(agreement))
    world.trail(manager, "partnership.activated", edge, world.now - timedelta(days=days - 9))


def _erp(world: World, key: str) -> None:
    organisation = world.orgs[key]
    account = ServiceAccount.objects.create(
        organisation=organisation, name="ERP", role=Role.objects.get(organisation=organisation, preset="integration")
    )
    secret = "flr_" + hashlib.sha256(f"demo {world.rng.random()} {key}".encode()).hexdigest()[:40]
    ServiceKey.objects.create(
        account=account,
        prefix=secret[:10],
        key_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=world.now + timedelta(days=365),
    )
    world.accounts[key] = account
    world.keys.append({"organisation": organisation.name, "service_account": account.name, "key": secret})
