"""What people are told, how they want to be told, and the letters that go out and come in."""

from inbox.models.about import AboutEntriesQuerySet, AboutEntry
from inbox.models.choices import Preference, PushDevice, PushKey, QuietHours
from inbox.models.mail import AwayMark, EmailDelivery, InboundMail
from inbox.models.telling import Notification, NotificationQuerySet, Subject
from inbox.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "AboutEntriesQuerySet",
    "AboutEntry",
    "AwayMark",
    "EmailDelivery",
    "InboundMail",
    "Notification",
    "NotificationQuerySet",
    "Preference",
    "PushDevice",
    "PushKey",
    "QuietHours",
    "Subject",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
