"""Who is protected for which customer, and what a vendor knows of conflicts: nothing here is ever shown to partners."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from deals.matching import HOUSE
from deals.models.deals import Deal
from deals.models.exclusion import NoOverlap


class CustomerCluster(ScopedModel):
    """One real customer as a vendor knows it, under all the keys that its partners gave."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class ClusterKey(models.Model):
    """One key by which a vendor recognises a customer: VAT number, web domain, or name with country and postcode."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "cluster"

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    cluster = models.ForeignKey(CustomerCluster, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=230)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "kind", "value"], name="one_cluster_per_key")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class ProtectionQuerySet(ScopedQuerySet):
    """Verbs on protections."""

    def exclusive_over(
        self, vendor_id: int, cluster: CustomerCluster, product_lines: set[str], start: date, end: date
    ) -> "ProtectionQuerySet":
        """Exclusive protections of the customer that overlap the days from `start` to `end`, both included.

        An empty product line stands for every product. While more time is asked for, a protection goes on.
        """
        paused = Q(deal__in=Deal.objects.filter(petitions__kind="extension", petitions__state="pending"))
        found = self.filter(vendor_id=vendor_id, cluster=cluster, exclusive=True, start__lte=end)
        found = found.filter(Q(end__gte=start) | paused)
        return found if "" in product_lines else found.filter(product_line__in={*product_lines, ""})


class Protection(ScopedModel):
    """The days for which a deal is protected, for one product line of one customer. Both days are included."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="protections")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="protections")
    cluster = models.ForeignKey(CustomerCluster, on_delete=models.PROTECT, related_name="protections")
    product_line = models.CharField(max_length=80, blank=True)
    exclusive = models.BooleanField(default=True)
    start = models.DateField()
    end = models.DateField()

    objects: ClassVar = ProtectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "cluster", "product_line", "start", "end"], name="protection_overlap")
        ]
        constraints = [
            models.UniqueConstraint(fields=["deal", "product_line"], name="one_protection_per_line"),
            models.CheckConstraint(condition=Q(end__gte=models.F("start")), name="protection_ends_after_start"),
            NoOverlap(name="no_two_exclusive_protections"),
        ]

    def __str__(self) -> str:
        return f"{self.deal} {self.start}/{self.end}"


class ConflictCheck(ScopedModel):
    """What the vendor's check of a registration found. Owned by the vendor alone."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Verdict(models.TextChoices):
        CLEAR = "clear", _("No conflict")
        SELF = "self", _("The partner’s own")
        POSSIBLE = "possible", _("Possible match")
        BLOCKING = "blocking", _("Blocked")
        INCUMBENT = "incumbent", _("Customer of ours")
        NAMED_ACCOUNT = "named_account", _("Named account")
        TENDER_CLOSED = "tender_closed", _("Tender already published")

    TONES = {
        "clear": "good",
        "self": "info",
        "possible": "warn",
        "blocking": "bad",
        "incumbent": "warn",
        "named_account": "warn",
        "tender_closed": "warn",
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="conflict_check")
    verdict = models.CharField(max_length=16, choices=Verdict, default=Verdict.CLEAR)
    queued = models.BooleanField(default=False)
    blocker = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # What counts (deals.matching.judging.Finding), and all that was weighed, from which the verdict can be replayed.
    findings = models.JSONField(default=list)
    weighed = models.JSONField(default=list)
    rules = models.PositiveIntegerField(default=HOUSE.version)
    checked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.verdict}"

    @property
    def state_tone(self) -> str:
        """The tone in which the verdict is shown."""
        return self.TONES[self.verdict]

    def get_state_display(self) -> str:
        """The verdict in words, for the component that shows states."""
        return self.get_verdict_display()
