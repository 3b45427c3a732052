"""Each use of a promotion on a line of an order, what it cost, and who pays for it."""

from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.scoping import ScopedModel, ScopedQuerySet
from core.states import Transition
from orders.fields import ExactDecimalField
from promotions.models.promotions import Promotion


class RedemptionQuerySet(ScopedQuerySet):
    """Verbs on redemptions."""

    def live(self) -> "RedemptionQuerySet":
        """What counts against budgets: reserved or committed."""
        return self.exclude(state=Redemption.State.RELEASED)


class Redemption(ScopedModel):
    """One promotion on one line of an order. `position` is the line's, as lines are written anew when an order changes.

    `amount` is what it costs the vendor and who shares, in the promotion's currency: what was `reserved`, or less where
    fewer units were confirmed.
    """

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        COMMITTED = "committed", _("Committed")
        RELEASED = "released", _("Released")

    TONES: ClassVar[dict[str, str]] = {"reserved": "info", "committed": "good", "released": "still"}
    TRANSITIONS: ClassVar[dict[str, Transition]] = {
        "commit": Transition(frozenset({"reserved", "committed"}), "committed"),
        "release": Transition(frozenset({"reserved", "committed"}), "released"),
    }

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="redemptions")
    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="redemptions")
    position = models.PositiveIntegerField()
    line_number = models.CharField(max_length=35)
    product = models.ForeignKey("orders.Product", on_delete=models.PROTECT, related_name="+")
    units = ExactDecimalField()
    given = ExactDecimalField(default=0)
    price_before = ExactDecimalField()
    price_after = ExactDecimalField()
    reserved = models.DecimalField(max_digits=19, decimal_places=4)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RESERVED)
    created = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar = RedemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["promotion", "partner", "state"], name="redemptions_of_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "order", "position"],
                condition=~Q(state="released"),
                name="one_live_redemption_per_line",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="redemption_never_earns"),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.order_id} / {self.line_number}"

    @property
    def state_tone(self) -> str:
        """The tone in which the state is shown."""
        return self.TONES[self.state]

    @property
    def order_url(self) -> str:
        """The line on its order's page, for both sides."""
        return f"{reverse('orders:detail', args=[self.order_id])}#line-{self.position}"

    @property
    def given_now(self) -> Decimal:
        """How many units come on top: all that were reserved, or the part that was confirmed, rounded down."""
        if self.amount == self.reserved:
            return self.given
        return (self.given * self.amount / self.reserved).to_integral_value(ROUND_FLOOR)


class RedemptionShare(ScopedModel):
    """What one organisation pays of a redemption. It says nothing of the order or of who bought."""

    scope: ClassVar[str] = "owned"
    visible_through = ("organisation",)

    redemption = models.ForeignKey(Redemption, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["redemption", "organisation"], name="one_part_each")]

    def __str__(self) -> str:
        return f"{self.redemption_id}: {self.amount}"
