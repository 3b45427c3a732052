"""What the pages show of rooms: the sheet beside a record or on its own page, and the list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from chat.actions.messages import MAX_BODY
from chat.files import ACCEPT
from chat.heads import Head, head_of
from chat.models import Message, ReadMark, Room, Seat, TalkPolicy
from chat.models.messages import SIGNS
from chat.own import marks_of
from chat.permissions import may_manage, may_post
from chat.records import record_url
from core.search import found
from partners.access import MemberRequest, Verdict
from partners.actors import Actor

PAGE = 50
LISTED = 60
ICONS = {
    "deals.deal": "handshake",
    "orders.order": "receipt-text",
    "partners.partnership": "network",
    "group": "users-round",
    "partnership": "network",
}
TOGETHER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """A message, with what stands above it: the day, the mark of what is new."""

    message: Message
    day: date | None = None
    new: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """Everyone, or only one's own organisation."""

    label: str
    room: Room
    current: bool
    unread: int


@dataclass(frozen=True)
class Sheet:
    """A room as one reader sees it now."""

    room: Room
    title: str
    tabs: tuple[Tab, ...]
    lines: list[Line]
    older: int | None
    newer: bool
    last: int
    read: int
    post: Verdict
    manage: Verdict
    record_url: str
    hint: str
    beside: bool
    head: Head
    longest: int = MAX_BODY
    signs: Mapping[str, str | Promise] = field(default_factory=lambda: SIGNS)
    accept: str = ACCEPT


def room_context(request: MemberRequest, record: models.Model) -> dict[str, Any]:
    """What `chat/room_sheet.html` needs beside a record; `?talk=us` shows the own organisation's thread."""
    actor = request.actor
    room = Room.objects.visible_to(actor).for_record(record).first()
    if room is None:
        return {"room": None, "sheet": None, "kept_out": TalkPolicy.objects.keeping_out(actor).exists()}
    shown = room
    if request.GET.get("talk") == "us":
        shown = Room.objects.visible_to(actor).filter(parent=room, organisation=actor.organisation).first() or room
    return {"room": room, "sheet": sheet_of(actor, shown, beside=True)}


def sheet_of(actor: Actor, room: Room, *, at: int | None = None, beside: bool = False) -> Sheet:
    """The sheet of a room, at its end or around message `at`."""
    main = room.parent or room
    mark = ReadMark.objects.filter(room=room, membership=actor.membership).first() if actor.membership else None
    if at is None and mark and mark.last_seq and room.said - mark.said > PAGE:
        at = mark.last_seq + 1  # more is unread than a page holds: the room opens where the reader stopped
    hidden = room.hidden_up_to(actor)
    messages, newer = _window(room, at, hidden)
    read = mark.last_seq if mark else room.last_seq
    return Sheet(
        room=room,
        title=main.title_for(actor.name),
        tabs=_tabs(actor, main, room),
        lines=lines_of(messages, read_up_to=read, reader=actor.membership.pk if actor.membership else None),
        older=_older(messages, hidden),
        newer=newer,
        last=messages[-1].seq if messages and not newer else room.last_seq,
        read=read,
        post=may_post(actor, room),
        manage=may_manage(actor, room),
        record_url="" if beside or not main.record_id else record_url(main.record, main.record_id),
        hint=_hint(actor, room),
        beside=beside,
        head=head_of(actor, room, mark),
    )


def _hint(actor: Actor, room: Room) -> str:
    """What the box says before one writes: who will read it."""
    if room.kind == Room.Kind.SIDE:
        return _("Message only %(who)s…") % {"who": actor.organisation}
    if room.kind == Room.Kind.DIRECT:
        return _("Message %(who)s…") % {"who": room.title_for(actor.name)}
    return _("Message everyone in this room…")


def _older(messages: Sequence[Message], hidden: int) -> int | None:
    """The number before which the reader finds more, if there are any."""
    return messages[0].seq if messages and messages[0].seq > hidden + 1 else None


