"""The figures of a day are kept, and the tier follows them; or somebody sets it by hand for a while."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from partners.access import person_of, require
from partners.actions import change_terms
from partners.actors import Actor, system_actor
from partners.models import Organisation, Partnership, Tier
from programmes import judging
from programmes.figures import ByPartner, figures
from programmes.judging import Level, Ruling, Step
from programmes.models import Figure, Reading, Requirement, Scheme, Standing
from programmes.permissions import may_fix

AT_ONCE = 200  # partnerships whose keys are held in memory


def levels_of(vendor: Organisation) -> list[Level]:
    """The vendor's tiers with what each asks; two queries."""
    asks: dict[int, dict[str, Decimal]] = {}
    for row in Requirement.objects.filter(vendor=vendor):
        asks.setdefault(row.tier_id, {})[row.figure] = row.at_least
    return [Level(tier.rank, asks.get(tier.pk, {})) for tier in Tier.objects.filter(programme__vendor=vendor)]


def reckon(*, vendor: Organisation, day: date | None = None) -> int:
    """Reckon every active partnership of a vendor whose programme runs, each in a transaction of its own.

    Returns how many. Harmless when repeated; whoever is killed in the middle goes on the next time.
    """
    scheme = Scheme.objects.filter(vendor=vendor, active=True).first()
    levels = levels_of(vendor)
    if scheme is None or not levels:
        return 0
    day = day or localdate()
    now_values, earns = _earnings(scheme, levels, day)
    done, last = 0, 0
    edges = Partnership.objects.active().filter(vendor=vendor).order_by("pk")
    while batch := list(edges.filter(pk__gt=last)[:AT_ONCE]):
        for edge in batch:
            _reckon_one(scheme, levels, edge, now_values.get(edge.partner_id, {}), earns(edge.partner_id), day)
        done, last = done + len(batch), batch[-1].pk
    return done


def _earnings(scheme: Scheme, levels: list[Level], day: date) -> tuple[ByPartner, Callable[[int], int]]:
    """The figures that are shown, and the rank that a partner earns by them.

    In calendar years the figures begin anew each January: the whole year before holds the tier until they have grown.
    """
    if scheme.window == Scheme.Window.ROLLING:
        found = figures(scheme.vendor, *judging.rolling(day))
        return found, lambda partner: judging.earned(levels, found.get(partner, {}))
    found = figures(scheme.vendor, *judging.calendar(day))
    before = figures(scheme.vendor, *judging.year_before(day))
    return found, lambda partner: max(judging.earned(levels, each.get(partner, {})) for each in (found, before))


@transaction.atomic
def _reckon_one(
    scheme: Scheme, levels: list[Level], edge: Partnership, values: dict[str, Decimal], earns: int, day: date
) -> None:
    actor = system_actor(scheme.vendor)
    edge, standing = _locked(edge)
    tiers = {tier.rank: tier for tier in Tier.objects.filter(programme__vendor=scheme.vendor)}
    standing.values = {figure: str(values.get(figure, Decimal(0))) for figure in Figure.values}
    standing.earned, standing.reckoned_on = tiers.get(earns), day
    _keep(standing, day)
    if standing.fixed_until and not standing.is_fixed(day):
        _free(actor, standing)
    if not standing.is_fixed(day):
        ruling = judging.judge(
            levels, stands=edge.tier.rank if edge.tier else None, earns=earns, falls_on=standing.falls_on,
            day=day, grace_days=scheme.grace_days,
        )  # fmt: skip
        _follow(actor, edge, standing, ruling, tiers)
    standing.save()


def _locked(edge: Partnership) -> tuple[Partnership, Standing]:
    """The partnership and its standing as they are now, both under lock, in this order everywhere."""
    rows = Partnership.objects.select_for_update(of=("self",)).select_related("vendor", "partner", "tier")
    edge = rows.get(pk=edge.pk)
    Standing.objects.get_or_create(
        partnership=edge, defaults={"vendor_id": edge.vendor_id, "partner_id": edge.partner_id}
    )
    standings = Standing.objects.select_for_update(of=("self",)).select_related("vendor", "partner")
    return edge, standings.get(partnership=edge)


def _keep(standing: Standing, day: date) -> None:
    Reading.objects.bulk_create(
        [Reading(standing=standing, day=day, figure=figure, value=value) for figure, value in standing.values.items()],
        update_conflicts=True,
        unique_fields=["standing", "day", "figure"],
        update_fields=["value"],
    )


def _follow(actor: Actor, edge: Partnership, standing: Standing, ruling: Ruling, tiers: dict[int, Tier]) -> None:
    """Do what the figures say, and tell both sides."""
    standing.falls_on = ruling.falls_on
    before, after = str(edge.tier or ""), tiers[ruling.rank]
    if ruling.step in {Step.PROMOTE, Step.DEMOTE}:
        _set(actor, edge, after)
        told: dict[str, Any] = {"before": before, "after": str(after)}
        if ruling.step == Step.PROMOTE:
            record(actor=actor, verb="standing.promoted", target=standing, **told)
        else:
            record(actor=actor, verb="standing.demoted", target=standing, **told)
    elif ruling.step == Step.WARN:
        falls = str(ruling.falls_on)
        record(
            actor=actor, verb="standing.warned", target=standing, before=before, after=str(standing.earned), day=falls
        )
    elif ruling.step == Step.RECOVER:
        record(actor=actor, verb="standing.recovered", target=standing, before=before)


def _set(actor: Actor, edge: Partnership, tier: Tier) -> None:
    """The tier is one of the terms, and terms change in one way only."""
    change_terms(
        actor=actor, partnership=edge, tier=tier, territory=edge.territory, channel_manager=edge.channel_manager
    )


@transaction.atomic
def fix_tier(*, actor: Actor, standing: Standing, tier: Tier, reason: str, until: date) -> Standing:
    """Set a tier by hand until a day (included); the figures go on being kept, and decide again after it.

    Raises DomainError without a reason, for a day that is past, and for a tier of another vendor.
    """
    require(may_fix(actor, standing))
    person = person_of(actor)
    edge, standing = _locked(standing.partnership)
    if not reason.strip():
        raise DomainError(_("Say why: the partner will read it."), field="reason")
    if until < localdate():
        raise DomainError(_("Choose today or a later day."), field="until")
    if tier.programme.vendor_id != standing.vendor_id:
        raise DomainError(_("Choose a tier of your own programme."), field="tier")
    before = str(edge.tier or "")
    _set(actor, edge, tier)
    standing.fixed_until, standing.fixed_reason, standing.fixed_by = until, reason.strip()[:500], person
    standing.falls_on = None
    standing.save(update_fields=["fixed_until", "fixed_reason", "fixed_by", "falls_on"])
    told: dict[str, Any] = {"before": before, "after": str(tier), "day": str(until), "reason": standing.fixed_reason}
    record(actor=actor, verb="standing.fixed", target=standing, **told)
    return standing


@transaction.atomic
def free_tier(*, actor: Actor, standing: Standing) -> Standing:
    """Let the figures decide again, from the next reckoning on. Raises DomainError where nothing was set by hand."""
    require(may_fix(actor, standing))
    _edge, standing = _locked(standing.partnership)
    if standing.fixed_until is None:
        raise DomainError(_("The figures decide already: nothing was set by hand."))
    _free(actor, standing)
    standing.save(update_fields=["fixed_until", "fixed_reason", "fixed_by"])
    return standing


def _free(actor: Actor, standing: Standing) -> None:
    standing.fixed_until, standing.fixed_reason, standing.fixed_by = None, "", None
    record(actor=actor, verb="standing.freed", target=standing)
