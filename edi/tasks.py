"""The clock of the exchange."""

from django_tasks import task

from edi.actions import mark_overdue


@task()
def watch_acknowledgements() -> None:
    """Alert on documents whose acknowledgement is late."""
    mark_overdue()
