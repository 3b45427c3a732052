"""The forums as a Django app."""

from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class ForumsConfig(AppConfig):
    """Boards on which companies ask, answer, propose and announce."""

    name = "forums"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from core.indexes import allow_trigrams
        from core.jobs import every
        from forums import capabilities, events, replies  # noqa: F401

        pre_migrate.connect(allow_trigrams, sender=self)
        every(timedelta(minutes=5), "forums.surveys", "forums.tasks.close_due")
