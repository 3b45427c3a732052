"""The kinds of registration that a vendor offers, and their versions."""

import copy
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet

LONGEST_COOL_OFF = 365  # days


class RegistrationTypeQuerySet(ScopedQuerySet):
    """Verbs on registration types."""

    def default_of(self, vendor_id: int) -> "RegistrationType":
        """The vendor's default type, made with the house's terms when the vendor never set one."""
        return RegistrationType.objects.get_or_create(
            vendor_id=vendor_id, is_default=True, defaults={"name": "Standard"}
        )[0]

    def in_use(self) -> "RegistrationTypeQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at=None)


class RegistrationType(ScopedModel):
    """One kind of registration: to whom it is offered, what it asks for, what it gives, what approves it by itself.

    `kinds` and `tiers` (ids) say to whom; empty means everybody. `required` names optional parts of the form that this
    type asks for; `own_fields` and `evidence_kinds` are its own (shapes: deals.asked), `rules` those of deals.rules.
    `version` is the number of the newest TypeVersion. The rows themselves are the vendor's alone; what partners see of
    them goes through deals.offers.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    # What a version keeps.
    KEPT = (
        "name",
        "help",
        "kinds",
        "tiers",
        "exclusive",
        "protection_days",
        "extensions",
        "extension_days",
        "grace_days",
        "cool_off_days",
        "review_hours",
        "keeps_priority_days",
        "deemed_approval",
        "needs_evidence",
        "benefit",
        "benefit_percent",
        "tender",
        "required",
        "own_fields",
        "evidence_kinds",
        "rules",
    )

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="registration_types")
    name = models.CharField(_("name"), max_length=60)
    help = models.CharField(_("when to choose it"), max_length=300, blank=True)
    is_default = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    kinds = models.JSONField(_("kinds of partnership"), default=list, blank=True)
    tiers = models.JSONField(_("tiers"), default=list, blank=True)
    exclusive = models.BooleanField(_("exclusive"), default=True)
    protection_days = models.PositiveSmallIntegerField(
        _("protection, days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    review_hours = models.PositiveSmallIntegerField(
        _("review within, business hours"), default=8, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    keeps_priority_days = models.PositiveSmallIntegerField(
        _("a returned registration keeps its place, business days"), default=5
    )
    extensions = models.PositiveSmallIntegerField(
        _("how often it can be extended"), default=1, validators=[MaxValueValidator(20)]
    )
    extension_days = models.PositiveSmallIntegerField(
        _("an extension adds, days"), default=60, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    grace_days = models.PositiveSmallIntegerField(
        _("can be reinstated for, days"), default=14, validators=[MaxValueValidator(180)]
    )
    cool_off_days = models.PositiveSmallIntegerField(
        _("not registered again for, days"), default=30, validators=[MaxValueValidator(LONGEST_COOL_OFF)]
    )
    deemed_approval = models.BooleanField(_("counts as approved when nobody answers in twice the time"), default=False)
    needs_evidence = models.BooleanField(_("needs a file as evidence"), default=False)
    benefit = models.CharField(_("benefit"), max_length=200, blank=True)
    benefit_percent = models.DecimalField(
        _("discount, percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    tender = models.BooleanField(_("for tenders"), default=False)
    required = models.JSONField(_("asked for"), default=list, blank=True)
    own_fields = models.JSONField(_("fields of one's own"), default=list, blank=True)
    evidence_kinds = models.JSONField(_("evidence asked for"), default=list, blank=True)
    rules = models.JSONField(_("rules of approval"), default=list, blank=True)

    objects: ClassVar = RegistrationTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor"], condition=Q(is_default=True), name="one_default_type_per_vendor")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_tone(self) -> str:
        """The tone in which it is shown whether it is offered."""
        return "still" if self.archived_at else "good"

    def get_state_display(self) -> str:
        """Whether it is offered, in words, for the component that shows states."""
        return str(_("Archived") if self.archived_at else _("Offered"))

    def kept(self) -> dict[str, Any]:
        """What a version keeps of it, by name."""
        return {name: getattr(self, name) for name in self.KEPT}

    def current(self) -> "TypeVersion":
        """The newest version; the first one is written when somebody first needs it."""
        row, _new = TypeVersion.objects.get_or_create(
            type=self, number=self.version, defaults={"vendor_id": self.vendor_id, "terms": self.kept()}
        )
        return row


class TypeVersion(ScopedModel):
    """What a type said from one change to the next. Never changed: a deal keeps the version it was submitted under."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    type = models.ForeignKey(RegistrationType, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    terms = models.JSONField(encoder=DjangoJSONEncoder)
    created = models.DateTimeField(default=now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="one_type_version_per_number")]

    def __str__(self) -> str:
        return f"{self.type_id} v{self.number}"

    def as_type(self, type_: RegistrationType) -> RegistrationType:
        """The type as it was then, not to be saved."""
        then = copy.copy(type_)
        for name in RegistrationType.KEPT:
            if name in self.terms:
                column = cast("models.Field[Any, Any]", RegistrationType._meta.get_field(name))
                setattr(then, name, column.to_python(self.terms[name]))
        then.version = self.number
        return then
