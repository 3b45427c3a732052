"""Opening rooms, seating, closing."""

from collections.abc import Iterable
from itertools import combinations

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import frames
from chat.actions.marks import follow
from chat.models import Room, Seat
from chat.people import reachable
from chat.permissions import may_manage, may_open
from core.audit import record as to_trail
from core.errors import DomainError
from partners.access import holds, require
from partners.actors import Actor
from partners.capabilities import REGISTRY
from partners.models import Membership, Organisation, Partnership

MAX_SEATS = 200


@transaction.atomic
def open_room(
    *,
    actor: Actor,
    kind: str = Room.Kind.RECORD,
    record: models.Model | None = None,
    title: str,
    organisations: Iterable[Organisation],
) -> Room:
    """The room of a record, made the first time, with a seat for each organisation; opening it again adds what lacks.

    Called by the action that creates or shares the record, so the record's own rules have been asked already.
    Without a `record` it is a new room of organisations (kind partnership).
    """
    title = title[:200]
    room, new = _of_record(record, kind, title) if record is not None else (_made(kind, title), True)
    if room.title != title:
        room.title = title
        room.save(update_fields=["title"])
        room.sides.update(title=room.title)
    if new:
        _furnish(room, list(dict.fromkeys(organisations)))
    else:
        for organisation in organisations:
            _seat_organisation(room, organisation)
    if actor.membership is not None:
        follow(room=room, membership_ids=[actor.membership.pk])
    return room


def open_first_room(*, actor: Actor, record: models.Model, title: str, organisations: Iterable[Organisation]) -> Room:
    """As `open_room`, for a record that the surrounding transaction itself made: nobody else can know it yet, so there
    is nothing to look up and nothing to come first."""
    made = {"record": record._meta.label_lower, "record_id": record.pk, "capability": view_capability(record)}
    room = Room.objects.create(kind=Room.Kind.RECORD, title=title[:200], **made)
    _furnish(room, list(dict.fromkeys(organisations)))
    if actor.membership is not None:
        follow(room=room, membership_ids=[actor.membership.pk])
    return room


def _made(kind: str, title: str) -> Room:
    return Room.objects.create(kind=kind, title=title)


def _of_record(record: models.Model, kind: str, title: str) -> tuple[Room, bool]:
    """The room of a record, and whether it is new."""
    label, capability = record._meta.label_lower, view_capability(record)
    wanted = {"record": label, "record_id": record.pk}
    found = Room.objects.filter(**wanted).first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return Room.objects.create(kind=kind, title=title, capability=capability, **wanted), True
    except IntegrityError:  # somebody else opened it at the same moment
        return Room.objects.get(**wanted), False


def view_capability(record: models.Model) -> str:
    """What seeing such a record takes: `<app>.view` or `<model>s.view`; a model that differs names it itself."""
    meta = record._meta
    usual = (f"{meta.app_label}.view", f"{meta.label_lower.rpartition('.')[2]}s.view")
    named = (getattr(record, "view_capability", ""), *usual)
    return next((code for code in named if code in REGISTRY), "")


def vacate(*, record: models.Model, organisation: Organisation) -> None:
    """Take an organisation's seat in the room of a record away; its open sockets are cut off. Called by the action by
    which it leaves the record. What was written stays with those who stay."""
    rooms = Room.objects.filter(record=record._meta.label_lower, record_id=record.pk)
    Seat.objects.filter(room__in=rooms, organisation=organisation).delete()
    frames.recheck([organisation.pk])


def _furnish(room: Room, organisations: list[Organisation]) -> None:
    """Seats and side threads of a room that nobody else knows yet, in two statements."""
    Seat.objects.bulk_create(Seat(room=room, organisation=each) for each in organisations)
    Room.objects.bulk_create(
        Room(
            parent=room,
            organisation=each,
            kind=Room.Kind.SIDE,
            title=room.title,
            capability=room.capability,
            last_at=room.last_at,
        )
        for each in organisations
    )
    frames.recheck([each.pk for each in organisations])


