"""How the documents of a connection travel by themselves, what was tried, and how its tables are read."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from edi.models.connection import Connection
from edi.models.interchange import Interchange


class Transport(ScopedModel):
    """The way of one connection. `settings` may be shown, `sealed` is encrypted (core.vault) and never is.
    What comes in by it is taken in as from `account`, a service account of the same organisation."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Kind(models.TextChoices):
        HTTP = "http", "HTTPS"
        AS2 = "as2", "AS2"
        SFTP = "sftp", "SFTP"
        FOLDER = "folder", _("Folder")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="transport")
    account = models.ForeignKey("partners.ServiceAccount", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("way"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.ACTIVE)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    own_name = models.CharField(max_length=128, blank=True)  # AS2 only: how the partner addresses us
    their_name = models.CharField(max_length=128, blank=True)
    looked_at = models.DateTimeField(null=True)  # when it was last looked for new documents
    fault = models.TextField(blank=True)  # why that failed
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["own_name", "their_name"], condition=Q(kind="as2"), name="one_transport_per_pair_of_as2_names"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    def setting(self, name: str, otherwise: Any = "") -> Any:
        """One of its settings that may be shown."""
        return self.settings.get(name, otherwise)


class DeliveryAttempt(models.Model):
    """One try at delivering a document. While it runs, `next_at` is when somebody else may try; afterwards, when it is
    tried again (None: never)."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "interchange"

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Under way")
        DELIVERED = "delivered", _("Delivered")
        HANDED_OVER = "handed_over", _("Handed over, receipt expected")
        FAILED = "failed", _("Failed")

    TONES = {"running": "info", "delivered": "good", "handed_over": "info", "failed": "bad"}

    interchange = models.ForeignKey(Interchange, on_delete=models.CASCADE, related_name="attempts")
    kind = models.CharField(max_length=8, choices=Transport.Kind)
    outcome = models.CharField(max_length=11, choices=Outcome, default=Outcome.RUNNING)
    text = models.TextField(blank=True)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.text[:60]}"

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return self.TONES[self.outcome]


class AS2Message(models.Model):
    """One AS2 message. Coming in, the receipt that was given for it, to be given again. Going out, its very bytes, to
    be sent again under the same Message-ID, and the integrity checks of which its receipt must confirm one."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "transport"

    transport = models.ForeignKey(Transport, on_delete=models.CASCADE, related_name="messages")
    inbound = models.BooleanField()
    message_id = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of what the integrity check is over
    interchange = models.ForeignKey(Interchange, null=True, on_delete=models.CASCADE, related_name="as2_messages")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    mics = models.JSONField(default=dict)  # Base64 by algorithm: the partner may choose another than was asked for
    receipt_headers = models.JSONField(default=dict)
    receipt = models.BinaryField(default=bytes)
    receipt_url = models.URLField(max_length=500, blank=True)  # where an asynchronous one is still owed to
    disposition = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transport", "inbound", "message_id"], name="one_as2_message_per_id")
        ]

    def __str__(self) -> str:
        return self.message_id


class TableMapping(models.Model):
    """How the tables (CSV, XLSX) of a connection are read: an edi.mapping.tables.ColumnMapping as JSON."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "connection"

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="table")
    mapping = models.JSONField(default=dict)
    changed = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.mapping.get("kind", ""))
