"""Rooms and messages: read what came after a number, write once however often it is sent."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api.scoping import ScopedViewSet
from chat import actions
from chat.actions.messages import MAX_BODY, FloodError
from chat.models import Attachment, Message, Room
from chat.own import marks_of
from core.audit import sentence

MOST = 200


class FileSerializer(serializers.ModelSerializer):
    """A file of a message; `url` is the page's address and takes a session."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "url"]
        read_only_fields = fields


class RoomMessageSerializer(serializers.ModelSerializer):
    """A message (`kind` said) or a line of what happened (`kind` note).

    `id` counts from 1 without a gap in its room.
    """

    id = serializers.IntegerField(source="seq", read_only=True)
    kind = serializers.SerializerMethodField()
    author = serializers.CharField(source="speaker", read_only=True)
    organisation: serializers.RelatedField = serializers.StringRelatedField(read_only=True)
    body = serializers.SerializerMethodField(help_text="Markdown; of a note, its sentence. Empty when deleted.")
    reply_to = serializers.IntegerField(source="reply_to.seq", read_only=True, default=None)
    files = FileSerializer(source="attachments", many=True, read_only=True)

    class Meta:
        model = Message
        fields = ["id", "kind", "author", "organisation", "body", "html", "reply_to", "files"]
        fields += ["created", "edited_at", "deleted_at"]
        read_only_fields = fields

    def get_kind(self, message: Message) -> str:
        """said or note."""
        return "note" if message.entry_id else "said"

    def get_body(self, message: Message) -> str:
        """The words."""
        return sentence(message.entry) if message.entry else message.body


class NewMessageSerializer(serializers.Serializer):
    """What a caller says. The same `client_id` again answers with the message of the first time."""

    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False, help_text="Markdown.")
    client_id = serializers.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False, default="")
    reply_to = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1, allow_null=True, default=None)


class ReadSerializer(serializers.Serializer):
    """How far the member has read."""

    id = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="Number of the last message read.")


class MessagesSerializer(serializers.Serializer):
    """Messages in order, and the number of the last one in the room."""

    results = RoomMessageSerializer(many=True)
    last = serializers.IntegerField()


class RoomSerializer(serializers.ModelSerializer):
    """A room. A side thread (`kind` side) is one's own organisation's alone, under the shared room `parent`."""

    record = serializers.SerializerMethodField(help_text="The record it is about, or null.")
    unread = serializers.SerializerMethodField(help_text="Messages not read by the member; null for a machine.")
    last = serializers.IntegerField(source="last_seq", read_only=True)

    class Meta:
        model = Room
        fields = ["id", "kind", "title", "record", "parent", "last", "last_at", "unread", "closed_at", "created"]
        read_only_fields = fields

    def get_record(self, room: Room) -> dict[str, Any] | None:
        """{"type": "deals.deal", "id": 12}."""
        return {"type": room.record, "id": room.record_id} if room.record_id else None

    def get_unread(self, room: Room) -> int | None:
        """Nought for rooms that the member does not follow."""
        actor = self.context["request"].auth
        if actor.membership is None:
            return None
        return max((room.said - mark.said for mark in room.my_marks), default=0)  # type: ignore[attr-defined]


class RoomViewSet(ScopedViewSet):
    """Rooms that the actor sits in, newest first; `?record=deals.deal:12` finds the room of a record."""

    model = Room
    serializer_class = RoomSerializer

    def get_queryset(self) -> QuerySet:
        """Visible rooms with the member's own mark."""
        rooms = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rooms
        rooms = rooms.prefetch_related(Prefetch("marks", marks_of(self.actor), to_attr="my_marks"))
        label, _colon, number = self.request.query_params.get("record", "").partition(":")
        if not label or self.action != "list":
            return rooms
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return rooms.none()
        return rooms.filter(record=label, record_id=int(number))

    @extend_schema(parameters=[OpenApiParameter("record", OpenApiTypes.STR, description="Such as deals.deal:12.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rooms, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT, description="Only messages after this number."),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {MOST}; 50 without it."),
        ],
        responses=MessagesSerializer,
    )
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, pk: str | None = None) -> Response:
        """Messages after a number, in order: ask again with the last number you have until `results` is empty."""
        room = self.get_object()
        after, limit = _number(request, "after", 0, 2**31 - 1), _number(request, "limit", 50, MOST)
        rows = Message.objects.visible_to(self.actor).for_display().filter(room=room, seq__gt=after)
        found = rows.order_by("seq")[: max(1, limit)]
        return Response(MessagesSerializer({"results": found, "last": room.last_seq}).data)

    @extend_schema(request=NewMessageSerializer, responses={201: RoomMessageSerializer})
    @messages.mapping.post
    def post_message(self, request: Request, pk: str | None = None) -> Response:
        """Say something. 201 with the message as stored; 429 when too many were sent."""
        sent = NewMessageSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            message = actions.post_message(actor=self.actor, room=self.get_object(), **sent.validated_data)
        except FloodError as error:
            raise Throttled(wait=10, detail=error.message) from error
        shown = Message.objects.visible_to(self.actor).for_display().get(pk=message.pk)
        return Response(RoomMessageSerializer(shown).data, status=201)

    @extend_schema(request=ReadSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        """Note how far the member has read. A service account reads nothing: it is answered alike."""
        room = self.get_object()
        sent = ReadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.mark_read(actor=self.actor, room=room, seq=sent.validated_data["id"])
        return Response(status=204)


def _number(request: Request, name: str, default: int, most: int) -> int:
    """A number of the query; the default for what is none."""
    text = request.query_params.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 19 else default
