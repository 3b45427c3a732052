"""A promotion of a vendor: what it does to prices, who gets it, how it meets others, and what it may cost."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.models import Product
from partners.models import CURRENCY, Partnership, Tier

TOLD = ("active", "paused", "ended")  # states in which others than the vendor see it


class PromotionQuerySet(ScopedQuerySet):
    """Verbs on promotions."""

    def running_on(self, day: date) -> "PromotionQuerySet":
        """What prices are computed with on a day; both ends of the period count."""
        return self.filter(Q(until=None) | Q(until__gte=day), state=Promotion.State.ACTIVE, start__lte=day)

    def overdue(self, day: date) -> "PromotionQuerySet":
        """What is still open although its last day is over."""
        return self.filter(state__in=("active", "paused"), until__lt=day)

    def for_partner(self, organisation_id: int, country: str) -> "PromotionQuerySet":
        """What an organisation may use, as a partner with an active partnership."""
        return self.filter(reaches(organisation_id, country))

    def for_partnership(self, partnership: Partnership) -> "PromotionQuerySet":
        """What the partner of this edge may use, by the edge itself; for a vendor that prices for somebody else."""
        tiers, named = Promotion.tiers.through.objects, Promotion.partnerships.through.objects
        mine = {"promotion": OuterRef("pk")}
        return self.filter(
            ~Exists(tiers.filter(**mine)) | Exists(tiers.filter(**mine, tier=partnership.tier_id)),
            ~Exists(named.filter(**mine)) | Exists(named.filter(**mine, partnership=partnership.pk)),
            _territory(partnership.partner.country),
            vendor=partnership.vendor_id,
        )


def _territory(country: str) -> Q:
    return Q(territories="") | Q(territories__contains=country) if country else Q(territories="")


def reaches(organisation_id: int, country: str) -> Q:
    """The condition under which a promotion is for one of an organisation's active partnerships."""
    tiers, named = Promotion.tiers.through.objects, Promotion.partnerships.through.objects
    mine = {"promotion": OuterRef(OuterRef("pk"))}
    edges = Partnership.objects.active().filter(
        ~Exists(tiers.filter(**mine)) | Exists(tiers.filter(**mine, tier=OuterRef("tier"))),
        ~Exists(named.filter(**mine)) | Exists(named.filter(**mine, partnership=OuterRef("pk"))),
        vendor=OuterRef("vendor"),
        partner=organisation_id,
    )
    return Q(Exists(edges)) & _territory(country)


class Promotion(ScopedModel):
    """An offer of a vendor on its prices. Amounts are in `currency`, and lines in another are not touched."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percentage off")
        AMOUNT = "amount", _("Amount off each unit")
        FIXED = "fixed", _("Fixed price")
        VOLUME = "volume", _("Percentage by quantity")
        BUNDLE = "bundle", _("Buy some, get some")
        REBATE = "rebate", _("Rebate after the sale")

    class Codes(models.TextChoices):
        NONE = "none", _("No code: it applies by itself")
        ONE = "one", _("One code for everybody")
        MANY = "many", _("Many codes, each for one order")

    class Stacking(models.TextChoices):
        COMBINES = "combines", _("Combines with others")
        BEST = "best", _("The best of its group, with others")
        EXCLUSIVE = "exclusive", _("Stands alone")

    TONES: ClassVar[dict[str, str]] = {
        "draft": "still",
        "active": "good",
        "paused": "warn",
        "ended": "still",
        "cancelled": "still",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "activate": Transition(frozenset({"draft"}), "active"),
        "pause": Transition(frozenset({"active"}), "paused"),
        "resume": Transition(frozenset({"paused"}), "active"),
        "end": Transition(frozenset({"active", "paused"}), "ended"),
        "reopen": Transition(frozenset({"ended"}), "active"),
        "cancel": Transition(frozenset({"draft", "active", "paused"}), "cancelled"),
        "restore": Transition(frozenset({"cancelled"}), "draft"),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="promotions")
    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sentence = models.CharField(_("what partners read"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    start = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")

    kind = models.CharField(_("what it does"), max_length=7, choices=Kind, default=Kind.PERCENT)
    value = models.DecimalField(
        _("value"), max_digits=15, decimal_places=4, default=0, validators=[MinValueValidator(Decimal(0))]
    )
    breaks = models.JSONField(default=list, blank=True)  # [[from quantity, percent], …] as text, ascending
    buy = models.PositiveIntegerField(_("for each"), default=0)
    get = models.PositiveIntegerField(_("on top"), default=0)
    reward = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("of")
    )

    products = models.ManyToManyField(Product, blank=True, related_name="promotions")
    product_lines = models.JSONField(default=list, blank=True)
    tiers = models.ManyToManyField(Tier, blank=True, related_name="promotions")
    partnerships = models.ManyToManyField(Partnership, blank=True, related_name="promotions")
    territories = models.CharField(max_length=800, blank=True)  # countries of ISO 3166-1 with spaces; "" is anywhere
    min_quantity = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    min_value = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    needs_deal = models.BooleanField(_("only with a registered deal"), default=False)
    codes_kind = models.CharField(_("codes"), max_length=4, choices=Codes, default=Codes.NONE)

    stacking = models.CharField(_("beside others"), max_length=9, choices=Stacking, default=Stacking.COMBINES)
    group = models.CharField(_("group"), max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, validators=[MaxValueValidator(100)])

    budget = models.DecimalField(_("budget"), max_digits=19, decimal_places=4, null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("orders at most"), null=True, blank=True)
    max_uses_each = models.PositiveIntegerField(_("orders of one partner at most"), null=True, blank=True)
    # What is reserved and committed, kept under the lock of this row together with the redemptions.
    spent = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    used = models.PositiveIntegerField(default=0)

    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["vendor", "state", "start"], name="promotions_running")]
        constraints = [
            models.CheckConstraint(condition=Q(budget=None) | Q(spent__lte=F("budget")), name="promotion_in_budget"),
            models.CheckConstraint(condition=Q(max_uses=None) | Q(used__lte=F("max_uses")), name="promotion_in_uses"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="promotion_never_earns"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The record's page, for the vendor, its partners and who pays a share."""
        return reverse("promotions:detail", args=[self.pk])

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own; once announced, also who pays a share and the partners that may use it."""
        me = actor.organisation
        pays = Exists(PromotionShare.objects.filter(promotion=OuterRef("pk"), organisation=me.pk))
        return Q(vendor=me.pk) | (Q(state__in=TOLD) & (Q(pays) | reaches(me.pk, me.country)))

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def countries(self) -> list[str]:
        """The countries that it is for; none is all."""
        return self.territories.split()

    @property
    def left(self) -> Decimal | None:
        """What its budget still allows; None without a budget."""
        return None if self.budget is None else self.budget - self.spent

    @property
    def is_limited(self) -> bool:
        """Whether a use of it may be the last, so that it has to be decided under lock."""
        limits = (self.budget, self.max_uses, self.max_uses_each)
        return self.codes_kind == self.Codes.MANY or any(limit is not None for limit in limits)


class PromotionShare(ScopedModel):
    """What another organisation pays of a promotion's cost, in percent; the vendor pays the rest."""

    scope: ClassVar[str] = "shared"
    visible_through = ("organisation", "promotion__vendor")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))]
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["promotion", "organisation"], name="one_share_each")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.percent} %"

    def party_ids(self) -> set[int]:
        """Who pays."""
        return {self.organisation_id}
