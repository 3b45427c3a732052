"""Jobs of the forums."""

from django.utils.timezone import now
from django_tasks import task

from forums.actions import close_due_surveys


@task()
def close_due() -> None:
    """Close the polls and surveys whose time is over."""
    close_due_surveys(moment=now())
