"""The deals app."""

from datetime import timedelta

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate


class DealsConfig(AppConfig):
    """Registrations: from the partner's draft to the vendor's decision, the protection and its end."""

    name = "deals"

    def ready(self) -> None:
        """Register capabilities, words of the trail, subscriptions and the timetable."""
        from core.indexes import allow_trigrams
        from core.jobs import every
        from deals import capabilities, events, subscribers, unfolding  # noqa: F401

        pre_migrate.connect(_allow_exclusion, sender=self)
        pre_migrate.connect(allow_trigrams, sender=self)
        every(timedelta(minutes=1), "deals.sweep", "deals.tasks.sweep")


def _allow_exclusion(using: str, **_kwargs: object) -> None:
    """PostgreSQL compares numbers in an exclusion constraint (deals.models.exclusion) by this extension."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
