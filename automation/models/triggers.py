"""A trigger: when, if, after, then, and its limits."""

from datetime import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from audiences.models import Purpose
from core.scoping import ScopedModel
from core.states import Transition
from inbox.quiet import Hours

ALL_DAYS = frozenset(range(1, 8))
WEEKEND = frozenset({6, 7})


class Trigger(ScopedModel):
    """What an organisation has happen by itself. Its columns are the version in force."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")

    class Act(models.TextChoices):
        LETTER = "letter", _("Send a letter")
        NOTICE = "notice", _("Tell colleagues")
        CODE = "code", _("Give a promotion code")
        TASK = "task", _("Plan a task")

    class To(models.TextChoices):
        PERSON = "person", _("the person it is about")
        PARTNER = "partner", _("your contacts at the other company")

    class Once(models.TextChoices):
        RECORD = "record", _("once for each record")
        ADDRESSEE = "addressee", _("once for each addressee, ever")
        EACH = "each", _("each time")

    TONES = {State.DRAFT: "still", State.ACTIVE: "good", State.PAUSED: "warn"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "activate": Transition(frozenset({State.DRAFT, State.PAUSED}), State.ACTIVE),
        "pause": Transition(frozenset({State.ACTIVE}), State.PAUSED),
    }

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="triggers")
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.DRAFT)
    event = models.CharField(_("when"), max_length=30)
    days = models.PositiveSmallIntegerField(
        _("days"), default=14, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    rule = models.JSONField(default=dict, blank=True)  # as deals.rules stores one; empty where nothing is asked
    delay_hours = models.PositiveIntegerField(_("hours to wait"), default=0, validators=[MaxValueValidator(24 * 365)])
    act = models.CharField(_("then"), max_length=6, choices=Act, default=Act.NOTICE)
    to = models.CharField(_("to"), max_length=7, choices=To, default=To.PERSON)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), max_length=20_000, blank=True)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.NEWS)
    sender_name = models.CharField(_("sender’s name"), max_length=80, blank=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    role = models.ForeignKey(
        "partners.Role", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("role")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("colleague"),
    )  # fmt: skip
    promotion = models.ForeignKey(
        "promotions.Promotion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("promotion"),
    )  # fmt: skip
    due_days = models.PositiveSmallIntegerField(_("days to do it"), default=2, validators=[MaxValueValidator(365)])

    once = models.CharField(_("how often"), max_length=9, choices=Once, default=Once.RECORD)
    per_week = models.PositiveSmallIntegerField(
        _("letters a contact gets in a week"), default=2, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    daily_max = models.PositiveIntegerField(
        _("times a day"), default=200, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    quiet_begins = models.TimeField(_("quiet from"), null=True, blank=True, default=time(20))
    quiet_ends = models.TimeField(_("to"), null=True, blank=True, default=time(8))
    workdays = models.BooleanField(_("only Monday to Friday"), default=False)
    time_zone = models.CharField(max_length=40, default="Europe/Rome", editable=False)

    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    active_since = models.DateTimeField(null=True, blank=True)  # what happened before is left alone
    looked_until = models.DateTimeField(null=True, blank=True)  # until when its occasions were looked for
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_trigger_a_name")]
        indexes = [models.Index(fields=["event", "state"], name="triggers_by_event")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The trigger's page."""
        return reverse("automation:trigger", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def disturbs(self) -> bool:
        """Whether it reaches people outside, for whom there are quiet hours; colleagues have their own."""
        return self.act in {self.Act.LETTER, self.Act.CODE}

    @property
    def quiet(self) -> list[Hours]:
        """When nobody is written to."""
        hours = []
        if self.quiet_begins is not None and self.quiet_ends is not None:
            hours.append(Hours(self.quiet_begins, self.quiet_ends, ALL_DAYS))
        if self.workdays:
            hours.append(Hours(time(0), time(0), WEEKEND))
        return hours


class TriggerVersion(models.Model):
    """What a trigger said from one change to the next. Never changed."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "trigger"

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    said = models.JSONField(default=dict)  # its columns as text, and the sentence in the writer's language
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["trigger", "number"], name="one_row_a_trigger_version")]

    def __str__(self) -> str:
        return f"{self.trigger_id} v{self.number}"

    @property
    def sentence(self) -> Any:
        """The trigger in words, as they were."""
        return self.said.get("sentence", "")
