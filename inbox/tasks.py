"""Jobs that send e-mail. They are only wake-ups: what is owed stands in EmailDelivery and survives a lost job."""

from django_tasks import task

from inbox import outbox
from inbox.models import EmailDelivery


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
    for membership_id in digests.distinct():
        outbox.send(outbox.owed().filter(digest=True, membership=membership_id))
