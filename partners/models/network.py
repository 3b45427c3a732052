"""What ties companies: programmes, tiers, partnerships, agreements."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from partners.models.accounts import Organisation, User


def _code() -> str:
    return secrets.token_urlsafe(9)


class Programme(ScopedModel):
    """A vendor's partner programme. Who holds its link may apply while it takes applications."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="programme")
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(max_length=20, unique=True, default=_code, editable=False)
    takes_applications = models.BooleanField(_("takes applications"), default=False)

    def __str__(self) -> str:
        return self.name


class Tier(ScopedModel):
    """A level of a programme, with its benefits."""

    scope: ClassVar[str] = "owned"
    visible_through = ("programme__vendor",)

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="tiers")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    protection_days = models.PositiveSmallIntegerField(default=90)
    open_deals = models.PositiveSmallIntegerField(
        default=50, help_text=_("How many registrations may be open at once.")
    )

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["programme", "rank"], name="one_tier_per_rank")]

    def __str__(self) -> str:
        return self.name

    def party_ids(self) -> set[int]:
        """A tier is its vendor's."""
        return {self.programme.vendor_id}


class PartnershipQuerySet(ScopedQuerySet):
    """Verbs on partnerships."""

    def active(self) -> "PartnershipQuerySet":
        """Edges over which business may be done now."""
        return self.filter(state=Partnership.State.ACTIVE)

    def unfinished(self) -> "PartnershipQuerySet":
        """Neither ended nor declined."""
        return self.exclude(state__in=(Partnership.State.ENDED, Partnership.State.DECLINED))


class Partnership(ScopedModel):
    """A directed edge: `vendor` lets `partner` sell, resell, refer or service what it makes."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Kind(models.TextChoices):
        RESELLER = "reseller", _("Reseller")
        DISTRIBUTOR = "distributor", _("Distributor")
        REFERRAL = "referral", _("Referral partner")
        SUPPLIER = "supplier", _("Supplier")
        SERVICES = "services", _("Service partner")
        TECHNOLOGY = "technology", _("Technology partner")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        APPLIED = "applied", _("Applied")
        IN_REVIEW = "in_review", _("In review")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")
        DECLINED = "declined", _("Declined")

    TONES = {
        "active": "good",
        "in_review": "info",
        "applied": "info",
        "invited": "info",
        "suspended": "warn",
        "ended": "still",
        "declined": "still",
    }
    CHECKLIST = {
        "identity": _("Company and VAT number checked"),
        "overlap": _("No overlap with existing partners"),
        "skills": _("Skills and people named"),
        "terms": _("Tier and territory agreed"),
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "review": Transition(frozenset({"applied"}), "in_review"),
        "activate": Transition(frozenset({"invited", "in_review"}), "active"),
        "suspend": Transition(frozenset({"active"}), "suspended"),
        "resume": Transition(frozenset({"suspended"}), "active"),
        "end": Transition(frozenset({"active", "suspended"}), "ended"),
        "decline": Transition(frozenset({"invited", "applied", "in_review"}), "declined"),
    }

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="as_vendor")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="as_partner")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RESELLER)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INVITED)
    tier = models.ForeignKey(Tier, null=True, blank=True, on_delete=models.SET_NULL, related_name="partnerships")
    territory = models.CharField(_("territory"), max_length=120, blank=True)
    channel_manager = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=now)
    since = models.DateField(null=True, blank=True)
    application = models.TextField(_("application"), blank=True)
    checklist = models.JSONField(default=list, blank=True)

    objects: ClassVar = PartnershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "partner", "kind"],
                condition=~Q(state__in=["ended", "declined"]),
                name="one_open_partnership_per_kind",
            ),
            models.CheckConstraint(condition=~Q(vendor=models.F("partner")), name="no_partnership_with_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} → {self.partner}"

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    def side_of(self, organisation: Organisation) -> str:
        """Which end of the edge an organisation is: "vendor" or "partner"."""
        return "vendor" if self.vendor_id == organisation.pk else "partner"

    def other(self, organisation: Organisation) -> Organisation:
        """The company at the other end."""
        return self.partner if self.vendor_id == organisation.pk else self.vendor

    def agreement_owed(self) -> "Agreement | None":
        """The vendor's current agreement while this partner has not accepted it."""
        current = Agreement.objects.filter(vendor=self.vendor_id).first()
        if current is None or current.acceptances.filter(partnership__partner=self.partner_id).exists():
            return None
        return current

    def agreement_overdue(self) -> "Agreement | None":
        """The agreement owed, once the time to accept it is over."""
        owed = self.agreement_owed()
        return owed if owed and owed.accept_by < now() else None


class Agreement(ScopedModel):
    """One version of the agreement that a vendor asks its partners to accept; never changed once published."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    published_at = models.DateTimeField()
    accept_within_days = models.PositiveSmallIntegerField(default=30)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["vendor", "version"], name="one_agreement_per_version")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own, and those of vendors one works with or is about to."""
        me = actor.organisation.pk
        edges = Partnership.objects.filter(partner=me).unfinished()
        return Q(vendor=me) | Q(vendor__in=Subquery(edges.values("vendor")))

    @property
    def accept_by(self) -> datetime:
        """Until when existing partners are asked to accept it."""
        return self.published_at + timedelta(days=self.accept_within_days)

    @property
    def text_sha256(self) -> str:
        """The fingerprint of the text that an acceptance keeps (SHA-256 of its UTF-8 octets, in hexadecimal)."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class AgreementAcceptance(models.Model):
    """Who accepted which version, when, from where, and the hash of the text they saw."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "partnership"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="acceptances")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=now)
    address = models.GenericIPAddressField(null=True)
    text_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "agreement"], name="one_acceptance_per_version")]

    def __str__(self) -> str:
        return f"{self.agreement} / {self.partnership}"
