"""How long talk is kept: the job that removes words when their time is over, and what a lifted hold leaves behind.

A room of one organisation (a side thread, a group or a direct talk among colleagues) is kept as long as that one says.
A room of several is kept for the longest time that one of them says; as long as one says nothing, for ever. The place
of a message stays, with its author and time, so numbers have no gap.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import now

from chat.actions.messages import drop_remains, republish
from chat.holds import is_held
from chat.models import Attachment, Message, MessageWords, Pin, Revision, Room, Seat, TalkPolicy

AT_ONCE = 500  # messages a transaction
RECENT = 100  # of those removed, the last ones are told to open pages


def keep_days_of(room: Room, days: dict[int, int]) -> int | None:
    """For how many days the room is kept, by what its organisations say; None for ever."""
    said = [days.get(pk) for pk in room.party_ids()]
    return max(said) if said and None not in said else None  # type: ignore[type-var]


def candidates(organisations: list[int]) -> QuerySet[Room]:
    """Rooms all of whose organisations say for how long they keep talk, and in which something is left."""
    others = Seat.objects.filter(room=OuterRef("pk")).exclude(organisation__in=organisations)
    seated = Q(organisation=None) & Exists(Seat.objects.filter(room=OuterRef("pk"))) & ~Exists(others)
    rooms = Room.objects.filter(Q(organisation__in=organisations) | seated, last_seq__gt=F("kept_from"))
    return rooms.order_by("pk")


def forget_old() -> int:
    """Remove what is older than its room is kept; returns how many messages. Harmless when repeated."""
    policies = TalkPolicy.objects.values_list("organisation_id", "keep_days")
    days = {organisation: kept for organisation, kept in policies if kept is not None}
    removed = 0
    for room in candidates(list(days)).iterator(chunk_size=200):
        kept = keep_days_of(room, days)
        while kept is not None and (some := _forget_in(room.pk, kept)):
            removed += some
    return removed


@transaction.atomic
def _forget_in(room_id: int, kept: int) -> int:
    """The next messages of a room whose time is over; 0 when none is left, or a hold stands in the way."""
    room = Room.objects.select_for_update(of=("self",)).get(pk=room_id)
    if is_held(room):
        return 0
    old = Message.objects.filter(room=room, seq__gt=room.kept_from, created__lt=now() - timedelta(days=kept))
    some = list(old.order_by("seq").prefetch_related("attachments")[:AT_ONCE])
    if not some:
        return 0
    gone = [message for message in some if message.entry_id is None]
    for message in gone:
        drop_remains(message)
    _empty(gone)
    room.kept_from = some[-1].seq
    room.save(update_fields=["kept_from"])
    return len(some)


def _empty(messages: list[Message]) -> None:
    for related in ("reactions", "mentions", "bookmarks"):
        Message._meta.get_field(related).related_model.objects.filter(message__in=messages).delete()  # type: ignore[union-attr]
    Pin.objects.filter(message__in=messages).delete()
    MessageWords.objects.filter(message__in=messages).delete()  # no search finds them any more
    standing = [message for message in messages if message.deleted_at is None]
    for message in standing:
        message.body, message.html, message.deleted_at, message.expired = "", "", now(), True
    Message.objects.bulk_update(standing, ["body", "html", "deleted_at", "expired"], batch_size=AT_ONCE)
    for message in standing[-RECENT:]:
        republish(message)


def drop_released() -> int:
    """Remove what was deleted under a hold that stands no longer; returns how many messages."""
    deleted = {"message__deleted_at__isnull": False}
    kept = {
        *Revision.objects.filter(**deleted).values_list("message_id", flat=True),
        *Attachment.objects.filter(**deleted).values_list("message_id", flat=True),
    }
    dropped = 0
    for message in Message.objects.filter(pk__in=kept).select_related("room").iterator(chunk_size=200):
        with transaction.atomic():
            if not is_held(message.room):
                drop_remains(message)
                dropped += 1
    return dropped
