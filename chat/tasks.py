"""Jobs of talk: what is forgotten when its time is over, and exports."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from chat import exporting, retention
from chat.models import TalkExport

STOOD_STILL = timedelta(minutes=5)  # after which an export counts as killed


@task()
def forget() -> None:
    """Every day: remove words whose time is over, and what lifted holds leave behind."""
    retention.forget_old()
    retention.drop_released()


@task()
def write_export(number: int) -> None:
    """Write one export from the beginning; a second run of one that is ready does nothing."""
    exporting.write(number)


@task()
def look_after_exports() -> None:
    """Take up exports whose job was lost, and remove those that were kept long enough."""
    lost = TalkExport.objects.filter(state__in=TalkExport.GOING, moved_at__lt=now() - STOOD_STILL)
    for number in lost.values_list("pk", flat=True):
        write_export.enqueue(number)
    exporting.remove_old()
