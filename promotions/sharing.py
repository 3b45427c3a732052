"""What each organisation pays of redemptions."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from core.money import round_money
from promotions.models import PromotionShare, Redemption, RedemptionShare


def parts(amount: Decimal, percents: Sequence[Decimal], currency: str) -> list[Decimal]:
    """What each of the others pays of an amount; the vendor pays the rest, so the sum is always the amount. Parts are
    rounded half up on the running total: together they never differ from their share by more than half a minor unit."""
    paid, total, found = Decimal(0), Decimal(0), []
    for percent in percents:
        total += percent
        part = round_money(amount * total / 100, currency) - paid
        paid += part
        found.append(part)
    return found


def write_shares(redemptions: Sequence[Redemption]) -> None:
    """Write who pays what of these redemptions, in the place of what was written; three queries."""
    by_promotion: defaultdict[int, list[PromotionShare]] = defaultdict(list)
    for row in PromotionShare.objects.filter(promotion__in={each.promotion_id for each in redemptions}):
        by_promotion[row.promotion_id].append(row)
    if not by_promotion:
        return
    RedemptionShare.objects.filter(redemption__in=redemptions).delete()
    made = []
    for each in redemptions:
        payers = by_promotion[each.promotion_id]
        amounts = parts(each.amount, [payer.percent for payer in payers], each.currency)
        made += [
            RedemptionShare(
                redemption=each, organisation_id=payer.organisation_id, percent=payer.percent, amount=amount
            )
            for payer, amount in zip(payers, amounts, strict=True)
        ]
    RedemptionShare.objects.bulk_create(made, batch_size=500)
