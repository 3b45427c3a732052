"""What is done in a campaign, and when."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.assets import Asset
from campaigns.models.campaigns import Campaign
from campaigns.models.participants import Participant


class Step(models.Model):
    """One thing on the calendar of a campaign, read by everybody who takes part."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "campaign"

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        MAILING = "mailing", _("Mailing")
        EVENT = "event", _("Event")
        PAGE = "page", _("Landing page")
        ADVERT = "advert", _("Advertisement")
        CALLS = "calls", _("Calls")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(_("what is done"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TASK)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    responsible = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="steps"
    )  # none: everybody who takes part
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="steps"
    )  # what is sent or shown then
    note = models.TextField(_("note"), max_length=1000, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reminded_on = models.DateField(null=True)

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="step_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.title

    def tone(self, today: date) -> str:
        """Good when done, bad when late, warn on its days, still before."""
        if self.done_at:
            return "good"
        return "bad" if self.ends < today else "warn" if self.starts <= today else "still"
