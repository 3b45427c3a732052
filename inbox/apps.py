"""The inbox as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Tells people what happened: in the page, by e-mail at once, or in a digest, as each prefers."""

    name = "inbox"

    def ready(self) -> None:
        """Listen to the trail; have the e-mails that are due sent every minute."""
        from core.jobs import every
        from inbox import network, subscribers  # noqa: F401

        every(timedelta(minutes=1), "inbox.mail", "inbox.tasks.send_due")
