"""What a line of a credit note takes back: of which invoice lines how much, and what of it nobody knows yet."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.fields import ExactDecimalField
from orders.models import InvoiceLine
from rebates.crediting import Why


class CreditQuerySet(ScopedQuerySet):
    """Verbs on credited lines."""

    def between(self, vendor_id: int, partner_id: int) -> "CreditQuerySet":
        """Those of one vendor to one partner."""
        return self.filter(vendor=vendor_id, partner=partner_id)

    def open(self) -> "CreditQuerySet":
        """Those that may keep a rebate, and that somebody can settle."""
        return self.filter(state=CreditedLine.State.OPEN)


class CreditedLine(ScopedModel):
    """A line of a credit note between a vendor and a partner with rebates. `rest` of its amount has found no invoice
    line; `plain` lines say nothing of what they credit, and count whole where a rebate is on everything."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("credit", "To be matched")
        MATCHED = "matched", _("Matched")
        WHOLE = "whole", _("Counts as a whole")
        DISMISSED = "dismissed", _("Takes nothing back")

    class Reason(models.TextChoices):
        UNKNOWN_INVOICE = Why.UNKNOWN_INVOICE.value, _("The invoice that it names is not here.")
        NOT_INVOICED = Why.NOT_INVOICED.value, _("Nothing that it could credit has been invoiced.")
        NOT_ON_IT = Why.NOT_ON_IT.value, _("The invoice has no such product or line.")
        TOO_MUCH = Why.TOO_MUCH.value, _("It credits more than is left of what was invoiced.")
        SEVERAL = Why.SEVERAL.value, _("Several invoice lines fit, and they earned differently.")
        NOTHING_SAID = Why.NOTHING_SAID.value, _("It does not say what it credits.")

    TONES: ClassVar[dict[str, str]] = {"open": "warn", "matched": "good", "whole": "good", "dismissed": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "match": Transition(frozenset({"open"}), "matched"),
        "dismiss": Transition(frozenset({"open"}), "dismissed"),
        "reopen": Transition(frozenset({"dismissed"}), "open"),
    }

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="credited")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    rest = models.DecimalField(_("to be matched"), max_digits=18, decimal_places=4)
    plain = models.BooleanField(default=False)
    reason = models.CharField(_("why"), max_length=16, choices=Reason, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["vendor", "partner", "state"], name="credits_of_pair")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="matched") | Q(rest=0), name="matched_credit_leaves_no_rest"),
        ]

    def __str__(self) -> str:
        return f"{self.line.invoice.number} / {self.line.number or self.line.position}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("rebates:credit", args=[self.pk])

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]


class CreditPart(models.Model):
    """How much of an invoice line a line of a credit note takes back. Written once and never changed."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "credited"

    credited = models.ForeignKey(CreditedLine, on_delete=models.PROTECT, related_name="parts")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    units = ExactDecimalField()
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["credited", "invoice_line"], name="one_part_of_a_credit_each")]

    def __str__(self) -> str:
        return f"{self.credited_id} → {self.invoice_line_id}: {self.amount}"
