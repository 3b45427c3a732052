"""What is kept so that figures are a few grouped queries, however many deals there are."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from insights.attribution.models import Credit, Trace
from partners.models import Partnership

__all__ = ["ConflictFact", "Credit", "DealFact", "Trace", "VendorRecord"]


class DealFact(ScopedModel):
    """What the trail says of one submitted deal. Folded from its entries, never written by hand (insights.folding).

    Times are moments, durations are business minutes. Both sides see it: nothing in it is the vendor's alone.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REVOKED = "revoked", _("Revoked")

    deal = models.OneToOneField("deals.Deal", on_delete=models.CASCADE, related_name="fact")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    submitted_at = models.DateTimeField()
    returns = models.PositiveSmallIntegerField(default=0)  # before the first decision
    promised = models.PositiveIntegerField()  # business minutes allowed for the first decision
    due_at = models.DateTimeField(null=True)  # while a first decision is owed and the clock runs
    decided_at = models.DateTimeField(null=True)  # the first decision
    decision = models.CharField(max_length=10, blank=True)  # approved, rule, deemed or rejected
    minutes = models.PositiveIntegerField(null=True)  # from submission to the first decision, without returned time
    in_time = models.BooleanField(null=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)  # granted
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "submitted_at"], name="fact_vendor_submitted"),
            models.Index(fields=["vendor", "decided_at"], name="fact_vendor_decided"),
            models.Index(fields=["vendor", "approved_at"], name="fact_vendor_approved"),
            models.Index(fields=["vendor", "closed_at"], name="fact_vendor_closed"),
            models.Index(fields=["vendor", "due_at"], name="fact_vendor_due"),
            models.Index(fields=["partner", "submitted_at"], name="fact_partner_submitted"),
            models.Index(fields=["partner", "decided_at"], name="fact_partner_decided"),
            models.Index(fields=["partner", "approved_at"], name="fact_partner_approved"),
            models.Index(fields=["partner", "closed_at"], name="fact_partner_closed"),
            models.Index(fields=["partnership", "submitted_at"], name="fact_of_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.decision or 'undecided'} {self.outcome}".strip()


class ConflictFact(ScopedModel):
    """A registration that met somebody else's. The vendor's alone, so it is no column of DealFact."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    deal = models.OneToOneField("deals.Deal", on_delete=models.CASCADE, related_name="+")
    met_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deal_id} met another"


class VendorRecord(ScopedModel):
    """How a vendor kept its promise towards all its partners together, as they may know it: rounded, published at most
    weekly, and never over so few that one of them could work out another's (insights.records)."""

    scope: ClassVar[str] = "shared"

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    start = models.DateField()
    until = models.DateField()  # the last day, included
    answers = models.PositiveIntegerField()  # "more than": rounded down
    kept_percent = models.PositiveSmallIntegerField()  # rounded down to 5
    median_minutes = models.PositiveIntegerField()  # rounded up to half an hour
    published_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "until"], name="one_record_per_vendor_and_week")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.start}/{self.until}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own, and those of vendors with whom a partnership is active."""
        me = actor.organisation.pk
        edges = Partnership.objects.filter(partner=me, state=Partnership.State.ACTIVE)
        return Q(vendor=me) | Q(vendor__in=edges.values("vendor"))
