"""A promotion is written, and changed as long as nobody was told of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import StaleObject
from core.numbers import with_check_digit
from core.sequences import next_number
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation
from promotions.checking import check, check_links, check_shares, clean_code
from promotions.errors import PromotionRefused
from promotions.models import Promotion, PromotionCode, PromotionShare
from promotions.offering import PREFIX
from promotions.permissions import may_add, may_run

FIELDS = (
    "name",
    "sentence",
    "start",
    "until",
    "currency",
    "kind",
    "value",
    "breaks",
    "buy",
    "get",
    "reward",
    "product_lines",
    "territories",
    "min_quantity",
    "min_value",
    "needs_deal",
    "codes_kind",
    "stacking",
    "group",
    "priority",
    "budget",
    "max_uses",
    "max_uses_each",
)
LATE = ("sentence", "until", "budget", "max_uses", "max_uses_each")  # what may change once partners know the rest
LINKS = ("products", "tiers", "partnerships")


def locked(actor: Actor, promotion: Promotion, version: int | None = None) -> Promotion:
    """The promotion as it is now, under lock. DoesNotExist for strangers, StaleObject when `version` is not current."""
    rows = Promotion.objects.visible_to(actor).select_for_update(of=("self",))
    found: Promotion = rows.select_related("vendor", "reward").get(pk=promotion.pk)
    if version is not None and version != found.version:
        raise StaleObject
    return found


@transaction.atomic
def save_promotion(
    *, actor: Actor, fields: Mapping[str, Any], promotion: Promotion | None = None, version: int | None = None
) -> Promotion:
    """Write a promotion. `fields` may hold FIELDS, LINKS (rows), `shares` ((organisation, percent) pairs) and `code`.

    Once it was started only LATE may change: others are refused where they differ. Raises PromotionRefused and
    StaleObject.
    """
    if promotion is None:
        require(may_add(actor))
        promotion = Promotion(vendor=actor.organisation, number=with_check_digit(PREFIX, next_number("promotion")))
    else:
        promotion = locked(actor, promotion, version)
        require(may_run(actor, promotion))
        promotion.version += 1
    is_draft = promotion.state == Promotion.State.DRAFT
    for name in FIELDS if is_draft else LATE:
        if name in fields:
            setattr(promotion, name, fields[name])
    check(promotion)
    if is_draft:
        check_links(promotion, fields)
        check_shares(promotion, fields.get("shares", ()))
    promotion.save()
    if is_draft:
        _write_links(promotion, fields)
    record(actor=actor, verb="promotion.saved", target=promotion, parties=(), number=promotion.number)
    return promotion


def _write_links(promotion: Promotion, fields: Mapping[str, Any]) -> None:
    for name in LINKS:
        if name in fields:
            getattr(promotion, name).set(fields[name])
    if "shares" in fields:
        _write_shares(promotion, fields["shares"])
    if promotion.codes_kind == Promotion.Codes.ONE:
        _write_code(promotion, str(fields.get("code", "")))
    else:
        promotion.codes.filter(single=False).delete()
    if promotion.codes_kind != Promotion.Codes.MANY:
        promotion.codes.filter(single=True).delete()


def _write_shares(promotion: Promotion, shares: Sequence[tuple[Organisation, Decimal]]) -> None:
    promotion.shares.all().delete()
    PromotionShare.objects.bulk_create(
        PromotionShare(promotion=promotion, organisation=payer, percent=percent) for payer, percent in shares
    )


def _write_code(promotion: Promotion, text: str) -> None:
    """The one code of a promotion; what it was before, where nothing is said. Codes are once for each vendor."""
    known = promotion.codes.filter(single=False).first()
    if not text and known is not None:
        return
    code = clean_code(text)
    row = known or PromotionCode(promotion=promotion, vendor_id=promotion.vendor_id)
    row.text = code
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise PromotionRefused(_("Another of your promotions has this code."), field="code") from error
