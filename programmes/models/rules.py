"""What the tiers of a vendor ask."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from partners.models import Partnership, Tier


class Figure(models.TextChoices):
    """What is counted of a partner."""

    REVENUE = "revenue", _("Revenue")
    REGISTRATIONS = "registrations", _("Registrations approved")
    WON = "won", _("Deals won")
    CERTIFICATIONS = "certifications", _("Certifications held")


class OfVendor(ScopedModel):
    """Rows that a vendor keeps and its active partners may read."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own, and those of the vendors with which there is an active partnership."""
        me = actor.organisation.pk
        active = Partnership.objects.filter(partner=me).active()
        return Q(vendor=me) | Q(vendor__in=Subquery(active.values("vendor")))


class Scheme(OfVendor):
    """How a vendor's tiers are reckoned: over which time, and with how many days of warning before a fall."""

    class Window(models.TextChoices):
        ROLLING = "rolling", _("the last twelve months")
        CALENDAR = "calendar", _("the calendar year, or the one before it")

    vendor = models.OneToOneField("partners.Organisation", on_delete=models.CASCADE, related_name="tier_scheme")
    window = models.CharField(_("figures of"), max_length=8, choices=Window, default=Window.ROLLING)
    grace_days = models.PositiveSmallIntegerField(
        _("days of warning before a fall"),
        default=60,
        validators=[MinValueValidator(0), MaxValueValidator(365)],
    )
    active = models.BooleanField(_("set tiers from the figures every day"), default=False)

    def __str__(self) -> str:
        return str(self.vendor)


class Requirement(OfVendor):
    """The least that one figure has to be for one tier; revenue in the vendor's currency."""

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="requirements")
    figure = models.CharField(_("figure"), max_length=14, choices=Figure)
    at_least = models.DecimalField(_("at least"), max_digits=15, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["tier", "pk"]
        constraints = [models.UniqueConstraint(fields=["tier", "figure"], name="one_requirement_per_figure")]

    def __str__(self) -> str:
        return f"{self.tier}: {self.figure}"
