"""What time does to deals: reminders before a protection ends, and the end itself."""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.utils.timezone import now
from django_tasks import task

from core.errors import InvalidTransition
from deals.actions import (
    AlreadyProtected,
    deem_approved,
    escalate_step,
    expire_deal,
    remind_of_activity,
    remind_of_end,
    remind_of_step,
)
from deals.models import Activity, ApprovalStep, Deal, Reminder

log = logging.getLogger("filiera.deals")
AT_ONCE = 200  # rows a run; the next minute goes on


@task()
def sweep() -> None:
    """Send the reminders that are due and end the protections that are over; harmless when repeated."""
    for reminder in Reminder.objects.filter(sent_at=None, due_at__lte=now())[:AT_ONCE]:
        try:
            remind_of_end(reminder=reminder)
        except ObjectDoesNotExist:
            log.info("reminder %s went with its protection", reminder.pk)
    asked = ApprovalStep.objects.filter(state=ApprovalStep.State.OPEN).select_related("vendor")
    for step in asked.filter(due_at__lte=now(), escalated_at=None)[:AT_ONCE]:
        escalate_step(step=step)
    for step in asked.filter(remind_at__lte=now(), reminded_at=None)[:AT_ONCE]:
        remind_of_step(step=step)
    for activity in Activity.objects.to_remind().order_by("remind_at")[:AT_ONCE]:
        remind_of_activity(activity=activity)
    for deal in Deal.objects.unanswered().select_related("vendor")[:AT_ONCE]:
        try:
            deem_approved(deal=deal)
        except (InvalidTransition, AlreadyProtected):
            log.debug("deal %s is not deemed approved", deal.number)
    for deal in Deal.objects.past_protection().select_related("vendor")[:AT_ONCE]:
        try:
            expire_deal(deal=deal)
        except InvalidTransition:
            log.info("deal %s was closed before it could expire", deal.number)
