"""Housekeeping jobs of the kernel."""

from django_tasks import task

from core.jobs import reap


@task()
def reap_lost_jobs() -> None:
    """Give jobs of vanished workers back to the queue."""
    reap()
