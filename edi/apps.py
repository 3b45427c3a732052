"""The edi app."""

from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig


class EDIConfig(AppConfig):
    """The exchange: documents in and out, in the standards that companies' systems speak."""

    name = "edi"

    def ready(self) -> None:
        """Say what roles may hold, how events read, what is subscribed to, and what runs on the timetable."""
        from core.jobs import every

        for module in ("capabilities", "events", "order_documents", "subscribers", "transports.hooks"):
            import_module(f"edi.{module}")
        every(timedelta(minutes=5), "edi.acknowledgements", "edi.tasks.watch_acknowledgements")
        every(timedelta(minutes=1), "edi.resuming", "edi.tasks.go_on_reading")
