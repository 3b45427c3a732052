"""The automation app."""

from datetime import timedelta

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    """Triggers of an organisation: when, if, after, then; with limits, a dry run and a log."""

    name = "automation"

    def ready(self) -> None:
        """Register capabilities, words of the trail, what is listened to, and the timetable."""
        from automation import capabilities, events, subscribers  # noqa: F401
        from core.jobs import every

        every(timedelta(minutes=1), "automation.sweep", "automation.tasks.sweep")
