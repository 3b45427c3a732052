"""Who may use a promotion."""

from django.db.models import Q, QuerySet

from partners.models import Partnership
from promotions.models import Promotion


def audience(promotion: Promotion) -> QuerySet[Partnership]:
    """The active partnerships that it is for."""
    edges = Partnership.objects.active().filter(vendor=promotion.vendor_id)
    if tiers := list(promotion.tiers.values_list("pk", flat=True)):
        edges = edges.filter(tier__in=tiers)
    if named := list(promotion.partnerships.values_list("pk", flat=True)):
        edges = edges.filter(pk__in=named)
    if promotion.territories:
        edges = edges.filter(Q(partner__country__in=promotion.countries))
    return edges.select_related("partner", "tier").order_by("partner__name", "pk")


def party_ids(promotion: Promotion) -> set[int]:
    """The organisations that hear of it: its partners and who pays a share."""
    payers = promotion.shares.values_list("organisation_id", flat=True)
    return {*audience(promotion).values_list("partner_id", flat=True), *payers}
