"""Jobs of the inbox. Those of e-mail are wake-ups: what is owed stands in EmailDelivery and survives a lost job."""

from django.conf import settings
from django_tasks import task

from core.jobs import retrying
from inbox import actions, away, mail, outbox
from inbox.actions.reading import AT_ONCE
from inbox.inbound import imap
from inbox.models import EmailDelivery, Notification
from inbox.push import telling
from partners.models import Membership


@task()
def send_now(delivery_id: int) -> None:
    """Send one urgent e-mail."""
    outbox.send(EmailDelivery.objects.filter(pk=delivery_id))


@task()
def send_due() -> None:
    """Every minute: give back what was lost, send single e-mails that are due, and one digest to each member."""
    outbox.give_back()
    for pk in outbox.owed().filter(digest=False).order_by("due_at").values_list("pk", flat=True)[:200]:
        outbox.send(EmailDelivery.objects.filter(pk=pk))
    digests = outbox.owed().filter(digest=True).order_by("membership").values_list("membership", flat=True)
    for membership in Membership.objects.select_related("user", "organisation").filter(pk__in=set(digests)):
        outbox.send_digest(membership)


@task()
def tell_away() -> None:
    """Every ten minutes: tell those who were away what waits unread for them, each at the time that they chose."""
    for membership in away.members():
        outbox.send_digest(membership)


@task()
def wake_due() -> None:
    """Every minute: bring back what was put off until now."""
    while actions.wake_due() >= AT_ONCE:
        continue


@task()
@retrying(attempts=4, base=60)
def push_to(device_id: int, notification_id: int) -> str:
    """Push one notification to one device, or wait until the person's quiet hours are over."""
    item = Notification.objects.select_related("membership__user", "entry").filter(pk=notification_id).first()
    if item is None:
        return "dropped"
    until = telling.postponed(item)
    if until is not None:
        push_to.using(run_after=until).enqueue(device_id, notification_id)
        return "postponed"
    return telling.tell(device_id, notification_id)


@task()
def poll_mailbox() -> int:
    """Every minute, where IMAP_URL is set: receive what is new in the mailbox."""
    return imap.poll() if settings.IMAP_URL else 0


@task()
@retrying(attempts=5, base=60)
def write_back(address: str, subject: str, message_id: str, sentence: str, language: str) -> None:
    """Tell who wrote why their letter was not posted. It says that it is automatic, so that nothing answers it."""
    mail.refusal(address, subject, message_id, sentence, language).send()
