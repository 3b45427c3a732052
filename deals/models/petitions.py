"""What is asked about a deal and decided by a person: more time, a second look, the end of a protection."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel
from core.states import Transition
from deals.models.deals import Deal


class Petition(ScopedModel):
    """One request about a deal. What a partner asks is seen by both sides; a revocation is the vendor's own affair
    until a second person has agreed to it."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("More time")
        REINSTATEMENT = "reinstatement", _("Reinstatement")
        APPEAL = "appeal", _("Appeal")
        REVOCATION = "revocation", _("Revocation")

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for a decision")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        DROPPED = "dropped", _("Taken back")

    TONES = {"pending": "warn", "granted": "good", "refused": "bad", "dropped": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "grant": Transition(frozenset({"pending"}), "granted"),
        "refuse": Transition(frozenset({"pending"}), "refused"),
        "drop": Transition(frozenset({"pending"}), "dropped"),
    }

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="petitions")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "kind"], condition=Q(state="pending"), name="one_pending_petition_per_kind"
            ),
            models.UniqueConstraint(fields=["deal"], condition=Q(kind="appeal"), name="one_appeal_per_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.deal}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Both sides; a revocation that is not in force is the vendor's alone."""
        me = actor.organisation.pk
        in_force = ~Q(kind=cls.Kind.REVOCATION) | Q(state=cls.State.GRANTED)
        return Q(vendor=me) | (Q(partner=me) & in_force)

    def party_ids(self) -> set[int]:
        """Who hears of it."""
        inside = self.kind == self.Kind.REVOCATION and self.state != self.State.GRANTED
        return {self.vendor_id} if inside else {self.vendor_id, self.partner_id}

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]
