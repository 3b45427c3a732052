"""An offer of a lead to one partner, and its clock."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from leads.models.leads import Lead
from leads.models.routing import RoutingRule
from partners.models import Partnership


class LeadOfferQuerySet(ScopedQuerySet):
    """Verbs on offers."""

    def open(self) -> "LeadOfferQuerySet":
        """Offers that wait for an answer, the nearest end first."""
        return self.filter(state=LeadOffer.State.OFFERED).order_by("expires_at", "pk")

    def overdue(self) -> "LeadOfferQuerySet":
        """Offers whose clock has run out: not answered, not touched in time, or idle for too long."""
        moment = now()
        unanswered = Q(state=LeadOffer.State.OFFERED, expires_at__lte=moment)
        held = Q(state=LeadOffer.State.ACCEPTED, lead__holder=F("partner"))
        untouched = held & Q(lead__state=Lead.State.ACCEPTED, first_touch_due__lte=moment)
        idle = held & Q(lead__state=Lead.State.WORKING, idle_due__lte=moment)
        return self.filter(unanswered | untouched | idle)


class LeadOffer(ScopedModel):
    """A lead put before one partner. It names the need and nothing by which the company could be recognised."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        TAKEN = "taken", _("Taken by somebody else")
        RECALLED = "recalled", _("Recalled")
        PULLED_BACK = "pulled_back", _("Taken back")

    class Decline(models.TextChoices):
        CAPACITY = "capacity", _("We have no capacity now")
        TERRITORY = "territory", _("It is outside our territory")
        NO_FIT = "no_fit", _("It does not fit what we do")
        TOO_SMALL = "too_small", _("It is too small")
        KNOWN = "known", _("We know this need and will not follow it")
        OTHER = "other", _("Another reason")

    TONES = {
        State.OFFERED: "info",
        State.ACCEPTED: "good",
        State.DECLINED: "still",
        State.EXPIRED: "warn",
        State.TAKEN: "still",
        State.RECALLED: "still",
        State.PULLED_BACK: "warn",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "accept": Transition(frozenset({State.OFFERED}), State.ACCEPTED),
        "decline": Transition(frozenset({State.OFFERED, State.ACCEPTED}), State.DECLINED),
        "reconsider": Transition(frozenset({State.DECLINED}), State.OFFERED),
        "expire": Transition(frozenset({State.OFFERED}), State.EXPIRED),
        "lose": Transition(frozenset({State.OFFERED}), State.TAKEN),
        "recall": Transition(frozenset({State.OFFERED, State.ACCEPTED}), State.RECALLED),
        "pull_back": Transition(frozenset({State.ACCEPTED}), State.PULLED_BACK),
    }

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="offers")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="lead_offers")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="leads_offered")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="lead_offers")
    rule = models.ForeignKey(RoutingRule, null=True, blank=True, on_delete=models.SET_NULL, related_name="offers")
    why = models.CharField(max_length=300, blank=True)  # why this partner; the vendor's alone
    pool = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(_("answer until"))
    touch_minutes = models.PositiveIntegerField(default=0)  # business minutes for the first contact
    idle_days = models.PositiveSmallIntegerField(default=0)  # business days without a word
    first_touch_due = models.DateTimeField(null=True, blank=True)
    idle_due = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decline_code = models.CharField(_("reason"), max_length=12, choices=Decline, blank=True)
    decline_note = models.TextField(_("note"), max_length=1000, blank=True)

    objects: ClassVar = LeadOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        indexes = [
            models.Index(fields=["partner", "state", "expires_at"], name="lead_offer_inbox"),
            models.Index(fields=["state", "expires_at"], name="lead_offer_clock"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(state="accepted"), name="one_acceptance_per_lead"),
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="offered", pool=False), name="one_live_offer_per_lead"
            ),
            models.UniqueConstraint(
                fields=["lead", "partner"], condition=Q(state="offered"), name="one_live_offer_per_partner"
            ),
        ]

    def __str__(self) -> str:
        # The trail keeps this name for both sides, for ever: nothing here may tell whose lead it is.
        return f"{_('Lead')} {self.lead.number}"

    def get_absolute_url(self) -> str:
        """The record's page, for the partner."""
        return reverse("leads:offer", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]
