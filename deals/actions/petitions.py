"""What is asked about a deal: more time, reinstatement, a second look, a revocation. Each is decided by a person, and
an appeal or a revocation never by the one who decided, or asked, before."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import can_move, move
from deals import working_time
from deals.actions.checking import check, claim_cluster, held_by
from deals.actions.closing import end_protection
from deals.actions.conflicts import after_check
from deals.actions.locking import locked, write
from deals.actions.reviewing import AlreadyProtected, alone_with, protect, schedule_reminders
from deals.models import Deal, Petition, Reminder
from deals.permissions import may_ask, may_decide_petition, may_drop
from partners.access import require
from partners.actors import Actor

APPEAL_DAYS = 10
Kind = Petition.Kind


@transaction.atomic
def ask(*, actor: Actor, deal: Deal, kind: str, reason: str, version: int | None = None) -> Petition:
    """Ask for something about a deal (Petition.Kind), with a reason that the other side reads.

    Raises InvalidTransition where the deal's state, or the time that has passed, leaves no room for it, and DomainError
    for an empty reason, a second request of its kind and an extension too many.
    """
    deal = locked(actor, deal, version)
    require(may_ask(actor, deal, kind))
    _ROOM[Kind(kind)](deal)
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence or two."), field="reason")
    if _is_pending(deal, kind):
        raise DomainError(_("That was asked for already and waits for a decision."))
    petition = Petition.objects.create(
        deal=deal,
        vendor_id=deal.vendor_id,
        partner_id=deal.partner_id,
        kind=kind,
        reason=reason.strip(),
        asked_by=actor.user,
    )
    _tell(actor, petition, deal, "asked", reason=petition.reason)
    return petition


def may_be_asked(deal: Deal, kind: str) -> bool:
    """Whether `ask` would find room for this, so that a page offers nothing it would refuse."""
    try:
        _ROOM[Kind(kind)](deal)
    except DomainError:
        return False
    return not _is_pending(deal, kind)


def _is_pending(deal: Deal, kind: str) -> bool:
    return deal.petitions.filter(kind=kind, state=Petition.State.PENDING).exists()


@transaction.atomic
def drop(*, actor: Actor, petition: Petition) -> Petition:
    """Take a request back while nobody has decided on it."""
    petition, deal = _locked(actor, petition)
    require(may_drop(actor, petition))
    return _settle(actor, petition, deal, "drop", "")


@transaction.atomic
def refuse(*, actor: Actor, petition: Petition, answer: str) -> Petition:
    """Refuse a request, with a sentence for who asked."""
    petition, deal = _locked(actor, petition)
    require(may_decide_petition(actor, petition))
    if not answer.strip():
        raise DomainError(_("Write a sentence to who asked."), field="answer")
    return _settle(actor, petition, deal, "refuse", answer)


@transaction.atomic
def grant(*, actor: Actor, petition: Petition, answer: str = "") -> Petition:
    """Grant a request and do what was asked for.

    Raises AlreadyProtected when a reinstatement finds the customer protected for somebody else by now.
    """
    petition, deal = _locked(actor, petition)
    require(may_decide_petition(actor, petition))
    petition = _settle(actor, petition, deal, "grant", answer)
    _EFFECT[Kind(petition.kind)](actor, deal, petition)
    return petition


def _locked(actor: Actor, petition: Petition) -> tuple[Petition, Deal]:
    """The deal first, as every action locks it, then the request."""
    deal = locked(actor, petition.deal)
    found = Petition.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=petition.pk)
    found.deal = deal
    return found, deal


def _settle(actor: Actor, petition: Petition, deal: Deal, step: str, answer: str) -> Petition:
    move(petition, step)
    petition.decided_by, petition.decided_at, petition.answer = actor.user, now(), answer.strip()
    petition.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _tell(actor, petition, deal, petition.state, note=petition.answer)
    return petition


def _tell(actor: Actor, petition: Petition, deal: Deal, step: str, **facts: str) -> None:
    record(
        actor=actor,
        verb=f"deal.{petition.kind}_{step}",
        target=deal,
        parties=tuple(petition.party_ids()),
        petition=petition.pk,
        **facts,
    )


# -- is there room for it ---------------------------------------------------------------------------------------------


def _room_for_extension(deal: Deal) -> None:
    if deal.state != Deal.State.APPROVED or deal.protected_until is None or deal.protected_until < localdate():
        raise InvalidTransition(_("Only a protection that still runs can be extended."))
    if deal.petitions.filter(kind=Kind.EXTENSION, state=Petition.State.GRANTED).count() >= deal.terms.extensions:
        raise DomainError(_("This deal was extended as often as its type allows."))


def _room_for_reinstatement(deal: Deal) -> None:
    if not can_move(deal, "reinstate"):
        raise InvalidTransition(_("Only a deal whose protection has ended can be reinstated."))
    if not _within_grace(deal):
        raise InvalidTransition(_("The time in which it could be reinstated is over. Register the deal anew."))


def _room_for_appeal(deal: Deal) -> None:
    if not can_move(deal, "reopen"):
        raise InvalidTransition(_("Only a rejection can be appealed."))
    if deal.petitions.filter(kind=Kind.APPEAL).exists():
        raise DomainError(_("This rejection was appealed once. The decision on the appeal stands."))
    if not _within_appeal(deal):
        raise InvalidTransition(
            _("A rejection can be appealed for %(days)d days. They are over.") % {"days": APPEAL_DAYS}
        )


def _room_for_revocation(deal: Deal) -> None:
    if not can_move(deal, "revoke"):
        raise InvalidTransition(_("Only an approved deal can be revoked."))


def _within_grace(deal: Deal) -> bool:
    """Whether an expired deal can still be reinstated."""
    return deal.protected_until is not None and localdate() <= deal.protected_until + timedelta(
        days=deal.terms.grace_days
    )


def _within_appeal(deal: Deal) -> bool:
    """Whether a rejection can still be appealed."""
    return deal.decided_at is not None and now() <= deal.decided_at + timedelta(days=APPEAL_DAYS)


_ROOM: dict[str, Callable[[Deal], None]] = {
    Kind.EXTENSION: _room_for_extension,
    Kind.REINSTATEMENT: _room_for_reinstatement,
    Kind.APPEAL: _room_for_appeal,
    Kind.REVOCATION: _room_for_revocation,
}

# -- what it does when granted ----------------------------------------------------------------------------------------


def _extend(actor: Actor, deal: Deal, petition: Petition) -> None:
    """More days from the old end on: no day between was free, as the request kept the clock still."""
    if deal.state != Deal.State.APPROVED or deal.protected_until is None:
        raise InvalidTransition(_("Only a protection that still runs can be extended."))
    until = deal.protected_until + timedelta(days=deal.terms.extension_days)
    alone_with(deal)
    deal.protections.update(end=until)
    _run_until(deal, until)


def _reinstate(actor: Actor, deal: Deal, petition: Petition) -> None:
    move(deal, "reinstate")
    alone_with(deal)
    start = localdate()
    until = start + timedelta(days=deal.terms.extension_days)
    if held := held_by(deal, start, until):
        raise AlreadyProtected(held)
    deal.protections.all().delete()
    protect(deal, claim_cluster(deal), start, until)
    _run_until(deal, until, "state")


def _run_until(deal: Deal, until: date, *fields: str) -> None:
    Reminder.objects.filter(deal=deal, sent_at=None).delete()
    schedule_reminders(deal, until)
    deal.protected_until = until
    write(deal, "protected_until", *fields)


def _reopen(actor: Actor, deal: Deal, petition: Petition) -> None:
    """Back to the queue with the place it had, for another person to review."""
    move(deal, "reopen")
    deal.owner, deal.closure_code, deal.closure_note = None, "", ""
    calendar = working_time.calendar_of(deal.vendor_id)
    deal.sla_due_at = working_time.add_minutes(now(), deal.terms.review_hours * 60, calendar)
    write(deal, "state", "owner", "closure_code", "closure_note", "sla_due_at")
    after_check(deal, check(deal))


def _revoke(actor: Actor, deal: Deal, petition: Petition) -> None:
    move(deal, "revoke")
    deal.closure_note, deal.protected_until = petition.reason, localdate()
    write(deal, "state", "closure_note", "protected_until")
    record(actor=actor, verb="deal.revoked", target=deal, note=deal.closure_note)
    end_protection(deal)


_EFFECT: dict[str, Callable[[Actor, Deal, Petition], None]] = {
    Kind.EXTENSION: _extend,
    Kind.REINSTATEMENT: _reinstate,
    Kind.APPEAL: _reopen,
    Kind.REVOCATION: _revoke,
}
