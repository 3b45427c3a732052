"""What time does to deals: reminders before a protection ends, and the end itself."""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.utils.timezone import now
from django_tasks import task

from core.errors import InvalidTransition
from deals.actions import AlreadyProtected, deem_approved, expire_deal, remind_of_end
from deals.models import Deal, Reminder

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
