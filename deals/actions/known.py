"""The vendor's own idea of which registrations name one real customer: told apart, merged, split."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from core.audit import record
from core.errors import DomainError
from deals.matching import name_key
from deals.models import ClusterKey, ClusterPin, CustomerCluster, Deal, Protection
from deals.permissions import may_open_case
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

ALIKE = 72  # percent from which two names look alike


def tell_apart(deals: Iterable[Deal]) -> None:
    """Give each of these registrations a customer of its own, so that none of them blocks another.

    Called under the vendor's lock. Who is protected already keeps the customer as it is known; the first one does where
    nobody is.
    """
    rows = sorted(deals, key=lambda deal: (not deal.protections.exists(), deal.priority_at or deal.created, deal.pk))
    for deal in rows[1:]:
        if deal.protections.exists() or ClusterPin.objects.filter(deal=deal).exists():
            continue
        own = CustomerCluster.objects.create(vendor_id=deal.vendor_id, name=deal.customer_name)
        ClusterPin.objects.create(vendor_id=deal.vendor_id, deal=deal, cluster=own)


@transaction.atomic
def merge_known(*, actor: Actor, keep: CustomerCluster, gone: CustomerCluster) -> CustomerCluster:
    """Say that two customers are one: keys, protections and pins follow.

    Raises DomainError for one and the same, and, naming both, where two exclusive protections would then overlap.
    """
    require(may_open_case(actor))
    _alone(actor.organisation)
    keep, gone = _own(actor, keep), _own(actor, gone)
    if keep.pk == gone.pk:
        raise DomainError(_("That is the same customer already."), field="gone")
    if pair := _overlap(keep, gone):
        raise DomainError(
            _(
                "Not merged: %(one)s of %(one_who)s and %(other)s of %(other_who)s are both protected for the same "
                "products and days. One of them has to end first."
            )
            % {
                "one": pair[0].deal.number,
                "one_who": pair[0].deal.partner,
                "other": pair[1].deal.number,
                "other_who": pair[1].deal.partner,
            },
            field="gone",
        )
    deals = list(gone.protections.values_list("deal_id", flat=True))
    keys = [[key.kind, key.value] for key in gone.keys.all()]
    gone.protections.update(cluster=keep)
    gone.keys.update(cluster=keep)
    gone.pins.update(cluster=keep)
    record(actor=actor, verb="cluster.merged", target=keep, gone=gone.name, keys=keys, deals=deals)
    gone.delete()
    return keep


@transaction.atomic
def split_known(*, actor: Actor, cluster: CustomerCluster, deals: Iterable[Deal], name: str = "") -> CustomerCluster:
    """Say that some registrations name another customer than the rest; returns that customer.

    Keys that only they gave go with them. Raises DomainError when none or all would go.
    """
    require(may_open_case(actor))
    _alone(actor.organisation)
    cluster = _own(actor, cluster)
    members = {deal.pk: deal for deal in members_of(cluster)}
    going = [members[pk] for pk in sorted({deal.pk for deal in deals}) if pk in members]
    if not going or len(going) == len(members):
        raise DomainError(_("Choose some of the deals, and leave some."), field="deals")
    own = CustomerCluster.objects.create(vendor_id=cluster.vendor_id, name=(name.strip() or going[0].customer_name))
    Protection.objects.filter(deal__in=going).update(cluster=own)
    for deal in going:
        ClusterPin.objects.update_or_create(deal=deal, defaults={"vendor_id": cluster.vendor_id, "cluster": own})
    stay = {key for pk, deal in members.items() if deal not in going for key in deal.customer_keys}
    leave = {key for deal in going for key in deal.customer_keys} - stay
    moved = [key.pk for key in cluster.keys.all() if (key.kind, key.value) in leave]
    ClusterKey.objects.filter(pk__in=moved).update(cluster=own)
    record(actor=actor, verb="cluster.split", target=cluster, into=own.name, deals=[deal.pk for deal in going])
    return own


def members_of(cluster: CustomerCluster) -> list[Deal]:
    """The registrations that stand under a customer: protected for it, or put there by hand."""
    protected = Deal.objects.filter(protections__cluster=cluster)
    pinned = Deal.objects.filter(cluster_pin__cluster=cluster)
    return list((protected | pinned).distinct().select_related("partner").order_by("pk"))


def _overlap(keep: CustomerCluster, gone: CustomerCluster) -> tuple[Protection, Protection] | None:
    """Two exclusive protections that one customer could not have at once."""
    related = ("deal__partner",)
    for mine in gone.protections.filter(exclusive=True).select_related(*related):
        over = Protection.objects.exclusive_over(mine.vendor_id, keep, {mine.product_line}, mine.start, mine.end)
        if other := over.exclude(deal=mine.deal_id).select_related(*related).first():
            return mine, other
    return None


def _own(actor: Actor, cluster: CustomerCluster) -> CustomerCluster:
    return CustomerCluster.objects.visible_to(actor).get(pk=cluster.pk)


def _alone(vendor: Organisation) -> None:
    """As for protections: one at a time per vendor."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)


def alike(cluster: CustomerCluster, most: int = 8) -> list[tuple[CustomerCluster, int]]:
    """Other customers of the vendor whose name is like this one's, with the likeness in percent, the nearest first."""
    mine = name_key(cluster.name)
    word = max(mine.split(), key=len, default="")
    if not word:
        return []
    rows = CustomerCluster.objects.filter(vendor=cluster.vendor_id, name__icontains=word[:6]).exclude(pk=cluster.pk)
    found = [(row, round(fuzz.token_sort_ratio(mine, name_key(row.name)))) for row in rows.order_by("pk")[:500]]
    near = [(row, score) for row, score in found if score >= ALIKE]
    return sorted(near, key=lambda pair: -pair[1])[:most]
