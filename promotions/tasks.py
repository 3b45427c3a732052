"""What time does to promotions."""

from django.utils.timezone import localdate
from django_tasks import task

from promotions import actions
from promotions.models import Promotion


@task()
def sweep() -> None:
    """End what has had its last day."""
    for promotion in Promotion.objects.overdue(localdate()).select_related("vendor").order_by("pk")[:500]:
        actions.end_overdue(promotion=promotion)
