"""Notifications of the person who asks, over the actions of the inbox. A service account has none."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from inbox import actions
from inbox.models import Notification


class NotificationSerializer(serializers.ModelSerializer):
    """What happened, in the language of the reader, and where to act on it."""

    title = serializers.CharField(read_only=True, help_text="The sentence that the inbox shows.")
    verb = serializers.CharField(source="entry.verb", read_only=True)
    record = serializers.SerializerMethodField(help_text="The kind and id of the record it is about.")
    by = serializers.SerializerMethodField(help_text="The person or machine that did it.")
    organisation = serializers.CharField(source="entry.organisation", read_only=True)

    class Meta:
        model = Notification
        fields = ["id", "kind", "verb", "title", "record", "by", "organisation", "url", "created", "read_at"]
        read_only_fields = fields

    def get_record(self, item: Notification) -> dict[str, Any]:
        """{"type": "deals.deal", "id": 12}."""
        return {"type": item.entry.target, "id": item.entry.target_id}

    def get_by(self, item: Notification) -> str:
        """The name that the trail shows."""
        return str(item.entry.user or item.entry.service_account or item.entry.organisation)


class ReadAllSerializer(serializers.Serializer):
    """How many were marked."""

    read = serializers.IntegerField()


class NotificationViewSet(ScopedViewSet):
    """One's own notifications, newest first; `?unread=true` leaves out what was read."""

    model = Notification
    serializer_class = NotificationSerializer

    def get_queryset(self) -> QuerySet:
        """What the person may still see of what they were told."""
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        rows = rows.readable_by(self.actor).with_words()
        unread = self.action == "list" and self.request.query_params.get("unread") in {"true", "1"}
        return rows.filter(read_at=None) if unread else rows

    @extend_schema(parameters=[OpenApiParameter("unread", OpenApiTypes.BOOL)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Notifications, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark one as read."""
        return self.shown(actions.read(actor=self.actor, notification=self.get_object()))

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def unread(self, request: Request, pk: str) -> Response:
        """Mark one as unread again."""
        return self.shown(actions.unread(actor=self.actor, notification=self.get_object()))

    @extend_schema(request=None, responses=ReadAllSerializer)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark everything as read."""
        many, _moment = actions.read_all(actor=self.actor)
        return Response({"read": many})
