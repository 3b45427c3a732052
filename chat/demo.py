"""The demo's rooms: of deals, orders and partnerships with what happened and what was said, direct ones and a group."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Prefetch

from chat import demo_beside, markdown
from chat import demo_cast as cast
from chat.actions.rooms import view_capability
from chat.demo_calls import past_call
from chat.demo_writing import Rooms, Word
from chat.models import Attachment, Mention, Message, Reaction, Room
from chat.subscribers import NO_LINE
from core.audit import DESCRIPTIONS
from core.models import TrailEntry, TrailReader
from partners.models import Membership, Organisation, Partnership

PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
 /Resources <</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
4 0 obj <</Length 68>> stream
BT /F1 18 Tf 72 760 Td (Site survey: pumping station, six bays) Tj ET
endstream endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def fill(world: Any) -> None:
    """Write the rooms of everything that the demo has made before."""
    rooms = Rooms(world)
    _of_partnerships(world, rooms)
    _of_records(world, rooms, [deal for deal in world.deals if _is_shared(deal)], cast.DEAL_TALKS)
    _of_records(world, rooms, [order for order in world.orders if _is_shared(order)], cast.ORDER_TALKS)
    _of_people(world, rooms)
    reference = _reference(world, rooms)
    beside = demo_beside.collect(world, rooms)
    rooms.write()
    demo_beside.finish(world, beside)
    if reference is not None:
        _decorate(world, reference)
        demo_beside.thread_and_pin(world, reference)


def _is_shared(record: Any) -> bool:
    """Drafts have no room yet."""
    return len(record.party_ids()) > 1 and record.state != "draft"


def _member(world: Any, email: str) -> Membership:
    """The first membership of a person."""
    return next(each for members in world.members.values() for each in members if each.user.email == email)


def _of_partnerships(world: Any, rooms: Rooms) -> None:
    for edge in world.partnerships:
        if edge.state not in {Partnership.State.ACTIVE, Partnership.State.SUSPENDED}:
            continue
        room = Room(
            kind=Room.Kind.PARTNERSHIP,
            title=f"{edge.vendor} and {edge.partner}",
            record=edge._meta.label_lower,
            record_id=edge.pk,
            capability=view_capability(edge),
            created=edge.created,
            closed_at=None if edge.state == Partnership.State.ACTIVE else world.now - timedelta(days=3),
        )
        rooms.open(room, [edge.vendor, edge.partner])
        _notes(rooms, {(edge._meta.label_lower, edge.pk): room})
        speakers = _speakers(world, edge.vendor, edge.partner)
        when = world.now - timedelta(days=world.rng.randint(20, 60))
        _talk(world, rooms, room, speakers, cast.PARTNERSHIP_TALK, when)


def _speakers(world: Any, vendor: Organisation, partner: Organisation) -> dict[str, Membership]:
    manager = world.membership(world.key_of(vendor), "channel_manager")
    return {"V": manager, "v": manager, "P": world.membership(world.key_of(partner), "sales")}


def _of_records(world: Any, rooms: Rooms, records: Sequence[Any], talks: Sequence[Any]) -> None:
    """A room for each record with its history; people talk in two of three."""
    by_record: dict[tuple[str, int], Room] = {}
    organisations = {each.pk: each for each in world.orgs.values()}
    for record in records:
        label = record._meta.label_lower
        parties = [organisations[pk] for pk in sorted(record.party_ids())]
        room = Room(
            kind=Room.Kind.RECORD,
            title=str(record)[:200],
            record=label,
            record_id=record.pk,
            capability=view_capability(record),
            created=record.created,
            last_at=record.created,
        )
        by_record[label, record.pk] = rooms.open(room, parties)
    _notes(rooms, by_record)
    for record in records:
        room = by_record[record._meta.label_lower, record.pk]
        if world.rng.random() < 0.66 and not _is_reference(record):
            _talk_about(world, rooms, room, record, world.rng.choice(talks))


def _talk_about(world: Any, rooms: Rooms, room: Room, record: Any, talk: Sequence[tuple[str, str]]) -> None:
    names = [field.name for field in record._meta.get_fields()]
    vendor, partner = (record.vendor, record.partner) if "vendor" in names else (record.seller, record.buyer)
    known = [word.when for word in rooms.words[room.pk]]
    start = min(known) if known else record.created
    speakers = _speakers(world, vendor, partner)
    _talk(world, rooms, room, speakers, talk, start + timedelta(minutes=world.rng.randint(5, 60)))
    if (world.now - start) < timedelta(days=3) and world.rng.random() < 0.25:
        rooms.unread[room.pk, speakers["V"].pk] = world.rng.randint(1, 2)


def _talk(
    world: Any,
    rooms: Rooms,
    room: Room,
    speakers: dict[str, Membership],
    talk: Sequence[tuple[str, str]],
    when: datetime,
) -> None:
    for who, body in talk:
        by = speakers[who]
        place = rooms.side_of(room, by.organisation_id) if who == "v" else room
        rooms.say(place, by, when, body)
        when += timedelta(minutes=world.rng.randint(2, 90))


def _notes(rooms: Rooms, by_record: dict[tuple[str, int], Room]) -> None:
    """The lines of the trail, as the subscriber would have written them."""
    readers = Prefetch("readers", TrailReader.objects.only("entry_id", "organisation_id"))
    labels = {label for label, _pk in by_record}
    entries = TrailEntry.objects.filter(verb__in=set(DESCRIPTIONS) - NO_LINE).prefetch_related(readers).order_by("pk")
    seats: dict[int, set[int]] = defaultdict(set)
    for seat in rooms.seats:
        seats[seat.room_id].add(seat.organisation_id)
    for entry in entries:
        told = {reader.organisation_id for reader in entry.readers.all()}
        for room in _rooms_about(entry, by_record, labels):
            if seats[room.pk] <= told:
                rooms.words[room.pk].append(Word(entry.created, entry=entry))


def _rooms_about(entry: TrailEntry, by_record: dict[tuple[str, int], Room], labels: set[str]) -> Iterator[Room]:
    about = {(entry.target, entry.target_id), *((label, pk) for label, pk in entry.data.get("related", ()))}
    for key in sorted(about):
        if key[0] in labels and key in by_record:
            yield by_record[key]


def _of_people(world: Any, rooms: Rooms) -> None:
    """A direct room that waits for an answer, and a group."""
    pair = [_member(world, "marta.riva@brenta.example"), _member(world, "luca.conti@aurora.example")]
    ordered = sorted(pair, key=lambda each: each.pk)
    room = Room(
        kind=Room.Kind.DIRECT,
        title=", ".join(str(each.user) for each in ordered),
        people_key="-".join(str(each.pk) for each in ordered),
        created=world.now - timedelta(days=2),
    )
    rooms.open(room, members=pair)
    for index, (days, who, body) in enumerate(cast.DIRECT_TALK):
        rooms.say(room, pair[who], world.now - timedelta(days=days, minutes=30 - 4 * index), body)
    rooms.unread[room.pk, pair[0].pk] = 1
    _group(world, rooms)


def _group(world: Any, rooms: Rooms) -> None:
    speakers = {email: _member(world, email) for email, _body in cast.GROUP_TALK}
    room = Room(kind=Room.Kind.GROUP, title=cast.GROUP_TITLE, created=world.now - timedelta(days=6))
    rooms.open(room, members=list(speakers.values()))
    for index, (email, body) in enumerate(cast.GROUP_TALK):
        rooms.say(room, speakers[email], world.now - timedelta(days=5, minutes=-50 * index), body)
    past_call(world, rooms, room, list(speakers.values()), world.now - timedelta(days=4, minutes=95), minutes=17)
    rooms.unread[room.pk, speakers["luca.conti@aurora.example"].pk] = 1


def _is_reference(record: Any) -> bool:
    return getattr(record, "title", "") == "Pumping station upgrade, Consorzio Adige"


def _reference(world: Any, rooms: Rooms) -> Room | None:
    """The talk of the pictures."""
    deal = next((each for each in world.deals if _is_reference(each)), None)
    if deal is None:
        return None
    room = next(each for each in rooms.rooms if (each.record, each.record_id) == (deal._meta.label_lower, deal.pk))
    for minutes, email, where, body in cast.REFERENCE_TALK:
        by = _member(world, email)
        place = rooms.side_of(room, by.organisation_id) if where == "us" else room
        rooms.say(place, by, deal.submitted_at + timedelta(minutes=minutes), body)
    rooms.unread[room.pk, _member(world, "luca.conti@aurora.example").pk] = 1
    return room


def _decorate(world: Any, room: Room) -> None:
    """A file, a sign and a mention in the room of the pictures."""
    luca = _member(world, "luca.conti@aurora.example")
    said = list(Message.objects.filter(room=room, entry=None).order_by("seq"))
    if len(said) < 3:
        return
    survey = Attachment(message=said[0], name="site survey.pdf", content_type="application/pdf", size=len(PDF))
    survey.file.save("site-survey.pdf", ContentFile(PDF), save=False)
    survey.created = said[0].created
    survey.save()
    Reaction.objects.create(message=said[0], membership=luca, sign="thumbs-up")
    said[-1].html = markdown.render(said[-1].body, {"luca conti": luca.pk})
    said[-1].save(update_fields=["html"])
    Mention.objects.create(message=said[-1], membership=luca)
