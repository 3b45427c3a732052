"""The demo's programmes: what tiers ask, who holds which certificate, and the figures of the last weeks."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from partners.models import Partnership, Tier
from programmes import judging
from programmes.actions.reckoning import levels_of
from programmes.figures import figures
from programmes.models import Certification, Figure, Reading, Requirement, Scheme, Standing

WEEKS = 12
# By vendor, then by rank: revenue, registrations approved, deals won, certifications held.
ASKS = {
    "aurora": {2: (40_000, 3, 1, 1), 3: (400_000, 8, 3, 2)},
    "nordic": {2: (25_000, 2, 0, 1), 3: (250_000, 6, 2, 2)},
    "helios": {2: (20_000, 2, 0, 0), 3: (200_000, 5, 1, 1)},
}
CERTIFICATES = ("Booster sets, installation", "Fire pumps EN 12845", "Service level 2", "Hydraulic design")
BY_HAND = "Takes over the service of our largest customer in its territory; reviewed at the end of the year."


def fill(world: Any) -> None:
    """What tiers ask of three vendors, certificates, and standings with twelve weeks of figures."""
    for key, asked in ASKS.items():
        vendor = world.orgs[key]
        Scheme.objects.create(vendor=vendor, window="rolling", grace_days=60, active=True)
        _requirements(vendor, asked)
        edges = [edge for edge in world.partnerships if edge.vendor_id == vendor.pk and edge.state == "active"]
        for at, edge in enumerate(edges):
            _certificates(world, edge, at)
        _standings(world, vendor, edges)


def _requirements(vendor: Any, asked: Mapping[int, tuple[int, ...]]) -> None:
    tiers = {tier.rank: tier for tier in Tier.objects.filter(programme__vendor=vendor)}
    Requirement.objects.bulk_create(
        Requirement(vendor=vendor, tier=tiers[rank], figure=figure, at_least=Decimal(least))
        for rank, leasts in asked.items()
        for figure, least in zip(Figure.values, leasts, strict=True)
        if least
    )


def _certificates(world: Any, edge: Partnership, at: int) -> None:
    members = world.members[world.key_of(edge.partner)]
    for number in range(1 + at % 3):
        member = members[number % len(members)]
        given = (world.now - timedelta(days=60 + 47 * number + 13 * at)).date()
        row = Certification.objects.create(
            vendor=edge.vendor,
            partner=edge.partner,
            membership=member,
            person=str(member.user),
            name=CERTIFICATES[(number + at) % len(CERTIFICATES)],
            given_by=str(edge.vendor),
            given_on=given,
            valid_until=given + timedelta(days=730),
            state="reported" if (number, at % 3) == (2, 2) else "confirmed",
            created=world.now - timedelta(days=50 - number),
        )
        partner = world.actor(world.key_of(edge.partner), "channel_manager")
        world.trail(partner, "certification.reported", row, row.created)
        if row.state == "confirmed":
            manager = world.actor(world.key_of(edge.vendor), "channel_manager")
            world.trail(manager, "certification.confirmed", row, row.created + timedelta(hours=20))


def _standings(world: Any, vendor: Any, edges: list[Partnership]) -> None:
    levels = levels_of(vendor)
    tiers = {tier.rank: tier for tier in Tier.objects.filter(programme__vendor=vendor)}
    today = world.now.date()
    days = [today - timedelta(weeks=week) for week in range(WEEKS, -1, -1)]
    by_day = {day: figures(vendor, *judging.rolling(day)) for day in days}
    readings = []
    for edge in edges:
        values = by_day[today].get(edge.partner_id, {})
        standing = Standing(partnership=edge, vendor=vendor, partner=edge.partner, reckoned_on=today)
        standing.values = {figure: str(values.get(figure, Decimal(0))) for figure in Figure.values}
        standing.earned = tiers[judging.earned(levels, values)]
        standing.save()
        _story(world, standing, edge)
        readings += [
            Reading(standing=standing, day=day, figure=figure, value=found.get(edge.partner_id, {}).get(figure, 0))
            for day, found in by_day.items()
            for figure in Figure.values
        ]
    Reading.objects.bulk_create(readings, batch_size=500)


def _story(world: Any, standing: Standing, edge: Partnership) -> None:
    """Whose figures no longer reach its tier was warned; the first of them keeps it by hand."""
    if standing.earned is None or edge.tier is None or standing.earned.rank >= edge.tier.rank:
        return
    machine = world.actor(world.key_of(edge.vendor), "channel_manager")
    before, after = str(edge.tier), str(standing.earned)
    if not Standing.objects.filter(vendor=edge.vendor, fixed_until__isnull=False).exists():
        standing.fixed_until = world.now.date().replace(month=12, day=31)
        standing.fixed_reason, standing.fixed_by = BY_HAND, machine.user
        when, told = world.now - timedelta(days=20), {"day": str(standing.fixed_until), "reason": BY_HAND}
        world.trail(machine, "standing.fixed", standing, when, before=before, after=before, **told)
    else:
        when = world.now - timedelta(days=9)
        standing.falls_on = (when + timedelta(days=60)).date()
        world.trail(machine, "standing.warned", standing, when, before=before, after=after, day=str(standing.falls_on))
    standing.save()
