"""Who is away, and who stands in."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet


class AbsenceQuerySet(ScopedQuerySet):
    """Verbs on absences."""

    def touching(self, start: date, end: date) -> Self:
        """Those that share a day with the time from `start` to `end`, both included."""
        return self.filter(start__lte=end, end__gte=start)


class Absence(ScopedModel):
    """Days on which a person does not act for an organisation, both included, and who stands in for them."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    start = models.DateField(_("first day away"))
    end = models.DateField(_("last day away"))
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who stands in"),
    )

    objects: ClassVar = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        constraints = [models.CheckConstraint(condition=Q(end__gte=F("start")), name="absence_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.user} {self.start}/{self.end}"
