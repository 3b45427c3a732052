"""A fund: money that a vendor sets aside for a period, for one partner, a tier or a country."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.scoping import ActsFor, ScopedModel
from core.states import Transition
from partners.models import COUNTRY, CURRENCY, Organisation, Partnership


class Fund(ScopedModel):
    """What may be asked for and until when. How much there is stands in the ledger alone, in the purse of the fund."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        CLOSED = "closed", _("Closed")

    class Reach(models.TextChoices):
        PARTNER = "partner", _("One partner")
        TIER = "tier", _("A tier")
        COUNTRY = "country", _("A country")

    TONES = {State.OPEN: "good", State.CLOSED: "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "close": Transition(frozenset({State.OPEN}), State.CLOSED),
    }

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funds")
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    terms = models.TextField(_("what it is for"), max_length=2000, blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    claim_days = models.PositiveSmallIntegerField(
        _("days to claim"), default=45, validators=[MaxValueValidator(365)]
    )  # counted from the last day of the activities
    reach = models.CharField(_("for"), max_length=8, choices=Reach)
    partnership = models.ForeignKey(Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="funds")
    tier = models.ForeignKey("partners.Tier", null=True, blank=True, on_delete=models.PROTECT, related_name="funds")
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="fund_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(reach="partner", partnership__isnull=False, tier=None, country="")
                | Q(reach="tier", partnership=None, tier__isnull=False, country="")
                | (Q(reach="country", partnership=None, tier=None) & ~Q(country="")),
                name="fund_is_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own, those that one may draw on now, and those on which one has drawn."""
        me = actor.organisation
        edges = Partnership.objects.filter(partner=me.pk).active()
        asked = models.Subquery(cls._asked_by(me.pk))
        return (
            Q(vendor=me.pk)
            | Q(partnership__partner=me.pk)
            | Q(reach="tier", tier__in=edges.exclude(tier=None).values("tier"))
            | Q(reach="country", country=me.country, vendor__in=edges.values("vendor"))
            | Q(pk__in=asked)
        )

    @classmethod
    def _asked_by(cls, partner_id: int) -> models.QuerySet:
        requests = cls._meta.get_field("requests").related_model
        return requests._default_manager.filter(partner=partner_id).values("fund")  # type: ignore[union-attr]

    def party_ids(self) -> set[int]:
        """The vendor, and the partner where the fund is for one."""
        return {self.vendor_id, *({self.partnership.partner_id} if self.partnership else ())}

    def get_absolute_url(self) -> str:
        """Its statement."""
        return reverse("funds:detail", args=[self.pk])

    @property
    def purse(self) -> str:
        """The name of its accounts in the ledger."""
        return f"fund:{self.pk}"

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    def reaches(self, partnership: Partnership) -> bool:
        """Whether the partner of an edge may draw on it."""
        if partnership.vendor_id != self.vendor_id or partnership.state != Partnership.State.ACTIVE:
            return False
        if self.reach == self.Reach.PARTNER:
            return self.partnership_id is not None and self.partnership.partner_id == partnership.partner_id  # type: ignore[union-attr]
        if self.reach == self.Reach.TIER:
            return partnership.tier_id == self.tier_id
        return partnership.partner.country == self.country
