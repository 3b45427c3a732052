"""Which partner gets a lead, and why: the vendor's rules in their order, over what it knows of each partner.

Reads only. What it finds is shown before anything is offered (`plan`), and carried out by `leads.actions.route_lead`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from deals.identity import name_key
from leads.models import Intake, Lead, LeadOffer, RoutingRule
from leads.places import names_of_country
from partners.models import Partnership

WINDOW = timedelta(days=90)  # in which turns are counted
BACK = (LeadOffer.State.DECLINED, LeadOffer.State.EXPIRED, LeadOffer.State.PULLED_BACK)
Way = RoutingRule.Way


@dataclass(slots=True)
class Candidate:
    """A partner as a rule sees it. `against` says why it cannot have the lead; empty for one that fits."""

    partnership: Partnership
    intake: Intake
    load: int = 0
    given: int = 0
    last: datetime | None = None
    against: list[str] = field(default_factory=list)

    @property
    def rank(self) -> int:
        """The rank of the partner's tier, 0 without one."""
        return self.partnership.tier.rank if self.partnership.tier else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What routing would do with a lead: the rule that holds, whom it chooses and why, and who else was looked at."""

    rule: RoutingRule | None
    chosen: tuple[Candidate, ...] = ()
    others: tuple[Candidate, ...] = ()
    why: str = ""

    @property
    def pool(self) -> bool:
        """Whether it goes to several at once."""
        return self.rule is not None and self.rule.way == Way.POOL


def plan(
    lead: Lead,
    rules: Iterable[RoutingRule] | None = None,
    network: "Network | None" = None,
    *,
    afresh: bool = False,
) -> Plan:
    """What happens to this lead by the rules in force, or by `rules`.

    A `network` that was read already serves many leads of the same vendor. `afresh` forgets who had the lead before.
    """
    network = network or Network(lead.vendor_id)
    rules = in_force(lead.vendor_id) if rules is None else list(rules)
    refused = (
        {offer.partner_id for offer in lead.offers.all() if offer.state in BACK} if lead.pk and not afresh else set()
    )
    last: Plan | None = None
    for rule in rules:
        if not holds_for(rule, lead):
            continue
        found = _by(rule, lead, network.candidates(), refused)
        if found.chosen:
            return found
        last = last or found
    return last or Plan(None, why=_("No rule holds for this lead."))


def in_force(vendor_id: int) -> list[RoutingRule]:
    """The vendor's rules that are in force, in their order."""
    return list(RoutingRule.objects.filter(vendor=vendor_id, active=True))


def holds_for(rule: RoutingRule, lead: Lead) -> bool:
    """Whether the rule's conditions hold. Names of regions and product lines are compared without case and accents."""
    sets = (
        (rule.countries, lead.country),
        (rule.sizes, lead.size),
        (rule.sources, lead.source),
    )
    if any(wanted and value not in wanted for wanted, value in sets):
        return False
    if not _named(rule.regions, lead.region) or not _named(rule.product_lines, lead.product_line):
        return False
    return rule.min_value is None or (lead.value is not None and lead.value >= rule.min_value)


def _named(wanted: list[str], value: str) -> bool:
    return not wanted or name_key(value) in {name_key(each) for each in wanted}


class Network:
    """A vendor's active partners with their intake, load and turns. Three queries, however many leads."""

    def __init__(self, vendor_id: int) -> None:
        self.vendor_id = vendor_id
        edges = Partnership.objects.filter(vendor=vendor_id, state=Partnership.State.ACTIVE)
        self.edges = list(edges.select_related("partner", "tier", "vendor").order_by("partner__name", "pk"))
        self.intakes = {row.partnership_id: row for row in Intake.objects.filter(vendor=vendor_id)}
        self.turns = {row["partnership"]: row for row in _turns(vendor_id)}

    def candidates(self) -> list[Candidate]:
        """One for each partner: its edge with the best tier."""
        best: dict[int, Partnership] = {}
        for edge in self.edges:
            held = best.get(edge.partner_id)
            if held is None or _rank(edge) > _rank(held):
                best[edge.partner_id] = edge
        return [self._candidate(edge) for edge in best.values()]

    def _candidate(self, edge: Partnership) -> Candidate:
        turns = self.turns.get(edge.pk, {})
        intake = self.intakes.get(edge.pk) or Intake(vendor_id=self.vendor_id, partnership=edge)
        return Candidate(edge, intake, turns.get("load", 0), turns.get("given", 0), turns.get("last"))


def _rank(edge: Partnership) -> int:
    return edge.tier.rank if edge.tier else 0


