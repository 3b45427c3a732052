"""Requests as the vendor decides them: line by line, then by finance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.money import round_money
from core.states import move
from funds import purses
from funds.actions.locking import locked_request, write
from funds.ledger.booking import book
from funds.ledger.models import Account, EntrySet
from funds.models import FundRequest, RequestLine
from funds.permissions import may_release, may_review
from partners.access import person_of, require
from partners.actors import Actor

Decision = RequestLine.Decision


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What is decided about the line at a position. `approved`, in the fund's currency, is read where it is changed."""

    position: int
    decision: str
    approved: Decimal | None = None
    reason: str = ""


@transaction.atomic
def take_request(*, actor: Actor, request: FundRequest, version: int | None = None) -> FundRequest:
    """Take a request in hand; the partner sees who reviews it."""
    request = locked_request(actor, request, version)
    require(may_review(actor, request))
    move(request, "take")
    request.reviewer = person_of(actor)
    write(request, "state", "reviewer")
    record(actor=actor, verb="fund_request.taken", target=request)
    return request


@transaction.atomic
def review_request(
    *,
    actor: Actor,
    request: FundRequest,
    decisions: Sequence[LineDecision],
    note: str = "",
    version: int | None = None,
) -> FundRequest:
    """Decide every line. One that is returned returns the request; all denied rejects it; else it goes to finance.

    Raises DomainError, at the position of the line, for a line without a decision, a refusal without a reason, or an
    amount that is not between nought and what was asked; InvalidTransition for a request that is not in review.
    """
    request = locked_request(actor, request, version)
    require(may_review(actor, request))
    lines = list(request.lines.all())
    told = {each.position: each for each in decisions}
    for line in lines:
        _decide(line, told.get(line.position), request.fund.currency)
    made = {line.decision for line in lines}
    step = "return" if Decision.RETURNED in made else "reject" if made == {Decision.DENIED} else "propose"
    move(request, step)
    RequestLine.objects.bulk_update(lines, ["decision", "approved", "reason"])
    request.reviewer, request.reason = person_of(actor), note.strip()[:1000]
    request.decided_at = now() if step == "reject" else None
    write(request, "state", "reviewer", "reason", "decided_at")
    _tell(actor, request, step)
    return request


def _tell(actor: Actor, request: FundRequest, step: str) -> None:
    if step == "return":
        record(actor=actor, verb="fund_request.returned", target=request, note=request.reason)
    elif step == "reject":
        record(actor=actor, verb="fund_request.rejected", target=request, note=request.reason)
    else:
        record(actor=actor, verb="fund_request.reviewed", target=request, note=request.reason)


def _decide(line: RequestLine, told: LineDecision | None, currency: str) -> None:
    """Write a decision on a line in memory. Raises DomainError at its position."""
    at = str(line.position)
    if told is None or told.decision not in {*Decision.values} - {Decision.OPEN}:
        raise DomainError(_("Decide every activity."), field=at)
    if told.decision != Decision.ACCEPTED and not told.reason.strip():
        raise DomainError(_("Say why, so that the partner can do better."), field=at)
    line.decision, line.reason = told.decision, told.reason.strip()[:300]
    if told.decision == Decision.ACCEPTED:
        line.approved = line.asked
    elif told.decision == Decision.CHANGED:
        approved = round_money(told.approved or Decimal(0), currency)
        if not 0 < approved < line.asked:
            raise DomainError(_("A changed amount is above nought and below what was asked."), field=at)
        line.approved = approved
    else:
        line.approved = Decimal(0)


@transaction.atomic
def release_request(*, actor: Actor, request: FundRequest, version: int | None = None) -> FundRequest:
    """Finance confirms what a colleague reviewed, and the money is reserved. What is not claimed goes back later.

    Raises InsufficientFunds where the fund does not hold as much, PermissionDenied for the reviewer.
    """
    request = locked_request(actor, request, version)
    require(may_release(actor, request))
    lines = list(request.lines.all())
    whole = all(line.approved == line.asked for line in lines)
    move(request, "approve" if whole else "approve_partly")
    total = sum((line.approved or Decimal(0) for line in lines), Decimal(0))
    book(
        actor=actor,
        verb=EntrySet.Verb.RESERVE,
        key=f"request:{request.pk}:reserve",
        lines=purses.moved(request.fund, Account.Kind.AVAILABLE, Account.Kind.RESERVED, total, request.partner),
        about=request,
        note=str(request),
    )
    granted = [line for line in lines if line.approved]
    request.decided_at = now()
    request.claim_until = max(line.ends for line in granted) + timedelta(days=request.fund.claim_days)
    write(request, "state", "decided_at", "claim_until")
    currency = request.fund.currency
    record(actor=actor, verb="fund_request.approved", target=request, amount=str(total), currency=currency)
    return request


@transaction.atomic
def hand_back_request(*, actor: Actor, request: FundRequest, reason: str, version: int | None = None) -> FundRequest:
    """Finance gives it back to the reviewer. Raises DomainError without a reason."""
    request = locked_request(actor, request, version)
    require(may_release(actor, request))
    request.reason = _said(reason)
    move(request, "hand_back")
    write(request, "state", "reason")
    record(actor=actor, verb="fund_request.handed_back", target=request, parties=(), note=request.reason)
    return request


@transaction.atomic
def reject_request(*, actor: Actor, request: FundRequest, reason: str, version: int | None = None) -> FundRequest:
    """Reject a request as a whole: its reviewer, or finance. Raises DomainError without a reason."""
    request = locked_request(actor, request, version)
    pending = request.state == FundRequest.State.PENDING_FINANCE
    require(may_release(actor, request) if pending else may_review(actor, request))
    request.reason, request.decided_at = _said(reason), now()
    move(request, "reject")
    write(request, "state", "reason", "decided_at")
    record(actor=actor, verb="fund_request.rejected", target=request, note=request.reason)
    return request


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("Say why."), field="reason")
    return reason.strip()[:1000]
