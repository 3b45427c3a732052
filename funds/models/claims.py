"""A claim: one supplier's invoice for one activity of a request, with its proof; and how it was settled."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from core.states import Transition
from funds.models.kinds import ProofKind
from funds.models.requests import MONEY, FundRequest, RequestLine
from funds.models.shared import OfPartner
from partners.models import Organisation


class Claim(OfPartner):
    """What a partner wants back of what was approved. Shared from the moment it is submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        PARTLY = "partly", _("Partly approved")
        DENIED = "denied", _("Denied")
        SETTLING = "settling", _("Being settled")
        SETTLED = "settled", _("Settled")

    UNDECIDED = frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
    TO_SETTLE = frozenset({State.APPROVED, State.PARTLY, State.SETTLING})
    TONES: ClassVar[dict[Any, str]] = {
        State.DRAFT: "still",
        State.SUBMITTED: "info",
        State.IN_REVIEW: "info",
        State.RETURNED: "warn",
        State.APPROVED: "good",
        State.PARTLY: "good",
        State.DENIED: "bad",
        State.SETTLING: "info",
        State.SETTLED: "good",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "edit": Transition(frozenset({State.DRAFT}), State.DRAFT),
        "edit_returned": Transition(frozenset({State.RETURNED}), State.RETURNED),
        "submit": Transition(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
        "take": Transition(frozenset({State.SUBMITTED}), State.IN_REVIEW),
        "return": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.RETURNED),
        "approve": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.APPROVED),
        "approve_partly": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.PARTLY),
        "deny": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.DENIED),
        "settle_a_part": Transition(TO_SETTLE, State.SETTLING),
        "settle": Transition(TO_SETTLE, State.SETTLED),
        "claw_back": Transition(frozenset({State.SETTLING, State.SETTLED}), State.SETTLED),
    }

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims_made")
    request = models.ForeignKey(FundRequest, on_delete=models.PROTECT, related_name="claims")
    line = models.ForeignKey(RequestLine, on_delete=models.PROTECT, related_name="claims", verbose_name=_("activity"))
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    supplier = models.CharField(_("supplier"), max_length=120)
    invoice_number = models.CharField(_("supplier's invoice number"), max_length=60)
    invoice_key = models.CharField(max_length=60, editable=False)
    invoice_day = models.DateField(_("date of the invoice"))
    cost = models.DecimalField(_("amount of the invoice"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])
    asked = models.DecimalField(_("claimed"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])
    approved = models.DecimalField(**MONEY, null=True, blank=True, validators=[MinValueValidator(0)])
    results = models.TextField(_("what came of it"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reason = models.TextField(max_length=1000, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "partner", "invoice_key"],
                condition=~Q(state="denied"),
                name="one_claim_per_supplier_invoice",
            ),
            models.CheckConstraint(
                condition=Q(approved=None) | Q(approved__lte=F("asked")), name="no_more_granted_than_claimed"
            ),
            models.CheckConstraint(condition=Q(asked__lte=F("cost")), name="no_more_claimed_than_invoiced"),
        ]
        indexes = [
            models.Index(fields=["vendor", "state"], name="claim_of_vendor"),
            models.Index(fields=["partner", "state"], name="claim_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.supplier}"

    def get_absolute_url(self) -> str:
        """The record."""
        return reverse("funds:claim", args=[self.pk])


def invoice_key(number: str) -> str:
    """A supplier's invoice number without signs and case: "re 2026/17" and "RE-2026-17" are the same."""
    return re.sub(r"[\W_]+", "", number).upper()[:60]


class Proof(models.Model):
    """A file that shows that an activity took place. The same content proves one claim of a vendor and no other."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "claim"

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(_("what it shows"), max_length=12, choices=ProofKind)
    file = models.FileField(upload_to="funds/%Y/%m")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "sha256"], name="one_claim_per_proof")]

    def __str__(self) -> str:
        return self.name


class Settlement(models.Model):
    """One instalment of what was approved, or an amount that was taken back. Never changed."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "claim"

    class Way(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        CREDIT_NOTE = "credit_note", _("Credit note")
        OFFSET = "offset", _("Offset against an invoice")
        CLAW_BACK = "claw_back", _("Taken back")

    # To be summed: what was paid, less what was taken back.
    NET: ClassVar = F("amount") * Case(When(way=Way.CLAW_BACK, then=Value(-1)), default=Value(1))

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="settlements")
    way = models.CharField(_("how"), max_length=12, choices=Way)
    amount = models.DecimalField(_("amount"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])
    reference = models.CharField(_("reference"), max_length=80)
    day = models.DateField(_("on"), default=localdate)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "way", "reference"], name="one_settlement_per_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="settlement_of_something"),
        ]

    def __str__(self) -> str:
        return self.reference
