"""What hangs on a registration: its lines, its evidence, and the reminders that its protection ends."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.money import round_money
from deals.models.deals import Deal


class DealLine(models.Model):
    """One product of a deal. Prices are per unit, in the deal's currency, before tax."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    product = models.ForeignKey("orders.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product_text = models.CharField(_("product"), max_length=200)
    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(Decimal("0.001"))]
    )
    unit = models.CharField(_("unit"), max_length=8, default="C62")  # UN/ECE Recommendation 20
    list_price = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    asked_price = models.DecimalField(
        _("price asked"), max_digits=15, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    approved_price = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.product_text

    @property
    def price(self) -> Decimal | None:
        """The unit price that counts now: approved, else asked, else of the list."""
        prices = (self.approved_price, self.asked_price, self.list_price)
        return next((price for price in prices if price is not None), None)

    @property
    def total(self) -> Decimal | None:
        """Quantity × unit price, rounded half up at the currency's minor unit; None without a price."""
        return None if self.price is None else round_money(self.quantity * self.price, self.deal.currency)

    @property
    def discount_percent(self) -> Decimal | None:
        """How far the price asked lies below the list, in percent with one decimal; None when not comparable."""
        if not self.list_price or self.asked_price is None:
            return None
        return ((self.list_price - self.asked_price) / self.list_price * 100).quantize(Decimal("0.1"))


class Evidence(models.Model):
    """A file that supports a registration. Private: served only by a view that checks who asks."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField(upload_to="deals/%Y/%m")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=40, blank=True)  # a key of the type's evidence_kinds; empty for any other
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["deal", "sha256"], name="one_evidence_per_content")]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """A reminder that protection ends in `days` days; sent by the sweep once it is due."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    DAYS = (30, 14, 7, 1)

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["due_at"], name="reminder_due", condition=Q(sent_at=None))]
        constraints = [models.UniqueConstraint(fields=["deal", "days"], name="one_reminder_per_distance")]

    def __str__(self) -> str:
        return f"{self.days} / {self.deal_id}"
