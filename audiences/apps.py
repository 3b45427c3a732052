"""The audiences app."""

from datetime import timedelta

from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    """Whom an organisation may write to: contacts, consent, segments, and what is sent to them."""

    name = "audiences"

    def ready(self) -> None:
        """Register capabilities, words of the trail and the timetable."""
        from audiences import capabilities, events, subscribers  # noqa: F401
        from core.jobs import every

        every(timedelta(minutes=1), "audiences.sweep", "audiences.tasks.sweep")
