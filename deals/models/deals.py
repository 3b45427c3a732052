"""Registrations."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.indexes import TrigramIndex
from core.money import round_money
from core.scoping import ActsFor, ScopedModel
from core.search import text_of
from core.states import Transition
from deals import identity
from deals.models import states
from deals.models.customers import EndCustomer
from deals.models.querying import DealQuerySet
from deals.models.stages import Forecast, Stage
from deals.models.types import RegistrationType, TypeVersion
from partners.models import COUNTRY, CURRENCY, Partnership

IS_OPEN = Q(state__in=["submitted", "in_review", "returned", "approved"])  # Deal.OPEN, as an index says it
SEARCHED = ("number", "title", "customer_name", "competitor")


class Deal(ScopedModel):
    """A sale that a partner registers with a vendor. A draft belongs to the partner alone.

    The state is the one that both sides see. What only the vendor may know (a conflict, a place in the queue behind
    another partner's protection) lives in ConflictCheck, which no partner can reach.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    State = states.State
    OPEN, PENDING = states.OPEN, states.PENDING
    TONES = states.TONES
    TRANSITIONS: ClassVar[dict[str, Transition]] = states.TRANSITIONS

    class Reason(models.TextChoices):
        NOT_QUALIFIED = "not_qualified", _("The project is not far enough")
        UNVERIFIED = "unverified", _("The information could not be confirmed")
        NO_FIT = "no_fit", _("Our products do not fit")
        TERRITORY = "territory", _("Outside the agreed territory")
        TERMS = "terms", _("Outside the terms of the programme")
        NOT_PROTECTED = "not_protected", _("We cannot protect it")
        OTHER = "other", _("Another reason")

    class Loss(models.TextChoices):
        COMPETITOR = "competitor", _("A competitor won")
        PRICE = "price", _("The price was too high")
        CANCELLED = "cancelled", _("The customer gave the project up")
        POSTPONED = "postponed", _("The customer put it off")
        OTHER = "other", _("Another reason")

    class Source(models.TextChoices):
        PARTNER = "partner", _("Found by the partner")
        LEAD = "lead", _("A lead passed on by the vendor")
        CAMPAIGN = "campaign", _("A campaign")
        REFERRAL = "referral", _("A referral")

    number = models.CharField(_("number"), max_length=24, blank=True, editable=False)
    draft_key = models.UUIDField(null=True, editable=False)
    type = models.ForeignKey(RegistrationType, on_delete=models.PROTECT, related_name="deals")
    # The version of the type that it was submitted under; none while it is a draft.
    type_version = models.ForeignKey(
        TypeVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="deals")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="deals_received")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="deals_registered")
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whose sale it is at the partner: at first who submitted it. `owner` is the vendor's reviewer.
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The partner's own record of the customer, and what of it was told to the vendor.
    customer = models.ForeignKey(EndCustomer, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals")
    customer_name = models.CharField(_("end customer"), max_length=200, blank=True)
    customer_country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    customer_vat = models.CharField(_("VAT number"), max_length=20, blank=True)
    customer_city = models.CharField(_("city"), max_length=100, blank=True)
    customer_postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    customer_domain = models.CharField(_("web domain"), max_length=120, blank=True)
    customer_lei = models.CharField(_("LEI"), max_length=20, blank=True)
    customer_duns = models.CharField(_("D-U-N-S number"), max_length=9, blank=True)
    customer_gln = models.CharField(_("GLN"), max_length=13, blank=True)
    customer_email = models.CharField(_("contact’s e-mail"), max_length=254, blank=True)
    customer_phone = models.CharField(_("telephone"), max_length=20, blank=True)  # E.164
    project_number = models.CharField(_("tender or project number"), max_length=40, blank=True)  # in Italy CIG or CUP
    customer_name_key = models.CharField(max_length=200, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)  # what the search looks into: core.search.text_of

    # Where the sale comes from. A passed lead is written by its conversion alone.
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.PARTNER)
    title = models.CharField(_("project"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    decision_date = models.DateField(_("decision"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.QUALIFIED)
    probability = models.PositiveSmallIntegerField(default=20, validators=[MaxValueValidator(100)])
    forecast = models.CharField(_("forecast"), max_length=10, choices=Forecast, blank=True)
    competitor = models.CharField(_("competitor"), max_length=120, blank=True)
    requested_benefit = models.CharField(_("benefit asked"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    is_tender = models.BooleanField(_("tender"), default=False)
    tender_published_on = models.DateField(_("tender published"), null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)  # of the type's own fields, by their key (deals.asked)
    # A draft that the vendor prepares for its partner: the vendor's alone until it is handed over.
    prepared_by_vendor = models.BooleanField(default=False, editable=False)
    held_by_vendor = models.BooleanField(default=False, editable=False)

    state = models.CharField(_("state"), max_length=12, choices=states.State, default=states.State.DRAFT)
    created = models.DateTimeField(default=now)
    # When something changed that both sides may see (deals.actions.locking.write); what a CRM asks for since.
    updated_at = models.DateTimeField(default=now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    priority_at = models.DateTimeField(null=True, blank=True)
    sla_due_at = models.DateTimeField(null=True, blank=True)
    sla_minutes_left = models.IntegerField(null=True, blank=True)  # business minutes kept while returned
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_fields = models.JSONField(default=list, blank=True)
    returned_reason = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(max_length=2000, blank=True)
    # The rule that decided, where no person did: {"id", "name", "version", "type_version"}.
    decided_rule = models.JSONField(null=True, blank=True, editable=False)
    granted_benefit = models.CharField(_("benefit granted"), max_length=200, blank=True)
    granted_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    protected_from = models.DateField(null=True, blank=True)
    protected_until = models.DateField(_("protected until"), null=True, blank=True)
    closure_code = models.CharField(max_length=20, blank=True)
    closure_note = models.TextField(max_length=2000, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = DealQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["vendor", "state", "sla_due_at"], name="deal_queue"),
            models.Index(fields=["partner", "state", "-created"], name="deal_of_partner"),
            models.Index(
                fields=["vendor", "sla_due_at", "priority_at", "id"],
                name="deal_most_urgent",
                condition=Q(state__in=["submitted", "in_review"]),
            ),
            models.Index(fields=["vendor", "-created", "-id"], name="deal_newest_of_vendor"),
            models.Index(fields=["partner", "-created", "-id"], name="deal_newest_of_partner"),
            models.Index(fields=["state", "protected_until"], name="deal_protection_end"),
            models.Index(fields=["partner", "updated_at", "id"], name="deal_changes_of_partner"),
            models.Index(fields=["vendor", "updated_at", "id"], name="deal_changes_of_vendor"),
            TrigramIndex(fields=["search_text"], name="deal_by_text"),
            models.Index(
                fields=["partner", "stage", "-amount", "-id"], name="deal_board_of_partner", condition=IS_OPEN
            ),
            models.Index(fields=["vendor", "stage", "-amount", "-id"], name="deal_stages_of_vendor", condition=IS_OPEN),
            models.Index(fields=["vendor", "state", "-priority_at", "-id"], name="deal_board_of_vendor"),
            models.Index(fields=["vendor", "customer_name_key"], name="deal_by_customer_name"),
            models.Index(fields=["vendor", "customer_vat"], name="deal_by_customer_vat"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["partner", "draft_key"], name="one_draft_per_key"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_deal_per_number"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(number=""), name="submitted_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip() if self.number else self.title or str(_("Draft"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text to search in step with what it is made of."""
        fields = kwargs.get("update_fields")
        if fields is None or not {*SEARCHED}.isdisjoint(fields):
            self.search_text = self.text_to_search()
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def text_to_search(self) -> str:
        """The words by which a deal is found."""
        return text_of(*(getattr(self, name) for name in SEARCHED))

    @classmethod
    def sides(cls, actor: ActsFor) -> list[Q]:
        """The partner's own, drafts included; and what was submitted to the vendor. No row is on both sides. A draft
        that the vendor prepares is the vendor's alone until it hands it over, and the partner's alone from then on."""
        me = actor.organisation.pk
        at_vendor = Q(held_by_vendor=True) | ~Q(state=cls.State.DRAFT)
        return [Q(partner=me, held_by_vendor=False), Q(vendor=me) & at_vendor]

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Either side."""
        own, received = cls.sides(actor)
        return own | received

    def party_ids(self) -> set[int]:
        """Nobody but who writes it hears of a draft."""
        if self.state != self.State.DRAFT:
            return {self.partner_id, self.vendor_id}
        return {self.vendor_id if self.held_by_vendor else self.partner_id}

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("deals:detail", args=[self.pk])

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # what Django made
        """The state in words. Django's own way reads the words of all states for each row of a list."""
        return str(self.State(self.state).label)

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def category(self) -> Forecast:
        """How the forecast counts it: as chosen, else by the stage."""
        if self.forecast:
            return Forecast(self.forecast)
        return Forecast.COMMITTED if self.stage == Stage.COMMITMENT else Forecast.PIPELINE

    @property
    def weighted(self) -> Decimal:
        """Value times probability, in the deal's currency, rounded half up at its minor unit."""
        return round_money(self.amount * self.probability / 100, self.currency)

    @property
    def is_overdue(self) -> bool:
        """True when the review was due before now."""
        return self.sla_due_at is not None and self.sla_due_at < now()

    @property
    def customer_keys(self) -> list[identity.Key]:
        """By what the end customer is recognised, the strongest key first."""
        return identity.keys_of(self.company)

    @property
    def particulars(self) -> list[tuple[str, str]]:
        """What was said of the customer beyond its VAT number, with the name of each part, for the page."""
        names = ("customer_domain", "customer_email", "customer_phone", "customer_lei", "customer_duns", "customer_gln")
        fields: list[Any] = [self._meta.get_field(name) for name in (*names, "project_number")]
        return [(capfirst(field.verbose_name), value) for field in fields if (value := getattr(self, field.name))]

    @property
    def company(self) -> identity.Company:
        """The end customer as it is compared."""
        parts = ("name", "country", "postcode", "city", "vat", "lei", "duns", "gln", "domain", "email", "phone")
        known = {part: getattr(self, f"customer_{part}") for part in parts}
        return identity.Company.known(**known, project=self.project_number)

    @property
    def terms(self) -> RegistrationType:
        """The type as it was when this was submitted; as it is now for a draft."""
        return self.type_version.as_type(self.type) if self.type_version else self.type

    @property
    def benefit_is_on(self) -> bool:
        """True while an approval's benefit holds: not before it, and not after the protection has ended."""
        return bool(self.granted_benefit or self.granted_percent) and self.state in {"approved", "won"}

    @property
    def protection_days(self) -> int:
        """How many days an approval protects: what the type gives, or the partner's tier when that is more."""
        tier = self.partnership.tier
        return max(self.terms.protection_days, tier.protection_days if tier else 0)
