"""Price lists: a vendor's own, and those that hold for one."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from orders.actions import save_price_list, take_prices
from orders.models import PriceList, PriceListItem
from orders.permissions import may_edit_price_list
from orders.price_tables import Asked, Plan
from partners.access import require
from partners.models import Partnership, Tier


class PriceListSerializer(serializers.ModelSerializer):
    """For whom prices hold (one partnership or one tier), in which currency, from which day to which."""

    partnership = OwnRow(Partnership, required=False, allow_null=True)
    tier = OwnRow(Tier, required=False, allow_null=True)

    class Meta:
        model = PriceList
        fields = ["id", "vendor", "name", "currency", "partnership", "tier", "valid_from", "valid_until", "version"]
        read_only_fields = ["vendor", "version"]


class ItemSerializer(serializers.ModelSerializer):
    """The net price of one unit from a quantity on."""

    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = PriceListItem
        fields = ["sku", "min_quantity", "price"]


class WholePriceListSerializer(PriceListSerializer):
    """A price list with its prices."""

    items = ItemSerializer(many=True, read_only=True)

    class Meta(PriceListSerializer.Meta):
        fields = [*PriceListSerializer.Meta.fields, "items"]


class PriceSetSerializer(serializers.Serializer):
    """A price that is to be set."""

    sku = serializers.CharField(max_length=60)
    min_quantity = serializers.DecimalField(max_digits=12, decimal_places=3, default=Decimal(1))
    price = serializers.DecimalField(max_digits=15, decimal_places=4)


class PricesSerializer(serializers.Serializer):
    """Prices to set; `replace` takes away those that are not named."""

    items = serializers.ListField(child=PriceSetSerializer(), max_length=5000)
    replace = serializers.BooleanField(default=False)


class PriceOutcomeSerializer(serializers.Serializer):
    """What became of the price at `index` (from 0): new, changed, same or refused, then with the reason."""

    index = serializers.IntegerField(source="asked.number")
    sku = serializers.CharField(source="asked.sku")
    outcome = serializers.ChoiceField(choices=["new", "changed", "same", "refused"])
    reason = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    """What became of each price, and how many were taken away."""

    lines = PriceOutcomeSerializer(many=True)
    gone = serializers.SerializerMethodField()

    def get_gone(self, found: Plan) -> int:
        """How many prices were taken away."""
        return len(found.gone)


class PriceListViewSet(ScopedViewSet):
    """Price lists."""

    model = PriceList
    serializer_class = PriceListSerializer
    capability = "orders.view"

    def get_queryset(self) -> QuerySet:
        """With the prices for a single one; `?vendor=` narrows the list."""
        rows = super().get_queryset().select_related("vendor", "partnership", "tier")
        if self.action != "list":
            return rows.prefetch_related("items__product")
        vendor = self.request.query_params.get("vendor", "")
        return rows.filter(vendor=int(vendor) if vendor.isdecimal() and len(vendor) < 16 else 0) if vendor else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """Without the prices in the list."""
        return PriceListSerializer if self.action == "list" else WholePriceListSerializer

    @extend_schema(parameters=[OpenApiParameter("vendor", int, description="Only those of this organisation.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own price lists and those that hold for one, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="Make a price list", request=PriceListSerializer, responses={201: WholePriceListSerializer})
    def create(self, request: Request) -> Response:
        """For one partnership or one tier of the acting vendor."""
        return self.shown(save_price_list(actor=self.actor, **self.said(PriceListSerializer)), 201)

    @extend_schema(
        summary="Change a price list", request=PriceListSerializer(partial=True), responses=WholePriceListSerializer
    )
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """For whom it is, and when it holds."""
        row = self.get_object()
        values = self.said(PriceListSerializer, partial=True)
        return self.shown(save_price_list(actor=self.actor, price_list=row, **values))

    @extend_schema(summary="Set prices", request=PricesSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def prices(self, request: Request, pk: str | None = None) -> Response:
        """Set prices in a list; a wrong one is left out and told."""
        row = self.get_object()
        require(may_edit_price_list(self.actor, row))
        said = self.said(PricesSerializer)
        asked = [Asked(at, each["sku"], each["min_quantity"], each["price"]) for at, each in enumerate(said["items"])]
        found = take_prices(actor=self.actor, price_list=row, asked=asked, replace=said["replace"])
        return Response(ReportSerializer(found).data)
