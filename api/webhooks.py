"""Webhooks: endpoints, what each was sent, and sending again. The same rules as on the pages."""

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.deals import OwnRow
from api.scoping import ScopedViewSet
from inbox.models import WebhookDelivery, WebhookEndpoint
from inbox.webhooks import actions
from inbox.webhooks.catalogue import groups_for
from inbox.webhooks.models import WebhookAttempt
from partners.models import ServiceAccount

NEEDS = "integration.manage"
EXAMPLE = {
    "description": "Our CRM",
    "url": "https://crm.example.com/filiera",
    "account": 3,
    "events": ["deal.approved", "deal.rejected", "order.*"],
}


class EndpointSerializer(serializers.ModelSerializer):
    """Where events are posted, signed by Standard Webhooks, and with the eyes of which service account."""

    account = OwnRow(ServiceAccount)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=300, help_text=_("Verbs, or whole groups: “deal.*”.")
    )
    state = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "description",
            "url",
            "account",
            "events",
            "active",
            "state",
            "off_because",
            "failing_since",
            "sent_at",
            "created",
        ]
        read_only_fields = ["active", "off_because", "failing_since", "sent_at", "created"]


class NewEndpointSerializer(EndpointSerializer):
    """The endpoint with its signing secret, which is shown this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]


class SwitchSerializer(serializers.Serializer):
    """On or off."""

    active = serializers.BooleanField()


class AttemptSerializer(serializers.ModelSerializer):
    """One try: `status` and the first 2 kB of the answer, or the fault; `milliseconds` is null while it runs."""

    class Meta:
        model = WebhookAttempt
        fields = ["started_at", "milliseconds", "status", "answer", "fault"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    """One event owed to one endpoint. `state`: pending, sent, failed (tried again), given_up or dropped."""

    webhook_id = serializers.CharField(source="message_id", read_only=True)
    payload = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "endpoint",
            "webhook_id",
            "verb",
            "state",
            "tries",
            "next_at",
            "sent_at",
            "created",
            "payload",
            "attempts",
        ]
        read_only_fields = fields

    def get_payload(self, row: WebhookDelivery) -> dict[str, Any]:
        """What is posted."""
        return dict(json.loads(row.payload))


class EventSerializer(serializers.Serializer):
    """An event that one may choose."""

    event = serializers.CharField()
    name = serializers.CharField()


class WebhookViewSet(ScopedViewSet):
    """Webhooks of one's own organisation."""

    model = WebhookEndpoint
    serializer_class = EndpointSerializer
    capability = NEEDS

    def _with_secret(self, row: WebhookEndpoint, secret: str, status: int) -> Response:
        data = EndpointSerializer(row, context=self.get_serializer_context()).data
        response = Response({**data, "secret": secret}, status=status)
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(
        request=EndpointSerializer,
        responses={201: NewEndpointSerializer},
        examples=[OpenApiExample("A CRM", value=EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Set up a webhook. The answer holds its signing secret, this once."""
        row, secret = actions.make_endpoint(actor=self.actor, **self.said(EndpointSerializer))
        return self._with_secret(row, secret, 201)

    @extend_schema(request=EndpointSerializer(partial=True), responses=EndpointSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change address, account, events or description."""
        endpoint = self.get_object()
        given = self.said(EndpointSerializer, partial=True)
        return self.shown(actions.change_endpoint(actor=self.actor, endpoint=endpoint, **given))

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Remove a webhook with all that it was owed."""
        actions.remove_endpoint(actor=self.actor, endpoint=self.get_object())
        return Response(status=204)

    @extend_schema(request=SwitchSerializer, responses=EndpointSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str | None = None) -> Response:
        """Switch it on or off. What it was owed is given up when it goes off."""
        endpoint = self.get_object()
        active = self.said(SwitchSerializer)["active"]
        return self.shown(actions.set_endpoint_active(actor=self.actor, endpoint=endpoint, active=active))

    @extend_schema(request=None, responses={201: NewEndpointSerializer})
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str | None = None) -> Response:
        """A new signing secret, shown this once. For a day the one before it signs, too."""
        row, secret = actions.rotate_secret(actor=self.actor, endpoint=self.get_object())
        return self._with_secret(row, secret, 201)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str | None = None) -> Response:
        """Send a test."""
        row = actions.send_test(actor=self.actor, endpoint=self.get_object())
        return Response(DeliverySerializer(row).data, status=202)

    @extend_schema(responses=EventSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def events(self, request: Request) -> Response:
        """The events that one may choose, those of a group under its “.*”."""
        found = []
        for group in groups_for(self.actor):
            found.append({"event": f"{group.code}.*", "name": group.label})
            found += [{"event": verb, "name": label} for verb, label in group.verbs]
        return Response(found)


class WebhookDeliveryViewSet(ScopedViewSet):
    """What one's webhooks were sent, the last first, with every try."""

    model = WebhookDelivery
    serializer_class = DeliverySerializer
    capability = NEEDS

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?state=` and `?endpoint=`."""
        rows = super().get_queryset().prefetch_related("attempts")
        params = self.request.query_params if self.request else {}
        if state := params.get("state"):
            rows = rows.filter(state=state)
        if (endpoint := params.get("endpoint", "")) and endpoint.isascii() and endpoint.isdigit():
            rows = rows.filter(endpoint=endpoint[:18])
        return rows

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, description="Only deliveries in this state."),
            OpenApiParameter("endpoint", int, description="Only deliveries of this webhook."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deliveries, the last first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses={202: OpenApiResponse(DeliverySerializer)})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str | None = None) -> Response:
        """Send it once more, under the same webhook-id."""
        actions.send_again(actor=self.actor, delivery=self.get_object())
        return self.shown(self.get_object(), 202)
