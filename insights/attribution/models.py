"""What is kept of the way from an invoice line back to what brought it about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel


class Confidence(models.IntegerChoices):
    """How sure a link is; a chain is as sure as its weakest link."""

    NONE = 0, _("No link")
    POSSIBLE = 1, _("Possible")
    PROBABLE = 2, _("Probable")
    CERTAIN = 3, _("Certain")


class Basis(models.TextChoices):
    """What a link rests on."""

    KEY = "key", _("Linked in the portal")
    NUMBER = "number", _("Its number in the document")
    PERSON = "person", _("Said by a person")
    ADDRESS = "address", _("The same e-mail address")
    CUSTOMER = "customer", _("The same customer")
    PRODUCT = "product", _("The same product, at the time")
    TIME = "time", _("A campaign, at the time of the activity")


CONFIDENCE: dict[str, Confidence] = {
    "": Confidence.NONE,
    Basis.KEY: Confidence.CERTAIN,
    Basis.NUMBER: Confidence.CERTAIN,
    Basis.PERSON: Confidence.PROBABLE,
    Basis.ADDRESS: Confidence.PROBABLE,
    Basis.CUSTOMER: Confidence.POSSIBLE,
    Basis.PRODUCT: Confidence.POSSIBLE,
    Basis.TIME: Confidence.POSSIBLE,
}
TONES = {Confidence.NONE: "still", Confidence.POSSIBLE: "warn", Confidence.PROBABLE: "info", Confidence.CERTAIN: "good"}
# The rule behind each basis, as the page says it.
RULES: dict[str, str | Promise] = {
    Basis.KEY: _("One record names the other: it was made from it."),
    Basis.NUMBER: _("The number with its check digit, or of the same two companies, stands in the document."),
    Basis.PERSON: _("Somebody chose or wrote it; nothing else proves it."),
    Basis.ADDRESS: _("The address is the same, within the time before."),
    Basis.CUSTOMER: _("The web domain or the name and country are the same, within the time before."),
    Basis.PRODUCT: _(
        "The only deal of the partnership with this product that was approved in the 180 days before the order, and "
        "that no order names."
    ),
    Basis.TIME: _("The partner says the deal comes from a campaign, and the activity ran within 90 days before."),
}


class Trace(ScopedModel):
    """An invoice line that counts as revenue, and the order, quote and deal it came from. Credit notes are negative.

    Worked out from the records, never written by hand (insights.attribution.keeping). Both sides see it: all that it
    names is shared by them.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    line = models.OneToOneField("orders.InvoiceLine", on_delete=models.CASCADE, related_name="trace")
    invoice = models.ForeignKey("orders.Invoice", on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    order = models.ForeignKey("orders.Order", null=True, on_delete=models.CASCADE, related_name="+")
    order_basis = models.CharField(max_length=8, choices=Basis, blank=True)
    quote = models.ForeignKey("orders.Quote", null=True, on_delete=models.CASCADE, related_name="+")
    quote_basis = models.CharField(max_length=8, choices=Basis, blank=True)
    deal = models.ForeignKey("deals.Deal", null=True, on_delete=models.CASCADE, related_name="traces")
    deal_basis = models.CharField(max_length=8, choices=Basis, blank=True)
    confidence = models.PositiveSmallIntegerField(choices=Confidence, default=Confidence.NONE)  # as far as the deal

    class Meta:
        indexes = [models.Index(fields=["invoice"], name="traces_of_invoice")]

    def __str__(self) -> str:
        return f"{self.invoice_id} / {self.line_id}: {self.amount}"

    def get_absolute_url(self) -> str:
        """The page of its chain."""
        return reverse("insights:chain", args=[self.pk])


class Credit(ScopedModel):
    """The part of an invoice line that one organisation credits to something that came before it.

    Each side of a line has its own: what it knows of, and no more. Its parts add up to the line by every model, so a
    share never tells of something that only the other side knows.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("owner",)

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", _("Campaigns")
        MAILING = "mailing", _("Mailings")
        LEAD = "lead", _("Leads")
        FUND = "fund", _("Funds")
        PROMOTION = "promotion", _("Promotions")
        NONE = "none", _("Nothing known")

    class Touch(models.TextChoices):
        LEAD = "lead", _("Became a lead")
        CLICK = "click", _("Followed a link in a mailing")
        OPEN = "open", _("Opened a mailing")
        ACTIVITY = "activity", _("Activity paid from a fund")
        REDEMPTION = "redeemed", _("Used a promotion")
        NONE = "none", _("Nothing known")

    owner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    trace = models.ForeignKey(Trace, on_delete=models.CASCADE, related_name="credits")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, choices=Kind)
    # What the money goes back to: a key, or a name where there is only a text.
    source_id = models.BigIntegerField(default=0)
    source_name = models.CharField(max_length=120, blank=True)
    touch = models.CharField(max_length=10, choices=Touch)
    touched_id = models.BigIntegerField(default=0)  # the lead, the mailing, the request or the redemption
    at = models.DateTimeField(null=True)
    basis = models.CharField(max_length=8, choices=Basis, blank=True)
    confidence = models.PositiveSmallIntegerField(choices=Confidence, default=Confidence.NONE)  # of the whole chain
    place = models.PositiveSmallIntegerField(default=0)  # among the touches of its line
    first = models.DecimalField(max_digits=19, decimal_places=4)
    last = models.DecimalField(max_digits=19, decimal_places=4)
    linear = models.DecimalField(max_digits=19, decimal_places=4)
    position = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trace", "owner", "place"], name="one_credit_per_place"),
            models.CheckConstraint(
                condition=Q(owner=models.F("vendor")) | Q(owner=models.F("partner")), name="credit_of_one_of_two_sides"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "currency", "day"], name="credits_by_day"),
            models.Index(fields=["owner", "kind", "source_id", "day"], name="credits_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.kind} {self.source_id or self.source_name}"
