"""A copy of an organisation's talk: a ZIP with a page and a JSON file a room, and the files that were sent.

In it are the rooms in which the organisation or one of its people has a seat, with what they may see there, and its own
side threads; nothing of the side threads of others. Where it holds a room, what was deleted meanwhile is in it too.
"""

import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files import File
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.text import get_valid_filename
from django.utils.timezone import now

from chat.models import Attachment, Hold, Message, Reaction, Revision, Room, Seat, TalkExport
from core.audit import sentence

log = logging.getLogger("filiera.rooms")
CHUNK = 500
VERSION = 1


def rooms_of(organisation_id: int) -> QuerySet[Room]:
    """Rooms with a seat of the organisation or of one of its people, and its side threads of those."""
    seats = Seat.objects.filter(organisation=organisation_id).values("room")
    return Room.objects.filter(Q(pk__in=seats) | Q(organisation=organisation_id, parent__in=seats)).order_by("pk")


def messages_of(organisation_id: int, room: Room) -> QuerySet[Message]:
    """What the organisation may see of a room: all of it, or what was said since the first of its people joined."""
    found = Message.objects.filter(room=room)
    if room.history == Room.History.JOINING:
        seats = Seat.objects.filter(organisation=organisation_id, room=room.parent_id or room.pk)
        column = "side_from__lt" if room.parent_id else "from_seq__lt"
        found = found.filter(Exists(seats.filter(**{column: OuterRef("seq")})))
    signs = Prefetch("reactions", Reaction.objects.select_related("membership__user"))
    beside = ("author", "service_account", "organisation", "reply_to", "room", "entry__user", "entry__organisation")
    return found.select_related(*beside, "entry__service_account").prefetch_related("attachments", "revisions", signs)


def write(number: int) -> None:
    """Write the ZIP of an export and say that it is ready; a failure is noted and logged."""
    export = TalkExport.objects.select_related("organisation").filter(pk=number, state__in=TalkExport.GOING).first()
    if export is None:
        return
    rooms = list(rooms_of(export.organisation_id))
    _note(export, state=TalkExport.State.RUNNING, rooms=len(rooms), done=0)
    try:
        with tempfile.TemporaryFile() as target:
            _write_all(export, rooms, target)
            target.seek(0)
            size = target.seek(0, 2)
            target.seek(0)
            export.file.save(f"talk-{export.pk}.zip", File(target), save=False)
    except Exception:
        log.exception("export %s of talk failed", export.pk)
        _note(export, state=TalkExport.State.FAILED)
        return
    _note(export, state=TalkExport.State.READY, file=export.file.name, size=size, ready_at=now())


def _note(export: TalkExport, **fields: Any) -> None:
    TalkExport.objects.filter(pk=export.pk).update(moved_at=now(), **fields)


def _write_all(export: TalkExport, rooms: list[Room], target: IO[bytes]) -> None:
    organisation = export.organisation
    held = set(Hold.objects.in_force().filter(organisation=organisation).values_list("room", flat=True))
    index = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, room in enumerate(rooms, 1):
            kept = bool(held & {None, room.pk, room.parent_id or room.pk})
            index.append(_write_room(archive, organisation.pk, room, kept))
            _note(export, done=done)
        about = {"version": VERSION, "organisation": str(organisation), "written": now().isoformat(), "rooms": index}
        archive.writestr("index.json", json.dumps(about, ensure_ascii=False, indent=1))
        archive.writestr("index.html", render_to_string("chat/export/index.html", about))


def _write_room(archive: zipfile.ZipFile, organisation_id: int, room: Room, held: bool) -> dict[str, Any]:
    """The page, the JSON and the files of one room; a message at a time, so that a large room takes no memory."""
    folder = f"rooms/{room.pk}"
    seats = [str(seat.membership or seat.organisation) for seat in (room.parent or room).seats.all()]
    head = {"id": room.pk, "kind": room.kind, "title": room.title, "purpose": room.purpose, "seats": seats}
    head |= {"record": f"{room.record}:{room.record_id}" if room.record_id else "", "parent": room.parent_id}
    count = 0
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as lines,
        tempfile.TemporaryFile("w+", encoding="utf-8") as page,
    ):
        for message in messages_of(organisation_id, room).order_by("seq").iterator(chunk_size=CHUNK):
            row = _row(message, held)
            row["files"] = [_write_file(archive, folder, file) for file in _files(message, held)]
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            page.write(render_to_string("chat/export/message.html", {"row": row, "html": message.html}))
            count += 1
        _copy(archive, f"{folder}/messages.jsonl", lines, "", "")
        shell = render_to_string("chat/export/room.html", {"room": head}).split("<!-- messages -->")
        _copy(archive, f"{folder}/index.html", page, *shell)
    archive.writestr(f"{folder}/room.json", json.dumps(head, ensure_ascii=False, indent=1))
    return {**head, "messages": count, "page": f"{folder}/index.html"}


def _copy(archive: zipfile.ZipFile, name: str, source: IO[str], before: str, after: str) -> None:
    source.seek(0)
    with archive.open(name, "w") as target:
        target.write(before.encode())
        while chunk := source.read(100_000):
            target.write(chunk.encode())
        target.write(after.encode())


def _row(message: Message, held: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": message.seq,
        "kind": "note" if message.entry_id else "said",
        "author": message.speaker,
        "organisation": str(message.organisation or ""),
        "body": sentence(message.entry) if message.entry else message.body,
        "created": message.created.isoformat(),
        "edited": message.edited_at.isoformat() if message.edited_at else None,
        "deleted": message.deleted_at.isoformat() if message.deleted_at else None,
        "answers": message.reply_to.seq if message.reply_to else None,
        "signs": [{"sign": sign.sign, "who": str(sign.membership)} for sign in message.reactions.all()],
    }
    former: list[Revision] = list(message.revisions.all()) if held or not message.deleted_at else []
    return row | {"former": [{"written": each.written.isoformat(), "body": each.body} for each in former]}


def _files(message: Message, held: bool) -> Iterator[Attachment]:
    return iter(message.attachments.all() if held or not message.deleted_at else ())


def _write_file(archive: zipfile.ZipFile, folder: str, file: Attachment) -> dict[str, Any]:
    path = f"{folder}/files/{file.pk}-{get_valid_filename(file.name)}"
    row = {"name": file.name, "type": file.content_type, "size": file.size, "path": path}
    try:
        with file.file.open("rb") as source, archive.open(path, "w") as target:
            for chunk in source.chunks():
                target.write(chunk)
    except FileNotFoundError:
        return row | {"path": ""}
    return row


def remove_old() -> int:
    """Remove the files of exports that were kept long enough; returns how many."""
    over = TalkExport.objects.filter(state=TalkExport.State.READY, ready_at__lt=now() - TalkExport.KEPT)
    removed = 0
    for export in over:
        export.file.delete(save=False)
        _note(export, state=TalkExport.State.GONE, file="")
        removed += 1
    return removed
