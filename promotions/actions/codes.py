"""Codes for one order each: made in numbers, never to be guessed."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from partners.access import require
from partners.actors import Actor
from promotions.actions.writing import locked
from promotions.errors import PromotionRefused
from promotions.models import Promotion, PromotionCode
from promotions.permissions import may_run

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that people take for another: 32 of them, five bits each
LENGTH = 12
MOST_AT_ONCE, MOST = 5_000, 50_000


@transaction.atomic
def make_codes(*, actor: Actor, promotion: Promotion, count: int) -> list[PromotionCode]:
    """Make so many codes of sixty bits. Raises PromotionRefused beyond 5,000 at once or 50,000 in all, and for a
    promotion that has no codes for one order."""
    promotion = locked(actor, promotion)
    require(may_run(actor, promotion))
    if promotion.codes_kind != Promotion.Codes.MANY or promotion.state in ("ended", "cancelled"):
        raise PromotionRefused(_("This promotion has no codes for one order each."))
    if not 0 < count <= MOST_AT_ONCE or promotion.codes.count() + count > MOST:
        raise PromotionRefused(_("Make 1 to 5,000 codes at once, 50,000 in all."), field="count")
    made = [
        PromotionCode(promotion=promotion, vendor_id=promotion.vendor_id, text=_code(), single=True)
        for _serial in range(count)
    ]
    made = PromotionCode.objects.bulk_create(made, batch_size=500)
    record(actor=actor, verb="promotion.codes_made", target=promotion, parties=(), count=count)
    return made


def _code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _at in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))
