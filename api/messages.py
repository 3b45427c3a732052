"""Messages of a room: read by number, written once, changed, taken back, with their files."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsing import number_in
from api.scoping import ScopedViewSet
from api.talk_shapes import (
    MessagesSerializer,
    NewMessageSerializer,
    ReadSerializer,
    RoomMessageSerializer,
    SignSerializer,
    WordsSerializer,
)
from chat import actions
from chat.actions.messages import FloodError
from chat.models import Attachment, Message

MOST = 200
NUMBER = r"messages/(?P<seq>[0-9]{1,9})"


class MessageSteps(ScopedViewSet):
    """The part of the rooms' viewset that is about what is said in one."""

    def _message(self, seq: str) -> Message:
        rows = Message.objects.visible_to(self.actor).for_display()
        return get_object_or_404(rows, room=self.get_object(), seq=int(seq))

    def _as_stored(self, message: Message, status: int = 200) -> Response:
        shown = Message.objects.visible_to(self.actor).for_display().get(pk=message.pk)
        return Response(RoomMessageSerializer(shown).data, status=status)

    @extend_schema(
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT, description="Only messages after this number."),
            OpenApiParameter("before", OpenApiTypes.INT, description="The last ones before this number instead."),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {MOST}; 50 without it."),
        ],
        responses=MessagesSerializer,
    )
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, pk: str | None = None) -> Response:
        """Messages after a number, in order: ask again with the last number you have until `results` is empty."""
        room, limit = self.get_object(), max(1, min(number_in(request, "limit", 50), MOST))
        rows = Message.objects.visible_to(self.actor).for_display().filter(room=room)
        if "before" in request.query_params:
            earlier = rows.filter(seq__lt=number_in(request, "before", room.last_seq + 1)).order_by("-seq")[:limit]
            found = list(reversed(earlier))
        else:
            found = list(rows.filter(seq__gt=number_in(request, "after", 0)).order_by("seq")[:limit])
        return Response(MessagesSerializer({"results": found, "last": room.last_seq}).data)

    @extend_schema(request=NewMessageSerializer, responses={201: RoomMessageSerializer})
    @messages.mapping.post
    def post_message(self, request: Request, pk: str | None = None) -> Response:
        """Say something, with files if it comes as multipart/form-data. 201 with the message as stored; 429 when too
        many were sent."""
        room, said = self.get_object(), self.said(NewMessageSerializer)
        try:
            message = actions.post_message(actor=self.actor, room=room, **said)
        except FloodError as error:
            raise Throttled(wait=10, detail=error.message) from error
        return self._as_stored(message, 201)

    @extend_schema(responses=RoomMessageSerializer)
    @action(detail=True, methods=["get"], url_path=NUMBER)
    def message(self, request: Request, pk: str, seq: str) -> Response:
        """One message."""
        return Response(RoomMessageSerializer(self._message(seq)).data)

    @extend_schema(request=WordsSerializer, responses=RoomMessageSerializer)
    @message.mapping.patch
    def change(self, request: Request, pk: str, seq: str) -> Response:
        """Change one's own words; what was said before stays readable beside it."""
        message = self._message(seq)
        body = self.said(WordsSerializer)["body"]
        return self._as_stored(actions.edit_message(actor=self.actor, message=message, body=body))

    @extend_schema(responses={204: None})
    @message.mapping.delete
    def take_back(self, request: Request, pk: str, seq: str) -> Response:
        """Take a message back: its place stays and says so."""
        actions.delete_message(actor=self.actor, message=self._message(seq))
        return Response(status=204)

    @extend_schema(request=SignSerializer, responses=RoomMessageSerializer)
    @action(detail=True, methods=["post"], url_path=f"{NUMBER}/reactions")
    def reactions(self, request: Request, pk: str, seq: str) -> Response:
        """Put a sign to a message, or take one's own away."""
        message = self._message(seq)
        sign = self.said(SignSerializer)["sign"]
        return self._as_stored(actions.react(actor=self.actor, message=message, sign=sign))

    @extend_schema(request=ReadSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        """Note how far the member has read. A service account reads nothing: it is answered alike."""
        room = self.get_object()
        actions.mark_read(actor=self.actor, room=room, seq=self.said(ReadSerializer)["id"])
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"files/(?P<file_pk>[0-9]{1,18})")
    def file(self, request: Request, pk: str, file_pk: str) -> FileResponse:
        """One file of a message, as it was uploaded; always a download."""
        files = Attachment.objects.visible_to(self.actor).filter(message__room=self.get_object())
        row = get_object_or_404(files, pk=int(file_pk))
        try:
            response = FileResponse(row.file.open("rb"), content_type=row.content_type)
        except FileNotFoundError as error:
            raise Http404 from error
        response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
