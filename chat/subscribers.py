"""What rooms and sockets make of the trail: lines in rooms, live pages, access that ends."""

from collections.abc import Iterator

from django.db.models import Q

from chat import frames
from chat.actions import close_or_reopen, open_room, post_note
from chat.changes import frames_of
from chat.models import Room
from core import realtime
from core.audit import DESCRIPTIONS, subscribe
from core.models import TrailEntry
from partners.actors import system_actor
from partners.models import Partnership

NO_LINE = frozenset(
    {
        "room.opened",
        "room.settled",
        "message.deleted",
        "message.mentioned",
        "call.joined",
        "call.declined",
        "call.missed",
        "call.left",
    }
)
ACCESS = frozenset(
    {
        "member.roles_changed",
        "member.closed",
        "member.joined",
        "role.changed",
        "role.deleted",
        "organisation.changed",
        "partnership.activated",
        "partnership.suspended",
        "partnership.resumed",
        "partnership.ended",
    }
)
EDGES = frozenset({"partnership.activated", "partnership.suspended", "partnership.resumed", "partnership.ended"})


def _readers(entry: TrailEntry) -> set[int]:
    return set(entry.readers.values_list("organisation_id", flat=True))


@subscribe("*")
def say_in_rooms(entry: TrailEntry) -> None:
    """A line in the room of the record, and in the rooms of records that the entry calls related.

    Only where everybody seated may read the entry: what one side keeps to itself is no line in a shared room.
    """
    if entry.verb not in DESCRIPTIONS or entry.verb in NO_LINE:
        return
    readers: set[int] | None = None
    for room in _rooms_of(entry):
        readers = _readers(entry) if readers is None else readers
        if room.party_ids() <= readers:
            post_note(entry=entry, room=room)


def _rooms_of(entry: TrailEntry) -> Iterator[Room]:
    labels = [(entry.target, entry.target_id), *map(tuple, entry.data.get("related", ()))]
    condition = Q(pk__in=())
    for label, pk in labels:
        condition |= Q(pk=pk) if label == Room._meta.label_lower else Q(record=label, record_id=pk)
    return Room.objects.filter(condition).order_by("pk").iterator()


@subscribe("*")
def wake_pages(entry: TrailEntry) -> None:
    """Tell the open pages of every organisation that may know of it that something of this kind changed.

    The records that the entry calls related changed with it: a deal's page shows the orders on it.
    """
    needs, texts = frames_of(entry)
    readers = _readers(entry)
    for text in texts:
        for organisation_id in readers:
            realtime.control(frames.organisation_group(organisation_id), do="changed", needs=needs, text=text)


@subscribe("partnership.activated")
def open_room_of_partnership(entry: TrailEntry) -> None:
    """Two companies that begin to work together have a room from the first day."""
    edge = Partnership.objects.select_related("vendor", "partner").filter(pk=entry.target_id).first()
    if edge is not None:
        title = f"{edge.vendor} and {edge.partner}"
        pair = [edge.vendor, edge.partner]
        actor = system_actor(edge.vendor)
        open_room(actor=actor, kind=Room.Kind.PARTNERSHIP, record=edge, title=title, organisations=pair)


@subscribe(*sorted(EDGES))
def follow_the_partnership(entry: TrailEntry) -> None:
    """Rooms of two companies are open for as long as they work together."""
    close_or_reopen(organisation_ids=_readers(entry))


@subscribe(*sorted(ACCESS))
def check_open_sockets(entry: TrailEntry) -> None:
    """Whatever changes who may see what makes the open sockets of both sides ask again."""
    frames.recheck(_readers(entry))
