"""Products: a vendor's own, and those of the vendors that one works with."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from orders.actions import save_product
from orders.models import Product
from orders.models.catalogue import check_gtin
from orders.permissions import partnership_between
from orders.pricing import price_for


class ProductSerializer(serializers.ModelSerializer):
    """A product with its list price (per unit of UN/ECE Recommendation 20, before tax)."""

    vendor = serializers.IntegerField(source="vendor_id", read_only=True, help_text="The organisation that sells it.")
    vendor_name = serializers.CharField(source="vendor.name", read_only=True)
    gtin = serializers.CharField(max_length=14, required=False, allow_blank=True, validators=[check_gtin])
    replacement = serializers.IntegerField(source="replacement_id", required=False, allow_null=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "vendor",
            "vendor_name",
            "sku",
            "gtin",
            "name",
            "description",
            "unit",
            "pack_size",
            "product_line",
            "list_price",
            "currency",
            "lifecycle",
            "replacement",
            "version",
        ]
        read_only_fields = ["id", "version"]


class PriceSerializer(serializers.Serializer):
    """The price of one unit for the caller, never rounded, and where it comes from."""

    amount = serializers.DecimalField(max_digits=None, decimal_places=None, coerce_to_string=True)
    currency = serializers.CharField()
    basis = serializers.ChoiceField(choices=["list", "tier", "price_list"])
    list_price = serializers.DecimalField(max_digits=None, decimal_places=None, coerce_to_string=True)
    discount_percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class QuantitySerializer(serializers.Serializer):
    """How many are to be priced."""

    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"), default=Decimal(1))


@extend_schema(
    parameters=[
        OpenApiParameter("vendor", int, description="Only products of this organisation."),
        OpenApiParameter("sku", str, description="Only the product with this SKU."),
        OpenApiParameter("gtin", str, description="Only the product with this GTIN."),
    ]
)
class ProductViewSet(ScopedViewSet):
    """The catalogue."""

    model = Product
    serializer_class = ProductSerializer
    capability = "orders.view"

    def get_queryset(self) -> QuerySet[Product]:
        """With the vendor; `?vendor=`, `?sku=` and `?gtin=` narrow the list."""
        rows = super().get_queryset().select_related("vendor", "replacement")
        query = self.request.query_params if self.action == "list" else {}
        if query.get("vendor"):
            rows = rows.filter(vendor=query["vendor"] if query["vendor"].isdecimal() else 0)
        for name in ("sku", "gtin"):
            if query.get(name):
                rows = rows.filter(**{name: query[name]})
        return rows

    @extend_schema(summary="Add a product", responses={201: ProductSerializer})
    def create(self, request: Request) -> Response:
        """A new product of the acting organisation."""
        return self.shown(save_product(actor=self.actor, **self._values(request)), status=201)

    @extend_schema(summary="Change a product")
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change some fields of one's own product; send If-Match so that nothing is overwritten unseen."""
        product = self.get_object()
        values = self._values(request, product)
        return self.shown(save_product(actor=self.actor, product=product, **values))

    def _values(self, request: Request, product: Product | None = None) -> dict[str, Any]:
        serializer = self.get_serializer(product, data=request.data, partial=product is not None)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        if "replacement_id" in values:
            pk = values.pop("replacement_id")
            own = Product.objects.visible_to(self.actor).filter(vendor=self.actor.organisation.pk)
            values["replacement"] = get_object_or_404(own, pk=pk) if pk is not None else None
        return values

    @extend_schema(
        summary="What a product costs the caller",
        parameters=[OpenApiParameter("quantity", float, description="For how many; 1 when left out.")],
        responses=PriceSerializer,
    )
    @action(detail=True, pagination_class=None)
    def price(self, request: Request, **kwargs: Any) -> Response:
        """The net price of one unit today at a quantity: the agreed price list, else list price less tier discount."""
        product = self.get_object()
        wanted = QuantitySerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        partnership = partnership_between(self.actor.organisation.pk, product.vendor_id)
        if partnership is None:
            return Response(_list_price(product))
        found = price_for(product, partnership, wanted.validated_data["quantity"], localdate())
        return Response(PriceSerializer(found).data)


def _list_price(product: Product) -> dict[str, Any]:
    """For the vendor itself: what the catalogue says."""
    amount = format(product.list_price, "f")
    return {
        "amount": amount,
        "currency": product.currency,
        "basis": "list",
        "list_price": amount,
        "discount_percent": "0.00",
    }
