"""A lead: a company that showed interest, before anybody sells to it."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from leads import keys
from partners.models import COUNTRY, CURRENCY


class Size(models.TextChoices):
    """How many people the company has: the bands in which a partner sees it before it accepts."""

    UNKNOWN = "", _("not known")
    MICRO = "1-9", _("1 to 9 people")
    SMALL = "10-49", _("10 to 49 people")
    MEDIUM = "50-249", _("50 to 249 people")
    LARGE = "250+", _("250 people or more")


class LeadQuerySet(ScopedQuerySet):
    """Verbs on leads."""

    def of_vendor(self, vendor_id: int) -> "LeadQuerySet":
        """The vendor's own leads, without what was put aside as spam."""
        return self.filter(vendor_id=vendor_id).exclude(state=Lead.State.SPAM)

    def held_by(self, partner_id: int) -> "LeadQuerySet":
        """Leads that a partner has accepted and still holds."""
        return self.filter(holder_id=partner_id)


class Lead(ScopedModel):
    """A company's interest. The vendor's own; its details are seen by one partner, from its acceptance on.

    `holder` is that partner. It is emptied when the lead is taken back, and with it every door to the details closes.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "holder")

    class State(models.TextChoices):
        NEW = "new", _("New")
        ROUTED = "routed", _("Waits for a partner")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        WORKING = "working", _("In work")
        CONVERTED = "converted", _("Registered")
        CLOSED = "closed", _("Closed")
        SPAM = "spam", _("Spam")

    class Source(models.TextChoices):
        HAND = "hand", _("Typed")
        FORM = "form", _("Web form")
        IMPORT = "import", _("Import")
        API = "api", _("API")

    class Closure(models.TextChoices):
        NO_NEED = "no_need", _("There is no need after all")
        NO_BUDGET = "no_budget", _("There is no budget")
        UNREACHABLE = "unreachable", _("Nobody could be reached")
        COMPETITOR = "competitor", _("They bought elsewhere")
        DUPLICATE = "duplicate", _("We knew of it already")
        OTHER = "other", _("Another reason")

    WITH_PARTNER = (State.ACCEPTED, State.WORKING, State.CONVERTED)
    TONES = {
        State.NEW: "info",
        State.ROUTED: "warn",
        State.OFFERED: "info",
        State.ACCEPTED: "good",
        State.WORKING: "good",
        State.CONVERTED: "good",
        State.CLOSED: "still",
        State.SPAM: "bad",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "route": Transition(frozenset({State.NEW, State.ROUTED}), State.ROUTED),
        "offer": Transition(frozenset({State.ROUTED}), State.OFFERED),
        "accept": Transition(frozenset({State.OFFERED}), State.ACCEPTED),
        "touch": Transition(frozenset({State.ACCEPTED}), State.WORKING),
        "convert": Transition(frozenset({State.ACCEPTED, State.WORKING}), State.CONVERTED),
        "register": Transition(frozenset({State.NEW, State.ROUTED}), State.CONVERTED),
        "come_back": Transition(frozenset({State.OFFERED, State.ACCEPTED, State.WORKING}), State.ROUTED),
        "close": Transition(
            frozenset({State.NEW, State.ROUTED, State.OFFERED, State.ACCEPTED, State.WORKING}), State.CLOSED
        ),
        "reopen": Transition(frozenset({State.CLOSED}), State.ROUTED),
        "bin": Transition(frozenset({State.NEW, State.ROUTED}), State.SPAM),
        "restore": Transition(frozenset({State.SPAM}), State.NEW),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="leads")
    holder = models.ForeignKey(
        "partners.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="leads_held"
    )
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    company = models.CharField(_("company"), max_length=200)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.CharField(_("web site"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY], default="IT")
    region = models.CharField(_("region"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    need = models.CharField(_("need"), max_length=200)
    message = models.TextField(_("message"), max_length=4000, blank=True)
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    size = models.CharField(_("size of the company"), max_length=8, choices=Size, blank=True, default=Size.UNKNOWN)
    value = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.HAND)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    origin = models.CharField(max_length=20, blank=True, editable=False)  # what brought it, such as "campaign", …
    origin_id = models.BigIntegerField(null=True, editable=False)  # … its key, …
    origin_detail = models.CharField(max_length=40, blank=True, editable=False)  # … and which part of it: "asset:12"
    score = models.PositiveSmallIntegerField(_("score"), default=0, validators=[MaxValueValidator(100)])
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_source = models.CharField(_("where consent was given"), max_length=120, blank=True)
    consent_text = models.TextField(max_length=2000, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    why_waiting = models.CharField(max_length=300, blank=True)  # why nobody was found; the vendor's alone
    due_at = models.DateTimeField(null=True, blank=True)  # when the clock that runs now runs out
    route_at = models.DateTimeField(null=True, blank=True)  # when the portal looks for a partner by itself
    accepted_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    closure_code = models.CharField(max_length=12, choices=Closure, blank=True)
    closure_note = models.TextField(max_length=2000, blank=True)
    deal = models.ForeignKey("deals.Deal", null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    form = models.ForeignKey("leads.LeadForm", null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    imported = models.ForeignKey(
        "leads.LeadImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="leads"
    )
    once = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001  null: any number may lack one
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    domain_key = models.CharField(max_length=200, blank=True, editable=False)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["vendor", "state", "-created"], name="lead_of_vendor"),
            models.Index(fields=["holder", "state", "-created"], name="lead_of_holder"),
            models.Index(fields=["vendor", "email_key"], name="lead_by_email"),
            models.Index(fields=["vendor", "name_key"], name="lead_by_name"),
            models.Index(fields=["origin", "origin_id"], name="lead_by_origin", condition=~Q(origin="")),
            models.Index(fields=["route_at"], name="lead_to_route", condition=Q(route_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "once"], name="one_lead_per_submission"),
            models.CheckConstraint(
                condition=Q(holder=None) | Q(state__in=["accepted", "working", "converted", "closed"]),
                name="only_accepted_leads_are_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.company}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys by which the same lead is recognised in step with what was typed."""
        self.email_key, self.domain_key, self.name_key = keys.keys_of(self.company, self.email, self.website)
        fields = kwargs.get("update_fields")
        if fields is not None and {"company", "email", "website"} & set(fields):
            kwargs["update_fields"] = {*fields, "email_key", "domain_key", "name_key"}
        super().save(*args, **kwargs)

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own, and what the acting organisation has accepted and holds."""
        me = actor.organisation.pk
        return Q(vendor=me) | Q(holder=me)

    def party_ids(self) -> set[int]:
        """What happens to a lead is its vendor's to know; what a partner may know is told of its offer."""
        return {self.vendor_id}

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("leads:detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]
