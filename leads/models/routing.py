"""Which partner gets which lead: the vendor's ordered rules, and what it knows of each partner's intake."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from partners.models import Partnership


class Intake(ScopedModel):
    """How many leads a partner takes, with what weight and which certificates. The partner does not see it."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="intake")
    paused = models.BooleanField(_("gets no leads now"), default=False)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    capacity = models.PositiveSmallIntegerField(_("leads at once"), default=10, validators=[MaxValueValidator(1000)])
    certificates = models.JSONField(_("certificates"), default=list, blank=True)

    class Meta:
        ordering = ["partnership__partner__name", "pk"]

    def __str__(self) -> str:
        return str(self.partnership)


class RoutingRule(ScopedModel):
    """One rule. The first whose conditions hold chooses; where nobody fits there, the next one is asked."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Way(models.TextChoices):
        NAMED = "named", _("the first of these partners that can take it")
        WEIGHT = "weight", _("in turn, by weight")
        IDLE = "idle", _("whoever has waited longest")
        TIER = "tier", _("the highest tier first")
        POOL = "pool", _("all of them at once; the first to accept has it")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="lead_rules")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(_("in force"), default=True)
    # Conditions on the lead. An empty one always holds.
    countries = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    product_lines = models.JSONField(default=list, blank=True)
    sizes = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    min_value = models.DecimalField(
        _("value at least"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    # Which partners fit, and how one is chosen among them.
    way = models.CharField(_("offer it to"), max_length=8, choices=Way, default=Way.IDLE)
    partners = models.JSONField(default=list, blank=True)  # ids of partnerships, in order; empty means all
    in_territory = models.BooleanField(_("only partners whose territory it is"), default=True)
    min_rank = models.PositiveSmallIntegerField(_("from this tier up"), default=0)
    certificate = models.CharField(_("certificate asked for"), max_length=80, blank=True)
    # Clocks, in the vendor's business hours and days.
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer"), default=9, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    touch_hours = models.PositiveSmallIntegerField(
        _("hours to the first contact"), default=18, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    idle_days = models.PositiveSmallIntegerField(
        _("days without a word"), default=10, validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["vendor", "position"], name="lead_rules_in_order")]

    def __str__(self) -> str:
        return self.name
