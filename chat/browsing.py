"""Rooms that one may join by oneself."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from chat.models import Room, Seat, TalkPolicy
from core.search import found
from partners.actors import Actor
from partners.models import Organisation

MOST = 100


@dataclass(frozen=True, slots=True)
class Open:
    """A room to join: what it is for, who sits there, and whether the reader does."""

    room: Room
    people: int
    organisations: str
    joined: bool


def joinable_by(actor: Actor) -> QuerySet[Room]:
    """Groups open to the actor's organisation, of which it or an active partner has a seat; none for a machine, nor
    those of others for whom the organisation keeps out of shared rooms."""
    if actor.membership is None:
        return Room.objects.none()
    mine = actor.organisation.pk
    near = Q(organisation=mine) | Q(organisation__in=Organisation.objects.partners_of(actor.organisation).values("pk"))
    seated = Seat.objects.filter(near).values("room")
    rooms = Room.objects.filter(kind=Room.Kind.GROUP, open_to=mine, closed_at=None, archived_at=None, pk__in=seated)
    if TalkPolicy.objects.keeping_out(actor).exists():
        rooms = rooms.exclude(pk__in=Seat.objects.exclude(organisation=mine).values("room"))
    return rooms


def open_rooms(actor: Actor, text: str = "") -> list[Open]:
    """What the page of open rooms lists, the last spoken in first; a fixed number of queries."""
    rooms: QuerySet[Room] = joinable_by(actor)
    if text.strip():
        rooms = found(rooms, text, "title", "purpose")
    listed = list(rooms.annotate(people=Count("seats", distinct=True)).order_by("-last_at", "-pk")[:MOST])
    names: dict[int, dict[str, None]] = {}
    seats = Seat.objects.filter(room__in=listed).order_by("pk")
    for room_id, name in seats.values_list("room_id", "organisation__name"):
        names.setdefault(room_id, {})[name] = None
    joined = set(seats.held_by(actor).values_list("room_id", flat=True))
    return [Open(room, room.people, ", ".join(names.get(room.pk, {})), room.pk in joined) for room in listed]
