"""Rooms in e-mail: the words that a mail is about, the unread messages of who was away, and answers that are posted."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.actions import post_message
from chat.models import Message, ReadMark, Room
from chat.permissions import may_post
from core.models import TrailEntry
from inbox import away, replies
from inbox.rules import kind
from partners.actors import Actor

CODE = "r"
LINES = 5  # of the newest messages that a digest shows of one room
ROOMS = 10


def quote(actor: Actor, entry: TrailEntry) -> replies.Quote | None:
    """The message that an entry of the trail is about, if the actor may see it and it stands."""
    seq = entry.data.get("seq")
    if not isinstance(seq, int):
        return None
    found = Message.objects.visible_to(actor).said().for_display().filter(room=entry.target_id, seq=seq).first()
    if found is None:
        return None
    return replies.Quote(
        author=found.speaker,
        organisation=str(found.organisation or ""),
        text=found.body,
        html=found.html,
        target_id=found.room_id,
        item=found.seq,
        place=found.room.title_for(actor.name),
        files=[each.name for each in found.attachments.all()],
        answerable=may_post(actor, found.room).allowed,
    )


def post(*, actor: Actor, target_id: int, item: int, text: str, files: Sequence[UploadedFile], client_id: str) -> str:
    """Say the answer in the room, as an answer to message `item` (0: to none); returns its address."""
    room = get_object_or_404(Room.objects.visible_to(actor), pk=target_id)
    heard = item and Message.objects.visible_to(actor).filter(room=room, seq=item).exists()
    message = post_message(
        actor=actor, room=room, body=text, client_id=client_id, files=files, reply_to=item if heard else None
    )
    return message.get_absolute_url()


def members_away(since: datetime) -> set[int]:
    """Members who follow a room in which somebody said something since, and who have not read it."""
    marks = ReadMark.objects.filter(room__last_at__gt=since).unmuted().unread()
    return set(marks.values_list("membership_id", flat=True))


def unread_sections(actor: Actor, after: datetime, before: datetime) -> list[away.Section]:
    """The rooms that the member follows with what was said between two moments and is unread; newest rooms first."""
    if actor.membership is None:
        return []
    marks = ReadMark.objects.of_members([actor.membership.pk]).unmuted().unread().filter(room__last_at__gt=after)
    seen = dict(marks.values_list("room_id", "last_seq"))
    rooms = Room.objects.visible_to(actor).filter(pk__in=seen).order_by("-last_at")[:ROOMS]
    sections = [_section(actor, room, seen[room.pk], after, before) for room in rooms]
    return [section for section in sections if section is not None]


def _section(actor: Actor, room: Room, seen: int, after: datetime, before: datetime) -> away.Section | None:
    mine = Message.objects.visible_to(actor).said().filter(room=room, seq__gt=seen)
    said = mine.filter(created__gt=after, created__lte=before).exclude(membership=actor.membership)
    newest = list(said.select_related("author", "service_account", "organisation").order_by("-seq")[: LINES + 1])
    if not newest:
        return None
    shown = newest[:LINES][::-1]
    return away.Section(
        code=CODE,
        target_id=room.pk,
        place=room.title_for(actor.name),
        url=reverse("chat:room", args=[room.pk]) + f"?at={shown[0].seq}#m-{shown[0].seq}",
        lines=[_line(each) for each in shown],
        more=said.count() - len(shown) if len(newest) > LINES else 0,
        answerable=may_post(actor, room).allowed,
    )


def _line(said: Message) -> away.Line:
    return away.Line(said.speaker, str(said.organisation or ""), said.body, said.html, said.created)


kind(away.KIND, _("Unread messages"), _("What was said in your rooms while you were away."), mail_only=True)
replies.register(CODE, label="chat.room", quote=quote, post=post)
away.register(members=members_away, sections=unread_sections)
