"""By what name a system of one side knows a deal."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from deals.models.deals import Deal

SYSTEM = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{0,39}\Z", _("A system is named by small letters, digits, “.”, “_”, “-”.")
)


class ExternalId(ScopedModel):
    """The key of a deal in a system of one organisation, such as its CRM; unseen by the other side."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=40, validators=[SYSTEM])
    value = models.CharField(max_length=120)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["system"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "system", "value"], name="one_deal_per_external_id"),
            models.UniqueConstraint(fields=["organisation", "deal", "system"], name="one_external_id_per_system"),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.value}"
