"""A vendor writes and proposes; the partner accepts or declines; either way both know."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from partners.access import require
from partners.actors import Actor
from partners.models import Membership, Partnership
from rebates.models import RebateAgreement
from rebates.models.agreements import MOST_GRACE_DAYS
from rebates.permissions import may_change, may_draft, may_step

PREFIX = "R-"
MOST_STEPS = 12
FIELDS = (
    "name", "form", "product_lines", "basis", "rule", "rate", "steps", "retroactive", "period", "grace_days",
    "starts_on", "ends_on",
)  # fmt: skip


@transaction.atomic
def save_agreement(
    *, actor: Actor, fields: Mapping[str, Any], partnership: Partnership | None = None,
    agreement: RebateAgreement | None = None,
) -> RebateAgreement:  # fmt: skip
    """Write a draft for a partnership of one's own, or change one. `fields` may hold any of FIELDS and `products`.

    Raises DomainError for a partnership that is not active, products of others, steps or days that do not fit.
    """
    row = _locked(actor, agreement) if agreement else _new(actor, partnership)
    require(may_change(actor, row) if agreement else may_draft(actor))
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    check(row)
    products = list(fields.get("products", ()))
    if any(product.vendor_id != row.vendor_id for product in products):
        raise DomainError(_("Choose products of your own catalogue."), field="products")
    row.version += 1 if row.pk else 0
    row.save()
    if "products" in fields:
        row.products.set(products)
    if agreement:
        record(actor=actor, verb="rebate.changed", target=row)
    else:
        record(actor=actor, verb="rebate.drafted", target=row)
    return row


def _new(actor: Actor, partnership: Partnership | None) -> RebateAgreement:
    ours = partnership is not None and partnership.vendor_id == actor.organisation.pk
    if partnership is None or not ours or partnership.state != Partnership.State.ACTIVE:
        raise DomainError(_("Choose a partner with which you have an active partnership."), field="partnership")
    return RebateAgreement(
        vendor=actor.organisation,
        partner_id=partnership.partner_id,
        partnership=partnership,
        currency=actor.organisation.currency,
        number=with_check_digit(PREFIX, next_number("rebate")),
    )


def check(row: RebateAgreement) -> None:
    """Raises DomainError for an agreement that nobody could reckon; brings its steps into their order."""
    if not row.name.strip():
        raise DomainError(_("Give it a name that both sides recognise."), field="name")
    if row.form == RebateAgreement.Form.PROMOTION:
        raise DomainError(_("The agreement of a promotion is written by the portal when it is used."), field="form")
    if not 0 <= row.grace_days <= MOST_GRACE_DAYS:
        raise DomainError(_("Give 0 to 90 days for late invoices."), field="grace_days")
    if row.ends_on < row.starts_on:
        raise DomainError(_("It cannot end before it begins."), field="ends_on")
    if row.rule == RebateAgreement.RuleKind.FIXED and row.basis != RebateAgreement.Basis.UNITS:
        raise DomainError(_("An amount for each unit is reckoned on units."), field="basis")
    if row.rule == RebateAgreement.RuleKind.TIERS:
        row.steps = _steps(row.steps)
    elif not 0 < Decimal(row.rate) < 10_000_000:
        raise DomainError(_("Say how much: more than nothing."), field="rate")


def _steps(steps: Any) -> list[list[str]]:
    try:
        pairs = sorted((Decimal(str(start)), Decimal(str(rate))) for start, rate in steps)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise DomainError(_("A step is a volume and a rate."), field="steps") from error
    sound = all(
        start.is_finite() and rate.is_finite() and start >= 0 and 0 <= rate < 10_000_000 for start, rate in pairs
    )
    if not pairs or len(pairs) > MOST_STEPS or len({start for start, _rate in pairs}) < len(pairs) or not sound:
        raise DomainError(_("Write one to twelve steps, each from another volume on."), field="steps")
    return [[f"{start:f}", f"{rate:f}"] for start, rate in pairs]


@transaction.atomic
def propose_agreement(*, actor: Actor, agreement: RebateAgreement) -> RebateAgreement:
    """Put a draft before the partner."""
    row = _stepped(actor, agreement, "propose")
    record(actor=actor, verb="rebate.proposed", target=row)
    return row


@transaction.atomic
def withdraw_agreement(*, actor: Actor, agreement: RebateAgreement) -> RebateAgreement:
    """Take a proposal back to a draft, before the partner answered."""
    parties = agreement.party_ids()
    row = _stepped(actor, agreement, "withdraw")
    record(actor=actor, verb="rebate.withdrawn", target=row, parties=parties)
    return row


@transaction.atomic
def accept_agreement(*, actor: Actor, agreement: RebateAgreement, member: Membership | None = None) -> RebateAgreement:
    """Accept a proposal: from now on the lines accrue, also those invoiced since it began.

    A bonus of one person names the `member` of one's own organisation who gets it; DomainError without one.
    """
    row = _locked(actor, agreement)
    require(may_step(actor, row, "accept"))
    if row.form == RebateAgreement.Form.SPIFF:
        if member is None or member.organisation_id != actor.organisation.pk or not member.active:
            raise DomainError(_("Say which of your people gets this bonus."), field="member")
        row.member, row.person = member, str(member.user)[:120]
    move(row, "accept")
    row.version += 1
    row.save(update_fields=["state", "member", "person", "version"])
    record(actor=actor, verb="rebate.accepted", target=row)
    return row


@transaction.atomic
def decline_agreement(*, actor: Actor, agreement: RebateAgreement, reason: str) -> RebateAgreement:
    """Decline a proposal; it is the vendor's draft again. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Say why: the vendor will read it."), field="reason")
    parties = agreement.party_ids()
    row = _stepped(actor, agreement, "decline")
    record(actor=actor, verb="rebate.declined", target=row, parties=parties, reason=reason.strip()[:500])
    return row


@transaction.atomic
def end_agreement(*, actor: Actor, agreement: RebateAgreement, reason: str, day: date | None = None) -> RebateAgreement:
    """End an agreement with a day (today, or one to come); what was invoiced until then still accrues.

    Raises DomainError without a reason, and for a day before today.
    """
    row = _locked(actor, agreement)
    require(may_step(actor, row, "end"))
    day = day or localdate()
    if not reason.strip():
        raise DomainError(_("Say why: the partner will read it."), field="reason")
    if day < localdate():
        raise DomainError(_("Choose today or a later day."), field="day")
    move(row, "end")
    row.ends_on, row.version = max(row.starts_on, min(day, row.ends_on)), row.version + 1
    row.save(update_fields=["state", "ends_on", "version"])
    record(actor=actor, verb="rebate.ended", target=row, reason=reason.strip()[:500], day=str(row.ends_on))
    return row


def _stepped(actor: Actor, agreement: RebateAgreement, step: str) -> RebateAgreement:
    row = _locked(actor, agreement)
    require(may_step(actor, row, step))
    move(row, step)
    row.version += 1
    row.save(update_fields=["state", "version"])
    return row


def _locked(actor: Actor, agreement: RebateAgreement) -> RebateAgreement:
    rows = RebateAgreement.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("vendor", "partner").get(pk=agreement.pk)
