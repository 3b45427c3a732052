"""How each partner stands, and the figures of each day."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from partners.models import Partnership, Tier
from programmes.models.rules import Figure


class StandingQuerySet(ScopedQuerySet):
    """Verbs on standings."""

    def of_active(self) -> "StandingQuerySet":
        """Those of partnerships over which business is done."""
        return self.filter(partnership__state=Partnership.State.ACTIVE)


class Standing(ScopedModel):
    """Where a partner stands in a vendor's programme. `values` are the figures of `reckoned_on`."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="standing")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    earned = models.ForeignKey(Tier, null=True, on_delete=models.SET_NULL, related_name="+")
    values = models.JSONField(default=dict)
    reckoned_on = models.DateField(_("reckoned on"), null=True)
    falls_on = models.DateField(_("falls on"), null=True)
    fixed_until = models.DateField(_("set by hand until"), null=True)
    fixed_reason = models.CharField(_("reason"), max_length=500, blank=True)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["partner__name", "pk"]

    def __str__(self) -> str:
        return f"{self.vendor} → {self.partner}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("programmes:standing", args=[self.pk])

    def value(self, figure: str) -> Decimal:
        """A figure of the day of the last reckoning."""
        return Decimal(self.values.get(figure, 0))

    @property
    def state_tone(self) -> str:
        """The tone in which the standing is shown."""
        return "warn" if self.falls_on else "info" if self.fixed_until else "good"

    def get_state_display(self) -> str:
        """The standing in a word or two."""
        return str(_("To fall") if self.falls_on else _("Set by hand") if self.fixed_until else _("By its figures"))

    def is_fixed(self, day: date | None = None) -> bool:
        """Whether somebody set the tier by hand for that day (today, unless told otherwise)."""
        return self.fixed_until is not None and (day or localdate()) <= self.fixed_until


class Reading(models.Model):
    """One figure of one partner on one day."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "standing"

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField()
    figure = models.CharField(max_length=14, choices=Figure)
    value = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["standing", "day", "figure"], name="one_reading_per_day")]

    def __str__(self) -> str:
        return f"{self.figure} {self.day}"
