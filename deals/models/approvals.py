"""Who of a vendor has to agree before a registration is approved: the rules, and what runs by them.

While an approval is pending the deal stays "in review" for both sides, as the partner knows it: how many have to agree,
who they are and what they write is the vendor's own affair.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.scoping import ScopedModel
from core.states import Transition
from deals.models.deals import Deal
from deals.models.types import RegistrationType

USER = settings.AUTH_USER_MODEL


class Who(models.TextChoices):
    """Whom a step asks."""

    HOLDERS = "holders", _("Whoever may approve")
    PERSONS = "persons", _("Named persons")
    MANAGER = "manager", _("The channel manager of the partnership")


class ApprovalPolicy(ScopedModel):
    """One step of a vendor's approvals and the deals that need it. Steps of one position are asked side by side, those
    of the next position once all before have agreed. Every condition that is filled has to hold."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="approval_policies")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    amount_from = models.DecimalField(
        _("value from"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    type = models.ForeignKey(
        RegistrationType, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("type")
    )
    discount_from = models.DecimalField(
        _("discount from, percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    who = models.CharField(_("who is asked"), max_length=8, choices=Who, default=Who.HOLDERS)
    persons: Any = models.ManyToManyField(USER, blank=True, related_name="+", verbose_name=_("persons"))
    needed = models.PositiveSmallIntegerField(
        _("how many of them"), default=1, validators=[MaxValueValidator(20)], help_text=_("0 stands for all of them.")
    )
    second = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("if nobody answers")
    )
    hours = models.PositiveSmallIntegerField(
        _("within, business hours"), default=8, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ApproverLimit(ScopedModel):
    """Up to what value a person may approve. A deal in another currency is beyond every limit."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    amount = models.DecimalField(_("up to"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, default="EUR")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "user"], name="one_limit_per_approver")]

    def __str__(self) -> str:
        return f"{self.user} {self.amount} {self.currency}"


class Approval(ScopedModel):
    """A deal on its way through the steps: the state "pending approval" of the desk. Ends with a decision on the deal,
    or back at its reviewer. Its steps are copies, so that a change of the policies leaves it as it began."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        HANDED_BACK = "handed_back", _("Back at the reviewer")
        CANCELLED = "cancelled", _("Cancelled")

    TONES = {"pending": "info", "approved": "good", "refused": "bad", "handed_back": "warn", "cancelled": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "approve": Transition(frozenset({State.PENDING}), State.APPROVED),
        "refuse": Transition(frozenset({State.PENDING}), State.REFUSED),
        "hand_back": Transition(frozenset({State.PENDING}), State.HANDED_BACK),
        "cancel": Transition(frozenset({State.PENDING}), State.CANCELLED),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="approvals")
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    note = models.TextField(max_length=2000, blank=True)  # the reviewer's, which the partner reads once it is approved
    started_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(state="pending"), name="one_pending_approval_per_deal")
        ]

    def __str__(self) -> str:
        return str(self.deal)

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]


class ApprovalStep(ScopedModel):
    """One step of a running approval. `persons` are ids of users; `needed` is how many have to agree."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("step", "To come")
        OPEN = "open", pgettext_lazy("step", "Asked")
        APPROVED = "approved", pgettext_lazy("step", "Approved")
        REFUSED = "refused", pgettext_lazy("step", "Refused")
        SKIPPED = "skipped", pgettext_lazy("step", "No longer asked")

    TONES = {"waiting": "still", "open": "info", "approved": "good", "refused": "bad", "skipped": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "open": Transition(frozenset({State.WAITING}), State.OPEN),
        "approve": Transition(frozenset({State.OPEN}), State.APPROVED),
        "refuse": Transition(frozenset({State.OPEN}), State.REFUSED),
        "skip": Transition(frozenset({State.WAITING, State.OPEN}), State.SKIPPED),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=1)
    who = models.CharField(max_length=8, choices=Who, default=Who.HOLDERS)
    persons = models.JSONField(default=list)
    needed = models.PositiveSmallIntegerField(default=1)
    second = models.ForeignKey(USER, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hours = models.PositiveSmallIntegerField(default=8)
    opened_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["vendor", "due_at"], name="step_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return self.name

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]


class ApprovalVote(models.Model):
    """What a person said to a step; `stands_for` is the absent person whose place they took."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "step"

    class Answer(models.TextChoices):
        APPROVE = "approve", _("Approved")
        REFUSE = "refuse", _("Refused")
        HAND_BACK = "hand_back", _("Gave it back")

    step = models.ForeignKey(ApprovalStep, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    stands_for = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer)
    note = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["step", "user"], name="one_vote_per_person_and_step")]

    def __str__(self) -> str:
        return f"{self.user}: {self.answer}"

    @property
    def tone(self) -> str:
        """The tone in which the answer is shown."""
        return {"approve": "good", "refuse": "bad"}.get(self.answer, "warn")