def _seat_organisation(room: Room, organisation: Organisation) -> bool:
    """Seat a whole organisation and open its side thread; true when it is new there."""
    side = _open_side(room, organisation)
    since = {"from_seq": room.last_seq, "side_from": side.last_seq}
    _seat, new = Seat.objects.get_or_create(room=room, organisation=organisation, membership=None, defaults=since)
    if new:
        frames.recheck([organisation.pk])
    return new


def _open_side(room: Room, organisation: Organisation) -> Room:
    fields = {"kind": Room.Kind.SIDE, "title": room.title, "capability": room.capability, "last_at": room.last_at}
    fields |= {"history": room.history, "archived_at": room.archived_at}
    return Room.objects.get_or_create(parent=room, organisation=organisation, defaults=fields)[0]


@transaction.atomic
def start_direct(*, actor: Actor, member: Membership) -> Room:
    """The room of two people: colleagues, or members of organisations with an active partnership."""
    require(holds(actor, "chat.post"))
    other = get_object_or_404(reachable(actor), pk=member.pk)
    if actor.membership is None:
        raise DomainError(_("Only people have direct rooms."))
    pair = sorted([actor.membership, other], key=lambda each: each.pk)
    key = "-".join(str(each.pk) for each in pair)
    title = ", ".join(str(each.user) for each in pair)[:200]
    room, new = Room.objects.get_or_create(people_key=key, defaults={"kind": Room.Kind.DIRECT, "title": title})
    if new:
        seat_members(room, pair)
    return room


def seat_members(room: Room, members: Iterable[Membership]) -> list[Membership]:
    """Seat people one by one; who is new follows the room from here on. Returns the new ones."""
    seated = set(room.seats.values_list("membership_id", flat=True))
    new = [each for each in members if each.pk not in seated]
    if len(seated) + len(new) > MAX_SEATS:
        raise DomainError(_("A group takes %(most)s people at most.") % {"most": MAX_SEATS}, field="members")
    sides: dict[int, int] = {}
    if room.kind == Room.Kind.GROUP:
        organisations = {each.organisation_id: each.organisation for each in new}
        sides = {pk: _open_side(room, organisation).last_seq for pk, organisation in organisations.items()}
    Seat.objects.bulk_create(
        Seat(
            room=room,
            membership=each,
            organisation_id=each.organisation_id,
            from_seq=room.last_seq,
            side_from=sides.get(each.organisation_id, 0),
        )
        for each in new
    )
    follow(room=room, membership_ids=[each.pk for each in new])
    return new


@transaction.atomic
def open_group(*, actor: Actor, title: str, members: Iterable[Membership], purpose: str = "") -> Room:
    """A group of people whom the actor may reach, the actor among them; others come by invitation, or join by
    themselves where it is opened to their organisation (`settle_room`)."""
    require(may_open(actor))
    if actor.membership is None:
        raise DomainError(_("Only people sit in groups."))
    room = Room.objects.create(kind=Room.Kind.GROUP, title=_titled(title), purpose=purpose.strip()[:300])
    seat_members(room, [actor.membership, *_reached(actor, members)])
    to_trail(actor=actor, verb="room.opened", target=room)
    return room


def _titled(title: str) -> str:
    title = " ".join(title.replace("\0", "").split())
    if not title:
        raise DomainError(_("Give the room a name."), field="title")
    return title[:200]


def _reached(actor: Actor, members: Iterable[Membership]) -> list[Membership]:
    wanted = {each.pk for each in members}
    found = list(reachable(actor).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise DomainError(_("One of these people cannot be reached any more."), field="members")
    return found


@transaction.atomic
def open_partnership_room(*, actor: Actor, title: str, organisation: Organisation) -> Room:
    """A room of two organisations with an active partnership: everybody there may read it."""
    require(may_open(actor))
    partner = get_object_or_404(Organisation.objects.partners_of(actor.organisation), pk=organisation.pk)
    room = open_room(
        actor=actor, kind=Room.Kind.PARTNERSHIP, title=_titled(title), organisations=[actor.organisation, partner]
    )
    to_trail(actor=actor, verb="room.opened", target=room)
    return room


@transaction.atomic
def rename_room(*, actor: Actor, room: Room, title: str) -> Room:
    """Give a group or a partnership room another name."""
    room = _managed(actor, room)
    before, room.title = room.title, _titled(title)
    room.save(update_fields=["title"])
    room.sides.update(title=room.title)
    to_trail(actor=actor, verb="room.renamed", target=room, before=before)
    return room


def _managed(actor: Actor, room: Room) -> Room:
    room = get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)
    require(may_manage(actor, room))
    return room