def _window(room: Room, at: int | None, hidden: int) -> tuple[list[Message], bool]:
    """The last page, or the messages around one; and whether newer ones follow. None up to number `hidden`."""
    messages = Message.objects.for_display().filter(room=room, seq__gt=hidden)
    if at is None or at > room.last_seq - PAGE // 2:
        return list(reversed(messages.order_by("-seq")[:PAGE])), False
    around = messages.filter(seq__gte=at - PAGE // 2, seq__lt=at + PAGE // 2).order_by("seq")
    return list(around), True


def earlier(actor: Actor, room: Room, before: int) -> tuple[list[Line], int | None]:
    """The page of messages before a number, and the number before which there are more."""
    hidden = room.hidden_up_to(actor)
    found = Message.objects.for_display().filter(room=room, seq__lt=before, seq__gt=hidden).order_by("-seq")[:PAGE]
    messages = list(reversed(found))
    return lines_of(messages), _older(messages, hidden)


def lines_of(messages: Sequence[Message], *, read_up_to: int | None = None, reader: int | None = None) -> list[Line]:
    """Messages with the day above the first of each, the mark of what is new, and followers drawn together."""
    lines: list[Line] = []
    previous: Message | None = None
    marked = read_up_to is None
    for message in messages:
        day = localtime(message.created).date()
        new_day = previous is None or localtime(previous.created).date() != day
        new = not marked and message.seq > (read_up_to or 0) and message.membership_id != reader
        marked = marked or new
        message.follows = not (new or new_day) and _follows(message, previous)
        lines.append(Line(message, day if new_day else None, new))
        previous = message
    return lines


def _follows(message: Message, previous: Message | None) -> bool:
    if previous is None or message.entry_id or previous.entry_id or message.reply_to_id:
        return False
    same = (message.membership_id, message.service_account_id) == (previous.membership_id, previous.service_account_id)
    return same and message.created - previous.created < TOGETHER


def _tabs(actor: Actor, main: Room, shown: Room) -> tuple[Tab, ...]:
    """Everyone and Only us, where others are seated too."""
    if main.kind not in Room.SHARED or main.party_ids() == {actor.organisation.pk}:
        return ()
    side = Room.objects.visible_to(actor).filter(parent=main, organisation=actor.organisation).first()
    if side is None:
        return ()
    unread = unread_in(actor, [main.pk, side.pk])
    labels = {main.pk: _("Everyone"), side.pk: _("Only %(who)s") % {"who": actor.organisation}}
    return tuple(Tab(labels[each.pk], each, each.pk == shown.pk, unread.get(each.pk, 0)) for each in (main, side))


def unread_in(actor: Actor, room_ids: Iterable[int]) -> dict[int, int]:
    """How many messages the actor has not read in each of these rooms; rooms that they do not follow are left out."""
    if actor.membership is None:
        return {}
    marks = ReadMark.objects.of_members([actor.membership.pk]).filter(room__in=list(room_ids), room__said__gt=F("said"))
    return {room_id: all_said - said for room_id, said, all_said in marks.values_list("room_id", "said", "room__said")}


# The list -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A room in the list."""

    room: Room
    title: str
    others: str
    snippet: str
    unread: int
    icon: str
    muted: bool = False


def filters() -> dict[str, str | Promise]:
    """The narrower lists, with their labels."""
    return {
        "all": _("All"),
        "unread": _("Unread"),
        "direct": _("People"),
        "group": _("Groups"),
        "record": _("Records"),
    }


def rows_of(actor: Actor, *, only: str = "all", text: str = "", most: int = LISTED) -> list[Row]:
    """The rooms of the list, the last spoken in first; a fixed number of queries."""
    rooms: models.QuerySet[Room] = Room.objects.visible_to(actor).whole()
    if only == "unread" and actor.membership is not None:
        mine = Room.objects.visible_to(actor).unread_by(actor.membership.pk)
        rooms = rooms.filter(models.Q(pk__in=mine) | models.Q(pk__in=mine.filter(kind=Room.Kind.SIDE).values("parent")))
    elif only in {"direct", "record"}:
        rooms = rooms.filter(kind=only)
    elif only == "group":
        rooms = rooms.filter(kind__in=[Room.Kind.GROUP, Room.Kind.PARTNERSHIP])
    if text.strip():
        rooms = found(rooms, text, "title")
    listed = list(rooms.order_by("-last_at", "-pk")[:most])
    return _rows(actor, listed)


def _rows(actor: Actor, rooms: list[Room]) -> list[Row]:
    sides = Room.objects.visible_to(actor).filter(parent__in=rooms, kind=Room.Kind.SIDE)
    side_of = {side.parent_id: side.pk for side in sides}
    unread = unread_in(actor, [*(room.pk for room in rooms), *side_of.values()])
    muted = set(marks_of(actor).filter(room__in=rooms, muted_until__gt=now()).values_list("room_id", flat=True))
    snippets, others = _snippets(actor, rooms), _others(actor, rooms)
    return [
        Row(
            room=room,
            title=room.title_for(actor.name),
            others=others.get(room.pk, ""),
            snippet=snippets.get(room.pk, ""),
            unread=unread.get(room.pk, 0) + unread.get(side_of.get(room.pk, 0), 0),
            icon=ICONS.get(room.record or room.kind, ""),
            muted=room.pk in muted,
        )
        for room in rooms
    ]


def _others(actor: Actor, rooms: list[Room]) -> dict[int, str]:
    """The other organisations in each room, by name."""
    seats = Seat.objects.filter(room__in=rooms).exclude(organisation=actor.organisation.pk).order_by("pk")
    names: dict[int, dict[str, None]] = {}
    for room_id, name in seats.values_list("room_id", "organisation__name"):
        names.setdefault(room_id, {})[name] = None
    return {room_id: ", ".join(each) for room_id, each in names.items()}


def _snippets(actor: Actor, rooms: list[Room]) -> dict[int, str]:
    """The last thing that somebody said in each room, where the reader sees it."""
    last = Message.objects.visible_to(actor).said().filter(room__in=rooms, seq=F("room__last_said"))
    chosen = last.select_related("author", "service_account", "organisation")
    return {message.room_id: f"{message.speaker}: {message.body or _('a file')}"[:120] for message in chosen}


def address_of(room: Room, at: int | None = None) -> str:
    """The page of a room, at a message."""
    url = reverse("chat:room", args=[room.pk])
    return url if at is None else f"{url}?at={at}#m-{at}"
