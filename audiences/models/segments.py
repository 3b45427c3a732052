"""Segments: rules over contacts, evaluated whenever they are asked."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel


class Segment(ScopedModel):
    """Those contacts for whom a rule holds. It keeps the rule, never the people."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    rule = models.JSONField(default=dict)  # as deals.rules stores one: join, groups of conditions
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_segment_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The segment's page."""
        return reverse("audiences:segment", args=[self.pk])
