"""A request: what a partner wants to do with the money of a fund, line by line."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Transition
from funds.models.funds import Fund
from funds.models.kinds import Activity
from funds.models.shared import OfPartner
from partners.models import Organisation, Partnership

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class FundRequest(OfPartner):
    """Shared by vendor and partner from the moment it is submitted; a draft is the partner's alone."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        PENDING_FINANCE = "pending_finance", _("Waits for finance")
        APPROVED = "approved", _("Approved")
        PARTLY_APPROVED = "partly_approved", _("Partly approved")
        REJECTED = "rejected", _("Rejected")
        ACTIVE = "active", _("Running")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")
        LAPSED = "lapsed", _("Lapsed")

    GRACE = timedelta(days=14)  # for a claim that was returned about the last day to claim
    GRANTED = frozenset({State.APPROVED, State.PARTLY_APPROVED, State.ACTIVE, State.COMPLETED})
    TONES: ClassVar[dict[Any, str]] = {
        State.DRAFT: "still",
        State.SUBMITTED: "info",
        State.IN_REVIEW: "info",
        State.RETURNED: "warn",
        State.PENDING_FINANCE: "info",
        State.APPROVED: "good",
        State.PARTLY_APPROVED: "good",
        State.REJECTED: "bad",
        State.ACTIVE: "good",
        State.COMPLETED: "good",
        State.CANCELLED: "still",
        State.LAPSED: "warn",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "edit": Transition(frozenset({State.DRAFT}), State.DRAFT),
        "submit": Transition(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
        "take": Transition(frozenset({State.SUBMITTED}), State.IN_REVIEW),
        "return": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.RETURNED),
        "propose": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW}), State.PENDING_FINANCE),
        "reject": Transition(frozenset({State.SUBMITTED, State.IN_REVIEW, State.PENDING_FINANCE}), State.REJECTED),
        "hand_back": Transition(frozenset({State.PENDING_FINANCE}), State.IN_REVIEW),
        "approve": Transition(frozenset({State.PENDING_FINANCE}), State.APPROVED),
        "approve_partly": Transition(frozenset({State.PENDING_FINANCE}), State.PARTLY_APPROVED),
        "start": Transition(frozenset({State.APPROVED, State.PARTLY_APPROVED}), State.ACTIVE),
        "complete": Transition(frozenset({State.ACTIVE}), State.COMPLETED),
        "cancel": Transition(
            frozenset(
                {
                    State.SUBMITTED,
                    State.IN_REVIEW,
                    State.RETURNED,
                    State.PENDING_FINANCE,
                    State.APPROVED,
                    State.PARTLY_APPROVED,
                    State.ACTIVE,
                }
            ),
            State.CANCELLED,
        ),
        "lapse": Transition(GRANTED, State.LAPSED),
    }

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fund_requests")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fund_requests_made")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="fund_requests")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="requests")
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(_("note to the vendor"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    reason = models.TextField(max_length=1000, blank=True)  # why it was returned, rejected or cancelled
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    first_day = models.DateField(null=True, blank=True)  # of the activities
    last_day = models.DateField(null=True, blank=True)
    claim_until = models.DateField(null=True, blank=True)  # after which what is not claimed goes back
    released_on = models.DateField(null=True, blank=True)  # when it went back
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["vendor", "state"], name="fund_request_of_vendor"),
            models.Index(fields=["partner", "state"], name="fund_request_of_partner"),
            models.Index(fields=["state", "claim_until"], name="fund_request_clock", condition=Q(released_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The record."""
        return reverse("funds:request", args=[self.pk])


class RequestLine(models.Model):
    """One activity, what it costs, and what was decided about it."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "request"

    class Decision(models.TextChoices):
        OPEN = "", pgettext_lazy("state", "Open")
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed")
        DENIED = "denied", _("Denied")
        RETURNED = "returned", _("Returned")

    TONES = {"": "still", "accepted": "good", "changed": "info", "denied": "bad", "returned": "warn"}

    request = models.ForeignKey(FundRequest, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    activity = models.CharField(_("activity"), max_length=10, choices=Activity)
    title = models.CharField(_("what"), max_length=120)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    audience = models.CharField(_("audience"), max_length=120, blank=True)
    expected_leads = models.PositiveIntegerField(_("leads expected"), default=0)
    cost = models.DecimalField(_("cost"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])
    own_share = models.DecimalField(_("own share"), **MONEY, default=0, validators=[MinValueValidator(0)])
    asked = models.DecimalField(_("asked"), **MONEY, validators=[MinValueValidator(Decimal("0.01"))])
    approved = models.DecimalField(_("approved"), **MONEY, null=True, blank=True, validators=[MinValueValidator(0)])
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default=Decision.OPEN)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="one_fund_line_per_position"),
            models.CheckConstraint(
                condition=Q(approved=None) | Q(approved__lte=models.F("asked")), name="no_more_approved_than_asked"
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=models.F("asked") + models.F("own_share")), name="no_more_asked_than_it_costs"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_tone(self) -> str:
        """The tone of the decision."""
        return self.TONES[self.decision]

    def get_state_display(self) -> str:
        """The decision in words."""
        return str(self.get_decision_display())


def span(lines: list[RequestLine]) -> tuple[date, date]:
    """The first and the last day of the activities."""
    return min(line.starts for line in lines), max(line.ends for line in lines)
