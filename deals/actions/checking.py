"""The conflict check. Inside one vendor only, and never shown to partners.

Find what may be the same customer (deals.actions.candidates), weigh it, judge it by the vendor's rules
(deals.matching), keep the verdict with all that led to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, now

from core.audit import record
from deals import matching
from deals.actions.candidates import overlap, product_lines_of, weigh
from deals.actions.clusters import blocking, claim_cluster, cluster_for, cluster_of, held_by, merge_clusters
from deals.actions.conflicts import after_check
from deals.actions.locking import locked
from deals.matching.judging import Finding, Weighed, judge
from deals.models import ConflictCheck, Deal, MatchKey, MatchRules
from deals.models.types import LONGEST_COOL_OFF
from deals.permissions import may_review
from partners.access import require
from partners.actors import Actor

__all__ = [
    "Judged",
    "blocking",
    "check",
    "claim_cluster",
    "cluster_for",
    "cluster_of",
    "held_by",
    "merge_clusters",
    "overlap",
    "own_duplicate",
    "own_lapsed",
    "product_lines_of",
    "recheck_deal",
    "replay",
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check says: a value of ConflictCheck.Verdict, and the findings that count for it."""

    verdict: str
    findings: list[Finding]


def check(deal: Deal) -> ConflictCheck:
    """Check a registration against all that the vendor knows of, and keep what was found.

    The work is bounded and the same whatever is found, so that its time says nothing.
    """
    rules = MatchRules.objects.of(deal.vendor_id)
    weighed = weigh(deal, rules)
    verdict, findings = judge(weighed, rules)
    held = next((found for found in findings if found["kind"] == "protection" and not found["own"]), None)
    blocked = verdict == ConflictCheck.Verdict.BLOCKING
    return ConflictCheck.objects.update_or_create(
        deal=deal,
        defaults={
            "vendor_id": deal.vendor_id,
            "verdict": verdict,
            "queued": blocked,
            "blocker_id": held["deal"] if blocked and held else None,
            "findings": findings,
            "weighed": weighed,
            "rules": rules.version,
            "checked_at": now(),
        },
    )[0]


def replay(found: ConflictCheck) -> Judged:
    """The verdict once more, from what was weighed then and by the rules of then, whatever has changed since."""
    rules = MatchRules.objects.of(found.vendor_id, found.rules)
    weighed: list[Weighed] = found.weighed
    return Judged(*judge(weighed, rules))


@transaction.atomic
def recheck_deal(*, actor: Actor, deal: Deal, version: int | None = None) -> ConflictCheck:
    """A reviewer has a registration checked anew, by today's rules and against what is registered today."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    found = check(deal)
    after_check(deal, found)
    record(actor=actor, verb="deal.rechecked", target=deal, parties=(), verdict=found.verdict, rules=found.rules)
    return found


def own_duplicate(deal: Deal) -> Deal | None:
    """An open registration of the same partner with the same vendor for the same customer and product line."""
    return _own_match(deal, Deal.objects.open())


def own_lapsed(deal: Deal) -> Deal | None:
    """The same partner's registration of the same, whose protection ended less than its own cool-off ago."""
    today = localdate()
    over = Deal.objects.filter(state__in=(Deal.State.EXPIRED, Deal.State.REVOKED))
    over = over.filter(protected_until__gte=today - timedelta(days=LONGEST_COOL_OFF))
    rests = lambda each: each.protected_until + timedelta(days=each.terms.cool_off_days) >= today  # noqa: E731
    return _own_match(deal, over.select_related("type", "type_version").order_by("-protected_until"), rests)


def _own_match(deal: Deal, among: QuerySet[Deal], counts: Callable[[Deal], bool] = lambda _deal: True) -> Deal | None:
    """Of the partner's own that count, the one that scores as the same customer, project and product line."""
    rules, me = MatchRules.objects.of(deal.vendor_id), deal.company
    candidates = MatchKey.objects.candidates(deal.vendor_id, matching.keys(me))
    ids = [candidate.deal for candidate in candidates if candidate.deal]
    mine = among.filter(vendor=deal.vendor_id, partner=deal.partner_id).exclude(pk=deal.pk)
    # Few are one's own; equal columns find those that a crowded key would leave out.
    found = mine.filter(Q(pk__in=ids) | _same_columns(deal)).prefetch_related("lines")[:100]
    lines = product_lines_of(deal)
    for each in found:
        features = matching.features(me, each.company)
        same = matching.score(features, rules) >= rules.same and features.get("project_id") != 0.0
        if same and counts(each) and overlap(lines, {line.product_line for line in each.lines.all()}):
            return each
    return None


def _same_columns(deal: Deal) -> Q:
    condition = Q(customer_name_key=deal.customer_name_key)
    return condition | Q(customer_vat=deal.customer_vat) if deal.customer_vat else condition
