"""Who of a partner's people holds which certificate of a vendor."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from partners.models import Membership


class CertificationQuerySet(ScopedQuerySet):
    """Verbs on certifications."""

    def held_on(self, day: date) -> "CertificationQuerySet":
        """What counts on a day: confirmed by the vendor, begun, not run out, and the person is still there."""
        confirmed = self.filter(state=Certification.State.CONFIRMED, given_on__lte=day, membership__active=True)
        return confirmed.filter(Q(valid_until=None) | Q(valid_until__gte=day))


class Certification(ScopedModel):
    """A certificate of one person, reported by the partner. It counts once the vendor has confirmed it."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    TONES: ClassVar[dict[str, str]] = {"reported": "info", "confirmed": "good", "refused": "bad"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "confirm": Transition(frozenset({"reported", "refused"}), "confirmed"),
        "refuse": Transition(frozenset({"reported", "confirmed"}), "refused"),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    person = models.CharField(_("person"), max_length=120)  # the name at the time: members are the partner's alone
    name = models.CharField(_("certification"), max_length=120)
    given_by = models.CharField(_("given by"), max_length=120)
    given_on = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    file = models.FileField(upload_to="programmes/%Y/%m", blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REPORTED)
    refusal = models.CharField(_("reason"), max_length=500, blank=True)
    created = models.DateTimeField(default=now)

    objects: ClassVar = CertificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["vendor", "partner", "state"], name="certifications_of_pair")]

    def __str__(self) -> str:
        return f"{self.name}, {self.person}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("programmes:certification", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether it has run out."""
        return self.valid_until is not None and self.valid_until < localdate()

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return "warn" if self.is_over else self.TONES[self.state]
