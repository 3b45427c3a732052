"""What rules of a vendor's types may ask about, with the vendor's own tiers and product lines."""

from typing import Any

from deals import rules
from deals.models import DealLine, RegistrationType, Stage
from partners.models import Partnership, Tier

PRODUCT_LINES = 200


def catalogue_of(type_: RegistrationType) -> dict[str, rules.Field]:
    """The catalogue for one type; two queries."""
    tiers = Tier.objects.filter(programme__vendor=type_.vendor_id).order_by("rank")
    products: Any = DealLine._meta.get_field("product").related_model
    lines = products.objects.filter(vendor=type_.vendor_id).exclude(product_line="").order_by("product_line")
    return rules.catalogue(
        type_,
        tiers=[(str(tier.pk), tier.name) for tier in tiers],
        kinds=Partnership.Kind.choices,
        stages=Stage.choices,
        product_lines=list(lines.values_list("product_line", flat=True).distinct()[:PRODUCT_LINES]),
    )
