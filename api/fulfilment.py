"""Despatches, receipts and invoices, as they were read; they come in by EDI. The match of an order stands with it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from api.orders_shapes import CompanyReference
from api.scoping import ScopedViewSet
from orders.models import DespatchAdvice, Invoice, ReceiptAdvice

SHORT = ["id", "number", "issued_on", "buyer", "seller", "orders", "source", "created"]


class FollowUpSerializer(serializers.ModelSerializer):
    """What every such document has; `document` is all that it said, numbers as text."""

    buyer = CompanyReference(read_only=True)
    seller = CompanyReference(read_only=True)
    orders = serializers.SerializerMethodField(help_text="The numbers of the orders that it is about.")
    document = serializers.JSONField(read_only=True)

    def get_orders(self, row: Any) -> list[str]:
        """The numbers of the orders that it is about."""
        return [order.number for order in row.orders.all()]


class DespatchSerializer(FollowUpSerializer):
    """What was sent off."""

    class Meta:
        model = DespatchAdvice
        fields = [*SHORT, "shipped_on", "delivery_date", "carrier", "tracking", "document"]
        read_only_fields = fields


class ReceiptSerializer(FollowUpSerializer):
    """What arrived."""

    class Meta:
        model = ReceiptAdvice
        fields = [*SHORT, "received_on", "document"]
        read_only_fields = fields


class InvoiceSerializer(FollowUpSerializer):
    """An invoice or a credit note; its kind says which way the money goes."""

    class Meta:
        model = Invoice
        fields = [*SHORT, "kind", "preceding", "currency", "due_date", "net", "tax", "total", "payable", "document"]
        read_only_fields = fields


class FollowUpViewSet(ScopedViewSet):
    """Documents that follow orders, newest first; narrowed to one `number` or one `order` number."""

    capability: ClassVar[str | None] = "orders.view"

    def get_queryset(self) -> QuerySet:
        """With both companies and the orders."""
        rows = super().get_queryset().select_related("buyer", "seller").prefetch_related("orders")
        if self.action != "list":
            return rows
        query = self.request.query_params
        if query.get("number"):
            rows = rows.filter(number=query["number"])
        return rows.filter(orders__number=query["order"]) if query.get("order") else rows


NARROW = extend_schema(
    parameters=[
        OpenApiParameter("number", str, description="Only with this number."),
        OpenApiParameter("order", str, description="Only about the order with this number of the buyer."),
    ]
)


@NARROW
class DespatchViewSet(FollowUpViewSet):
    """What was sent off, to or from the organisation."""

    model = DespatchAdvice
    serializer_class = DespatchSerializer


@NARROW
class ReceiptViewSet(FollowUpViewSet):
    """What arrived, by its buyer's word."""

    model = ReceiptAdvice
    serializer_class = ReceiptSerializer


@NARROW
class InvoiceViewSet(FollowUpViewSet):
    """Invoices and credit notes, given or taken."""

    model = Invoice
    serializer_class = InvoiceSerializer
