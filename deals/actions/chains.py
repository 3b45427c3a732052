"""An approval that runs beside a deal in review: it begins, opens its steps and is called off. All of it is the
vendor's own affair, so that every entry of the trail is for the vendor alone."""

from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.states import move
from deals import working_time
from deals.models import Approval, ApprovalStep, Deal
from deals.opening import Calendar
from deals.plans import Plan, PlanStep, running
from partners.actors import Actor

WAITING, OPEN = ApprovalStep.State.WAITING, ApprovalStep.State.OPEN


def begin(actor: Actor, deal: Deal, plan: Plan, note: str) -> Approval:
    """Copy the plan and ask who comes first. Raises DomainError where a step has too few people to answer it."""
    if plan.lacking is not None:
        raise DomainError(
            _("“%(step)s” cannot be filled: too few people are left who may approve this deal. Ask an administrator.")
            % {"step": plan.lacking.name},
            field="approval",
        )
    approval = Approval.objects.create(vendor_id=deal.vendor_id, deal=deal, note=note.strip(), started_by=actor.user)
    ApprovalStep.objects.bulk_create(_copy(approval, step) for step in plan.steps)
    record(actor=actor, verb="deal.approval_started", target=deal, parties=(), note=approval.note)
    open_next(actor, approval, deal)
    return approval


def _copy(approval: Approval, step: PlanStep) -> ApprovalStep:
    policy = step.source
    return ApprovalStep(
        vendor_id=approval.vendor_id,
        approval=approval,
        name=step.name,
        position=step.position,
        who=policy.who if policy else "holders",
        persons=step.persons,
        needed=step.needed,
        second=policy.second if policy else None,
        hours=step.hours,
    )


def open_next(actor: Actor, approval: Approval, deal: Deal) -> bool:
    """Ask the steps of the next position. False when none is left, and nothing when one is still open."""
    steps = list(approval.steps.filter(state__in=(WAITING, OPEN)))
    if any(step.state == OPEN for step in steps):
        return True
    following = [step for step in steps if step.position == steps[0].position]
    calendar, moment = working_time.calendar_of(deal.vendor_id), now()
    for step in following:
        _open(step, moment, calendar)
        record(actor=actor, verb="deal.approval_asked", target=deal, parties=(), step=step.name, step_id=step.pk)
    return bool(following)


def _open(step: ApprovalStep, moment: datetime, calendar: Calendar) -> None:
    move(step, "open")
    step.opened_at = moment
    step.remind_at = working_time.add_minutes(moment, step.hours * 30, calendar)
    step.due_at = working_time.add_minutes(moment, step.hours * 60, calendar)
    step.save(update_fields=["state", "opened_at", "remind_at", "due_at"])


def finish(approval: Approval, step: str) -> None:
    """End the approval by a step of its table; what was not answered is no longer asked."""
    move(approval, step)
    approval.ended_at = now()
    approval.save(update_fields=["state", "ended_at"])
    approval.steps.filter(state__in=(WAITING, OPEN)).update(state=ApprovalStep.State.SKIPPED)


def call_off(actor: Actor, deal: Deal) -> bool:
    """End what runs because the deal itself came to an end; False when nothing ran."""
    approval = running(deal)
    if approval is None:
        return False
    finish(approval, "cancel")
    record(actor=actor, verb="deal.approval_cancelled", target=deal, parties=())
    return True


def require_none(deal: Deal) -> None:
    """Raise InvalidTransition while an approval is pending: until it is decided or recalled, nothing else is."""
    if running(deal) is not None:
        raise InvalidTransition(_("This deal waits for approval. Call it back before you do anything else with it."))
