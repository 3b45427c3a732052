"""The clock of the exchange."""

from django_tasks import task

from edi.actions import mark_overdue
from edi.resuming import resume_cut_off


@task()
def watch_acknowledgements() -> None:
    """Alert on documents whose acknowledgement is late."""
    mark_overdue()


@task()
def go_on_reading() -> None:
    """Finish readings that a crash cut off."""
    resume_cut_off()
