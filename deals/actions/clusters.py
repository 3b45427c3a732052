"""The customers of a vendor, as its approvals taught it to know them, and who holds them."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.numbers import format_day
from deals import matching
from deals.identity import Key
from deals.matching import Company
from deals.matching.scoring import contradicted
from deals.models import ClusterKey, ClusterPin, CustomerCluster, Deal, MatchKey, MatchRules, Protection


def cluster_of(vendor_id: int, keys: Sequence[Key], company: Company | None = None) -> CustomerCluster | None:
    """The vendor's customer that one of the keys names, the strongest key first. Creates nothing.

    With a `company`, customers that cannot be the same legal entity are passed over: a group may share one domain.
    """
    rows = ClusterKey.objects.filter(vendor_id=vendor_id, value__in=[key.value for key in keys])
    known = {(row.kind, row.value): row.cluster for row in rows.select_related("cluster")}
    named = list(dict.fromkeys(known[key] for key in keys if key in known))
    if company is None:
        return named[0] if named else None
    held = _held(named)
    return next((each for each in named if not _is_another(company, each, held.get(each.pk, {}))), None)


def _held(clusters: Sequence[CustomerCluster]) -> dict[int, dict[str, set[str]]]:
    """The numbers and names of these customers. Asked even of none: how long a check takes says nothing."""
    rows = ClusterKey.objects.filter(cluster__in=[each.pk for each in clusters] or [0], kind__in=("vat", "lei", "name"))
    found: dict[int, dict[str, set[str]]] = {}
    for cluster, kind, value in rows.values_list("cluster", "kind", "value"):
        found.setdefault(cluster, {}).setdefault(kind, set()).add(value)
    return found


def _is_another(company: Company, cluster: CustomerCluster, held: dict[str, set[str]]) -> bool:
    """True when the customer has another tax number of the same country or another LEI, or is mother or daughter."""
    taxed = {value for value in held.get("vat", ()) if value[:2] == company.vat[:2]}
    for mine, theirs in ((company.vat, taxed), (company.lei, held.get("lei", set()))):
        if mine and mine in theirs:
            return False
        if mine and theirs:
            return True
    names = {value.split("|")[0] for value in held.get("name", ())} or {matching.name_key(cluster.name)}
    kin = (matching.features(company, Company(key=name)) for name in names)
    return all(contradicted(each) for each in kin)


def cluster_for(deal: Deal) -> CustomerCluster | None:
    """The vendor's customer whom a deal means: by its keys, or else by likeness to a deal that is protected."""
    if pin := ClusterPin.objects.filter(deal=deal).select_related("cluster").first():
        return pin.cluster  # the vendor's own word, whatever the keys say
    me = deal.company
    if known := cluster_of(deal.vendor_id, deal.customer_keys, me):
        return known
    rules = MatchRules.objects.of(deal.vendor_id)
    candidates = MatchKey.objects.candidates(deal.vendor_id, matching.keys(me))
    ids = [each.deal for each in candidates if each.deal and each.deal != deal.pk]
    rows = Protection.objects.filter(vendor=deal.vendor_id, deal__in=ids).select_related("deal", "cluster")
    sure = [(matching.score(matching.features(me, row.deal.company), rules), row.pk, row.cluster) for row in rows]
    best = max(sure, default=None, key=lambda each: (each[0], -each[1]))
    return best[2] if best and best[0] >= rules.same else None


def claim_cluster(deal: Deal) -> CustomerCluster:
    """The vendor's customer of an approved deal, under all keys of the deal that name nobody else yet.

    Called under the vendor's lock. Only approval teaches keys: a mere submission could poison them.
    """
    keys = deal.customer_keys
    cluster = cluster_for(deal)
    if cluster is None:
        cluster = CustomerCluster.objects.create(vendor_id=deal.vendor_id, name=deal.customer_name)
    rows = ClusterKey.objects.filter(vendor_id=deal.vendor_id, value__in=[key.value for key in keys])
    taken = set(rows.values_list("kind", "value"))
    ClusterKey.objects.bulk_create(
        ClusterKey(vendor_id=deal.vendor_id, cluster=cluster, kind=key.kind, value=key.value)
        for key in keys
        if (key.kind, key.value) not in taken
    )
    return cluster


def held_by(deal: Deal, start: date, end: date) -> Protection | None:
    """What would block the approval of a deal for these days, both included. Teaches nothing."""
    return blocking(deal, cluster_for(deal), start, end)


def blocking(deal: Deal, cluster: CustomerCluster | None, start: date, end: date) -> Protection | None:
    """Another deal's exclusive protection that overlaps in customer, product line and time."""
    if cluster is None:
        return None
    lines = set(deal.lines.values_list("product_line", flat=True)) or {""}
    found = Protection.objects.exclusive_over(deal.vendor_id, cluster, lines, start, end)
    return found.exclude(deal=deal.pk).select_related("deal__partner").order_by("-end").first()


@transaction.atomic
def merge_clusters(*, keep: CustomerCluster, other: CustomerCluster) -> CustomerCluster:
    """Make one customer of two of a vendor: keys and protections of `other` become those of `keep`.

    Called under the vendor's lock. Raises DomainError, naming both deals, when two exclusive protections would overlap.
    """
    if keep.vendor_id != other.vendor_id or keep.pk == other.pk:
        raise DomainError(_("Choose two customers of your own."))
    for row in Protection.objects.filter(cluster=other, exclusive=True).select_related("deal"):
        against = Protection.objects.exclusive_over(keep.vendor_id, keep, {row.product_line}, row.start, row.end)
        if clash := against.select_related("deal").order_by("pk").first():
            raise DomainError(
                _("%(one)s and %(other)s are both protected alone until %(day)s. End one of them first.")
                % {"one": clash.deal.number, "other": row.deal.number, "day": format_day(min(clash.end, row.end))}
            )
    Protection.objects.filter(cluster=other).update(cluster=keep)
    ClusterKey.objects.filter(cluster=other).update(cluster=keep)
    other.delete()
    return keep
