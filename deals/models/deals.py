"""Registrations and what hangs on them."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.money import round_money
from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from deals import identity
from deals.models.customers import EndCustomer
from deals.models.types import RegistrationType
from partners.models import COUNTRY, CURRENCY, Partnership

MAX_AMOUNT = Decimal("999999999999.99")


class Stage(models.TextChoices):
    """How far the sale is, in the partner's own view."""

    QUALIFIED = "qualified", _("Qualified")
    DESIGN = "design", _("Design")
    PROPOSAL = "proposal", _("Proposal")
    NEGOTIATION = "negotiation", _("Negotiation")
    COMMITMENT = "commitment", _("Commitment")


PROBABILITY = {Stage.QUALIFIED: 20, Stage.DESIGN: 40, Stage.PROPOSAL: 60, Stage.NEGOTIATION: 75, Stage.COMMITMENT: 90}


class DealQuerySet(ScopedQuerySet):
    """Verbs on deals."""

    def open(self) -> "DealQuerySet":
        """Registrations that wait for somebody, or protect somebody."""
        return self.filter(state__in=Deal.OPEN)

    def waiting_for_review(self, vendor_id: int) -> "DealQuerySet":
        """The vendor's queue: what its reviewers owe an answer, the nearest due time first, then by priority."""
        waiting = self.filter(vendor_id=vendor_id, state__in=(Deal.State.SUBMITTED, Deal.State.IN_REVIEW))
        return waiting.order_by(F("sla_due_at").asc(nulls_last=True), "priority_at", "pk")

    def past_protection(self) -> "DealQuerySet":
        """Approved deals whose protection is over. While more time is asked for, the clock stands still."""
        over = self.filter(state=Deal.State.APPROVED, protected_until__lt=now().date())
        return over.exclude(petitions__kind="extension", petitions__state="pending")

    def unanswered(self) -> "DealQuerySet":
        """What nobody answered in the time promised, where the type promises an answer."""
        waiting = self.filter(state__in=(Deal.State.SUBMITTED, Deal.State.IN_REVIEW), type__deemed_approval=True)
        return waiting.filter(sla_due_at__lt=now(), conflict_check__verdict="clear")


