"""The API as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class APIConfig(AppConfig):
    """Forgets old idempotent answers once a day."""

    name = "api"

    def ready(self) -> None:
        """Fill the timetable."""
        from core.jobs import every

        every(timedelta(days=1), "api.forget", "api.idempotency.forget_old_answers")
