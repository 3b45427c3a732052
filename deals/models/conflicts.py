"""Cases in which several registrations may be after the same customer, and what a vendor learned from deciding them.

Nothing here is ever shown to a partner, but for the talk that a vendor itself opens with it about its own registration.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from deals.models.deals import Deal
from deals.models.protection import CustomerCluster


class ConflictCaseQuerySet(ScopedQuerySet):
    """Verbs on cases."""

    def pending(self) -> "ConflictCaseQuerySet":
        """Those that wait for a decision."""
        return self.filter(state__in=ConflictCase.PENDING)

    def in_turn(self) -> "ConflictCaseQuerySet":
        """In the order in which they are decided: the oldest first."""
        return self.order_by("opened_at", "pk")


class ConflictCase(ScopedModel):
    """Two or more registrations that may name the same customer, until the vendor has said who holds it."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)
    view_capability = "deals.decide"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ROOM = "room", _("Being talked over")
        DECIDED = "decided", _("Decided")
        DISMISSED = "dismissed", _("Dismissed")

    class Outcome(models.TextChoices):
        KEEPS = "keeps", _("One keeps the customer")
        SHARED = "shared", _("They share the customer")
        DIFFERENT = "different", _("Not the same customer")

    PENDING = (State.OPEN, State.ROOM)
    TONES = {"open": "warn", "room": "info", "decided": "good", "dismissed": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "talk": Transition(frozenset({State.OPEN, State.ROOM}), State.ROOM),
        "decide": Transition(frozenset({State.OPEN, State.ROOM}), State.DECIDED),
        "dismiss": Transition(frozenset({State.OPEN, State.ROOM}), State.DISMISSED),
        "reopen": Transition(frozenset({State.DECIDED, State.DISMISSED}), State.OPEN),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    customer_name = models.CharField(_("end customer"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.TextField(_("internal note"), max_length=4000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ConflictCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["vendor", "state", "opened_at"], name="cases_in_turn")]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}".strip()

    def get_absolute_url(self) -> str:
        """The page on which the sides stand beside each other."""
        return reverse("deals:case", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def is_pending(self) -> bool:
        """True while it waits for a decision."""
        return self.state in self.PENDING


class CaseSide(ScopedModel):
    """One registration in a case, and what became of it there (`fate`). A deal is in one undecided case at most."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Fate(models.TextChoices):
        KEEPS = "keeps", _("Keeps the customer")
        DUPLICATE = "duplicate", _("Duplicate of another partner's")
        REFUSED = "refused", _("Refused")
        BEHIND = "behind", _("Waits behind")
        SHARED = "shared", _("Shares the customer")
        DIFFERENT = "different", _("Another customer")
        LEFT = "left", _("Closed before the decision")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(ConflictCase, on_delete=models.CASCADE, related_name="sides")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="case_sides")
    added_at = models.DateTimeField(default=now)
    fate = models.CharField(max_length=10, choices=Fate, blank=True)
    told = models.TextField(max_length=2000, blank=True)  # the sentence that the partner was sent

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "deal"], name="one_side_per_deal")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.deal_id}"


class KnownPair(ScopedModel):
    """Two registrations about which a vendor has decided: never raised against each other again.

    `different`: they name different customers. `shared`: both may work on the one. `ranked`: one waits behind the
    other. The lower id comes first.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Kind(models.TextChoices):
        DIFFERENT = "different", _("Not the same customer")
        SHARED = "shared", _("They share the customer")
        RANKED = "ranked", _("One waits behind the other")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey(ConflictCase, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_verdict_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="a_pair_has_one_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} / {self.other_id}: {self.kind}"


class ClusterPin(ScopedModel):
    """The vendor's own word which customer a registration names, whatever its keys say."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="cluster_pin")
    cluster = models.ForeignKey(CustomerCluster, on_delete=models.CASCADE, related_name="pins")

    def __str__(self) -> str:
        return f"{self.deal_id} in {self.cluster_id}"


class ReviewTalk(ScopedModel):
    """A private talk of the vendor with one partner about its registration: the room belongs to this row, so that
    nothing in it, around it or above it names anybody else."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")
    view_capability = "deals.view"

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="review_talk")
    opened_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.deal_id}"

    def get_absolute_url(self) -> str:
        """Leads each side to its own page."""
        return reverse("deals:talk", args=[self.pk])


def _up_to(most: int) -> list[BaseValidator]:
    return [MinValueValidator(1), MaxValueValidator(most)]


class ProbingLimit(ScopedModel):
    """How often a partner may register and withdraw before it has to wait, and from when its vendor looks closer.

    `submissions` and `retries` count in `hours`; a retry is an attempt refused as one's own duplicate, or a withdrawal
    within a day of submitting. The alert counts what was decided in 90 days.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.OneToOneField("partners.Organisation", on_delete=models.CASCADE, related_name="probing_limit")
    submissions = models.PositiveSmallIntegerField(
        _("registrations of one partner"), default=60, validators=_up_to(10000)
    )
    retries = models.PositiveSmallIntegerField(
        _("withdrawn again, or registered twice"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    hours = models.PositiveSmallIntegerField(_("within, hours"), default=24, validators=_up_to(720))
    alert_percent = models.PositiveSmallIntegerField(
        _("tell us when so many are rejected or withdrawn, %"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    alert_from = models.PositiveSmallIntegerField(
        _("counted from so many registrations on"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )

    def __str__(self) -> str:
        return f"{self.vendor_id}: {self.submissions}/{self.hours} h"


class Attempt(ScopedModel):
    """One registration, or one try of it, of a partner with a vendor: what the limit counts."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        RETRY = "retry", _("Tried again")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["vendor", "partner", "kind", "-at"], name="attempts_in_a_window")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.kind}"
