"""What makes a promotion whole. Each check raises PromotionRefused with the field that is wrong."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from partners.models import Organisation
from promotions.errors import PromotionRefused
from promotions.models import Promotion

MOST_BREAKS = 20
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
Kind = Promotion.Kind


def check(promotion: Promotion) -> None:
    """The columns of a promotion, before it is saved."""
    if not promotion.name.strip():
        raise PromotionRefused(_("Give the promotion a name."), field="name")
    if promotion.until is not None and promotion.until < promotion.start:
        raise PromotionRefused(_("It would end before it starts."), field="until")
    _check_effect(promotion)
    if promotion.stacking == Promotion.Stacking.BEST and not promotion.group.strip():
        raise PromotionRefused(_("Name the group of which the best applies."), field="group")
    if promotion.budget is not None and promotion.budget < promotion.spent:
        raise PromotionRefused(_("Orders have used more than this already."), field="budget")
    if promotion.max_uses is not None and promotion.max_uses < promotion.used:
        raise PromotionRefused(_("More orders have used it already."), field="max_uses")


def _check_effect(promotion: Promotion) -> None:
    kind, value = promotion.kind, promotion.value
    if kind in (Kind.PERCENT, Kind.REBATE) and not 0 < value <= 100:
        raise PromotionRefused(_("A percentage lies between 0 and 100."), field="value")
    if kind == Kind.AMOUNT and value <= 0:
        raise PromotionRefused(_("How much off each unit?"), field="value")
    if kind == Kind.BUNDLE and (promotion.buy < 1 or promotion.get < 1):
        raise PromotionRefused(_("How many are bought, and how many are given?"), field="buy")
    if kind == Kind.VOLUME:
        _check_breaks(promotion.breaks)


def _check_breaks(breaks: Sequence[Sequence[str]]) -> None:
    if not 0 < len(breaks) <= MOST_BREAKS:
        raise PromotionRefused(_("Write one step a line, twenty at most."), field="breaks")
    starts = [Decimal(start) for start, _percent in breaks]
    if starts != sorted(set(starts)) or starts[0] <= 0:
        raise PromotionRefused(_("Each step starts at more units than the one before."), field="breaks")
    if any(not 0 < Decimal(percent) <= 100 for _start, percent in breaks):
        raise PromotionRefused(_("A percentage lies between 0 and 100."), field="breaks")


def check_links(promotion: Promotion, links: Mapping[str, Sequence[Any]]) -> None:
    """What it is tied to belongs to its vendor."""
    owners = {"products": "vendor_id", "tiers": "programme.vendor_id", "partnerships": "vendor_id"}
    for name, path in owners.items():
        if any(_owner(row, path) != promotion.vendor_id for row in links.get(name, ())):
            raise PromotionRefused(_("Choose among what is your own."), field=name)
    if promotion.reward_id and promotion.reward and promotion.reward.vendor_id != promotion.vendor_id:
        raise PromotionRefused(_("Choose among what is your own."), field="reward")


def _owner(row: Any, path: str) -> int:
    for name in path.split("."):
        row = getattr(row, name)
    return int(row)


def check_shares(promotion: Promotion, shares: Sequence[tuple[Organisation, Decimal]]) -> None:
    """Who pays what part: others than the vendor, each once, not more than all of it."""
    payers = [organisation.pk for organisation, _percent in shares]
    if promotion.vendor_id in payers or len(payers) != len(set(payers)):
        raise PromotionRefused(_("Name each other company once; you pay the rest."), field="shares")
    if any(percent <= 0 for _payer, percent in shares) or sum(percent for _payer, percent in shares) > 100:
        raise PromotionRefused(_("The shares add up to 100 % at most."), field="shares")


def clean_code(text: str) -> str:
    """A code as it is kept: in capitals. Raises PromotionRefused for what people could not type."""
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise PromotionRefused(_("A code has 3 to 40 letters, digits and hyphens."), field="code")
    return code
