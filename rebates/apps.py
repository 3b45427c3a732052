"""The rebates app."""

from datetime import timedelta

from django.apps import AppConfig


class RebatesConfig(AppConfig):
    """What partners earn on invoice lines that really came: rebates, commissions, statements."""

    name = "rebates"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from core.jobs import every
        from rebates import capabilities, events, subscribers  # noqa: F401

        every(timedelta(hours=1), "rebates.catch_up", "rebates.tasks.catch_up")
        every(timedelta(hours=6), "rebates.close_due", "rebates.tasks.close_due")
