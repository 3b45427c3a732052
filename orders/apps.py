"""Catalogue, orders and answers as a Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, whatever door they come through."""

    name = "orders"

    def ready(self) -> None:
        """Register capabilities, and how events read."""
        from orders import capabilities, events  # noqa: F401
