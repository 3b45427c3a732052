"""The messages of an interchange, and what was found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from edi.models.interchange import Interchange
from edi.syntax.findings import Finding, Place, Severity


class Message(models.Model):
    """One message of an interchange and what became of it."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "interchange"

    class State(models.TextChoices):
        APPLIED = "applied", _("Taken over")
        CHECKED = "checked", _("Checked only")
        NOTED = "noted", _("Noted")
        PARKED = "parked", _("Waits for its order")
        REFUSED = "refused", _("Refused")

    TONES = {"applied": "good", "checked": "info", "noted": "still", "parked": "warn", "refused": "bad"}

    interchange = models.ForeignKey(Interchange, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=100, blank=True)
    group = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=60, blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    order_number = models.CharField(max_length=70, blank=True)  # the order that it names, here or not
    state = models.CharField(max_length=8, choices=State)
    order = models.ForeignKey("orders.Order", null=True, on_delete=models.PROTECT, related_name="messages")
    despatch = models.ForeignKey("orders.DespatchAdvice", null=True, on_delete=models.PROTECT, related_name="messages")
    receipt = models.ForeignKey("orders.ReceiptAdvice", null=True, on_delete=models.PROTECT, related_name="messages")
    invoice = models.ForeignKey("orders.Invoice", null=True, on_delete=models.PROTECT, related_name="messages")
    # What the receiver said of it alone, where it said so (UCM, AK5).
    acknowledgement = models.CharField(max_length=20, choices=Interchange.Acknowledgement, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["interchange", "position"], name="one_message_per_position")]
        indexes = [
            models.Index(fields=["order_number"], condition=models.Q(state="parked"), name="edi_parked_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_number or self.reference}".strip()

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]


class RecordedFinding(models.Model):
    """One finding of an interchange (or of one of its messages), as the screen and the acknowledgement tell it."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "interchange"
    TONES = {"error": "bad", "warning": "warn", "note": "info"}

    interchange = models.ForeignKey(Interchange, on_delete=models.CASCADE, related_name="findings")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=7)
    code = models.CharField(max_length=60)
    text = models.TextField()
    value = models.CharField(max_length=200, blank=True)
    syntax_error = models.CharField(max_length=20, blank=True)
    place = models.JSONField(default=dict)
    added = models.BooleanField(default=False)  # by the exchange, beyond what the file alone shows

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    def thawed(self) -> Finding:
        """The finding as the EDI core speaks of it."""
        return Finding(
            Severity(self.severity), self.code, self.text, Place(**self.place), self.value, self.syntax_error
        )

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return self.TONES.get(self.severity, "info")
