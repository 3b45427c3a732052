"""Leads from a file: what was uploaded, how far it is, and what became of each line."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from core.states import Transition
from leads.models.leads import Lead


class LeadImport(ScopedModel):
    """One file. Each of its lines has its own row once it was settled, so nothing is taken in twice."""

    scope: ClassVar[str] = "owned"
    visible_through = ("vendor",)

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be named")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDONE = "undone", _("Undone")

    TONES = {State.UPLOADED: "info", State.RUNNING: "info", State.DONE: "good", State.UNDONE: "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "start": Transition(frozenset({State.UPLOADED}), State.RUNNING),
        "finish": Transition(frozenset({State.RUNNING}), State.DONE),
        "undo": Transition(frozenset({State.DONE}), State.UNDONE),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="lead_imports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="leads/%Y/%m")
    name = models.CharField(max_length=160)
    encoding = models.CharField(max_length=16)
    separator = models.CharField(max_length=1)
    mapping = models.JSONField(default=dict, blank=True)  # the field of a lead → the number of the column, from 0
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    country = models.CharField(_("country where none is given"), max_length=2, default="IT")
    consent_source = models.CharField(_("where consent was given"), max_length=120, blank=True)
    route = models.BooleanField(_("look for partners at once"), default=False)
    total = models.PositiveIntegerField(default=0)  # lines beside the heading
    settled = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    created = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)  # the last sign of life of the job

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["moved_at"], name="lead_import_runs", condition=Q(state="running"))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its progress, then its report."""
        return reverse("leads:import", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def left_out(self) -> int:
        """Lines that were settled without making a lead."""
        return self.settled - self.taken

    @property
    def percent(self) -> int:
        """How far it is, in whole percent."""
        return 100 * self.settled // self.total if self.total else 100


class ImportLine(models.Model):
    """What became of one line of a file: the lead it made, or why it made none."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "imported"

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken in")
        KNOWN = "known", _("Known already")
        TWICE = "twice", _("Twice in the file")
        REFUSED = "refused", _("Not usable")

    imported = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # of the line in the file, the heading is 1
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="one_outcome_per_line")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
