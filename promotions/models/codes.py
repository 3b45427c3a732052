"""The codes by which buyers ask for a promotion."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now

from core.scoping import ScopedModel
from promotions.models.promotions import Promotion


class PromotionCode(ScopedModel):
    """A code in capitals, once for each vendor. A `single` one is taken by the order that uses it."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="codes")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=40)
    single = models.BooleanField(default=False)
    order = models.ForeignKey(
        "orders.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="promotion_codes"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "text"], name="one_promotion_per_code")]

    def __str__(self) -> str:
        return self.text
