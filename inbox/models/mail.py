"""E-mail that is owed, e-mail that came in, and up to when a member was told of unread messages."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from inbox.models.about import AboutEntry


class EmailDelivery(AboutEntry):
    """An e-mail owed to one member about one entry: at once, or as a line of a digest. The row is the outbox."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Dropped")
        FAILED = "failed", _("Failed")

    digest = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "entry"], name="mailed_once")]
        indexes = [models.Index(fields=["due_at"], name="mail_due", condition=Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.state} {self.entry_id} → {self.membership_id}"


class AwayMark(models.Model):
    """Up to when a member was told by e-mail of what waits unread in their rooms: each message is mailed once."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "membership"

    membership = models.OneToOneField("partners.Membership", on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership_id} was told up to {self.told_at}"


class InboundMail(models.Model):
    """A letter that came in, by its Message-ID: each has its effect once. Its words are not kept here."""

    scope: ClassVar[str] = "global"

    class Outcome(models.TextChoices):
        POSTED = "posted", _("Posted")
        IGNORED = "ignored", _("Ignored")
        REFUSED = "refused", _("Refused")

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of the Message-ID
    sender = models.CharField(max_length=254, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    answered = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["sender", "received_at"], name="letters_of_sender")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.sender}"
