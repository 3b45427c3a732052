"""Organisations and people as a Django app."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Users, organisations, partnerships, roles."""

    name = "partners"

    def ready(self) -> None:
        """Say how events read, and listen to the trail."""
        from partners import events, subscribers  # noqa: F401
