"""The catalogue of a vendor: products, a partner's own part numbers for them, and price lists."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Upper
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from stdnum import ean

from core.scoping import ActsFor, ScopedModel, ScopedQuerySet
from orders.configuring import Makeup, makeup_of
from orders.units import UNITS, unit_label
from partners.models import CURRENCY, Partnership

MAX_AMOUNT_DIGITS = 19
AMOUNT_PLACES = 4  # ISO 4217 has no currency with more (CLF and UYW have four)


def check_gtin(value: str) -> None:
    """GTIN-8, -12, -13 or -14 with a right check digit (GS1 General Specifications 7.9), or ValidationError."""
    if value and not ean.is_valid(value):
        raise ValidationError(_("This is not a GTIN: its length or its check digit is wrong."), code="gtin")


class ProductQuerySet(ScopedQuerySet):
    """Verbs on products."""

    def sold_by(self, vendor_id: int) -> "ProductQuerySet":
        """What may still be ordered of a vendor."""
        return self.filter(vendor=vendor_id).exclude(lifecycle=Product.Lifecycle.ENDED)


class Product(ScopedModel):
    """Something that a vendor sells, seen by the vendor and by those it has an active partnership with."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    class Lifecycle(models.TextChoices):
        ACTIVE = "active", _("Active")
        PHASE_OUT = "phase_out", _("Phasing out")
        ENDED = "ended", _("Ended")

    TONES: ClassVar[dict[str, str]] = {"active": "good", "phase_out": "warn", "ended": "still"}

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="products")
    sku = models.CharField(_("SKU"), max_length=60, help_text=_("Your own part number."))
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True, validators=[check_gtin])
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unit"), max_length=3, choices=UNITS, default="C62")
    pack_size = models.PositiveIntegerField(_("pack size"), default=1, validators=[MinValueValidator(1)])
    product_line = models.CharField(_("product line"), max_length=80, blank=True)
    list_price = models.DecimalField(
        _("list price"), max_digits=15, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    lifecycle = models.CharField(_("lifecycle"), max_length=10, choices=Lifecycle, default=Lifecycle.ACTIVE)
    replacement = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces", verbose_name=_("replacement")
    )
    options = models.JSONField(default=list, blank=True)
    option_rules = models.JSONField(default=list, blank=True)
    created = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["sku", "pk"]
        constraints = [models.UniqueConstraint("vendor", Upper("sku"), name="one_product_per_sku")]
        indexes = [models.Index(fields=["gtin"], name="product_by_gtin")]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """One's own products and those of the vendors with which there is an active partnership."""
        me = actor.organisation.pk
        active = Partnership.objects.filter(partner=me, state=Partnership.State.ACTIVE)
        return Q(vendor=me) | Q(vendor__in=Subquery(active.values("vendor")))

    @property
    def state_tone(self) -> str:
        """The tone in which the lifecycle is shown."""
        return self.TONES[self.lifecycle]

    def get_state_display(self) -> str:
        """The lifecycle in words, for lists that show a state."""
        return self.get_lifecycle_display()

    @property
    def makeup(self) -> Makeup:
        """How it can be configured."""
        return makeup_of(self.options, self.option_rules)

    @property
    def unit_label(self) -> str:
        """The unit in words."""
        return unit_label(self.unit)


class CrossReference(ScopedModel):
    """A partner's own part number for a vendor's product, learnt from an order that both confirmed or typed in."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor", "partner")

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    number = models.CharField(_("part number"), max_length=80)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="cross_references")
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "partner", "number"], name="one_product_per_part_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} → {self.product_id}"


class PriceListQuerySet(ScopedQuerySet):
    """Verbs on price lists."""

    def valid_on(self, day: date) -> "PriceListQuerySet":
        """Lists whose period has the day in it; both ends count."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class PriceList(ScopedModel):
    """Prices that a vendor agreed with one partnership, or gives to everybody of a tier, for a time."""

    scope: ClassVar[str] = "shared"
    visible_through = ("vendor",)

    vendor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY], default="EUR")
    partnership = models.ForeignKey(
        "partners.Partnership", null=True, blank=True, on_delete=models.CASCADE, related_name="price_lists"
    )
    tier = models.ForeignKey(
        "partners.Tier", null=True, blank=True, on_delete=models.CASCADE, related_name="price_lists"
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partnership=None) ^ Q(tier=None), name="price_list_for_a_partnership_or_a_tier"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visibility(cls, actor: ActsFor) -> Q:
        """The vendor's own, and those that apply to one of the actor's active partnerships."""
        me = actor.organisation.pk
        mine = Partnership.objects.filter(partner=me, state=Partnership.State.ACTIVE)
        return (
            Q(vendor=me)
            | Q(partnership__in=Subquery(mine.values("pk")))
            | Q(tier__in=Subquery(mine.exclude(tier=None).values("tier")))
        )


class PriceListItem(models.Model):
    """The net price of a product from a quantity on."""

    scope: ClassVar[str] = "reached"
    reached_through: ClassVar[str] = "price_list"

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices")
    min_quantity = models.DecimalField(_("from quantity"), max_digits=12, decimal_places=3, default=1)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "product", "min_quantity"], name="one_price_per_quantity")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.price}"
