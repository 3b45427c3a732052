"""The deals app."""

from datetime import timedelta

from django.apps import AppConfig


class DealsConfig(AppConfig):
    """Registrations: from the partner's draft to the vendor's decision, the protection and its end."""

    name = "deals"

    def ready(self) -> None:
        """Register capabilities, words of the trail, subscriptions and the timetable."""
        from core.jobs import every
        from deals import capabilities, events, subscribers  # noqa: F401

        every(timedelta(minutes=1), "deals.sweep", "deals.tasks.sweep")
