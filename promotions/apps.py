"""The promotions app."""

from datetime import timedelta

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    """A vendor's offers: who gets them, on what, how they combine, and what is left of their budget."""

    name = "promotions"

    def ready(self) -> None:
        """Register capabilities, words of the trail, the timetable, and the steps of prices."""
        from core.jobs import every
        from orders.explaining import OFFERS
        from promotions import capabilities, events, subscribers  # noqa: F401
        from promotions.offering import offer

        every(timedelta(minutes=15), "promotions.sweep", "promotions.tasks.sweep")
        if offer not in OFFERS:
            OFFERS.append(offer)
