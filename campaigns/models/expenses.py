"""What a participant really spent on a campaign."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.participants import Participant
from campaigns.models.steps import Step
from core.scoping import ScopedModel
from partners.models import Organisation


class Expense(ScopedModel):
    """One cost of one participant, in the campaign's currency. The row is its participant's alone; others may see sums
    where results are shared. What is paid on its claim from a fund comes off it."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="expenses")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="expenses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("date"))
    what = models.CharField(_("what for"), max_length=160)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    invoice_number = models.CharField(_("supplier's invoice number"), max_length=60, blank=True)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # One claim pays one expense back, so that no money comes back twice.
    claim = models.OneToOneField(
        "funds.Claim", null=True, blank=True, on_delete=models.SET_NULL, related_name="expense"
    )
    file = models.FileField(upload_to="campaigns/%Y/%m", blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["organisation", "campaign", "day"], name="campaign_expenses")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="expense_of_something"),
        ]

    def __str__(self) -> str:
        return self.what
