"""Claims as the vendor decides and settles them."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.money import format_money, round_money
from core.states import can_move, move
from funds import purses
from funds.actions.claiming import left_of
from funds.actions.locking import locked_claim, write
from funds.ledger.booking import book
from funds.ledger.models import Account, EntrySet
from funds.models import Claim, Settlement
from funds.permissions import may_decide_claim, may_settle
from partners.access import person_of, require
from partners.actors import Actor

Way = Settlement.Way


@transaction.atomic
def take_claim(*, actor: Actor, claim: Claim, version: int | None = None) -> Claim:
    """Take a claim in hand."""
    claim = locked_claim(actor, claim, version)
    require(may_decide_claim(actor, claim))
    move(claim, "take")
    claim.reviewer = person_of(actor)
    write(claim, "state", "reviewer")
    record(actor=actor, verb="claim.taken", target=claim)
    return claim


@transaction.atomic
def return_claim(*, actor: Actor, claim: Claim, reason: str, version: int | None = None) -> Claim:
    """Ask the partner to correct it. Raises DomainError without a reason."""
    claim = locked_claim(actor, claim, version)
    require(may_decide_claim(actor, claim))
    move(claim, "return")
    claim.reviewer, claim.reason = person_of(actor), _said(reason)
    write(claim, "state", "reviewer", "reason")
    record(actor=actor, verb="claim.returned", target=claim, note=claim.reason)
    return claim


@transaction.atomic
def decide_claim(
    *, actor: Actor, claim: Claim, approved: Decimal, reason: str = "", version: int | None = None
) -> Claim:
    """Grant a claim in whole or in part, in the fund's currency; nought denies it. What is granted is earned.

    Raises DomainError for an amount above what was claimed or above what is left of the activity, and for less than
    was claimed without a reason; InsufficientFunds where as much is not reserved.
    """
    claim = locked_claim(actor, claim, version)
    require(may_decide_claim(actor, claim))
    approved = round_money(approved, claim.request.fund.currency)
    _must_fit(claim, approved)
    claim.reason = _said(reason) if approved < claim.asked else reason.strip()[:1000]
    move(claim, "approve" if approved == claim.asked else "approve_partly" if approved else "deny")
    if approved:
        _earn(actor, claim, approved)
    claim.approved, claim.reviewer, claim.decided_at = approved, person_of(actor), now()
    write(claim, "state", "approved", "reviewer", "reason", "decided_at")
    if approved:
        currency = claim.request.fund.currency
        record(actor=actor, verb="claim.approved", target=claim, amount=str(approved), currency=currency, note=reason)
    else:
        record(actor=actor, verb="claim.denied", target=claim, note=claim.reason)
    return claim


def _must_fit(claim: Claim, approved: Decimal) -> None:
    left = min(claim.asked, left_of(claim.line, but=claim), purses.reserved_for(claim.request))
    if not can_move(claim, "approve"):
        return  # the move says what is wrong
    if not 0 <= approved <= max(left, Decimal(0)):
        money = format_money(max(left, Decimal(0)), claim.request.fund.currency)
        raise DomainError(_("At most %(money)s can be approved here.") % {"money": money}, field="approved")


def _earn(actor: Actor, claim: Claim, amount: Decimal) -> None:
    fund = claim.request.fund
    book(
        actor=actor,
        verb=EntrySet.Verb.EARN,
        key=f"claim:{claim.pk}:earn",
        lines=purses.moved(fund, Account.Kind.RESERVED, Account.Kind.CLAIMED, amount, claim.partner),
        about=claim,
        note=str(claim),
    )


@transaction.atomic
def settle_claim(
    *, actor: Actor, claim: Claim, way: str, amount: Decimal, reference: str, day: date | None = None
) -> Settlement:
    """Pay an instalment of what was approved, by one of Settlement.Way; the last one settles the claim.

    Asked again with the same way, reference and amount it is the settlement that was made then. Raises DomainError for
    an amount above what is owed and a reference that stands for another amount; InvalidTransition where none is owed.
    """
    claim = locked_claim(actor, claim)
    require(may_settle(actor, claim))
    amount = round_money(amount, claim.request.fund.currency)
    reference = reference.strip()[:80]
    if way not in {Way.PAYMENT, Way.CREDIT_NOTE, Way.OFFSET} or not reference:
        raise DomainError(_("Say how it is settled, and give the reference."), field="reference")
    if same := claim.settlements.filter(way=way, reference=reference).first():
        return _again(same, amount)
    if claim.state not in Claim.TO_SETTLE:
        raise InvalidTransition(_("Nothing of this claim is to be paid now."))
    owed = (claim.approved or Decimal(0)) - paid_of(claim)
    _must_be_within(amount, owed, claim.request.fund.currency)
    made = _settle(actor, claim, way, amount, reference, day)
    move(claim, "settle" if amount == owed else "settle_a_part")
    write(claim, "state")
    currency = claim.request.fund.currency
    record(actor=actor, verb="claim.paid", target=claim, amount=str(amount), currency=currency, reference=reference)
    return made


@transaction.atomic
def claw_back(*, actor: Actor, claim: Claim, amount: Decimal, reference: str, day: date | None = None) -> Settlement:
    """Take back what was paid, in whole or in part; it is available in the fund again. The claim is settled with that.

    Idempotent by reference, as `settle_claim` is. Raises DomainError for more than was paid.
    """
    claim = locked_claim(actor, claim)
    require(may_settle(actor, claim))
    amount = round_money(amount, claim.request.fund.currency)
    reference = reference.strip()[:80]
    if not reference:
        raise DomainError(_("Say why, or give the number of the letter."), field="reference")
    if same := claim.settlements.filter(way=Way.CLAW_BACK, reference=reference).first():
        return _again(same, amount)
    _must_be_within(amount, kept_of(claim), claim.request.fund.currency)
    move(claim, "claw_back")
    made = _settle(actor, claim, Way.CLAW_BACK, amount, reference, day)
    write(claim, "state")
    currency = claim.request.fund.currency
    record(actor=actor, verb="claim.clawed_back", target=claim, amount=str(amount), currency=currency, note=reference)
    return made


def paid_of(claim: Claim) -> Decimal:
    """What was paid in all, whatever was taken back since."""
    return claim.settlements.exclude(way=Way.CLAW_BACK).aggregate(total=Sum("amount"))["total"] or Decimal(0)


def kept_of(claim: Claim) -> Decimal:
    """What was paid less what was taken back."""
    back = claim.settlements.filter(way=Way.CLAW_BACK).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return paid_of(claim) - back


def _again(made: Settlement, amount: Decimal) -> Settlement:
    if made.amount != amount:
        raise DomainError(_("This reference was used for another amount."), field="reference")
    return made


def _must_be_within(amount: Decimal, limit: Decimal, currency: str) -> None:
    if not 0 < amount <= limit:
        raise DomainError(_("It can be at most %(money)s.") % {"money": format_money(limit, currency)}, field="amount")


def _settle(actor: Actor, claim: Claim, way: str, amount: Decimal, reference: str, day: date | None) -> Settlement:
    """Write the settlement and book it."""
    made = Settlement.objects.create(
        claim=claim, way=way, amount=amount, reference=reference, day=day or localdate(), user=actor.user
    )
    back = way == Way.CLAW_BACK
    fund = claim.request.fund
    source, target = (Account.Kind.PAID, Account.Kind.AVAILABLE) if back else (Account.Kind.CLAIMED, Account.Kind.PAID)
    book(
        actor=actor,
        verb=EntrySet.Verb.CLAW_BACK if back else EntrySet.Verb.PAY,
        key=f"settlement:{made.pk}",
        lines=purses.moved(fund, source, target, amount, claim.partner),
        about=claim,
        day=made.day,
        note=f"{claim} · {reference}",
    )
    return made


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("Say why, so that the partner can do better."), field="reason")
    return reason.strip()[:1000]
