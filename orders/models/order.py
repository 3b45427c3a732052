"""The order: what its buyer wrote, kept exactly, and what the portal found in it."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from core.states import Transition
from orders import findings
from orders.fields import ExactDecimalField
from orders.models.catalogue import AMOUNT_PLACES, MAX_AMOUNT_DIGITS, Product
from orders.units import unit_label


class OrderQuerySet(ScopedQuerySet):
    """Verbs on orders."""

    def to_answer(self, organisation_id: int) -> "OrderQuerySet":
        """What waits for the answer of this seller."""
        return self.filter(seller=organisation_id, state__in=Order.TO_ANSWER)


class Order(ScopedModel):
    """An order from a buyer to a seller, whatever door it came through."""

    scope: ClassVar[str] = "shared"
    visible_through = ("buyer", "seller")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        RECEIVED = "received", _("Received")
        ACKNOWLEDGED = "acknowledged", _("In hand")
        CHANGE_REQUESTED = "change_requested", _("Change requested")
        ACCEPTED = "accepted", _("Accepted")
        ACCEPTED_WITH_CHANGES = "accepted_with_changes", _("Accepted with changes")
        REJECTED = "rejected", _("Rejected")
        PARTLY_SHIPPED = "partly_shipped", _("Partly shipped")
        SHIPPED = "shipped", _("Shipped")
        INVOICED = "invoiced", _("Invoiced")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Source(models.TextChoices):
        WEB = "web", _("Web form")
        API = "api", _("API")
        EDI = "edi", _("EDI")

    class Basis(models.TextChoices):
        NUMBER = "number", _("its number in the order")
        PERSON = "person", _("chosen by a person")

    TO_ANSWER = ("received", "acknowledged", "change_requested")
    OPEN = (*TO_ANSWER, "sent", "accepted", "accepted_with_changes", "partly_shipped", "shipped", "invoiced")
    TONES: ClassVar[dict[str, str]] = {
        "draft": "still",
        "sent": "info",
        "received": "info",
        "acknowledged": "info",
        "change_requested": "warn",
        "accepted": "good",
        "accepted_with_changes": "warn",
        "rejected": "bad",
        "partly_shipped": "info",
        "shipped": "good",
        "invoiced": "good",
        "closed": "still",
        "cancelled": "still",
    }
    ANSWERED = frozenset({"accepted", "accepted_with_changes"})
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "send": Transition(frozenset({"draft"}), "received"),
        "deliver": Transition(frozenset({"sent"}), "received"),
        "acknowledge": Transition(frozenset({"received"}), "acknowledged"),
        "accept": Transition(frozenset(TO_ANSWER), "accepted"),
        "accept_with_changes": Transition(frozenset(TO_ANSWER), "accepted_with_changes"),
        "reject": Transition(frozenset(TO_ANSWER), "rejected"),
        "revise": Transition(frozenset({"sent", "received", "acknowledged"}), "received"),
        "request_change": Transition(ANSWERED | {"change_requested", "rejected"}, "change_requested"),
        # Systems answer again when a date moves; a person answers once.
        "accept_again": Transition(ANSWERED, "accepted"),
        "accept_with_changes_again": Transition(ANSWERED, "accepted_with_changes"),
        "reject_again": Transition(ANSWERED, "rejected"),
        "cancel": Transition(ANSWERED | {"sent", *TO_ANSWER}, "cancelled"),
        # Goods that come are an answer too: many sellers send no other.
        "ship_part": Transition(ANSWERED | {*TO_ANSWER, "partly_shipped"}, "partly_shipped"),
        "ship": Transition(ANSWERED | {*TO_ANSWER, "partly_shipped"}, "shipped"),
        "invoice": Transition(ANSWERED | {*TO_ANSWER, "shipped"}, "invoiced"),
        "close": Transition(frozenset({"invoiced"}), "closed"),
    }

    buyer = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="orders_given")
    seller = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="orders_taken")
    partnership = models.ForeignKey("partners.Partnership", on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(_("number"), max_length=70)
    seller_number = models.CharField(_("seller's number"), max_length=40, blank=True)
    kind = models.CharField(max_length=10, default="order")
    source = models.CharField(_("came through"), max_length=4, choices=Source)
    state = models.CharField(_("state"), max_length=21, choices=State, default=State.DRAFT)
    currency = models.CharField(_("currency"), max_length=3)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    delivery_date = models.DateField(_("delivery wanted"), null=True, blank=True)
    deal = models.ForeignKey("deals.Deal", null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    deal_basis = models.CharField(max_length=10, choices=Basis, blank=True)
    parties = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    allowances = models.JSONField(default=list)
    extras = models.JSONField(default=list)
    terms = models.TextField(blank=True)
    stated_total = ExactDecimalField(null=True)
    stated_line_count = models.PositiveIntegerField(null=True)
    total = models.DecimalField(_("total"), max_digits=MAX_AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, default=0)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=now)
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["buyer", "seller", "number"], name="one_order_per_buyers_number"),
            models.CheckConstraint(condition=~Q(buyer=models.F("seller")), name="no_order_to_oneself"),
        ]
        indexes = [
            models.Index(fields=["seller", "state"], name="orders_of_seller"),
            models.Index(fields=["buyer", "state"], name="orders_of_buyer"),
            models.Index(fields=["number"], name="orders_by_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """Buyer and seller; a draft is its buyer's alone."""
        me = actor.organisation.pk
        return Q(buyer=me) | (Q(seller=me) & ~Q(state=cls.State.DRAFT))

    def party_ids(self) -> set[int]:
        """Who may hear of it; of a draft only the buyer."""
        return {self.buyer_id} if self.state == self.State.DRAFT else {self.buyer_id, self.seller_id}

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    def other_than(self, organisation_id: int) -> int:
        """The id of the other side."""
        return self.seller_id if organisation_id == self.buyer_id else self.buyer_id


