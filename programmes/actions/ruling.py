"""A vendor says what its tiers ask."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation, Programme, Tier
from programmes.models import Figure, Requirement, Scheme
from programmes.permissions import may_run

TERMS = ("name", "rank", "discount_percent", "protection_days", "open_deals")


@transaction.atomic
def save_scheme(*, actor: Actor, window: str, grace_days: int, active: bool) -> Scheme:
    """Say over which time figures count, how long a fall is announced, and whether tiers follow at all.

    Raises DomainError for a window that is none of Scheme.Window, or grace beyond a year.
    """
    require(may_run(actor))
    if window not in Scheme.Window.values:
        raise DomainError(_("Choose one of the two periods."), field="window")
    if not 0 <= grace_days <= 365:
        raise DomainError(_("Between 0 and 365 days."), field="grace_days")
    after = {"window": window, "grace_days": grace_days, "active": active}
    scheme, _new = Scheme.objects.update_or_create(vendor=actor.organisation, defaults=after)
    record(actor=actor, verb="programme.reckoning_changed", target=scheme, parties=(), after=after)
    return scheme


@transaction.atomic
def save_tier(
    *, actor: Actor, terms: Mapping[str, Any], asks: Mapping[str, Decimal | None], tier: Tier | None = None
) -> Tier:
    """Make a tier, or change one: its terms (TERMS), and the least that each figure has to be (None: not asked).

    Raises DomainError for a rank that another tier has, an unknown figure, or less than nothing.
    """
    require(may_run(actor))
    programme = _locked_programme(actor.organisation)
    if tier is not None and tier.programme_id != programme.pk:
        raise DomainError(_("Choose a tier of your own programme."))
    row = Tier.objects.get(pk=tier.pk) if tier else Tier(programme=programme)
    for name in TERMS:
        if name in terms:
            setattr(row, name, terms[name])
    if programme.tiers.filter(rank=row.rank).exclude(pk=row.pk).exists():
        raise DomainError(_("Another tier has this rank already."), field="rank")
    row.save()
    said = _replace(row, actor.organisation, asks)
    record(actor=actor, verb="tier.changed", target=row, parties=(), asks=said)
    return row


def _locked_programme(vendor: Organisation) -> Programme:
    """The vendor's programme under lock, so that two tiers never get one rank; made at the first call."""
    programme, _new = Programme.objects.get_or_create(vendor=vendor, defaults={"name": str(vendor)[:120]})
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


def _replace(tier: Tier, vendor: Organisation, asks: Mapping[str, Decimal | None]) -> dict[str, str]:
    wanted = {figure: value for figure, value in asks.items() if value}
    for figure, value in wanted.items():
        if figure not in Figure.values:
            raise DomainError(_("There is no figure “%(figure)s”.") % {"figure": figure})
        if value < 0:
            raise DomainError(_("Ask for nothing or more."), field=figure)
    Requirement.objects.filter(tier=tier).delete()
    Requirement.objects.bulk_create(
        Requirement(vendor=vendor, tier=tier, figure=figure, at_least=wanted[figure])
        for figure in Figure.values
        if figure in wanted
    )
    return {figure: str(value) for figure, value in wanted.items()}
