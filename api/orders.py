"""Orders: given by a buyer, answered by a seller. The same actions as the pages and EDI."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer

from api.orders_shapes import CancelInput, OrderInput, OrderSerializer, RespondInput, WholeOrderSerializer
from api.scoping import ScopedViewSet
from orders.actions import acknowledge_order, cancel_order, receive_order, respond_to_order
from orders.models import Order
from partners.models import Organisation

NARROW = ("state", "number", "seller_number")


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=Order.State.values, description="Only in this state."),
        OpenApiParameter("number", str, description="Only with this number of the buyer."),
        OpenApiParameter("seller_number", str, description="Only with this number of the seller."),
    ]
)
class OrderViewSet(ScopedViewSet):
    """Orders that the organisation gave or took, newest first."""

    model = Order
    serializer_class = OrderSerializer
    capability = "orders.view"

    def get_queryset(self) -> QuerySet[Order]:
        """With both companies; lines, findings and answers for a single one."""
        rows = super().get_queryset().select_related("buyer", "seller", "deal")
        if self.action != "list":
            return rows.prefetch_related("lines", "findings__line", "responses__lines")
        query = self.request.query_params
        return rows.filter(**{name: query[name] for name in NARROW if query.get(name)})

    def get_serializer_class(self) -> type[BaseSerializer]:
        """Short in the list, whole for a single one."""
        return OrderSerializer if self.action == "list" else WholeOrderSerializer

    def _read(self, shape: type[Serializer]) -> Any:
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer

    @extend_schema(summary="Send an order", request=OrderInput, responses={201: WholeOrderSerializer})
    def create(self, request: Request) -> Response:
        """Send an order to a seller; its findings tell what differs from the catalogue. 409 for a repeated number."""
        shape: OrderInput = self._read(OrderInput)
        sellers = Organisation.objects.visible_to(self.actor)
        seller = get_object_or_404(sellers, pk=shape.validated_data["seller"])
        order = receive_order(
            actor=self.actor, document=shape.document(), buyer=self.actor.organisation, seller=seller, source="api"
        )
        return self.shown(order, status=201)

    @extend_schema(summary="Take an order in hand", request=None, responses=WholeOrderSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, **kwargs: Any) -> Response:
        """Tell the buyer that somebody works on it."""
        return self.shown(acknowledge_order(actor=self.actor, order=self.get_object()))

    @extend_schema(summary="Answer an order", request=RespondInput, responses=WholeOrderSerializer)
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, **kwargs: Any) -> Response:
        """Accept, change, backorder or reject, line by line; an empty body accepts everything as ordered."""
        order = self.get_object()
        shape: RespondInput = self._read(RespondInput)
        note = shape.validated_data["note"]
        respond_to_order(actor=self.actor, order=order, answers=shape.answers(), note=note)
        return self.shown(order)

    @extend_schema(summary="Cancel an order", request=CancelInput, responses=WholeOrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Cancel what was not shipped."""
        order = self.get_object()
        reason = self._read(CancelInput).validated_data["reason"]
        return self.shown(cancel_order(actor=self.actor, order=order, reason=reason))
