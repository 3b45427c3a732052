"""What becomes of a request once money is reserved for it: it runs, ends, is cancelled, or time takes the rest back."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from core.states import can_move, move
from funds import purses
from funds.actions.locking import locked_request, write
from funds.ledger.booking import book
from funds.ledger.models import Account, EntrySet
from funds.models import Claim, FundRequest
from funds.permissions import may_cancel
from partners.access import require
from partners.actors import Actor, system_actor


@transaction.atomic
def cancel_request(*, actor: Actor, request: FundRequest, reason: str, version: int | None = None) -> FundRequest:
    """Cancel a request; what is reserved for it and not claimed goes back to the fund.

    Raises DomainError without a reason or while a claim waits for its decision; InvalidTransition for one that ended.
    """
    request = locked_request(actor, request, version)
    require(may_cancel(actor, request))
    if not reason.strip():
        raise DomainError(_("Say why."), field="reason")
    if request.claims.filter(state__in=Claim.UNDECIDED).exists():
        raise DomainError(_("A claim waits for its decision. Decide it first, then cancel."))
    move(request, "cancel")
    request.reason, request.released_on = reason.strip()[:1000], localdate()
    write(request, "state", "reason", "released_on")
    release_rest(actor, request)
    record(actor=actor, verb="fund_request.cancelled", target=request, note=request.reason)
    return request


def release_rest(actor: Actor, request: FundRequest) -> bool:
    """Give back to the fund what is reserved for a locked request; False where that is nothing."""
    left = purses.reserved_for(request)
    if left <= 0:
        return False
    book(
        actor=actor,
        verb=EntrySet.Verb.RELEASE,
        key=f"request:{request.pk}:release",
        lines=purses.moved(request.fund, Account.Kind.RESERVED, Account.Kind.AVAILABLE, left, request.partner),
        about=request,
        note=str(request),
    )
    return True


@transaction.atomic
def follow_clock(*, request: FundRequest) -> bool:
    """What the calendar does to a request: it runs from its first day, is completed after its last, and after the last
    day to claim the rest is released. Harmless when repeated; returns whether anything changed. Called by the sweep."""
    actor = system_actor(request.vendor)
    request = locked_request(actor, request)
    today, before = localdate(), request.state
    if can_move(request, "start") and request.first_day and request.first_day <= today:
        move(request, "start")
        record(actor=actor, verb="fund_request.started", target=request)
    if can_move(request, "complete") and request.last_day and request.last_day < today:
        move(request, "complete")
        record(actor=actor, verb="fund_request.completed", target=request)
    up = _time_is_up(request)
    if up:
        _take_back(actor, request)
    if up or request.state != before:
        write(request, "state", "released_on")
    return up or request.state != before


def _time_is_up(request: FundRequest) -> bool:
    """True after the last day to claim, once no claim waits for its decision or, some days, its correction."""
    today = localdate()
    if request.claim_until is None or request.claim_until >= today or request.released_on:
        return False
    waiting = {Claim.State.SUBMITTED, Claim.State.IN_REVIEW}
    if request.claim_until + FundRequest.GRACE >= today:
        waiting.add(Claim.State.RETURNED)
    return not request.claims.filter(state__in=waiting).exists()


def _take_back(actor: Actor, request: FundRequest) -> None:
    """Release what nobody claimed; a request of which nothing was ever claimed lapses."""
    request.released_on = localdate()
    if not release_rest(actor, request):
        return
    if not request.claims.filter(approved__gt=0).exists():
        move(request, "lapse")
    record(actor=actor, verb="fund_request.released", target=request)
