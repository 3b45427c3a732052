"""Jobs of contacts and mailings. They are wake-ups: what is to be done stands in the rows, and survives a lost job."""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django_tasks import task

from audiences.actions import start_mailing
from audiences.actions.importing import take_lines
from audiences.actions.sending import send_some, take_back_lost, write_down
from audiences.models import ContactImport, Mailing
from core.audit import delivered_together
from core.errors import DomainError
from partners.actors import system_actor

log = logging.getLogger("filiera.mailings")
STOOD_STILL = timedelta(minutes=2)  # after which an import counts as killed
QUIET = timedelta(seconds=50)  # after which nobody seems to send: the minute's letters are out, or the job vanished
ONE_RUN = timedelta(minutes=5)  # then the job makes room for others, and for itself again


@task()
def sweep() -> None:
    """Every minute: start what is due, go on with what stands still, look after what vanished jobs had in hand."""
    still = ContactImport.objects.filter(state=ContactImport.State.RUNNING, moved_at__lt=now() - STOOD_STILL)
    for pk in still.values_list("pk", flat=True):
        take_in.enqueue(pk)
    take_back_lost()
    for mailing in Mailing.objects.filter(state=Mailing.State.SCHEDULED, scheduled_at__lte=now()):
        try:
            start_mailing(actor=system_actor(mailing.organisation), mailing=mailing)
        except (DomainError, PermissionDenied) as error:
            log.info("mailing %s does not start: %s", mailing.pk, error)
    quiet = Mailing.objects.filter(state=Mailing.State.SENDING, beat_at__lt=now() - QUIET)
    for pk in quiet.with_work().values_list("pk", flat=True):
        send.enqueue(pk)


@task()
def take_in(pk: int) -> None:
    """Take a file in, some lines at a time. Begun twice or killed in the middle, it goes on where it stood."""
    with delivered_together():
        while take_lines(pk=pk):
            pass


@task()
def send(pk: int) -> None:
    """Send a mailing, some letters at a time. Begun twice or killed in the middle, no letter leaves twice."""
    write_down(pk=pk)
    until = now() + ONE_RUN
    while send_some(pk=pk):
        if now() > until:
            send.enqueue(pk)
            return
