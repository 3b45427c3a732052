"""What a vendor grants a partner on what it buys."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.models import Product
from partners.models import CURRENCY, Membership, Partnership
from rebates.calculation import Kind, Rule, Step

GRACE_DAYS, MOST_GRACE_DAYS = 15, 90


class AgreementQuerySet(ScopedQuerySet):
    """Verbs on agreements."""

    def accruing(self) -> "AgreementQuerySet":
        """Those on whose lines something may accrue: in force, or ended while late lines still come."""
        return self.filter(state__in=RebateAgreement.ACCRUING)


class RebateAgreement(ScopedModel):
    """A rebate, a commission or a bonus of one person, on invoice lines of a vendor to one partner."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class Form(models.TextChoices):
        REBATE = "rebate", _("Rebate")
        COMMISSION = "commission", _("Commission")
        SPIFF = "spiff", _("Bonus of one person")
        PROMOTION = "promotion", _("Rebate of a promotion")  # written by the portal when the promotion is first used

    class Basis(models.TextChoices):
        NET = "net", _("net amount of invoice lines")
        UNITS = "units", _("units invoiced")

    class RuleKind(models.TextChoices):
        PERCENT = Kind.PERCENT.value, _("a percentage")
        TIERS = Kind.TIERS.value, _("steps of volume")
        GROWTH = Kind.GROWTH.value, _("growth over the former period")
        FIXED = Kind.FIXED.value, _("an amount for each unit")

    class Period(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("calendar year")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("In force")
        ENDED = "ended", _("Ended")

    ACCRUING = (State.ACTIVE, State.ENDED)
    TONES: ClassVar[dict[str, str]] = {"draft": "still", "proposed": "info", "active": "good", "ended": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "propose": Transition(frozenset({"draft"}), "proposed"),
        "accept": Transition(frozenset({"proposed"}), "active"),
        "decline": Transition(frozenset({"proposed"}), "draft"),
        "withdraw": Transition(frozenset({"proposed"}), "draft"),
        "end": Transition(frozenset({"active"}), "ended"),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="rebates_granted")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="rebates_earned")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="rebate_agreements")
    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    promotion = models.ForeignKey(
        "promotions.Promotion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    form = models.CharField(_("kind"), max_length=10, choices=Form, default=Form.REBATE)
    # Named by the partner when it accepts: who works there is the partner's to tell.
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(_("person"), max_length=120, blank=True)
    products = models.ManyToManyField(Product, blank=True, related_name="+", verbose_name=_("products"))
    product_lines = models.JSONField(_("product lines"), default=list, blank=True)
    basis = models.CharField(_("reckoned on"), max_length=5, choices=Basis, default=Basis.NET)
    rule = models.CharField(_("rule"), max_length=8, choices=RuleKind, default=RuleKind.PERCENT)
    rate = models.DecimalField(
        _("rate"), max_digits=12, decimal_places=4, default=0, validators=[MinValueValidator(Decimal(0))]
    )
    steps = models.JSONField(_("steps"), default=list, blank=True)  # [["0", "2"], ["50000", "3"]]: from, rate
    retroactive = models.BooleanField(_("a step holds for the whole volume of the period"), default=False)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    period = models.CharField(_("period"), max_length=7, choices=Period, default=Period.QUARTER)
    grace_days = models.PositiveSmallIntegerField(
        _("days for late invoices"), default=GRACE_DAYS, validators=[MaxValueValidator(MOST_GRACE_DAYS)]
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["vendor", "partner", "state"], name="rebates_of_pair")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="rebate_ends_after_it_starts"),
            models.UniqueConstraint(fields=["promotion", "partnership"], name="one_rebate_of_a_promotion_each"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Vendor and partner; a draft is its vendor's alone."""
        me = actor.organisation.pk
        return Q(vendor=me) | (Q(partner=me) & ~Q(state=cls.State.DRAFT))

    def party_ids(self) -> set[int]:
        """Who may hear of it; of a draft only the vendor."""
        return {self.vendor_id} if self.state == self.State.DRAFT else {self.vendor_id, self.partner_id}

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("rebates:detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def is_accruing(self) -> bool:
        """Whether something may accrue on its lines."""
        return self.state in self.ACCRUING

    @property
    def purse(self) -> str:
        """Its place in the ledger."""
        return f"rebate:{self.pk}"

    def rule_with(self, baseline: Decimal) -> Rule:
        """The rule, for a period whose former one had this volume."""
        return Rule(
            kind=Kind(self.rule),
            currency=self.currency,
            rate=Decimal(self.rate),
            steps=tuple(Step(Decimal(start), Decimal(rate)) for start, rate in self.steps),
            retroactive=self.retroactive,
            of_units=self.basis == self.Basis.UNITS,
            baseline=baseline,
        )
