"""What the pages show beside a room: a thread, who has read a message and what it said before, pins, saved ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from chat.models import Bookmark, Message, Pin, ReadMark, Revision, Room, TalkPolicy
from chat.people import people_of
from chat.permissions import may_post
from chat.rooms import Line, lines_of
from partners.access import Verdict
from partners.actors import Actor
from partners.models import Membership

THREAD = 500  # messages of a thread that are shown, the last ones
SAVED = 50


@dataclass(frozen=True, slots=True)
class Thread:
    """A message and everything that answers it, as one reader sees it."""

    root: Message
    lines: list[Line]
    left_out: int
    post: Verdict


def thread_of(actor: Actor, message: Message) -> Thread:
    """The thread in which a message stands, from its first message on; of a long one the first and the last 500."""
    seen = Message.objects.visible_to(actor).for_display().filter(room=message.room_id)
    root = (seen.filter(pk=message.root_id).first() if message.root_id else None) or message
    answers = seen.filter(root=root)
    last = list(reversed(answers.order_by("-seq")[:THREAD]))
    left_out = answers.count() - len(last)
    return Thread(root, lines_of([root, *last]), left_out, may_post(actor, root.room))


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has read up to a message: people whom the reader may know of, and whether some are not told."""

    people: Sequence[Membership]
    withheld: bool


def readers_of(actor: Actor, message: Message) -> Readers:
    """Members who may read the room and have read it up to this message, its author apart.

    An organisation may keep to itself what its people have read; it then learns nothing of the others either.
    """
    marks = ReadMark.objects.filter(room=message.room_id, last_seq__gte=message.seq)
    read = set(marks.values_list("membership_id", flat=True)) - {message.membership_id}
    people = [each for each in people_of(message.room) if each.pk in read]
    silent = set(TalkPolicy.objects.filter(receipts=False).values_list("organisation_id", flat=True))
    mine = actor.organisation.pk
    known = [each for each in people if each.organisation_id == mine or not silent & {mine, each.organisation_id}]
    return Readers(known, bool(silent & message.room.party_ids()))


def former_texts(message: Message) -> QuerySet[Revision]:
    """What a message said before, newest first; nothing once it was deleted."""
    return message.revisions.all() if message.deleted_at is None else message.revisions.none()


def pins_of(actor: Actor, room: Room) -> list[Pin]:
    """The pinned messages of a room that the reader may see, the last pinned first."""
    seen = Message.objects.visible_to(actor).for_display().filter(room=room, pin__isnull=False)
    messages = {message.pk: message for message in seen}
    pins = list(Pin.objects.filter(message__in=messages).select_related("membership__user"))
    for pin in pins:
        pin.message = messages[pin.message_id]
    return pins


def saved_by(actor: Actor, *, before: int | None = None) -> tuple[list[Bookmark], int | None]:
    """A page of the member's saved messages, the last saved first; and the key before which there are more."""
    own = Bookmark.objects.visible_to(actor).order_by("-pk")
    if before is not None:
        own = own.filter(pk__lt=before)
    page = list(own[: SAVED + 1])
    messages = Message.objects.for_display().in_bulk([each.message_id for each in page])
    for each in page:
        each.message = messages[each.message_id]
    return page[:SAVED], page[SAVED - 1].pk if len(page) > SAVED else None
