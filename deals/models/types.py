"""The kinds of registration that a vendor offers."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet


class RegistrationTypeQuerySet(ScopedQuerySet):
    """Verbs on registration types."""

    def default_of(self, vendor_id: int) -> "RegistrationType":
        """The vendor's default type, made with the house's terms when the vendor never set one."""
        return RegistrationType.objects.get_or_create(
            vendor_id=vendor_id, is_default=True, defaults={"name": "Standard"}
        )[0]


class RegistrationType(ScopedModel):
    """The terms of one kind of registration: how long it protects, whether alone, how soon it is reviewed."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="registration_types")
    name = models.CharField(_("name"), max_length=60)
    is_default = models.BooleanField(default=False)
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
        _("not registered again for, days"), default=30, validators=[MaxValueValidator(365)]
    )
    deemed_approval = models.BooleanField(_("counts as approved when nobody answers in twice the time"), default=False)
    needs_evidence = models.BooleanField(_("needs a file as evidence"), default=False)

    objects: ClassVar = RegistrationTypeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor"], condition=Q(is_default=True), name="one_default_type_per_vendor")
        ]

    def __str__(self) -> str:
        return self.name
