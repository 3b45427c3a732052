"""Catalogue, orders and answers as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, whatever door they come through."""

    name = "orders"

    def ready(self) -> None:
        """Register capabilities, and how events read."""
        from core.jobs import every
        from orders import capabilities, events, quote_events, unfolding  # noqa: F401

        every(timedelta(minutes=15), "orders.expire_quotes", "orders.tasks.expire_quotes")
