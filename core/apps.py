"""The kernel as a Django app."""

from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Knows no business noun; puts the trail's sweeper and the reaper of lost jobs on the timetable."""

    name = "core"

    def ready(self) -> None:
        """Fill the timetable; have the tables of words made after each migration."""
        from core.fulltext.storage import prepare
        from core.jobs import every

        every(timedelta(minutes=1), "trail.sweep", "core.audit.deliver_owed")
        every(timedelta(minutes=5), "jobs.reap", "core.tasks.reap_lost_jobs")
        post_migrate.connect(prepare)
