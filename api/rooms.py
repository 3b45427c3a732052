"""Rooms: found, opened, named, seated, searched. What is said in them is in `api.messages`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.messages import MessageSteps
from api.talk_shapes import (
    FindsSerializer,
    NewRoomSerializer,
    NewSeatSerializer,
    OneMemberSerializer,
    PersonSerializer,
    RoomSerializer,
    SeatSerializer,
    TitleSerializer,
)
from chat import actions
from chat.asking import asked_of
from chat.finding import find
from chat.models import Message, Room
from chat.own import marks_of
from chat.people import reachable
from core.search import found
from core.web import key_of
from partners.actors import Actor
from partners.models import Membership, Organisation

MOST_PEOPLE = 100
SEAT = r"seats/(?P<seat_pk>[0-9]{1,18})"


class RoomViewSet(MessageSteps):
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
        key = key_of(number)
        return rooms.none() if key is None else rooms.filter(record=label, record_id=key)

    @extend_schema(parameters=[OpenApiParameter("record", OpenApiTypes.STR, description="Such as deals.deal:12.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rooms, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewRoomSerializer, responses={201: RoomSerializer})
    def create(self, request: Request) -> Response:
        """Open a room of people, or one with a partner organisation."""
        said = self.said(NewRoomSerializer)
        if said["organisation"]:
            partner = _partner(self.actor, said["organisation"])
            room = actions.open_partnership_room(actor=self.actor, title=said["title"], organisation=partner)
        else:
            people = _people(self.actor, said["members"])
            room = actions.open_group(actor=self.actor, title=said["title"], members=people)
        return self.shown(room, 201)

    @extend_schema(request=TitleSerializer, responses=RoomSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Give a group or a partnership room another name."""
        room, title = self.get_object(), self.said(TitleSerializer)["title"]
        return self.shown(actions.rename_room(actor=self.actor, room=room, title=title))

    @extend_schema(request=OneMemberSerializer, responses={201: RoomSerializer})
    @action(detail=False, methods=["post"])
    def direct(self, request: Request) -> Response:
        """The room of oneself and one other, made the first time."""
        [member] = _people(self.actor, [self.said(OneMemberSerializer)["member"]])
        return self.shown(actions.start_direct(actor=self.actor, member=member), 201)

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="Words of name, company or job.")],
        responses=PersonSerializer(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def people(self, request: Request) -> Response:
        """Colleagues, and people of active partners: at most a hundred, by name."""
        rows, text = reachable(self.actor), request.query_params.get("q", "")
        if text.strip():
            rows = found(rows, text, "user__name", "organisation__name", "job_title")
        return Response(PersonSerializer(rows[:MOST_PEOPLE], many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Words and filters: from: in: before: after: has: is:"),
            OpenApiParameter("room", OpenApiTypes.INT, description="Only in this room."),
            OpenApiParameter("by", OpenApiTypes.STR, enum=["newest", "best"]),
            OpenApiParameter("page", OpenApiTypes.STR, description="As the page before said."),
        ],
        responses=FindsSerializer,
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def search(self, request: Request) -> Response:
        """What was said, in every room that the actor may see: 30 at a time, newest or best first."""
        given = request.query_params
        asked, room = asked_of(given.get("q", "")), None
        if "room" in given:
            room = get_object_or_404(Room.objects.visible_to(self.actor), pk=key_of(given["room"]) or 0)
        page = find(self.actor, asked, room=room, best=given.get("by") == "best", page=given.get("page", ""))
        finds = [(place.title, one) for place in page.places for one in place.finds]
        rows = Message.objects.visible_to(self.actor).for_display().filter(pk__in=[one.message.pk for _t, one in finds])
        whole = {each.pk: each for each in rows}
        results = [
            {"title": title, "text": one.text, "message": whole[one.message.pk]}
            for title, one in finds
            if one.message.pk in whole
        ]
        answer = {"results": results, "page": page.next_page, "problems": asked.problems}
        return Response(FindsSerializer(answer).data)

    @extend_schema(responses=SeatSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def seats(self, request: Request, pk: str | None = None) -> Response:
        """Who sits in the room; of a side thread, in the room above it."""
        room = self.get_object()
        rows = (room.parent or room).seats.select_related("organisation", "membership__user")
        return Response(SeatSerializer(rows, many=True).data)

    @extend_schema(request=NewSeatSerializer, responses={201: RoomSerializer})
    @seats.mapping.post
    def add_seat(self, request: Request, pk: str | None = None) -> Response:
        """Seat one more."""
        room, said = self.get_object(), self.said(NewSeatSerializer)
        member = _people(self.actor, [said["member"]])[0] if said["member"] else None
        organisation = _partner(self.actor, said["organisation"]) if said["organisation"] else None
        room = actions.add_seat(actor=self.actor, room=room, member=member, organisation=organisation)
        return self.shown(room, 201)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path=SEAT)
    def seat(self, request: Request, pk: str, seat_pk: str) -> Response:
        """Take a seat away."""
        room = self.get_object()
        seat = get_object_or_404(room.seats, pk=int(seat_pk))
        actions.remove_seat(actor=self.actor, room=room, seat=seat)
        return Response(status=204)


def _people(actor: Actor, keys: Sequence[int]) -> list[Membership]:
    """These people, all of whom the actor may write to; 404 when one is not."""
    wanted = set(keys)
    people = list(reachable(actor).filter(pk__in=wanted))
    if len(people) < len(wanted):
        raise Http404
    return people


def _partner(actor: Actor, key: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(actor).partners_of(actor.organisation), pk=key)
