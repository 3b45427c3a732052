"""What accrued on which invoice line, added up by period: both sides read the same."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.numbers import format_day
from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.models import InvoiceLine
from rebates.calculation import Part, Running
from rebates.models.agreements import RebateAgreement


def amount(label: Any = None) -> models.DecimalField:
    """Money of the agreement."""
    return models.DecimalField(label, max_digits=18, decimal_places=4, default=0)


class StatementQuerySet(ScopedQuerySet):
    """Verbs on statements."""

    def over(self, day: date) -> "StatementQuerySet":
        """Open ones whose period was over before a day, the earliest first."""
        return self.filter(state=Statement.State.OPEN, ends_on__lt=day).order_by("starts_on", "pk")


class Statement(ScopedModel):
    """One period of one agreement. `volume` and `accrued` are the sums of its accruals, but for late credits, which
    change `late` alone; `baseline` is the volume of the former period, where growth is what counts."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        CLOSED = "closed", _("Issued")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")
        SETTLED = "settled", _("Settled")

    class Settlement(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        CREDIT_NOTE = "credit_note", _("Credit note")
        OFFSET = "offset", _("Set off")

    TO_SETTLE = (State.CLOSED, State.CONFIRMED)
    TONES: ClassVar[dict[str, str]] = {
        "open": "info", "closed": "warn", "confirmed": "good", "disputed": "bad", "settled": "still",
    }  # fmt: skip
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "close": Transition(frozenset({"open"}), "closed"),
        "confirm": Transition(frozenset({"closed"}), "confirmed"),
        "dispute": Transition(frozenset({"closed", "confirmed"}), "disputed"),
        "answer": Transition(frozenset({"disputed"}), "closed"),
        "settle": Transition(frozenset(TO_SETTLE), "settled"),
    }

    agreement = models.ForeignKey(RebateAgreement, on_delete=models.PROTECT, related_name="statements")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    baseline = models.DecimalField(max_digits=21, decimal_places=6, default=0)
    volume = models.DecimalField(_("volume"), max_digits=21, decimal_places=6, default=0)
    accrued = amount(_("earned"))
    late = amount(_("taken back of closed periods"))
    credited = models.DecimalField(max_digits=21, decimal_places=6, default=0)  # of its volume, after it was closed
    brought = amount(_("brought forward"))
    payable = amount(_("to be paid"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    dispute = models.CharField(_("what is disputed"), max_length=1000, blank=True)
    reply = models.CharField(_("answer"), max_length=1000, blank=True)
    closed_on = models.DateField(null=True)
    settled_on = models.DateField(_("settled on"), null=True)
    settlement = models.CharField(_("by"), max_length=11, choices=Settlement, blank=True)
    reference = models.CharField(_("reference"), max_length=70, blank=True)

    objects: ClassVar = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "starts_on"], name="one_statement_per_period")]

    def __str__(self) -> str:
        return f"{self.agreement.number}, {format_day(self.starts_on)} – {format_day(self.ends_on)}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("rebates:statement", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def closes_on(self) -> date:
        """The day on which it closes by itself: what is invoiced or credited late counts until the day before."""
        return self.ends_on + timedelta(days=1 + self.agreement.grace_days)

    @property
    def total(self) -> Decimal:
        """All that accrued here, late credits taken off."""
        return self.accrued + self.late

    @property
    def running(self) -> Running:
        """How far the period has come."""
        return Running(self.volume, self.accrued)


class Accrual(models.Model):
    """An amount on one invoice line: of which base, at which rate, why. Written once and never changed."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "statement"

    class Why(models.TextChoices):
        LINE = Part.LINE.value, _("The line")
        RERATED = Part.RERATED.value, _("Earlier lines, rated anew")
        REVERSED = Part.REVERSED.value, _("Replaced by a corrected invoice")
        LATE = Part.LATE.value, _("Credit on a closed period")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="accruals")
    agreement = models.ForeignKey(RebateAgreement, on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="+")
    # The line that one of a credit note takes back; none where it says nothing of what it credits.
    of_line = models.ForeignKey(InvoiceLine, null=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("why"), max_length=8, choices=Why)
    base = models.DecimalField(_("base"), max_digits=21, decimal_places=6)
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "invoice_line", "part"],
                condition=Q(of_line=None),
                name="one_accrual_per_line_and_part",
            ),
            models.UniqueConstraint(
                fields=["agreement", "invoice_line", "part", "of_line"],
                condition=Q(of_line__isnull=False),
                name="one_reversal_per_line_and_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_line_id} {self.part} {self.amount}"

    @property
    def why(self) -> str:
        """Why it was accrued, in words: of a credit what it takes back."""
        if self.of_line is None:
            return str(self.get_part_display())
        number = self.of_line.number or self.of_line.position
        return _("Takes back %(invoice)s, line %(line)s") % {"invoice": self.of_line.invoice.number, "line": number}
