"""The conflict check: inside one vendor only. Its findings are the vendor's alone."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, now

from deals.identity import Key
from deals.models import ClusterKey, ConflictCheck, CustomerCluster, Deal, Protection

SCORES = {"vat": 100, "domain": 90, "name": 75}


def product_lines_of(deal: Deal) -> set[str]:
    """The product lines of a deal; an empty one stands for every product, and then for all others too."""
    named = set(deal.lines.values_list("product_line", flat=True))
    return {""} if "" in named or not named else named


def overlap(mine: set[str], theirs: set[str]) -> bool:
    """True when two sets of product lines have one in common, or one of them stands for every product."""
    return "" in mine or "" in theirs or bool(mine & theirs)


def same_customer(deal: Deal) -> Q:
    """The condition for deals whose customer shares a key with this one's."""
    condition = Q(customer_name_key=deal.customer_name_key, customer_country=deal.customer_country)
    for field in ("customer_vat", "customer_domain"):
        if value := getattr(deal, field):
            condition |= Q(**{field: value})
    return condition


def own_duplicate(deal: Deal) -> Deal | None:
    """An open registration of the same partner with the same vendor for the same customer and product line."""
    return _own_match(deal, Deal.objects.open())


def own_lapsed(deal: Deal) -> Deal | None:
    """The same partner's registration of the same, whose protection ended less than the cool-off ago."""
    ended = localdate() - timedelta(days=deal.type.cool_off_days)
    over = Deal.objects.filter(state__in=(Deal.State.EXPIRED, Deal.State.REVOKED), protected_until__gte=ended)
    return _own_match(deal, over.order_by("-protected_until"))


def _own_match(deal: Deal, among: QuerySet[Deal]) -> Deal | None:
    mine = among.filter(vendor=deal.vendor_id, partner=deal.partner_id).exclude(pk=deal.pk)
    lines = product_lines_of(deal)
    found = mine.filter(same_customer(deal)).prefetch_related("lines")
    return next((each for each in found if overlap(lines, {line.product_line for line in each.lines.all()})), None)


def cluster_of(vendor_id: int, keys: list[Key]) -> CustomerCluster | None:
    """The vendor's customer that one of the keys names, the strongest key first. Creates nothing."""
    known = {
        (row.kind, row.value): row.cluster
        for row in ClusterKey.objects.filter(vendor_id=vendor_id, value__in=[key.value for key in keys]).select_related(
            "cluster"
        )
    }
    return next((known[key] for key in keys if key in known), None)


def claim_cluster(deal: Deal) -> CustomerCluster:
    """The vendor's customer of an approved deal, under all keys of the deal that name nobody else yet.

    Called under the vendor's lock. Only approval teaches keys: a mere submission could poison them.
    """
    keys = deal.customer_keys
    cluster = cluster_of(deal.vendor_id, keys)
    if cluster is None:
        cluster = CustomerCluster.objects.create(vendor_id=deal.vendor_id, name=deal.customer_name)
    taken = set(
        ClusterKey.objects.filter(vendor_id=deal.vendor_id, value__in=[key.value for key in keys]).values_list(
            "kind", "value"
        )
    )
    ClusterKey.objects.bulk_create(
        ClusterKey(vendor_id=deal.vendor_id, cluster=cluster, kind=key.kind, value=key.value)
        for key in keys
        if (key.kind, key.value) not in taken
    )
    return cluster


def blocking(deal: Deal, cluster: CustomerCluster | None, start: date, end: date) -> Protection | None:
    """Another deal's exclusive protection that overlaps in customer, product line and time."""
    if cluster is None:
        return None
    found = Protection.objects.exclusive_over(deal.vendor_id, cluster, product_lines_of(deal), start, end)
    return found.exclude(deal=deal.pk).select_related("deal__partner").order_by("-end").first()


def check(deal: Deal) -> ConflictCheck:
    """Check a registration against the vendor's protections and other open registrations, and keep what was found."""
    today = localdate()
    blocker = blocking(deal, cluster_of(deal.vendor_id, deal.customer_keys), today, today)
    findings = _rivals(deal)
    verdict = ConflictCheck.Verdict.CLEAR
    if blocker is not None and blocker.deal.partner_id != deal.partner_id:
        verdict = ConflictCheck.Verdict.BLOCKING
    elif findings:
        verdict = ConflictCheck.Verdict.POSSIBLE
    blocked = verdict == ConflictCheck.Verdict.BLOCKING
    return ConflictCheck.objects.update_or_create(
        deal=deal,
        defaults={
            "vendor_id": deal.vendor_id,
            "verdict": verdict,
            "queued": blocked,
            "blocker": blocker.deal if blocked and blocker else None,
            "findings": findings,
            "rules": ConflictCheck.RULES,
            "checked_at": now(),
        },
    )[0]


def _rivals(deal: Deal) -> list[dict[str, Any]]:
    """Open registrations of other partners for the same customer and product line, with why they match."""
    rows = Deal.objects.open().filter(vendor=deal.vendor_id).exclude(partner=deal.partner_id)
    lines = product_lines_of(deal)
    found = []
    for rival in rows.filter(same_customer(deal)).select_related("partner").prefetch_related("lines")[:50]:
        if overlap(lines, {line.product_line for line in rival.lines.all()}):
            matched = _matched(deal, rival)
            score = max(SCORES[kind] for kind in matched)
            found.append({"deal": rival.pk, "matched": matched, "score": score})
    return sorted(found, key=lambda each: -each["score"])


def _matched(one: Deal, other: Deal) -> list[str]:
    kinds = []
    if one.customer_vat and one.customer_vat == other.customer_vat:
        kinds.append("vat")
    if one.customer_domain and one.customer_domain == other.customer_domain:
        kinds.append("domain")
    if one.customer_name_key == other.customer_name_key:
        kinds.append("name")
    return kinds
