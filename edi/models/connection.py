"""With whom and how the systems of an organisation exchange documents."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel


class Standard(models.TextChoices):
    """The families of documents that are read and written."""

    EDIFACT = "edifact", "EDIFACT"
    X12 = "x12", "X12"
    UBL = "ubl", "UBL"
    CXML = "cxml", "cXML"
    FATTURAPA = "fatturapa", "FatturaPA"
    TABLE = "table", _("Table")
    UNKNOWN = "unknown", _("Not recognised")


class Connection(ScopedModel):
    """How the systems of `organisation` exchange documents with `counterpart` through the portal."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    class Format(models.TextChoices):
        EDIFACT_D96A = "edifact:D.96A", "EDIFACT D.96A"
        EDIFACT_D01B = "edifact:D.01B", "EDIFACT D.01B"
        X12_4010 = "x12:004010", "X12 004010"
        X12_5010 = "x12:005010", "X12 005010"
        UBL_21 = "ubl:2.1", "UBL 2.1"
        CXML_12 = "cxml:1.2", "cXML 1.2"

    class Mode(models.TextChoices):
        TEST = "test", _("Test")
        LIVE = "live", _("Live")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")

    organisation = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="connections")
    counterpart = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.EDIFACT_D96A)
    own_id = models.CharField(_("our identifier"), max_length=80)
    own_qualifier = models.CharField(_("its qualifier"), max_length=20, blank=True)
    their_id = models.CharField(_("their identifier"), max_length=80)
    their_qualifier = models.CharField(_("its qualifier"), max_length=20, blank=True)
    own_codes = models.JSONField(_("our other codes"), default=list, blank=True)
    their_codes = models.JSONField(_("their other codes"), default=list, blank=True)
    guide_rules = models.JSONField(_("rules of their own"), default=dict, blank=True)  # by message kind
    code_rules = models.JSONField(_("codes of their own"), default=dict, blank=True)  # by table of codes
    mode = models.CharField(_("mode"), max_length=4, choices=Mode, default=Mode.TEST)
    acknowledged_within = models.PositiveSmallIntegerField(_("acknowledgement within (hours)"), default=24)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["counterpart__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "counterpart", "format", "own_id", "their_id"],
                name="one_connection_per_pair_of_identifiers",
            ),
            models.CheckConstraint(condition=~Q(organisation=models.F("counterpart")), name="connects_two_companies"),
        ]

    def __str__(self) -> str:
        return f"{self.counterpart}, {self.get_format_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("edi:connection", args=[self.pk])

    @property
    def standard(self) -> str:
        """edifact, x12, ubl or cxml."""
        return self.format.partition(":")[0]

    @property
    def message_version(self) -> str:
        """D.96A, D.01B, 004010, 005010, 2.1 or 1.2."""
        return self.format.partition(":")[2]

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return "good" if self.state == self.State.ACTIVE else "still"
