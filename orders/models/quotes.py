"""Quotes: what one side of a partnership asks for or offers, version by version, until it becomes an order."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.fields import ExactDecimalField
from orders.models.catalogue import AMOUNT_PLACES, MAX_AMOUNT_DIGITS, Product
from orders.units import unit_label


class QuoteQuerySet(ScopedQuerySet):
    """Verbs on quotes."""

    def run_out(self, today: date) -> "QuoteQuerySet":
        """Sent ones whose last day is over."""
        return self.filter(state=Quote.State.SENT, valid_until__lt=today)


class Quote(ScopedModel):
    """One version of a quote between a vendor and a partner. A version that was sent is never edited: the next one is
    a row of its own with the same number, and `root` is the first of them, whose room all of them share.

    `asks` says that the partner wrote it: it asks for an offer, and the vendor answers with the next version.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_APPROVAL = "in_approval", _("In approval")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced")

    KEPT_INSIDE = ("draft", "in_approval")
    REVISABLE = ("sent", "declined", "expired", "withdrawn")
    TONES: ClassVar[dict[str, str]] = {
        "draft": "still",
        "in_approval": "warn",
        "sent": "info",
        "accepted": "good",
        "declined": "bad",
        "expired": "still",
        "withdrawn": "still",
        "replaced": "still",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "send": Transition(frozenset({"draft"}), "sent"),
        "submit": Transition(frozenset({"draft"}), "in_approval"),
        "approve": Transition(frozenset({"in_approval"}), "sent"),
        "hand_back": Transition(frozenset({"in_approval"}), "draft"),
        "accept": Transition(frozenset({"sent"}), "accepted"),
        "decline": Transition(frozenset({"sent"}), "declined"),
        "expire": Transition(frozenset({"sent"}), "expired"),
        "withdraw": Transition(frozenset({"sent", "in_approval"}), "withdrawn"),
        "replace": Transition(frozenset({"sent"}), "replaced"),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="quotes_given")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="quotes_taken")
    partnership = models.ForeignKey("partners.Partnership", on_delete=models.PROTECT, related_name="quotes")
    number = models.CharField(_("number"), max_length=40)
    revision = models.PositiveIntegerField(_("version"), default=1)
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="revisions")
    asks = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    valid_until = models.DateField(_("valid until"))
    deal = models.ForeignKey("deals.Deal", null=True, blank=True, on_delete=models.PROTECT, related_name="quotes")
    codes = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    total = models.DecimalField(_("total"), max_digits=MAX_AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, default=0)
    author = models.ForeignKey("partners.User", null=True, on_delete=models.SET_NULL, related_name="+")
    approver = models.ForeignKey("partners.User", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    order = models.ForeignKey("orders.Order", null=True, on_delete=models.SET_NULL, related_name="quotes")
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number", "revision"], name="one_quote_per_revision"),
            models.UniqueConstraint(fields=["vendor", "number"], condition=Q(state="sent"), name="one_quote_stands"),
        ]
        indexes = [
            models.Index(fields=["vendor", "state"], name="quotes_of_vendor"),
            models.Index(fields=["partner", "state"], name="quotes_of_partner"),
            models.Index(fields=["state", "valid_until"], name="quotes_by_end"),
        ]

    def __str__(self) -> str:
        return self.number if self.revision == 1 else f"{self.number}/{self.revision}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("orders:quote", args=[self.pk])

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Both sides; a draft and what waits for approval are their author's side alone."""
        me = actor.organisation.pk
        told = ~Q(state__in=cls.KEPT_INSIDE) & ~Q(sent_at=None)
        return (Q(partner=me) & (told | Q(asks=True))) | (Q(vendor=me) & (told | Q(asks=False)))

    def party_ids(self) -> set[int]:
        """Who may hear of it: its author's side, and the other one from its sending on."""
        return {self.author_side_id} if self.sent_at is None else {self.vendor_id, self.partner_id}

    @property
    def author_side_id(self) -> int:
        """The company that wrote this version."""
        return self.partner_id if self.asks else self.vendor_id

    @property
    def reader_side_id(self) -> int:
        """The company to which it is sent."""
        return self.vendor_id if self.asks else self.partner_id

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def first(self) -> "Quote":
        """The first version, whose room all share."""
        return self.root or self


class QuoteLine(models.Model):
    """One line of a quote: a product as it is configured, how many, and the price with the steps to it as they were."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "quote"

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="quote_lines")
    choices = models.JSONField(default=list)
    quantity = ExactDecimalField()
    pricing = models.JSONField(default=dict)
    unit_price = ExactDecimalField()
    discount_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=0, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(100)]
    )
    discount_reason = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=MAX_AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="one_quote_line_per_position")]

    def __str__(self) -> str:
        return f"{self.position}: {self.product}"

    @property
    def unit_label(self) -> str:
        """The unit in words."""
        return unit_label(self.product.unit)


class DiscountLimit(ScopedModel):
    """How much discount people of a role may give in a quote by themselves; more needs an approval. Without a role it
    holds for everybody whose roles have none of their own."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="discount_limits")
    role = models.ForeignKey("partners.Role", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    percent = models.DecimalField(
        _("percent"), max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(100)]
    )

    class Meta:
        ordering = [F("role__name").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "role"], name="one_discount_limit_per_role"),
            models.UniqueConstraint(fields=["vendor"], condition=Q(role=None), name="one_general_discount_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.role or _('Everybody else')}: {self.percent}"
