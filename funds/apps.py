"""The funds app."""

from datetime import timedelta

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Money that a vendor sets aside for its partners: the ledger, funds, requests, claims, settlement."""

    name = "funds"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from core.jobs import every
        from funds import capabilities, events  # noqa: F401

        every(timedelta(hours=1), "funds.sweep", "funds.tasks.sweep")
