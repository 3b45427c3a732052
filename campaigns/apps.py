"""The campaigns app."""

from datetime import timedelta

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Joint campaigns: invitations, shares of the budget, steps, co-branded assets, landing pages, results."""

    name = "campaigns"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from campaigns import capabilities, events, subscribers  # noqa: F401
        from core.jobs import every

        every(timedelta(hours=6), "campaigns.sweep", "campaigns.tasks.sweep")
