"""The inbox as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Tells people what happened: in the page, by e-mail at once, or in a digest, as each prefers."""

    name = "inbox"

    def ready(self) -> None:
        """Listen to the trail; have the e-mails and webhooks that are due sent every minute."""
        from django.db.models.signals import pre_migrate

        from core.indexes import allow_trigrams
        from core.jobs import every
        from inbox import network, subscribers  # noqa: F401
        from inbox.webhooks import events  # noqa: F401
        from inbox.webhooks import subscribers as webhooks  # noqa: F401

        pre_migrate.connect(allow_trigrams, sender=self)
        every(timedelta(minutes=1), "inbox.mail", "inbox.tasks.send_due")
        every(timedelta(minutes=10), "inbox.away", "inbox.tasks.tell_away")
        every(timedelta(minutes=1), "inbox.mailbox", "inbox.tasks.poll_mailbox")
        every(timedelta(minutes=1), "inbox.wake", "inbox.tasks.wake_due")
        every(timedelta(minutes=1), "inbox.webhooks", "inbox.webhooks.tasks.send_all_due")
        every(timedelta(days=1), "inbox.webhooks.forget", "inbox.webhooks.tasks.forget_old")
