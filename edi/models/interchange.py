"""What crosses the border of the portal: the bytes as they travelled, and the interchanges in them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from edi.models.connection import Connection, Standard
from partners.models import Organisation

Text = str | Promise


class Transmission(ScopedModel):
    """The bytes as they travelled. What comes in is kept before it is read; the same bytes are kept once."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    inbound = models.BooleanField()
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=120, blank=True)
    user = models.ForeignKey("partners.User", null=True, on_delete=models.PROTECT, related_name="+")
    service_account = models.ForeignKey(
        "partners.ServiceAccount", null=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(default=now)
    times_received = models.PositiveIntegerField(default=1)
    last_received_at = models.DateTimeField(default=now)
    claimed_at = models.DateTimeField(null=True)  # somebody is working on it since
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"], condition=Q(inbound=True), name="same_bytes_are_kept_once"
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class InterchangeQuerySet(ScopedQuerySet):
    """Verbs on interchanges."""

    def outbound_of(self, organisation_id: int) -> "InterchangeQuerySet":
        """What the systems of an organisation may collect."""
        return self.filter(direction=Interchange.Direction.OUT, organisation=organisation_id)

    def to_collect(self) -> "InterchangeQuerySet":
        """Documents that nobody has fetched yet."""
        return self.filter(direction=Interchange.Direction.OUT, delivery=Interchange.Delivery.PENDING)

    def exceptions(self) -> "InterchangeQuerySet":
        """What somebody should look at."""
        return self.filter(EXCEPTION)


class Interchange(ScopedModel):
    """One envelope, on its way in or out.

    `organisation` is whose system stands at the other end of the wire: it posted what comes in and collects what goes
    out. `counterpart` is the other company, and stays empty until it is known. A document holds its control number
    (`registration`) from the moment its envelope is accepted, unless every message in it is refused.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("organisation", "counterpart")

    class Direction(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")

    class Content(models.TextChoices):
        ORDER = "order", _("Orders")
        CHANGE = "change", _("Order changes")
        RESPONSE = "response", _("Order responses")
        DESPATCH = "despatch", _("Despatches")
        RECEIPT = "receipt", _("Receipts")
        INVOICE = "invoice", _("Invoices")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgements")
        OTHER = "other", _("Other")

    class Validation(models.TextChoices):
        PROCESSING = "processing", _("Being read")
        VALID = "valid", _("Valid")
        PARTLY = "partly", _("Partly refused")
        INVALID = "invalid", _("Refused")

    class Delivery(models.TextChoices):
        PENDING = "pending", _("To be collected")
        SENT = "sent", _("Collected")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    class Acknowledgement(models.TextChoices):
        NONE = "none", _("None expected")
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        ACCEPTED_WITH_ERRORS = "accepted_with_errors", _("Accepted with errors")
        REJECTED = "rejected", _("Rejected")
        OVERDUE = "overdue", _("Overdue")

    TONES = {
        "processing": "info",
        "valid": "good",
        "partly": "warn",
        "invalid": "bad",
        "pending": "info",
        "sent": "info",
        "delivered": "good",
        "failed": "bad",
        "none": "still",
        "waiting": "info",
        "accepted": "good",
        "accepted_with_errors": "warn",
        "rejected": "bad",
        "overdue": "warn",
    }

    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="interchanges")
    counterpart = models.ForeignKey("partners.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, null=True, on_delete=models.SET_NULL, related_name="interchanges")
    transmission = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="interchanges")
    position = models.PositiveIntegerField(default=1)  # in its transmission
    start = models.PositiveIntegerField(default=0)  # bytes of the transmission
    end = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)  # of these bytes alone
    standard = models.CharField(_("standard"), max_length=12, choices=Standard, default=Standard.UNKNOWN)
    version = models.CharField(_("version"), max_length=40, blank=True)
    control_number = models.CharField(_("control number"), max_length=100, blank=True)
    sender_id = models.CharField(max_length=100, blank=True)
    sender_qualifier = models.CharField(max_length=40, blank=True)
    receiver_id = models.CharField(max_length=100, blank=True)
    receiver_qualifier = models.CharField(max_length=40, blank=True)
    test = models.BooleanField(_("test"), default=False)
    registration = models.CharField(max_length=64, blank=True)  # what a second one with its number would share
    content = models.CharField(_("content"), max_length=16, choices=Content, default=Content.OTHER)
    kinds = models.CharField(_("messages"), max_length=80, blank=True)
    keywords = models.CharField(max_length=500, blank=True)  # order numbers, so that a list finds it by them
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    validation = models.CharField(_("validation"), max_length=10, choices=Validation, default=Validation.PROCESSING)
    delivery = models.CharField(_("delivery"), max_length=9, choices=Delivery, default=Delivery.DELIVERED)
    parked = models.PositiveIntegerField(default=0)  # messages that wait until somebody names their order
    resends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sent_again")
    acknowledgement = models.CharField(
        _("acknowledgement"), max_length=20, choices=Acknowledgement, default=Acknowledgement.NONE
    )
    created = models.DateTimeField(default=now)
    processed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    objects: ClassVar = InterchangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organisation", "-created"], name="edi_of_organisation"),
            models.Index(fields=["counterpart", "-created"], name="edi_of_counterpart"),
            models.Index(fields=["organisation", "delivery"], name="edi_to_collect"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["transmission", "position"], name="one_interchange_per_position"),
            models.UniqueConstraint(
                fields=["organisation", "direction", "registration"],
                condition=~Q(registration=""),
                name="one_interchange_per_control_number",
            ),
        ]

    def __str__(self) -> str:
        name = " ".join(part for part in (self.kinds or self.get_standard_display(), self.control_number) if part)
        return name if len(name) <= 120 else f"{name[:119]}…"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("edi:interchange", args=[self.pk])

    @property
    def raw(self) -> bytes:
        """Its own bytes, cut out of the transmission."""
        return bytes(self.transmission.raw)[self.start : self.end]

    @property
    def sender(self) -> Organisation | None:
        """The organisation that the document comes from, as far as it is known."""
        return self.organisation if self.direction == self.Direction.IN else self.counterpart

    @property
    def receiver(self) -> Organisation | None:
        """The organisation that the document goes to, as far as it is known."""
        return self.counterpart if self.direction == self.Direction.IN else self.organisation

    @property
    def between(self) -> str:
        """From whom to whom, in a line; the identifier where the company is not known."""
        return f"{self.sender or self.sender_id or '?'} → {self.receiver or self.receiver_id or '?'}"

    def _status(self) -> tuple[str, Text]:
        """The one of the three statuses that says most now, as (tone, words)."""
        if self.validation in {"processing", "invalid", "partly"}:
            return self.TONES[self.validation], self.get_validation_display()
        if self.parked:
            return "warn", _("Waits for its order")
        if self.acknowledgement in {"rejected", "overdue", "accepted_with_errors"}:
            return self.TONES[self.acknowledgement], self.get_acknowledgement_display()
        if self.direction == self.Direction.OUT:
            return self.TONES[self.delivery], self.get_delivery_display()
        return self.TONES[self.validation], self.get_validation_display()

    @property
    def state_tone(self) -> str:
        """The tone of what its three statuses come to."""
        return self._status()[0]

    def get_state_display(self) -> Text:
        """What its three statuses come to, in words."""
        return self._status()[1]

    def statuses(self) -> list[tuple[Text, Text, str]]:
        """The three statuses as (name, words, tone): they are kept apart because each goes wrong by itself."""
        return [
            (_("Validation"), self.get_validation_display(), self.TONES[self.validation]),
            (_("Delivery"), self.get_delivery_display(), self.TONES[self.delivery]),
            (_("Acknowledgement"), self.get_acknowledgement_display(), self.TONES[self.acknowledgement]),
        ]


EXCEPTION = (
    Q(validation__in=["invalid", "partly"])
    | Q(acknowledgement__in=["rejected", "overdue"])
    | Q(delivery="failed", sent_again=None)
    | Q(parked__gt=0)
)


class Case(ScopedModel):
    """What one organisation does about a document that somebody should look at."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    interchange = models.ForeignKey(Interchange, on_delete=models.CASCADE, related_name="cases")
    assignee = models.ForeignKey("partners.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)  # nothing more is to be done, whatever the statuses say
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "interchange"], name="one_case_per_document")]

    def __str__(self) -> str:
        return f"{self.interchange_id}: {self.assignee_id or '–'}"