class Deal(ScopedModel):
    """A sale that a partner registers with a vendor. A draft belongs to the partner alone.

    The state is the one that both sides see. What only the vendor may know (a conflict, a place in the queue behind
    another partner's protection) lives in ConflictCheck, which no partner can reach.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    class Reason(models.TextChoices):
        NOT_QUALIFIED = "not_qualified", _("The project is not far enough")
        UNVERIFIED = "unverified", _("The information could not be confirmed")
        NO_FIT = "no_fit", _("Our products do not fit")
        TERRITORY = "territory", _("Outside the agreed territory")
        TERMS = "terms", _("Outside the terms of the programme")
        OTHER = "other", _("Another reason")

    class Loss(models.TextChoices):
        COMPETITOR = "competitor", _("A competitor won")
        PRICE = "price", _("The price was too high")
        CANCELLED = "cancelled", _("The customer gave the project up")
        POSTPONED = "postponed", _("The customer put it off")
        OTHER = "other", _("Another reason")

    OPEN = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED)
    PENDING = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED)
    TONES = {
        State.DRAFT: "still",
        State.SUBMITTED: "info",
        State.IN_REVIEW: "info",
        State.RETURNED: "warn",
        State.APPROVED: "good",
        State.REJECTED: "bad",
        State.WITHDRAWN: "still",
        State.WON: "good",
        State.LOST: "bad",
        State.EXPIRED: "still",
        State.REVOKED: "bad",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "submit": Transition(frozenset({State.DRAFT}), State.SUBMITTED),
        "take": Transition(frozenset({State.SUBMITTED}), State.IN_REVIEW),
        "release": Transition(frozenset({State.IN_REVIEW}), State.SUBMITTED),
        "return": Transition(frozenset({State.IN_REVIEW}), State.RETURNED),
        "resubmit": Transition(frozenset({State.RETURNED}), State.SUBMITTED),
        "approve": Transition(frozenset({State.IN_REVIEW}), State.APPROVED),
        "reject": Transition(frozenset(PENDING), State.REJECTED),
        "withdraw": Transition(frozenset(OPEN), State.WITHDRAWN),
        "win": Transition(frozenset({State.APPROVED}), State.WON),
        "lose": Transition(frozenset({State.APPROVED}), State.LOST),
        "expire": Transition(frozenset({State.APPROVED}), State.EXPIRED),
        "reinstate": Transition(frozenset({State.EXPIRED}), State.APPROVED),
        "revoke": Transition(frozenset({State.APPROVED}), State.REVOKED),
        "reopen": Transition(frozenset({State.REJECTED}), State.SUBMITTED),
        "deem": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.APPROVED),
    }

    number = models.CharField(_("number"), max_length=24, blank=True, editable=False)
    draft_key = models.UUIDField(null=True, editable=False)
    type = models.ForeignKey(RegistrationType, on_delete=models.PROTECT, related_name="deals")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="deals")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="deals_received")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="deals_registered")
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The partner's own record of the customer, and what of it was told to the vendor.
    customer = models.ForeignKey(EndCustomer, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals")
    customer_name = models.CharField(_("end customer"), max_length=200, blank=True)
    customer_country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    customer_vat = models.CharField(_("VAT number"), max_length=20, blank=True)
    customer_city = models.CharField(_("city"), max_length=100, blank=True)
    customer_postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    customer_domain = models.CharField(_("web domain"), max_length=120, blank=True)
    customer_name_key = models.CharField(max_length=200, blank=True, editable=False)

    title = models.CharField(_("project"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    decision_date = models.DateField(_("decision"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.QUALIFIED)
    probability = models.PositiveSmallIntegerField(default=20, validators=[MaxValueValidator(100)])
    competitor = models.CharField(_("competitor"), max_length=120, blank=True)
    requested_benefit = models.CharField(_("benefit asked"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    created = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    priority_at = models.DateTimeField(null=True, blank=True)
    sla_due_at = models.DateTimeField(null=True, blank=True)
    sla_minutes_left = models.IntegerField(null=True, blank=True)  # business minutes kept while returned
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_fields = models.JSONField(default=list, blank=True)
    returned_reason = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(max_length=2000, blank=True)
    protected_from = models.DateField(null=True, blank=True)
    protected_until = models.DateField(_("protected until"), null=True, blank=True)
    closure_code = models.CharField(max_length=20, blank=True)
    closure_note = models.TextField(max_length=2000, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = DealQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["vendor", "state", "sla_due_at"], name="deal_queue"),
            models.Index(fields=["partner", "state", "-created"], name="deal_of_partner"),
            models.Index(fields=["state", "protected_until"], name="deal_protection_end"),
            models.Index(fields=["vendor", "customer_name_key"], name="deal_by_customer_name"),
            models.Index(fields=["vendor", "customer_vat"], name="deal_by_customer_vat"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["partner", "draft_key"], name="one_draft_per_key"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_deal_per_number"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(number=""), name="submitted_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip() if self.number else self.title or str(_("Draft"))

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The partner's own, drafts included, and what was submitted to the vendor."""
        me = actor.organisation.pk
        return Q(partner=me) | (Q(vendor=me) & ~Q(state=cls.State.DRAFT))

    def party_ids(self) -> set[int]:
        """Nobody but the partner hears of a draft."""
        return {self.partner_id} if self.state == self.State.DRAFT else {self.partner_id, self.vendor_id}

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("deals:detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def is_overdue(self) -> bool:
        """True when the review was due before now."""
        return self.sla_due_at is not None and self.sla_due_at < now()

    @property
    def customer_keys(self) -> list[identity.Key]:
        """By what the end customer is recognised, the strongest key first."""
        return identity.keys_of(
            name=self.customer_name,
            country=self.customer_country,
            vat=self.customer_vat,
            domain=self.customer_domain,
            postcode=self.customer_postcode,
        )

    @property
    def protection_days(self) -> int:
        """How many days an approval protects: what the type gives, or the partner's tier when that is more."""
        tier = self.partnership.tier
        return max(self.type.protection_days, tier.protection_days if tier else 0)


class DealLine(models.Model):
    """One product of a deal. Prices are per unit, in the deal's currency, before tax."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    product = models.ForeignKey("orders.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product_text = models.CharField(_("product"), max_length=200)
    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(Decimal("0.001"))]
    )
    unit = models.CharField(_("unit"), max_length=8, default="C62")  # UN/ECE Recommendation 20
    list_price = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    asked_price = models.DecimalField(
        _("price asked"), max_digits=15, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    approved_price = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.product_text

    @property
    def price(self) -> Decimal | None:
        """The unit price that counts now: approved, else asked, else of the list."""
        prices = (self.approved_price, self.asked_price, self.list_price)
        return next((price for price in prices if price is not None), None)

    @property
    def total(self) -> Decimal | None:
        """Quantity × unit price, rounded half up at the currency's minor unit; None without a price."""
        return None if self.price is None else round_money(self.quantity * self.price, self.deal.currency)

    @property
    def discount_percent(self) -> Decimal | None:
        """How far the price asked lies below the list, in percent with one decimal; None when not comparable."""
        if not self.list_price or self.asked_price is None:
            return None
        return ((self.list_price - self.asked_price) / self.list_price * 100).quantize(Decimal("0.1"))


class Evidence(models.Model):
    """A file that supports a registration. Private: served only by a view that checks who asks."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField(upload_to="deals/%Y/%m")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["deal", "sha256"], name="one_evidence_per_content")]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """A reminder that protection ends in `days` days; sent by the sweep once it is due."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "deal"

    DAYS = (30, 14, 7, 1)

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["due_at"], name="reminder_due", condition=Q(sent_at=None))]
        constraints = [models.UniqueConstraint(fields=["deal", "days"], name="one_reminder_per_distance")]

    def __str__(self) -> str:
        return f"{self.days} / {self.deal_id}"
