"""The insights app."""

from datetime import timedelta

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """What the trail of deals adds up to: figures, scorecards, and how vendors keep their promise. Reads only."""

    name = "insights"

    def ready(self) -> None:
        """Register the capability, the subscription and the timetable."""
        from core.jobs import every
        from insights import capabilities, subscribers  # noqa: F401

        every(timedelta(minutes=10), "insights.follow_letters", "insights.tasks.follow_letters")
        every(timedelta(days=1), "insights.nightly", "insights.tasks.nightly")
