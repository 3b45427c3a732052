"""A promotion that gives money back after the sale: its orders earn as under any rebate, on their invoice lines."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.audit import record
from core.numbers import with_check_digit
from core.sequences import next_number
from partners.actors import system_actor
from partners.models import Partnership
from promotions.models import Promotion, Redemption
from rebates.actions.agreeing import PREFIX
from rebates.models import RebateAgreement

YEARS = 10  # goods are invoiced long after the last day of a promotion


def follow_promotions(*, orders: Iterable[int] | None = None) -> list[RebateAgreement]:
    """Write the agreement of each promotion and partner that has none, among the uses of some orders or among all.

    Nobody has to accept it: the vendor offered it with the promotion, the partner ordered by it. Repeating does no
    harm.
    """
    uses = Redemption.objects.live().filter(promotion__kind=Promotion.Kind.REBATE)
    if orders is not None:
        uses = uses.filter(order__in=list(orders))
    known = RebateAgreement.objects.filter(promotion=OuterRef("promotion"), partnership=OuterRef("order__partnership"))
    fresh = uses.filter(~Exists(known), order__partnership__isnull=False).order_by()
    pairs = sorted(set(fresh.values_list("promotion", "order__partnership")))
    return [row for promotion, edge in pairs if (row := _begin(promotion, edge))]


@transaction.atomic
def _begin(promotion_id: int, partnership_id: int) -> RebateAgreement | None:
    """The agreement of the pair; None where a rival was quicker."""
    promotion = Promotion.objects.select_for_update(of=("self",)).select_related("vendor").get(pk=promotion_id)
    edge = Partnership.objects.get(pk=partnership_id)
    if RebateAgreement.objects.filter(promotion=promotion, partnership=edge).exists():
        return None
    row = RebateAgreement.objects.create(
        vendor=promotion.vendor,
        partner_id=edge.partner_id,
        partnership=edge,
        promotion=promotion,
        form=RebateAgreement.Form.PROMOTION,
        number=with_check_digit(PREFIX, next_number("rebate")),
        name=promotion.name,
        rate=promotion.value,
        currency=promotion.currency,
        starts_on=promotion.start,
        ends_on=promotion.start.replace(promotion.start.year + YEARS, 12, 31),
        state=RebateAgreement.State.ACTIVE,
    )
    record(actor=system_actor(promotion.vendor), verb="rebate.promised", target=row, promotion=promotion.number)
    return row
