"""What follows an order: what was sent off, what arrived, what is to be paid."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel
from orders.fields import ExactDecimalField
from orders.models.catalogue import AMOUNT_PLACES, MAX_AMOUNT_DIGITS
from orders.models.order import Order, OrderLine


def amount(label: Any = None) -> models.DecimalField:
    """A sum of money, or none."""
    return models.DecimalField(label, null=True, max_digits=MAX_AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES)


class FollowUp(ScopedModel):
    """A document between the buyer and the seller of orders. `document` is all that it said, as it was read."""

    scope: ClassVar[str] = "shared"
    visible_through = ("buyer", "seller")
    ROUTE: ClassVar[str] = ""

    buyer = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=70)
    issued_on = models.DateField(_("date"))
    source = models.CharField(_("came through"), max_length=4, choices=Order.Source, default=Order.Source.EDI)
    orders = models.ManyToManyField(Order, related_name="+")
    document = models.JSONField()
    created = models.DateTimeField(default=now)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse(self.ROUTE, args=[self.pk])


class DespatchAdvice(FollowUp):
    """What a seller sent off (DESADV, 856, DespatchAdvice)."""

    ROUTE: ClassVar[str] = "orders:despatch"

    shipped_on = models.DateField(_("sent off"), null=True)
    delivery_date = models.DateField(_("arrives"), null=True)
    carrier = models.CharField(_("carrier"), max_length=200, blank=True)
    tracking = models.CharField(_("tracking"), max_length=200, blank=True)

    class Meta(FollowUp.Meta):
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer", "number", "issued_on"], name="one_despatch_per_number")
        ]


class FollowUpLine(models.Model):
    """One line of such a document, and the line of the order that it is about, as far as that is known."""

    position = models.PositiveIntegerField()
    number = models.CharField(max_length=35, blank=True)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(OrderLine, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    quantity = ExactDecimalField()
    unit = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class DespatchLine(FollowUpLine):
    """What was sent of one order line, and in which package."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "despatch"

    despatch = models.ForeignKey(DespatchAdvice, on_delete=models.CASCADE, related_name="lines")
    package = models.CharField(max_length=35, blank=True)
    batch = models.CharField(max_length=80, blank=True)
    best_before = models.DateField(null=True)


class DespatchPackage(models.Model):
    """A package, and the one that it stands in."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "despatch"

    despatch = models.ForeignKey(DespatchAdvice, on_delete=models.CASCADE, related_name="packages")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=35)
    parent = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    sscc = models.CharField(max_length=20, blank=True)
    count = models.PositiveIntegerField(null=True)
    gross_weight = ExactDecimalField(null=True)
    weight_unit = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.sscc or self.reference


class ReceiptAdvice(FollowUp):
    """What a buyer received (RECADV, 861, ReceiptAdvice)."""

    ROUTE: ClassVar[str] = "orders:receipt"

    received_on = models.DateField(_("arrived"), null=True)
    despatch = models.ForeignKey(DespatchAdvice, null=True, on_delete=models.SET_NULL, related_name="receipts")

    class Meta(FollowUp.Meta):
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer", "number", "issued_on"], name="one_receipt_per_number")
        ]


class ReceiptLine(FollowUpLine):
    """What arrived of one order line: `quantity` in good order, beside it what was refused and what was missing."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "receipt"

    receipt = models.ForeignKey(ReceiptAdvice, on_delete=models.CASCADE, related_name="lines")
    rejected = ExactDecimalField(null=True)
    short = ExactDecimalField(null=True)
    reason = models.CharField(max_length=200, blank=True)


class Invoice(FollowUp):
    """An invoice, or a credit note; its kind says which way the money goes, its amounts are as stated."""

    ROUTE: ClassVar[str] = "orders:invoice"

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        DEBIT_NOTE = "debit_note", _("Debit note")
        CORRECTED = "corrected", _("Corrected invoice")
        PREPAYMENT = "prepayment", _("Prepayment invoice")
        SELF_BILLED = "self_billed", _("Self-billed invoice")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVOICE)
    preceding = models.CharField(_("refers to"), max_length=70, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    due_date = models.DateField(_("due"), null=True)
    net = amount(_("net"))
    tax = amount(_("tax"))
    total = amount(_("total"))
    payable = amount(_("payable"))

    class Meta(FollowUp.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "buyer", "kind", "number", "issued_on"], name="one_invoice_per_number"
            )
        ]

    @property
    def sign(self) -> int:
        """-1 for a credit note, else 1."""
        return -1 if self.kind == self.Kind.CREDIT_NOTE else 1


class InvoiceLine(FollowUpLine):
    """What is charged (or credited) for one order line."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "invoice"

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    unit_price = ExactDecimalField(null=True)
    price_base = ExactDecimalField(default=1)
    amount = amount()
    tax_category = models.CharField(max_length=6, blank=True)
    tax_rate = ExactDecimalField(null=True)


class InvoiceTax(models.Model):
    """The tax of one rate, as stated."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "invoice"

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, default="VAT")
    category = models.CharField(max_length=6, blank=True)
    rate = ExactDecimalField(null=True)
    taxable = amount()
    amount = amount()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.kind} {self.rate}"
