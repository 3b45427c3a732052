"""Saying, changing, taking back."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import files as filing
from chat import frames, holds, markdown, people
from chat.actions.marks import follow, read_by_author
from chat.actions.telling import tell_systems
from chat.actions.words import keep_words
from chat.models import Attachment, Mention, Message, Pin, Reaction, Revision, Room
from chat.models.messages import SIGNS
from chat.permissions import may_delete, may_edit, may_post
from core import pictures
from core.audit import record
from core.durability import delete_later
from core.errors import DomainError
from core.models import TrailEntry
from partners.access import require
from partners.actors import Actor
from partners.models import Membership

MAX_BODY = 10_000
MAX_EDITS = 100
FLOOD = ((15, 10), (60, 60))  # messages of one author in one room, in so many seconds


class FloodError(DomainError):
    """Too many messages in a short time."""

    code = "flood"


@transaction.atomic
def post_message(
    *,
    actor: Actor,
    room: Room,
    body: str,
    client_id: str = "",
    files: Iterable[UploadedFile] = (),
    reply_to: int | None = None,
) -> Message:
    """Say something (`body` in Markdown, at most 10,000 characters), with files; `reply_to` is a number in the room:
    the message stands then also in the thread of what it answers.

    The same `client_id` again returns the message of the first time. Raises PermissionDenied, FloodError, DomainError.
    """
    room = _locked(actor, room)
    if client_id and (known := _sent_before(actor, room, client_id)):
        return known
    require(may_post(actor, room))
    _refuse_flood(actor, room)
    attached = filing.checked(files)
    body = _clean(body, may_be_empty=bool(attached))
    present = people.people_of(room) if "@" in body else []
    names = people.names_of(present)
    message = _store(actor, room, body, markdown.render(body, names), client_id, reply_to)
    _attach(message, attached)
    keep_words(message, [each.name for each in attached], new=True)
    _mention(actor, message, markdown.mentioned(body, names), present)
    _count_for_readers(actor, room)
    tell_systems(message, "message.posted")
    _publish_new(message.as_new(files=bool(attached)))
    if message.root_id:
        _count_answers(message.root_id, 1)
    return message


def _locked(actor: Actor, room: Room) -> Room:
    """The room under its lock: numbers are given one after the other. 404 for who may not see it."""
    return get_object_or_404(Room.objects.visible_to(actor).select_for_update(of=("self",)), pk=room.pk)


def _sent_before(actor: Actor, room: Room, client_id: str) -> Message | None:
    sender = {"membership": actor.membership} if actor.membership else {"service_account": actor.service_account}
    return Message.objects.filter(room=room, client_id=client_id[:64], **sender).first()


def _refuse_flood(actor: Actor, room: Room) -> None:
    sender = {"membership": actor.membership} if actor.membership else {"service_account": actor.service_account}
    for most, seconds in FLOOD:
        recent = Message.objects.filter(room=room, created__gt=now() - timedelta(seconds=seconds), **sender)
        if recent.count() >= most:
            words = {"most": most, "seconds": seconds}
            raise FloodError(
                _("You sent %(most)s messages in %(seconds)s seconds. Wait a moment; your text is kept.") % words
            )


def _clean(body: str, *, may_be_empty: bool = False) -> str:
    """The text without what no database or screen takes. Raises DomainError when it is empty or too long."""
    body = body.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()
    if not body and not may_be_empty:
        raise DomainError(_("The message is empty."), field="body")
    if len(body) > MAX_BODY:
        words = {"length": len(body), "most": MAX_BODY}
        raise DomainError(
            _("The message has %(length)s characters; %(most)s is the most. Nothing was sent.") % words, field="body"
        )
    return body


def _store(actor: Actor, room: Room, body: str, html: str, client_id: str, reply_to: int | None) -> Message:
    room.said += 1
    room.last_said = room.last_seq + 1
    answered = None
    if reply_to:
        answered = Message.objects.visible_to(actor).filter(room=room, seq=reply_to, entry=None).first()
    return _add(
        room,
        membership=actor.membership,
        author=actor.user,
        service_account=actor.service_account,
        organisation=actor.organisation,
        client_id=client_id[:64] or None,
        reply_to=answered,
        root_id=(answered.root_id or answered.pk) if answered else None,
        body=body,
        html=html,
    )


def _add(room: Room, **fields: object) -> Message:
    """The next message of a room that the caller has locked, with the room's counters."""
    room.last_seq += 1
    room.last_at = now()
    room.save(update_fields=["last_seq", "said", "last_said", "last_at"])
    return Message.objects.create(room=room, seq=room.last_seq, said=room.said, **fields)


def _attach(message: Message, attached: list[filing.CheckedFile]) -> None:
    for each in attached:
        file = Attachment(message=message, name=each.name, content_type=each.content_type, size=each.size)
        file.width, file.height = pictures.size_of(each.file) if file.is_image else (None, None)
        file.file.save(filing.stored_name(each.name), each.file, save=False)
        file.save()


def _mention(actor: Actor, message: Message, member_ids: set[int], present: list[Membership]) -> None:
    """Note who is named, have them follow the room, and tell it to the trail, from which the inbox hears."""
    named = [each for each in present if each.pk in member_ids and each != actor.membership]
    if not named:
        return
    Mention.objects.bulk_create(Mention(message=message, membership=each) for each in named)
    follow(room=message.room, membership_ids=[each.pk for each in named], unread=1)
    parties = {each.organisation_id for each in named}
    record(
        actor=actor,
        verb="message.mentioned",
        target=message.room,
        parties=parties,
        seq=message.seq,
        members=sorted(each.pk for each in named),
    )


