"""The kernel as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Knows no business noun; puts the trail's sweeper and the reaper of lost jobs on the timetable."""

    name = "core"

    def ready(self) -> None:
        """Fill the timetable."""
        from core.jobs import every

        every(timedelta(minutes=1), "trail.sweep", "core.audit.deliver_owed")
        every(timedelta(minutes=5), "jobs.reap", "core.tasks.reap_lost_jobs")
