"""The programmes app."""

from datetime import timedelta

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Tiers from real figures: what each asks, who reached it, and what is missing to the next."""

    name = "programmes"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from core.jobs import every
        from programmes import capabilities, events  # noqa: F401

        every(timedelta(days=1), "programmes.reckon", "programmes.tasks.reckon_all")
