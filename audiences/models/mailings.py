"""Mailings: what is written, to whom it goes, and what became of each letter."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from audiences.models.contacts import Contact, Purpose
from audiences.models.segments import Segment
from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition


class MailingQuerySet(ScopedQuerySet):
    """Verbs on mailings."""

    def with_numbers(self) -> "MailingQuerySet":
        """Each with how many letters were sent, opened and clicked."""
        columns = {"sent": "sent_at", "opened": "opened_at", "clicked": "clicked_at"}
        counts = {
            name: Count("recipients", filter=Q(**{f"recipients__{column}__isnull": False}))
            for name, column in columns.items()
        }
        return self.annotate(**counts)

    def with_work(self) -> "MailingQuerySet":
        """Those with something to do: a standing one only while a letter waits."""
        waiting = Recipient.objects.filter(mailing=OuterRef("pk"), state=Recipient.State.WAITING)
        return self.filter(Q(standing=False) | Exists(waiting))


class Mailing(ScopedModel):
    """One letter to many. Its recipients are frozen when it starts; each gets it once."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        SENT = "sent", _("Sent")

    TONES = {
        State.DRAFT: "still",
        State.SCHEDULED: "info",
        State.SENDING: "info",
        State.PAUSED: "warn",
        State.STOPPED: "bad",
        State.SENT: "good",
    }
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "schedule": Transition(frozenset({State.DRAFT, State.SCHEDULED}), State.SCHEDULED),
        "unschedule": Transition(frozenset({State.SCHEDULED}), State.DRAFT),
        "start": Transition(frozenset({State.DRAFT, State.SCHEDULED}), State.SENDING),
        "pause": Transition(frozenset({State.SENDING}), State.PAUSED),
        "resume": Transition(frozenset({State.PAUSED}), State.SENDING),
        "stop": Transition(frozenset({State.SENDING, State.PAUSED}), State.STOPPED),
        "finish": Transition(frozenset({State.SENDING}), State.SENT),
        "resend": Transition(frozenset({State.SENDING, State.SENT}), State.SENDING),
    }

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="mailings")
    subject = models.CharField(_("subject"), max_length=150)
    subject_b = models.CharField(_("second subject"), max_length=150, blank=True)
    share_b = models.PositiveSmallIntegerField(
        _("share of the second, in percent"), default=50, validators=[MaxValueValidator(99)]
    )
    body = models.TextField(_("text"), max_length=50_000)
    sender_name = models.CharField(_("sender’s name"), max_length=80)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.NEWS)
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="mailings")
    tracking = models.BooleanField(_("count opens and clicks"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    scheduled_at = models.DateTimeField(_("starts"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)  # when its recipients were written down
    finished_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)  # the last sign of life of the job
    minute_at = models.DateTimeField(null=True, blank=True)  # when the minute began in which minute_count were taken
    minute_count = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, blank=True)  # why → how many of the segment were not written to
    # Letters are added to it one by one, as things happen; it goes to no segment and ends when it is closed.
    standing = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)  # what asked for it, such as a campaign, and its key
    source_id = models.BigIntegerField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = MailingQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-created"], name="mailings_by_age"),
            models.Index(
                fields=["state", "scheduled_at"],
                name="mailings_at_work",
                condition=Q(state__in=["scheduled", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """The mailing's page."""
        return reverse("audiences:mailing", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state in {self.State.DRAFT, self.State.SCHEDULED}

    def subject_for(self, variant: str) -> str:
        """The subject of a variant."""
        return self.subject_b if variant == "B" and self.subject_b else self.subject


class RecipientQuerySet(ScopedQuerySet):
    """Verbs on recipients."""

    def followed(self, number: int) -> "RecipientQuerySet":
        """Who followed the link of this number."""
        return self.filter(clicks__link__number=number)


class Recipient(ScopedModel):
    """One letter to one person, frozen at the start of the mailing.

    `waiting` → `sending`, committed before the letter is handed to the mail server → `sent`. What was being handed over
    when the process died is `unsure`: nobody can know, so it is never sent again by itself.
    """

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused by the mail server")
        UNSURE = "unsure", _("Unsure")
        DROPPED = "dropped", _("Left out")

    TONES = {
        State.WAITING: "still",
        State.SENDING: "info",
        State.SENT: "good",
        State.FAILED: "bad",
        State.UNSURE: "warn",
        State.DROPPED: "still",
    }

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="received")
    email = models.EmailField(max_length=254, blank=True)  # empty once the contact was erased
    variant = models.CharField(max_length=1, default="A")
    occasion = models.CharField(max_length=80, blank=True)  # of a standing mailing: what this letter is about
    values = models.JSONField(default=dict, blank=True)  # fields of this letter alone: name → text
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # not before; after a server asked to try again later
    reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)

    objects: ClassVar = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "email", "occasion"], condition=~Q(email=""), name="one_letter_each"
            )
        ]
        indexes = [
            models.Index(fields=["mailing", "state", "id"], name="recipients_by_state"),
            models.Index(fields=["contact", "sent_at"], name="recipients_by_contact"),
            models.Index(fields=["opened_at"], condition=Q(opened_at__isnull=False), name="recipients_who_opened"),
            models.Index(fields=["clicked_at"], condition=Q(clicked_at__isnull=False), name="recipients_who_clicked"),
        ]

    def __str__(self) -> str:
        return self.email or str(_("erased"))

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.State(self.state)]


class Link(models.Model):
    """An address that a mailing leads to. A signed link names it by its number, so no other address can be asked."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "mailing"

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="links")
    number = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=2000)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mailing", "number"], name="one_address_a_number")]

    def __str__(self) -> str:
        return self.url


class Click(models.Model):
    """That a recipient followed a link, and how often."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "recipient"

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="clicks")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="clicks")
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "link"], name="one_row_a_click")]

    def __str__(self) -> str:
        return f"{self.recipient_id} → {self.link_id}"
