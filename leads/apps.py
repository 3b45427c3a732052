"""The leads app."""

from datetime import timedelta

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads: from the first word of an interested company to the partner that registers the sale."""

    name = "leads"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from core.jobs import every
        from leads import capabilities, events, subscribers  # noqa: F401

        every(timedelta(minutes=1), "leads.sweep", "leads.tasks.sweep")
