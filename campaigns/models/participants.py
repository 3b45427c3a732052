"""Who takes part in a campaign, with which share of its budget, and who came to its page."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from core.scoping import ScopedModel
from core.states import Transition
from partners.models import Organisation


class Participant(ScopedModel):
    """An organisation in a campaign. The row with its amounts is its own and the owner's; the others see its name."""

    scope: ClassVar[str] = "shared"
    visible_through = ("owner", "organisation")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Takes part")
        DECLINED = "declined", _("Declined")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")

    SEATED = (State.INVITED, State.ACTIVE)
    TONES = {
        State.INVITED: "info",
        State.ACTIVE: "good",
        State.DECLINED: "warn",
        State.LEFT: "warn",
        State.REMOVED: "still",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "accept": Transition(frozenset({State.INVITED}), State.ACTIVE),
        "decline": Transition(frozenset({State.INVITED}), State.DECLINED),
        "leave": Transition(frozenset({State.ACTIVE}), State.LEFT),
        "remove": Transition(frozenset({State.INVITED, State.ACTIVE}), State.REMOVED),
        "invite": Transition(frozenset({State.DECLINED, State.LEFT, State.REMOVED}), State.INVITED),
    }
    CONTACT = ("contact", "email", "phone", "address")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participants")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="campaign_seats")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INVITED)
    share = models.DecimalField(
        _("share of the budget"),
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    agreed = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # the share to which it said yes
    shares_results = models.BooleanField(_("shares its results"), default=False)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    form = models.ForeignKey("leads.LeadForm", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # why it declined, left or was removed
    invited_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="one_seat_an_organisation"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="campaign_seats")]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def is_owner(self) -> bool:
        """Whether this is the owner itself."""
        return self.organisation_id == self.owner_id

    @property
    def owes_agreement(self) -> bool:
        """Whether its share was changed since it agreed to one."""
        return self.state == self.State.ACTIVE and self.agreed != self.share


class Visit(models.Model):
    """How often a participant's page was opened on a day, and from which asset. A number, nobody's trace."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "participant"

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="visits")
    day = models.DateField()
    asset = models.PositiveBigIntegerField(default=0)  # 0: the address by itself
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "day", "asset"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.day} {self.count}"
