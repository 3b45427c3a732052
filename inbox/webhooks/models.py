"""Where an organisation's systems want to hear of what happens, what is owed to them, and what was tried."""

from datetime import timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet

OVERLAP = timedelta(hours=24)


class WebhookEndpoint(ScopedModel):
    """An address that hears of some events, with the eyes of `account`: what that service account may not know is not
    sent. `sealed` holds the signing secrets (core.vault): "secret", and until `previous_until` "previous"."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        "partners.ServiceAccount", on_delete=models.PROTECT, related_name="+", verbose_name=_("as which account")
    )
    description = models.CharField(_("description"), max_length=120)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    active = models.BooleanField(_("on"), default=True)
    off_because = models.CharField(max_length=300, blank=True)
    sealed = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    unreachable = models.PositiveSmallIntegerField(default=0, editable=False)  # requests without an answer, in a row
    rests_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.description or self.url

    def get_absolute_url(self) -> str:
        """The endpoint's page."""
        return reverse("webhooks:detail", args=[self.pk])

    def hears(self, verb: str) -> bool:
        """True when the verb was chosen, by name or as one of its whole group ("deal.*")."""
        return verb in self.events or f"{verb.partition('.')[0]}.*" in self.events

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        if not self.active:
            return "bad" if self.off_because else "still"
        return "warn" if self.failing_since else "good"

    def get_state_display(self) -> str:
        """The state in words."""
        if not self.active:
            return str(_("Switched off") if self.off_because else _("Off"))
        return str(_("Failing") if self.failing_since else _("On"))


class WebhookDeliveryQuerySet(ScopedQuerySet):
    """Verbs on deliveries."""

    def open(self) -> Self:
        """Not sent yet, and still to be tried."""
        return self.filter(state__in=WebhookDelivery.OPEN)

    def due(self) -> Self:
        """Open, in nobody's hands, its endpoint on and not resting; of one record only the earliest that is open."""
        earlier = WebhookDelivery.objects.filter(
            endpoint=OuterRef("endpoint"),
            target=OuterRef("target"),
            target_id=OuterRef("target_id"),
            state__in=WebhookDelivery.OPEN,
            pk__lt=OuterRef("pk"),
        )
        rested = Q(endpoint__rests_until=None) | Q(endpoint__rests_until__lte=now())
        rows = self.open().filter(rested, next_at__lte=now(), endpoint__active=True)
        return rows.filter(Q(target="") | ~Exists(earlier)).order_by("pk")


class WebhookDelivery(ScopedModel):
    """One event owed to one endpoint. The row is the outbox, jobs are only wake-ups. At every try the `payload` is the
    same, byte for byte, under the same `key`."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, tried again")
        GIVEN_UP = "given_up", _("Given up")
        DROPPED = "dropped", _("Not sent")

    OPEN = (State.PENDING, State.FAILED)
    TONES = {"pending": "info", "sent": "good", "failed": "warn", "given_up": "bad", "dropped": "still"}

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey("core.TrailEntry", null=True, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    verb = models.CharField(_("event"), max_length=60)
    target = models.CharField(max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True)
    title = models.CharField(_("record"), max_length=200, blank=True)
    payload = models.TextField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    created = models.DateTimeField(default=now)

    objects: ClassVar = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "entry"], name="one_delivery_per_entry")]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"], name="webhook_due", condition=Q(state__in=["pending", "failed"])
            ),
            models.Index(
                fields=["endpoint", "target", "target_id", "id"],
                name="webhook_of_record",
                condition=Q(state__in=["pending", "failed"]),
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """The delivery's page."""
        return reverse("webhooks:delivery", args=[self.pk])

    @property
    def message_id(self) -> str:
        """What the receiver tells repetitions by: the same at every try."""
        return f"msg_{self.key.hex}"

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]


class WebhookAttempt(models.Model):
    """One try at a delivery, written down before it begins; without an end it was cut short and is tried again."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "delivery"

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField(default=now)
    milliseconds = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)  # its first 2 kB
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.status or self.fault}"

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        if self.milliseconds is None:
            return "info"
        return "good" if self.status is not None and 200 <= self.status < 300 else "bad"
