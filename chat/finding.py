"""Finding what was said: the messages that the actor may see, narrowed, a page at a time, with the words marked.

Pages go on after the number of a message in its room: what is shown in an address says nothing about other talk.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from chat.asking import Asked
from chat.models import Bookmark, Message, Room
from core.fulltext import Query, excerpt, marked, matching, ranked
from core.search import found
from partners.actors import Actor

PAGE = 30
BESIDE = 110  # characters of the messages around a find
_CURSOR = re.compile(r"(?:(?P<rank>-?\d{1,18})\.)?(?P<room>\d{1,18})\.(?P<seq>\d{1,9})")
_END = re.compile(r"</(?:p|li|pre|blockquote|tr|td|th)>|<br>")


@dataclass(frozen=True, slots=True)
class Find:
    """A message that was found: its words around the find, its files, and what was said before and after it."""

    message: Message
    text: SafeString
    files: list[SafeString]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The finds of a page in one room."""

    room: Room
    title: str
    aside: str
    finds: list[Find] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of finds by room, the room of the first find first; `next_page` is empty at the end."""

    places: list[Place]
    next_page: str


def messages_for(actor: Actor, asked: Asked, room: Room | None = None) -> "QuerySet[Any]":
    """What the actor may see of what is asked, without its words; of one room where that is given."""
    rows: QuerySet[Any] = Message.objects.visible_to(actor).said()
    if room is not None:
        rows = rows.filter(room=room.pk)
    if asked.room:
        rooms = found(Room.objects.visible_to(actor), asked.room, "title", "seats__organisation__name")
        rows = rows.filter(room__in=rooms.values("pk"))
    if asked.sender:
        rows = found(rows, asked.sender, "author__name", "service_account__name", "organisation__name")
    if asked.before:
        rows = rows.filter(created__lt=_morning(asked.before))
    if asked.after:
        rows = rows.filter(created__gte=_morning(asked.after))
    if "mine" in asked.of:
        rows = rows.filter(**_own(actor))
    if "saved" in asked.of:
        rows = rows.filter(pk__in=Bookmark.objects.visible_to(actor).values("message"))
    return rows


def _morning(day: date) -> datetime:
    """The first moment of a day where the reader is."""
    return make_aware(datetime.combine(day, time.min))


def _own(actor: Actor) -> dict[str, Any]:
    return {"membership": actor.membership} if actor.membership else {"service_account": actor.service_account}


def find(actor: Actor, asked: Asked, *, room: Room | None = None, best: bool = False, page: str = "") -> Found:
    """A page of what is asked, newest or best first; a fixed number of queries. Nothing is found by nothing asked."""
    query, rows = asked.query, messages_for(actor, asked, room)
    if not asked:
        return Found([], "")
    best = best and bool(query.wanted)
    if best:
        rows = ranked(rows, query).order_by("-rank", "-pk")
    else:
        rows = (matching(rows, query) if query else rows).order_by("-pk")
    rows = rows.select_related("room__parent", "author", "service_account", "organisation")
    hits = list(_after(actor, rows, page, best).prefetch_related("attachments")[: PAGE + 1])
    shown = hits[:PAGE]
    return Found(_by_room(actor, shown, query), _page_after(shown[-1], best) if len(hits) > PAGE else "")


def _after(actor: Actor, rows: "QuerySet[Any]", page: str, best: bool) -> "QuerySet[Any]":
    """What comes after the message that a page ended with; everything for a page that is none of ours."""
    match = _CURSOR.fullmatch(page)
    if match is None:
        return rows
    last = Message.objects.visible_to(actor).filter(room=int(match["room"]), seq=int(match["seq"])).first()
    if last is None:
        return rows
    if not best:
        return rows.filter(pk__lt=last.pk)
    rank = int(match["rank"] or 0)
    return rows.filter(Q(rank__lt=rank) | Q(rank=rank, pk__lt=last.pk))


def _page_after(message: Any, best: bool) -> str:
    place = f"{message.room_id}.{message.seq}"
    return f"{message.rank}.{place}" if best else place


def _by_room(actor: Actor, messages: Sequence[Message], query: Query) -> list[Place]:
    around = _around(actor, messages)
    places: dict[int, Place] = {}
    for message in messages:
        room = message.room
        if room.pk not in places:
            aside = _("Only %(who)s") % {"who": actor.organisation} if room.parent else ""
            places[room.pk] = Place(room, (room.parent or room).title_for(actor.name), aside)
        places[room.pk].finds.append(
            Find(
                message,
                excerpt(plain(message.html), query),
                [marked(file.name, query) for file in message.attachments.all()],
                around.get((room.pk, message.seq - 1), ""),
                around.get((room.pk, message.seq + 1), ""),
            )
        )
    return list(places.values())


def _around(actor: Actor, messages: Sequence[Message]) -> dict[tuple[int, int], str]:
    """What was said right before and after these messages, by room and number, without what is itself a find."""
    numbers: dict[int, set[int]] = {}
    for message in messages:
        numbers.setdefault(message.room_id, set()).update((message.seq - 1, message.seq + 1))
    if not numbers:
        return {}
    wanted = reduce(or_, (Q(room=room, seq__in=seqs) for room, seqs in numbers.items()))
    rows = Message.objects.visible_to(actor).said().filter(wanted).exclude(pk__in=[each.pk for each in messages])
    rows = rows.select_related("author", "service_account", "organisation")
    return {(each.room_id, each.seq): f"{each.speaker}: {_short(plain(each.html) or _('a file'))}" for each in rows}


def plain(markup: str) -> str:
    """The words of a message's HTML."""
    return html.unescape(strip_tags(_END.sub(" ", markup)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= BESIDE else f"{text[:BESIDE].rstrip()} …"