def _turns(vendor_id: int) -> QuerySet:
    """By partnership: what it holds or is to answer now, what it was given lately, and when the last time was."""
    live = Q(state=LeadOffer.State.OFFERED, pool=False)
    held = Q(state=LeadOffer.State.ACCEPTED, lead__state__in=(Lead.State.ACCEPTED, Lead.State.WORKING))
    rows = LeadOffer.objects.filter(vendor=vendor_id).order_by().values("partnership")
    return rows.annotate(
        load=Count("pk", filter=live | held),
        given=Count("pk", filter=Q(offered_at__gte=now() - WINDOW, pool=False)),
        last=Max("offered_at"),
    )


def _by(rule: RoutingRule, lead: Lead, candidates: list[Candidate], refused: set[int]) -> Plan:
    if rule.partners:
        place = {pk: at for at, pk in enumerate(rule.partners)}
        candidates = sorted(
            (each for each in candidates if each.partnership.pk in place), key=lambda each: place[each.partnership.pk]
        )
    for each in candidates:
        each.against = list(_against(rule, lead, each, refused))
    fit = [each for each in candidates if not each.against]
    others = [each for each in candidates if each.against]
    if not fit:
        return Plan(rule, (), tuple(others), _("Nobody fits the rule “%(rule)s” now.") % {"rule": rule.name})
    ordered = sorted(fit, key=_ORDER[Way(rule.way)])
    chosen = ordered if rule.way == Way.POOL else ordered[:1]
    return Plan(rule, tuple(chosen), (*ordered[len(chosen) :], *others), _reason(rule, chosen[0], len(fit)))


def _against(rule: RoutingRule, lead: Lead, each: Candidate, refused: set[int]) -> Iterable[str]:
    if each.partnership.partner_id in refused:
        yield _("had this lead and gave no answer, or declined it")
    if each.intake.paused:
        yield _("gets no leads now")
    if each.load >= each.intake.capacity:
        yield _("is full: %(load)d of %(capacity)d leads") % {"load": each.load, "capacity": each.intake.capacity}
    if each.rank < rule.min_rank:
        yield _("is below the tier asked for")
    if rule.certificate and name_key(rule.certificate) not in {name_key(name) for name in each.intake.certificates}:
        yield _("has no certificate “%(name)s”") % {"name": rule.certificate}
    if rule.in_territory and not covers(each.partnership.territory, lead):
        yield _("works elsewhere: %(territory)s") % {"territory": each.partnership.territory}


def covers(territory: str, lead: Lead) -> bool:
    """Whether a territory as people write it ("Veneto, Friuli") names the lead's region, city or country.

    An empty territory is everywhere.
    """
    parts = [name_key(part) for part in territory.replace(";", ",").split(",")]
    parts = [part for part in parts if part]
    code = lead.country.casefold()
    names = names_of_country(lead.country) - {lead.country}
    places = {name_key(place) for place in (lead.region, lead.city, *names)} - {""}
    # The two letters stand alone: "DE" is no part of "Pays de la Loire". "Friuli" is the short form of "Friuli-Venezia
    # Giulia", "Regione Veneto" the long one of "Veneto".
    return (
        not parts
        or code in parts
        or any(f" {part} " in f" {place} " or f" {place} " in f" {part} " for part in parts for place in places)
    )


def _waited(each: Candidate) -> tuple:
    return (each.last is not None, each.last.timestamp() if each.last else 0, each.partnership.pk)


_ORDER: dict[Way, Callable[[Candidate], Any]] = {
    Way.NAMED: lambda each: 0,  # as the rule lists them
    Way.WEIGHT: lambda each: (each.given / each.intake.weight, *_waited(each)),
    Way.IDLE: _waited,
    Way.TIER: lambda each: (-each.rank, *_waited(each)),
    Way.POOL: lambda each: 0,
}


def _reason(rule: RoutingRule, first: Candidate, number: int) -> str:
    """Why this one, in a sentence for the vendor."""
    about = {"rule": rule.name, "who": first.partnership.partner, "n": number}
    if rule.way == Way.POOL:
        return _("Rule “%(rule)s”: to the %(n)d partners that fit, the first to accept has it.") % about
    if rule.way == Way.NAMED:
        return _("Rule “%(rule)s”: %(who)s is the first of its partners that can take it.") % about
    if rule.way == Way.WEIGHT:
        return _("Rule “%(rule)s”: by weight it is the turn of %(who)s, of %(n)d that fit.") % about
    if rule.way == Way.TIER:
        return _("Rule “%(rule)s”: %(who)s has the highest tier of %(n)d that fit.") % about
    return _("Rule “%(rule)s”: %(who)s has waited longest of %(n)d that fit.") % about
