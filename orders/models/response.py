"""What the seller answered, line by line."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from orders.fields import ExactDecimalField
from orders.models.order import Order, OrderLine


class OrderResponse(models.Model):
    """One answer to one version of an order; the last one holds."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "order"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        ACCEPTED_WITH_CHANGES = "accepted_with_changes", _("Accepted with changes")
        REJECTED = "rejected", _("Rejected")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="responses")
    order_version = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=40)
    answer = models.CharField(max_length=21, choices=Answer)
    issued_on = models.DateField()
    note = models.TextField(blank=True)
    total = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_response_per_number")]

    def __str__(self) -> str:
        return self.number


class OrderResponseLine(models.Model):
    """The answer to one line: what is confirmed, and why it differs."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "response"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed")
        REJECTED = "rejected", _("Rejected")
        BACKORDERED = "backordered", _("Backordered")

    TONES: ClassVar[dict[str, str]] = {"accepted": "good", "changed": "warn", "rejected": "bad", "backordered": "warn"}

    response = models.ForeignKey(OrderResponse, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.SET_NULL, related_name="answers")
    position = models.PositiveIntegerField()
    ordered = models.JSONField()  # the line as it stood when it was answered: a later change may drop the row
    answer = models.CharField(max_length=11, choices=Answer)
    quantity = ExactDecimalField()
    unit_price = ExactDecimalField(null=True)
    delivery_date = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["response", "position"], name="one_answer_per_line")]

    def __str__(self) -> str:
        return f"{self.position}: {self.answer}"

    @property
    def state_tone(self) -> str:
        """The tone in which the answer is shown."""
        return self.TONES[self.answer]

    def get_state_display(self) -> str:
        """The answer in words, for the state tag."""
        return self.get_answer_display()
