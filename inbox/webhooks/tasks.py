"""Jobs that send webhooks. They are only wake-ups: what is owed stands in WebhookDelivery and survives a lost job."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from inbox.webhooks import sending
from inbox.webhooks.models import WebhookDelivery

KEEP = timedelta(days=30)


@task()
def send_to(endpoint_id: int) -> None:
    """Send what one endpoint is owed; with much of it, in several jobs, so that others have their turn."""
    if sending.send_due(endpoint_id):
        send_to.enqueue(endpoint_id)


@task()
def send_all_due() -> None:
    """Every minute: send what is due, the longest waiting endpoint first."""
    owed = WebhookDelivery.objects.due().order_by().values_list("endpoint", flat=True).distinct()
    for endpoint_id in list(owed[:200]):
        send_to.enqueue(endpoint_id)


@task()
def forget_old() -> None:
    """Every day: forget deliveries that are over for a month."""
    WebhookDelivery.objects.exclude(state__in=WebhookDelivery.OPEN).filter(created__lt=now() - KEEP).delete()
