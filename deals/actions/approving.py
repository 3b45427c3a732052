"""What approvers say to a step (agree, refuse the deal, give it back to its reviewer), and what time does to a step."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import move
from deals.actions import chains
from deals.actions.locking import locked
from deals.actions.reviewing import AlreadyProtected, approve_at_last, refused
from deals.approvers import Approver
from deals.models import Approval, ApprovalStep, ApprovalVote, Deal, Protection
from deals.permissions import may_be_protected, may_review, may_vote
from deals.plans import plan_of, running
from partners.access import require
from partners.actors import Actor, system_actor

Answer = ApprovalVote.Answer


def approve_step(*, actor: Actor, step: ApprovalStep, note: str = "") -> Deal:
    """Agree. With the last agreement the deal is approved and protected.

    Raises AlreadyProtected when somebody else is protected by now: the deal then waits in the queue, as after
    any approval, and is back at its reviewer.
    """
    with transaction.atomic():
        step, deal, seat = _asked(actor, step)
        held = _agree(actor, step, deal, seat, note)
    if held is not None:
        raise AlreadyProtected(held)
    return deal


def _agree(actor: Actor, step: ApprovalStep, deal: Deal, seat: Approver, note: str) -> Protection | None:
    require(may_be_protected(deal))
    _vote(step, seat, Answer.APPROVE, note)
    record(actor=actor, verb="deal.approval_given", target=deal, parties=(), **_words(step, seat, note))
    if step.votes.filter(answer=Answer.APPROVE).count() < step.needed:
        return None
    move(step, "approve")
    step.save(update_fields=["state"])
    if chains.open_next(actor, step.approval, deal):
        return None
    held = approve_at_last(actor, deal, step.approval.note)
    chains.finish(step.approval, "hand_back" if held else "approve")
    return held


@transaction.atomic
def refuse_step(*, actor: Actor, step: ApprovalStep, reason: str, note: str) -> Deal:
    """Refuse the deal, with a reason code (Deal.Reason) and a note that the partner reads; the approval ends."""
    step, deal, seat = _asked(actor, step)
    _vote(step, seat, Answer.REFUSE, note)
    move(step, "refuse")
    step.save(update_fields=["state"])
    chains.finish(step.approval, "refuse")
    record(actor=actor, verb="deal.approval_refused", target=deal, parties=(), **_words(step, seat, note))
    return refused(actor, deal, reason, note)


@transaction.atomic
def hand_back(*, actor: Actor, step: ApprovalStep, note: str) -> Deal:
    """Give the deal back to its reviewer with a question; it is in review as before, and can be sent again."""
    step, deal, seat = _asked(actor, step)
    if not note.strip():
        raise DomainError(_("Say what the reviewer has to find out."), field="note")
    _vote(step, seat, Answer.HAND_BACK, note)
    chains.finish(step.approval, "hand_back")
    record(actor=actor, verb="deal.approval_handed_back", target=deal, parties=(), **_words(step, seat, note))
    return deal


@transaction.atomic
def recall(*, actor: Actor, deal: Deal, version: int | None = None) -> Deal:
    """The reviewer calls the deal back before everybody has answered."""
    deal = locked(actor, deal, version)
    require(may_review(actor, deal))
    if not chains.call_off(actor, deal):
        raise InvalidTransition(_("This deal does not wait for approval."))
    return deal


def _asked(actor: Actor, step: ApprovalStep) -> tuple[ApprovalStep, Deal, Approver]:
    """The step read anew under the deal's lock, and the seat that the actor has in it.

    Raises DoesNotExist for strangers, PermissionDenied for who is not asked, InvalidTransition once it is answered.
    """
    row = ApprovalStep.objects.visible_to(actor).select_related("approval__deal").get(pk=step.pk)
    deal = locked(actor, row.approval.deal)
    require(may_vote(actor, deal))
    approval = running(deal)
    row.refresh_from_db(fields=["state"])
    if approval is None or approval.pk != row.approval_id or row.state != ApprovalStep.State.OPEN:
        raise InvalidTransition(_("This step was answered already, or it is not its turn."))
    row.approval = approval
    planned = next(each for each in plan_of(approval, deal).steps if each.row is not None and each.row.pk == row.pk)
    mine = next((each for each in planned.approvers if actor.user and each.user.pk == actor.user.pk), None)
    if mine is None:
        raise PermissionDenied(_("This step does not ask you, or you have answered this deal before."))
    return row, deal, mine


def _vote(step: ApprovalStep, seat: Approver, answer: str, note: str) -> None:
    ApprovalVote.objects.create(step=step, user=seat.user, stands_for=seat.stands_for, answer=answer, note=note.strip())


def _words(step: ApprovalStep, seat: Approver, note: str) -> dict[str, str]:
    who = _("%(who)s for %(absent)s") % {"who": seat.user, "absent": seat.stands_for} if seat.stands_for else seat.user
    return {"step": step.name, "who": str(who), "note": note.strip()}


# -- what time does ----------------------------------------------------------------------------------------------------


@transaction.atomic
def remind_of_step(*, step: ApprovalStep) -> None:
    """Remind who has the step that half of its time is over; once."""
    found = _unanswered(step)
    if found and found.reminded_at is None and found.remind_at and found.remind_at <= now():
        found.reminded_at = now()
        found.save(update_fields=["reminded_at"])
        about = {"step": found.name, "step_id": found.pk}
        actor = system_actor(found.vendor)
        record(actor=actor, verb="deal.approval_reminded", target=found.approval.deal, parties=(), **about)


@transaction.atomic
def escalate_step(*, step: ApprovalStep) -> None:
    """Once its time is over, ask the second too, or whoever may approve, and tell the administrators; once."""
    found = _unanswered(step)
    if found and found.escalated_at is None and found.due_at and found.due_at <= now():
        found.escalated_at = now()
        found.reminded_at = found.reminded_at or found.escalated_at
        found.save(update_fields=["escalated_at", "reminded_at"])
        about = {"step": found.name, "step_id": found.pk}
        actor = system_actor(found.vendor)
        record(actor=actor, verb="deal.approval_escalated", target=found.approval.deal, parties=(), **about)


def _unanswered(step: ApprovalStep) -> ApprovalStep | None:
    rows = ApprovalStep.objects.select_for_update(of=("self",)).select_related("approval__deal", "vendor")
    return rows.filter(pk=step.pk, state=ApprovalStep.State.OPEN, approval__state=Approval.State.PENDING).first()