def _count_for_readers(actor: Actor, room: Room) -> None:
    if actor.membership is not None:
        read_by_author(actor.membership.pk, room)
    follow(room=room, membership_ids=[each.pk for each in people.unattended(room)], unread=1)


def _count_answers(root_id: int, change: int) -> None:
    """One answer more or less stands under the first message of a thread, and its readers see it."""
    Message.objects.filter(pk=root_id).update(answers=F("answers") + change)
    _publish_changed(root_id)


def republish(message: Message) -> None:
    """Have who listens see a message anew that was changed, once this is committed."""
    _publish_changed(message.pk)


def _publish_new(message: Message) -> None:
    """The message as it stands in memory: a room hears of it without its being read again."""
    transaction.on_commit(lambda: frames.publish_new(message), robust=True)


def _publish_changed(number: int) -> None:
    Message.objects.filter(pk=number).update(changed_at=now())  # whoever is away asks for what changed since
    transaction.on_commit(lambda: frames.publish_changed(number), robust=True)


def post_note(*, entry: TrailEntry, room: Room) -> Message:
    """The line that says in a room what happened, once an entry of the trail; who did it follows the room."""
    room = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
    known = Message.objects.filter(room=room, entry=entry).first()
    if known is not None:
        return known
    message = _add(room, entry=entry)
    if entry.user_id:
        acting = Membership.objects.filter(user=entry.user_id, organisation=entry.organisation_id, active=True)
        follow(room=room, membership_ids=acting.values_list("pk", flat=True))
    _publish_new(message.as_new(files=False))
    return message


def locked_message(actor: Actor, message: Message) -> Message:
    """The message under the lock of its room; 404 for who may not see it."""
    room = _locked(actor, message.room)
    found = (
        Message.objects.visible_to(actor)
        .filter(room=room)
        .select_for_update(of=("self",))
        .filter(pk=message.pk)
        .first()
    )
    if found is None:
        raise Http404
    found.room = room
    return found


@transaction.atomic
def edit_message(*, actor: Actor, message: Message, body: str) -> Message:
    """Change the words; readers see that it was edited, and what it said before. Mentions added now are noted too."""
    message = locked_message(actor, message)
    require(may_edit(actor, message))
    body = _clean(body, may_be_empty=message.attachments.exists())
    if body == message.body:
        return message
    present = people.people_of(message.room) if "@" in body else []
    names = people.names_of(present)
    _keep_former(message)
    before = set(message.mentions.values_list("membership_id", flat=True))
    message.body, message.html, message.edited_at = body, markdown.render(body, names), now()
    message.save(update_fields=["body", "html", "edited_at"])
    keep_words(message, message.attachments.values_list("name", flat=True))
    _mention(actor, message, markdown.mentioned(body, names) - before, present)
    tell_systems(message, "message.edited")
    republish(message)
    return message


def _keep_former(message: Message) -> None:
    """Note what the message says now, before it changes. Raises DomainError at the hundredth change."""
    if message.revisions.count() >= MAX_EDITS:
        raise DomainError(_("A message can be changed %(most)s times. Write a new one.") % {"most": MAX_EDITS})
    written = message.edited_at or message.created
    Revision.objects.create(message=message, body=message.body, html=message.html, written=written)


@transaction.atomic
def delete_message(*, actor: Actor, message: Message) -> Message:
    """Take a message back: words, former words, files, signs and mentions go; the place stays and says so.

    Under a legal hold the words and files are kept where nobody sees them, until the hold is lifted: neither the author
    nor the other side learns of the hold.
    """
    message = locked_message(actor, message)
    require(may_delete(actor, message))
    if holds.is_held(message.room):
        written = message.edited_at or message.created
        Revision.objects.create(message=message, body=message.body, html="", written=written)
    else:
        drop_remains(message)
    message.reactions.all().delete()
    message.mentions.all().delete()
    message.bookmarks.all().delete()
    Pin.objects.filter(message=message).delete()
    message.body, message.html, message.deleted_at = "", "", now()
    message.save(update_fields=["body", "html", "deleted_at"])
    keep_words(message)
    record(actor=actor, verb="message.deleted", target=message.room, seq=message.seq)
    republish(message)
    if message.root_id:
        _count_answers(message.root_id, -1)
    return message


def drop_remains(message: Message) -> None:
    """Remove former texts and files for good, the files once this is committed."""
    for attachment in message.attachments.all():
        delete_later(attachment.file)
    message.attachments.all().delete()
    message.revisions.all().delete()


@transaction.atomic
def react(*, actor: Actor, message: Message, sign: str) -> Message:
    """Put a sign to a message, or take one's own away. Raises DomainError for a sign that is not offered."""
    message = locked_message(actor, message)
    require(may_post(actor, message.room))
    if sign not in SIGNS or message.entry_id or message.deleted_at or actor.membership is None:
        raise DomainError(_("This sign cannot be put here."))
    mine = Reaction.objects.filter(message=message, membership=actor.membership, sign=sign)
    if not mine.delete()[0]:
        Reaction.objects.create(message=message, membership=actor.membership, sign=sign)
    republish(message)
    return message
