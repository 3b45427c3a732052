"""What time does to quotes."""

from django.utils.timezone import localdate
from django_tasks import task

from orders.actions import expire_quote
from orders.models import Quote

AT_ONCE = 200  # rows a run; the next one goes on


@task()
def expire_quotes() -> None:
    """Close quotes whose last day is over; harmless when repeated."""
    for quote in Quote.objects.run_out(localdate()).order_by("pk")[:AT_ONCE]:
        expire_quote(quote=quote)