@transaction.atomic
def add_seat(
    *, actor: Actor, room: Room, organisation: Organisation | None = None, member: Membership | None = None
) -> Room:
    """Seat a partner organisation in a partnership room, or a person whom the actor may reach in a group."""
    room = _managed(actor, room)
    if room.kind == Room.Kind.GROUP and member is not None:
        new = bool(seat_members(room, _reached(actor, [member])))
        who, parties = str(member.user), {member.organisation_id}
    elif room.kind == Room.Kind.PARTNERSHIP and organisation is not None:
        partner = get_object_or_404(Organisation.objects.partners_of(actor.organisation), pk=organisation.pk)
        new, who, parties = _seat_organisation(room, partner), partner.name, {partner.pk}
    else:
        raise DomainError(_("This room takes no such seat."))
    if new:
        to_trail(actor=actor, verb="room.seat_added", target=room, who=who)
        frames.recheck(parties)
    return room


@transaction.atomic
def remove_seat(*, actor: Actor, room: Room, seat: Seat) -> Room:
    """Take a seat away: of one's own organisation, or any if one's organisation was the first to be seated.

    Who loses the seat is cut off at once, open sockets included. The last seat stays.
    """
    room = _managed(actor, room)
    seats = list(room.seats.select_related("organisation", "membership__user"))
    gone = next((each for each in seats if each.pk == seat.pk), None)
    if gone is None:
        raise DomainError(_("This seat was taken away already."))
    if gone.organisation_id != actor.organisation.pk and seats[0].organisation_id != actor.organisation.pk:
        raise DomainError(_("Only its own organisation, or the one that opened the room, can take this seat away."))
    if len(seats) == 1:
        raise DomainError(_("The last seat of a room stays."))
    parties = room.party_ids()
    gone.delete()
    who = str(gone.membership.user) if gone.membership else gone.organisation.name
    to_trail(actor=actor, verb="room.seat_removed", target=room, parties=parties, who=who)
    frames.recheck([gone.organisation_id])
    return room


@transaction.atomic
def close_or_reopen(*, organisation_ids: Iterable[int]) -> list[Room]:
    """Close the rooms of organisations between which no active partnership is left; reopen where there is one again.

    A room closes when no two of its organisations work together any more. Each keeps what was written so far, and its
    side thread. Open sockets are cut off.
    """
    pair = sorted(set(organisation_ids))
    seated = [Seat.objects.filter(organisation=pk).values("room") for pk in pair]
    shared = Room.objects.filter(*(Q(pk__in=rooms) for rooms in seated)).select_for_update(of=("self",))
    changed = [room for room in shared.order_by("pk") if _set_closed(room)]
    if changed:
        frames.recheck(pair)
    return changed


def _set_closed(room: Room) -> bool:
    """True when it changed."""
    alive = _any_partnership(room.party_ids())
    if alive == (room.closed_at is None):
        return False
    room.closed_at = None if alive else now()
    room.save(update_fields=["closed_at"])
    return True


def _any_partnership(organisation_ids: set[int]) -> bool:
    pairs = combinations(sorted(organisation_ids), 2)
    edges = (Q(vendor=a, partner=b) | Q(vendor=b, partner=a) for a, b in pairs)
    condition = next(edges, Q(pk__in=()))
    for edge in edges:
        condition |= edge
    return Partnership.objects.active().filter(condition).exists()