class OrderLine(models.Model):
    """One line as it was ordered, the product it was recognised as, and what the catalogue says it should cost."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "order"

    class Match(models.TextChoices):
        GTIN = "gtin", _("by its GTIN")
        SKU = "sku", _("by the seller's number")
        CROSS_REFERENCE = "cross", _("by the buyer's number")
        PERSON = "person", _("chosen by a person")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=35)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="order_lines")
    matched_by = models.CharField(max_length=6, choices=Match, blank=True)
    gtin = models.CharField(max_length=80, blank=True)
    seller_sku = models.CharField(max_length=120, blank=True)
    buyer_sku = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    quantity = ExactDecimalField()
    unit = models.CharField(max_length=10, blank=True)
    unit_price = ExactDecimalField(null=True)
    price_base = ExactDecimalField(default=1)
    stated_amount = ExactDecimalField(null=True)
    amount = models.DecimalField(max_digits=MAX_AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, null=True)
    list_price = ExactDecimalField(null=True)
    expected_price = ExactDecimalField(null=True)
    pricing = models.JSONField(default=dict)  # how the expected price came about, as it was (orders.price_notes)
    delivery_date = models.DateField(null=True)
    allowances = models.JSONField(default=list)
    references = models.JSONField(default=list)
    note = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position")]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def title(self) -> str:
        """What a person reads: the product's name, else what the buyer called it."""
        return (self.product.name if self.product else "") or self.description or self.codes

    @property
    def codes(self) -> str:
        """The identifiers that the buyer wrote, the first that there is."""
        return self.seller_sku or self.gtin or self.buyer_sku

    @property
    def unit_label(self) -> str:
        """The unit in words."""
        return unit_label(self.unit)


class OrderVersion(models.Model):
    """An order as it stood before a change."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "order"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    changes = models.JSONField(default=list)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="one_snapshot_per_version")]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.version}"

    @property
    def differences(self) -> list["Difference"]:
        """What the change did, for people."""
        return [Difference(*change) for change in self.changes]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change did: on which line ("" for the order itself), to what, from and to."""

    line: str
    what: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """The name of what changed."""
        return str(findings.FIELD_LABELS.get(self.what, self.what))


class OrderFinding(models.Model):
    """Something about an order that a person should look at, said in words when it is read."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "order"

    class Severity(models.TextChoices):
        INFO = "info", _("Note")
        WARNING = "warning", _("Look at this")
        ERROR = "error", _("Problem")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="findings")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """The finding as a sentence, in the reader's language."""
        return findings.sentence(self.code, self.data)

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return {"info": "info", "warning": "warn", "error": "bad"}[self.severity]
