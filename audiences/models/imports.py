"""Contacts from a file: what was uploaded, how far it is, and what became of each line or card."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from audiences.models.contacts import Purpose
from core.scoping import ScopedModel
from core.states import Transition


class ContactImport(ScopedModel):
    """One file. Each of its lines has its own row once it was settled, so nothing is taken in twice."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Kind(models.TextChoices):
        CSV = "csv", "CSV"
        VCARD = "vcard", "vCard"

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be named")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    TONES = {State.UPLOADED: "info", State.RUNNING: "info", State.DONE: "good"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "start": Transition(frozenset({State.UPLOADED}), State.RUNNING),
        "finish": Transition(frozenset({State.RUNNING}), State.DONE),
    }

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="contacts/%Y/%m")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.CSV)
    encoding = models.CharField(max_length=16, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    mapping = models.JSONField(default=dict, blank=True)  # the field of a contact → the number of the column, from 0
    tags = models.JSONField(default=list, blank=True)
    update = models.BooleanField(_("complete contacts that are known"), default=False)
    purpose = models.CharField(_("consent to"), max_length=8, choices=Purpose, blank=True)
    consent_source = models.CharField(_("where it was given"), max_length=120, blank=True)
    consent_wording = models.TextField(_("in which words"), max_length=2000, blank=True)
    total = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    created = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)  # the last sign of life of the job

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["moved_at"], name="contact_import_runs", condition=Q(state="running"))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its progress, then its report."""
        return reverse("audiences:import", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def left_out(self) -> int:
        """Lines that were settled without a contact."""
        return self.settled - self.taken - self.updated

    @property
    def percent(self) -> int:
        """How far it is, in whole percent."""
        return 100 * self.settled // self.total if self.total else 100


class ContactLine(models.Model):
    """What became of one line or card of a file. It names no person: erasing one must not have to look here."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "imported"

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken in")
        UPDATED = "updated", _("Completed")
        KNOWN = "known", _("Known already")
        REFUSED = "refused", _("Not usable")

    imported = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # of the line in the file where it begins, from 1
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="one_outcome_a_contact_line")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
